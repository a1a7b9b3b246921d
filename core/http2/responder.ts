import { fromLatin1 } from '../bytes/latin1.ts';
import { CallerError } from '../errors/caller-error.ts';
import { H2_ERROR } from '../errors/http2-codes.ts';
import type { ConnectionCommand, ResponseHead } from '../semantics/exchange.ts';
import type { FieldInput } from '../semantics/field.ts';
import { forbidsContentLength, isContentless, mustBeEmpty, REASONS } from '../semantics/status.ts';
import type { Http2Context } from './context.ts';
import { checkTrailers, encodeInterim, ResponseEncoder } from './response-encoder.ts';
import type { Http2Stream } from './stream.ts';

/** Commands about one exchange. */
export type ExchangeCommand = Exclude<ConnectionCommand, { kind: 'drain' | 'consumed' }>;

/** Writes the responses (RFC9113#8.1): checks every command first, so that a mistake writes nothing. */
export class Responder {
  readonly #context: Http2Context;
  readonly #date: () => string | undefined;
  readonly #heads: ResponseEncoder;

  constructor(context: Http2Context, date: () => string | undefined) {
    this.#context = context;
    this.#date = date;
    this.#heads = new ResponseEncoder(context.sender.encoder);
    context.answer = (stream, status) => this.#answer(stream, status);
  }

  /** @throws CallerError when the command breaks the rules of a response */
  send(stream: Http2Stream, command: ExchangeCommand): void {
    switch (command.kind) {
      case 'interim':
        return this.#interim(stream, command.status, command.fields);
      case 'demand':
        return this.#demand(stream);
      case 'head':
        return this.#head(stream, command.head, command.contentLength);
      case 'content':
        return this.#content(stream, command.bytes);
      case 'span':
        // WHY: frames would have to be written around it; whoever has a file reads it for HTTP/2
        throw new CallerError('SPAN_UNFRAMED');
      case 'end':
        return this.#end(stream, command.trailers ?? {});
      case 'respond':
        return this.#whole(stream, command.head, command.content);
      case 'abort':
        return this.#context.reset(stream, H2_ERROR.INTERNAL_ERROR);
      default:
        return command satisfies never;
    }
  }

  #interim(stream: Http2Stream, status: number, fields: FieldInput = {}): void {
    if (stream.response !== 'waiting') throw new CallerError('HEAD_TWICE');
    const { sender } = this.#context;
    encodeInterim(sender.encoder, status, fields);
    if (status === 100) stream.awaitsContinue = false;
    sender.block(stream.id, false);
  }

  /** RFC9110#10.1.1: a client that waits for 100 (Continue) gets it once, when its content is wanted. */
  #demand(stream: Http2Stream): void {
    if (stream.awaitsContinue && stream.response === 'waiting' && stream.isArriving) this.#interim(stream, 100);
    stream.awaitsContinue = false;
  }

  #head(stream: Http2Stream, head: ResponseHead, contentLength: number | undefined): void {
    if (stream.response !== 'waiting') throw new CallerError('HEAD_TWICE');
    const { sender } = this.#context;
    if (mustBeEmpty(head.status)) contentLength ??= 0;
    if (mustBeEmpty(head.status) && contentLength !== 0) throw contentOver(head.status);
    const length = mayHaveLength(head.status, stream) ? contentLength : undefined;
    this.#heads.encode(head, this.#date(), length);
    // WHY: a head that ended the stream would give the peer leave for another, while this one is not over here
    sender.block(stream.id, false);
    stream.response = isContentless(head.status, stream.head.method) ? 'empty' : 'content';
    stream.responseLeft = contentLength;
  }

  #content(stream: Http2Stream, bytes: Uint8Array): void {
    if (stream.response === 'waiting') throw new CallerError('NO_HEAD');
    if (stream.response === 'ended') throw new CallerError('HEAD_LATE');
    if (stream.response === 'empty') {
      // WHY: a handler of GET answers HEAD too, and need not know
      if (stream.head.method === 'HEAD' || bytes.length === 0) return;
      throw new CallerError('CONTENT_OVER', 'this status has no content');
    }
    if (stream.responseLeft !== undefined) {
      if (bytes.length > stream.responseLeft)
        throw new CallerError('CONTENT_OVER', `${bytes.length - stream.responseLeft} octets`);
      stream.responseLeft -= bytes.length;
    }
    this.#context.sender.content(stream, bytes);
  }

  #end(stream: Http2Stream, trailers: FieldInput): void {
    if (stream.response === 'waiting') throw new CallerError('NO_HEAD');
    if (stream.response === 'ended') throw new CallerError('HEAD_LATE');
    checkTrailers(trailers);
    const isEmpty = stream.response === 'empty';
    if (!isEmpty && (stream.responseLeft ?? 0) > 0)
      throw new CallerError('CONTENT_UNDER', `${stream.responseLeft} octets`);
    stream.response = 'ended';
    this.#context.sender.end(stream, isEmpty ? {} : trailers);
  }

  #whole(stream: Http2Stream, head: ResponseHead, content: Uint8Array): void {
    if (stream.response !== 'waiting') throw new CallerError('HEAD_TWICE');
    const { sender } = this.#context;
    const isEmpty = isContentless(head.status, stream.head.method);
    const isForbidden = (isEmpty && stream.head.method !== 'HEAD') || mustBeEmpty(head.status);
    if (isForbidden && content.length > 0) throw contentOver(head.status);
    const hasLength = mayHaveLength(head.status, stream) && (head.status !== 304 || content.length > 0);
    this.#heads.encode(head, this.#date(), hasLength ? content.length : undefined);
    const isHeadOnly = isEmpty || content.length === 0;
    sender.block(stream.id, isHeadOnly);
    stream.response = 'ended';
    if (isHeadOnly || sender.whole(stream, content)) return this.#context.endResponse(stream);
    sender.content(stream, content);
    sender.end(stream, {});
  }

  /** The answer to a request that is refused: its status and nothing of ours. */
  #answer(stream: Http2Stream, status: number): void {
    const content = fromLatin1(`${status} ${REASONS[status] ?? ''}\n`);
    this.#whole(stream, { status, fields: { 'content-type': 'text/plain; charset=utf-8' } }, content);
  }
}

function mayHaveLength(status: number, { head }: Http2Stream): boolean {
  // RFC9110#8.6 MUST: none in what opens a tunnel
  return !forbidsContentLength(status) && !(head.method === 'CONNECT' && status < 300);
}

function contentOver(status: number): CallerError {
  return new CallerError('CONTENT_OVER', `a ${status} response has no content`);
}
