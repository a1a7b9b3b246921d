import type { FileHandle } from 'node:fs/promises';
import { CallerError } from '../errors/caller-error.ts';
import { holdFile } from '../io/file-handle.ts';
import { type FilePiece, type FileTaker, readFile } from '../io/file-reader.ts';
import { FileSpan } from '../io/file-span.ts';
import { utf8 } from '../io/utf8.ts';
import type { ConnectionCommand, ExchangeId } from '../semantics/exchange.ts';
import type { FieldInput, FieldLine } from '../semantics/field.ts';
import { type CookieAttributes, formatClearCookie, formatSetCookie } from '../semantics/set-cookie.ts';

const immediate = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const NOTHING = new Uint8Array(0);

type Piece = string | Uint8Array | FilePiece;

/** What a response needs of the exchange that it belongs to. */
export interface ResponseSink extends FileTaker {
  readonly id: ExchangeId;
  /** The content of the response will not be sent (RFC9110#9.3.2). */
  readonly isHead: boolean;
  /** Whether `span` is a command that the connection takes. */
  readonly takesFiles: boolean;
  send(command: ConnectionCommand): void;
  /** Sends a piece of content; settles when there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  finish(): void;
}

/**
 * The response to one request. Either `send()` a whole content, or `write()` pieces and `end()`.
 * Mistakes throw `CallerError` before anything is written. Once the connection is gone, calls do nothing.
 */
export class ServerResponse {
  /** 200 to 599. @defaultValue 200 */
  status = 200;
  /** Reason phrase of HTTP/1.1. @defaultValue the registered one */
  reason: string | undefined;
  /** Octets that will be written, where known: the content is then not chunked. */
  contentLength: number | undefined;
  #fields: FieldLine[] = [];
  /** Pieces of files that the connection has not written yet. */
  #spans: readonly FileSpan[] = [];
  #progress: 'open' | 'started' | 'finished' | 'abandoned' = 'open';
  readonly #sink: ResponseSink;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  /** The head is on its way: status and fields are past changing. */
  get isStarted(): boolean {
    return this.#progress !== 'open';
  }

  /** Nothing more can be sent: the response is complete, or its connection is gone. */
  get isFinished(): boolean {
    return this.#progress === 'finished' || this.#progress === 'abandoned';
  }

  /** Sets a field, in place of all lines with that name. @throws CallerError HEAD_TWICE */
  set(name: string, value: string): this {
    this.#demandNoHead();
    if (this.#fields.length === 0) {
      // WHY: an array that is filled by push() has room for sixteen more
      this.#fields = [[name, value]];
      return this;
    }
    const lower = name.toLowerCase();
    this.#fields = this.#fields.filter(([other]) => other.toLowerCase() !== lower);
    this.#fields.push([name, value]);
    return this;
  }

  /** Adds a field line beside those with the same name (RFC9110#5.3). @throws CallerError HEAD_TWICE */
  append(name: string, value: string): this {
    this.#demandNoHead();
    this.#fields.push([name, value]);
    return this;
  }

  /**
   * Sets a cookie, by default for all paths of this host alone, unseen by scripts and by requests from other sites (RFC6265#4.1).
   * Nothing is encoded: `encodeURIComponent()` makes of any text a value that can be sent.
   * @throws CallerError HEAD_TWICE, COOKIE_NAME, COOKIE_VALUE, COOKIE_BYTES, COOKIE_ATTRIBUTE, COOKIE_PREFIX
   */
  setCookie(name: string, value: string, attributes?: CookieAttributes): this {
    return this.append('Set-Cookie', formatSetCookie(name, value, attributes));
  }

  /** Makes the browser forget a cookie that was set with the same domain and path. @throws CallerError as `setCookie()` */
  clearCookie(name: string, attributes?: Omit<CookieAttributes, 'maxAgeSeconds' | 'expires'>): this {
    return this.append('Set-Cookie', formatClearCookie(name, attributes));
  }

