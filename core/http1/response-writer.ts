import type { OutputQueue } from '../bytes/output-queue.ts';
import type { Span } from '../bytes/span.ts';
import { CallerError, type CallerErrorCode } from '../errors/caller-error.ts';
import type { ResponseHead } from '../semantics/exchange.ts';
import type { FieldInput } from '../semantics/field.ts';
import { isContentless, mustBeEmpty, REASONS } from '../semantics/status.ts';
import { encodeFields, encodeTrailers } from './response-fields.ts';
import { type Coding, encodeEnding, encodeHead, type Persistence } from './response-head.ts';
import { nextResponseState, type ResponseInput, type ResponseState } from './response-states.ts';

/** What a response is an answer to, as far as its framing needs to know. */
export interface ResponseContext {
  readonly method: string;
  /** Minor version of the request. */
  readonly minor: number;
  /** Value of Date; `undefined` for a server without a clock. */
  readonly date: () => string | undefined;
}

const MISUSE: Readonly<Record<ResponseInput, CallerErrorCode>> = {
  interim: 'HEAD_TWICE',
  head: 'HEAD_TWICE',
  whole: 'HEAD_TWICE',
  content: 'HEAD_LATE',
  end: 'HEAD_LATE',
};

/**
 * Serialises the response to one request (RFC9112#4, RFC9112#6). It frames the content itself, checks every name and
 * value, and refuses what would desynchronise the connection. Errors are thrown before anything is written.
 */
export class ResponseWriter {
  #state: ResponseState = 'waiting';
  #coding: Coding = 'none';
  #left = 0;
  readonly #context: ResponseContext;
  /** Where the octets go; replaced once the response's turn has come. */
  output: OutputQueue;

  constructor(context: ResponseContext, output: OutputQueue) {
    this.#context = context;
    this.output = output;
  }

  get state(): ResponseState {
    return this.#state;
  }

  /** An interim response (RFC9110#15.2). @throws CallerError INTERIM_STATUS, INTERIM_VERSION, HEAD_TWICE, FIELD_* */
  interim(status: number, fields: FieldInput = {}): void {
    const next = this.#next('interim');
    if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
      throw new CallerError('INTERIM_STATUS', String(status));
    }
    // RFC9110#15.2 MUST: no 1xx to an HTTP/1.0 client
    if (this.#context.minor === 0) throw new CallerError('INTERIM_VERSION');
    this.output.text(`HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\n${encodeFields(fields)}\r\n`);
    this.#state = next;
  }

  /**
   * The head of a response whose content follows. Returns whether the connection goes on behind it.
   * @param contentLength octets of the content, where known: it is then sent with that length, not chunked
   * @throws CallerError HEAD_TWICE, STATUS, REASON, FIELD_*, CONTENT_LENGTH, CONTENT_OVER
   */
  head(head: ResponseHead, persistence: Persistence, contentLength?: number): boolean {
    const next = this.#next('head');
    // RFC9110#15.3.6 MUST: a 205 has no content, and its framing says so
    if (mustBeEmpty(head.status)) contentLength ??= 0;
    const coding = this.#codingOf(head.status, contentLength);
    // WHY: the content's end can then be told only by closing
    const closing = coding === 'until-close' ? 'close' : persistence;
    this.#writeHead(head, closing, coding, contentLength);
    this.#coding = coding;
    this.#left = contentLength ?? 0;
    this.#state = next;
    return closing === 'keep';
  }