  /**
   * Sends the whole response, however long. Text is sent as UTF-8. Large octets are kept by reference: leave them alone.
   * @throws CallerError HEAD_TWICE, CONTENT, STATUS, REASON, FIELD_NAME, FIELD_VALUE, FIELD_RESERVED, CONTENT_OVER
   */
  send(content: string | Uint8Array = NOTHING): void {
    if (this.#progress === 'abandoned') return;
    this.#demandNoHead();
    const bytes = octetsOf(content);
    this.#sink.send({ kind: 'respond', exchange: this.#sink.id, head: this.#head(), content: bytes });
    this.#finish();
  }

  /** Sends a value as JSON, with its content type unless one is set. @throws CallerError as `send()`, TypeError for what JSON cannot say */
  json(value: unknown): void {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) throw new CallerError('CONTENT', `${typeof value} has no JSON`);
    if (!this.#fields.some(([name]) => name.toLowerCase() === 'content-type')) {
      this.append('Content-Type', 'application/json');
    }
    this.send(text);
  }

  /** Sends an interim response before the final one (RFC9110#15.2), or none where too much waits already. @throws CallerError INTERIM_STATUS, INTERIM_VERSION, HEAD_TWICE, FIELD_* */
  interim(status: number, fields: FieldInput = {}): void {
    if (this.#progress === 'abandoned') return;
    this.#demandNoHead();
    this.#sink.send({ kind: 'interim', exchange: this.#sink.id, status, fields });
  }

  /**
   * Sends a piece of content, the head before the first. Await it: it settles when there is room for more, so that a
   * slow reader holds its producer back. Where it is not awaited, octets wait as far as `outputLimits` let them.
   * @throws CallerError as `send()`, HEAD_LATE once it was ended, CONTENT_UNAWAITED above those limits: nothing of `content` is sent then
   */
  write(content: string | Uint8Array): Promise<void> {
    // WHY: one who writes without end and never asks whether anybody is there lets at least the others go on
    if (this.#progress === 'abandoned') return immediate();
    const bytes = octetsOf(content);
    this.#start();
    return this.#sink.write(bytes);
  }

  /** Ends a response that was written in pieces. @throws CallerError HEAD_LATE, FIELDS, CONTENT_UNDER, TRAILERS_UNFRAMED, TRAILER_FORBIDDEN, FIELD_* */
  end(trailers: FieldInput = {}): void {
    if (this.#progress === 'abandoned') return;
    this.#start();
    this.#sink.send({ kind: 'end', exchange: this.#sink.id, trailers });
    this.#finish();
  }

  /**
   * Sends all of `source` as content and ends. When `source` fails, the promise is rejected with its error: before the
   * first piece nothing was sent and another response can be; later the connection is cut.
   */
  async stream(source: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>): Promise<void> {
    try {
      for await (const piece of source) {
        await this.write(piece);
        if (this.isFinished) return;
      }
    } catch (error) {
      if (this.isStarted) this.abort();
      throw error;
    }
    this.end();
  }

  /**
   * Sends octets of a file as the whole content, without a copy in memory where the system allows it. It settles when they are
   * sent or the connection is gone; a handle stays the caller's, and has to stay open until then.
   * @param offset first octet of the file. @defaultValue 0
   * @param length octets. @defaultValue all from `offset` on
   * @throws the system's error, TypeError for what is no regular file, RangeError for octets that the file has not: nothing is sent then
   * @throws FileChangedError when the file changes meanwhile: the connection is cut then
   */
  async file(
    source: string | FileHandle,
    { offset = 0, length }: { readonly offset?: number; readonly length?: number } = {},
  ): Promise<void> {
    const file = await holdFile(source);
    try {
      const bytes = length ?? file.bytes - offset;
      if (!isWithin(offset, bytes, file.bytes)) {
        throw new RangeError(`Cannot send ${bytes} octets from ${offset} on: the file has ${file.bytes}`);
      }
      this.contentLength = bytes;
      await this.sendPieces(bytes === 0 ? [] : [{ source: file, offset, bytes }]);
    } finally {
      await file.release();
    }
  }

  /**
   * Sends pieces of files and what stands between them or in their place, in order, and ends. It settles when the files are not needed any more.
   * `contentLength` says how much it is, and stays unsent for HEAD.
   * @throws CallerError as `write()` and `end()`; FileChangedError when a file has not what was announced: the connection is cut then
   */
  async sendPieces(pieces: readonly Piece[]): Promise<void> {
    if (this.#progress === 'abandoned') return;
    this.#start();
    if (this.#sink.isHead) return this.end();
    try {
      if (this.#sink.takesFiles && pieces.some(isOfFile)) await this.#sendSpans(pieces);
      else await this.#readPieces(pieces);
    } catch (error) {
      this.abort();
      throw error;
    }
    if (!this.isFinished) this.end();
  }

  async #sendSpans(pieces: readonly Piece[]): Promise<void> {
    const settled: Promise<void>[] = [];
    const spans: FileSpan[] = [];
    this.#spans = spans;
    for (const piece of pieces) {
      if (!isOfFile(piece)) {
        // WHY: what stands between the pieces of a file is little, and waits with them
        this.#sink.send({ kind: 'content', exchange: this.#sink.id, bytes: octetsOf(piece) });
        continue;
      }
      const { source, offset, bytes } = piece;
      settled.push(
        new Promise((resolve, reject) => {
          const span = new FileSpan(source, offset, bytes, (error) =>
            error === undefined ? resolve() : reject(error),
          );
          this.#sink.send({ kind: 'span', exchange: this.#sink.id, span });
          spans.push(span);
        }),
      );
    }
    await Promise.all(settled);
  }

  async #readPieces(pieces: readonly Piece[]): Promise<void> {
    for (const piece of pieces) {
      for await (const octets of isOfFile(piece) ? readFile(piece, this.#sink) : [piece]) {
        await this.write(octets);
        // WHY: whoever has gone needs no more of the file
        if (this.isFinished) return;
      }
    }
  }

  /** Cuts the connection: what was sent cannot be taken for a complete response. */
  abort(): void {
    if (this.isFinished) return;
    this.#sink.send({ kind: 'abort', exchange: this.#sink.id });
    this.#progress = 'abandoned';
  }

  /** For the server: the connection is gone, or has answered by itself. */
  abandon(): void {
    if (this.#progress !== 'finished') this.#progress = 'abandoned';
    for (const span of this.#spans) span.drop();
  }

  /** For the server: it has answered in the place of a handler that failed; what that one still says is dropped. */
  disown(): void {
    this.#progress = 'abandoned';
  }

  /** For the server: forgets fields that a failed handler set. */
  reset(): void {
    this.#fields = [];
    this.reason = undefined;
    this.contentLength = undefined;
  }

  #finish(): void {
    this.#progress = 'finished';
    this.#sink.finish();
  }

  /** Nothing may change a head that is on its way; once the connection is gone nothing matters. */
  #demandNoHead(): void {
    if (this.#progress === 'started' || this.#progress === 'finished') throw new CallerError('HEAD_TWICE');
  }

  #start(): void {
    if (this.#progress === 'finished') throw new CallerError('HEAD_LATE');
    if (this.#progress !== 'open') return;
    const { contentLength } = this;
    const command = { kind: 'head', exchange: this.#sink.id, head: this.#head() } as const;
    this.#sink.send(contentLength === undefined ? command : { ...command, contentLength });
    this.#progress = 'started';
  }

  #head(): { status: number; reason?: string; fields: FieldInput } {
    const head = { status: this.status, fields: this.#fields };
    return this.reason === undefined ? head : { ...head, reason: this.reason };
  }
}

function isOfFile(piece: Piece): piece is FilePiece {
  return typeof piece === 'object' && 'source' in piece;
}

function isWithin(offset: number, bytes: number, fileBytes: number): boolean {
  return (
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(bytes) &&
    offset >= 0 &&
    bytes >= 0 &&
    offset + bytes <= fileBytes
  );
}

/** Whatever has one octet an element will do, also where another realm made it. @throws CallerError CONTENT */
function octetsOf(content: string | Uint8Array): Uint8Array {
  if (typeof content === 'string') return utf8(content);
  if (ArrayBuffer.isView(content) && content.BYTES_PER_ELEMENT === 1) return content;
  throw new CallerError('CONTENT', `got ${content === null ? 'null' : typeof content}`);
}