  /** A whole response at once; returns as `head()`. `content` is kept by reference when large. @throws as `head()` */
  whole(head: ResponseHead, persistence: Persistence, content: Uint8Array): boolean {
    const next = this.#next('whole');
    const isEmpty = isContentless(head.status, this.#context.method);
    if (isEmpty && this.#context.method !== 'HEAD' && content.length > 0) throw contentOver(head.status);
    const hasLength = head.status !== 304 || content.length > 0;
    const coding = isEmpty ? 'none' : 'length';
    this.#writeHead(head, persistence, coding, hasLength ? content.length : undefined);
    if (!isEmpty) this.output.bytes(content);
    this.#state = next;
    return persistence === 'keep';
  }

  /** Content octets; kept by reference when large, so they must not change. @throws CallerError NO_HEAD, HEAD_LATE, CONTENT_OVER */
  content(bytes: Uint8Array): void {
    const next = this.#next('content');
    switch (this.#coding) {
      case 'discarded':
        break;
      case 'none':
        if (bytes.length > 0) throw new CallerError('CONTENT_OVER', 'this status has no content');
        break;
      case 'length':
        // RFC9110#8.6 MUST: a Content-Length that is known to be wrong is never sent
        if (bytes.length > this.#left) throw new CallerError('CONTENT_OVER', `${bytes.length - this.#left} octets`);
        this.#left -= bytes.length;
        this.output.bytes(bytes);
        break;
      case 'chunked':
        // WHY: an empty chunk would end the content
        if (bytes.length === 0) break;
        this.output.text(`${bytes.length.toString(16)}\r\n`);
        this.output.bytes(bytes);
        this.output.text('\r\n');
        break;
      case 'until-close':
        this.output.bytes(bytes);
        break;
      default:
        this.#coding satisfies never;
    }
    this.#state = next;
  }

  /** Content octets that are elsewhere. @throws CallerError NO_HEAD, HEAD_LATE, SPAN_UNFRAMED, CONTENT_OVER */
  span(span: Span): void {
    const next = this.#next('content');
    if (this.#coding !== 'discarded') {
      if (this.#coding !== 'length') throw new CallerError('SPAN_UNFRAMED');
      if (span.bytes > this.#left) throw new CallerError('CONTENT_OVER', `${span.bytes - this.#left} octets`);
      this.#left -= span.bytes;
      this.output.span(span);
    }
    this.#state = next;
  }

  /** Ends the response. @throws CallerError NO_HEAD, HEAD_LATE, CONTENT_UNDER, TRAILERS_UNFRAMED, TRAILER_FORBIDDEN, FIELD_* */
  end(trailers: FieldInput = {}): void {
    const next = this.#next('end');
    const lines = encodeTrailers(trailers);
    if (this.#coding === 'length' && this.#left > 0) throw new CallerError('CONTENT_UNDER', `${this.#left} octets`);
    if (this.#coding === 'chunked') this.output.text(`0\r\n${lines}\r\n`);
    // RFC9110#6.5.1: a sender may drop trailers where no content follows the head or the framing has no place for them
    else if (lines !== '' && this.#coding !== 'discarded') throw new CallerError('TRAILERS_UNFRAMED');
    this.#state = next;
  }

  #codingOf(status: number, contentLength: number | undefined): Coding {
    if (this.#context.method === 'HEAD') return 'discarded';
    // RFC9112#6.3: no content in 1xx, 204 and 304
    if (isContentless(status, this.#context.method)) return 'none';
    if (contentLength !== undefined) return 'length';
    // RFC9112#6.1 MUST: no Transfer-Encoding to an HTTP/1.0 client
    return this.#context.minor > 0 ? 'chunked' : 'until-close';
  }

  /** Writes a head; nothing where it throws. */
  #writeHead(head: ResponseHead, persistence: Persistence, coding: Coding, length: number | undefined): void {
    const { status } = head;
    if (!Number.isInteger(status) || status < 200 || status > 599) throw new CallerError('STATUS', String(status));
    if (length !== undefined && !(Number.isSafeInteger(length) && length >= 0)) {
      throw new CallerError('CONTENT_LENGTH', String(length));
    }
    if (mustBeEmpty(head.status) && length !== 0) throw contentOver(head.status);
    const { date, minor } = this.#context;
    const ending = encodeEnding(head.status, coding, length, persistence, minor);
    this.output.bytes(encodeHead(head, date(), ending));
  }

  #next(input: ResponseInput): ResponseState {
    const next = nextResponseState(this.#state, input);
    if (next !== undefined) return next;
    throw new CallerError(this.#state === 'waiting' ? 'NO_HEAD' : MISUSE[input]);
  }
}

function contentOver(status: number): CallerError {
  return new CallerError('CONTENT_OVER', `a ${status} response has no content`);
}
