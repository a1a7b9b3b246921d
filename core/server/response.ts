import { CallerError } from '../errors/caller-error.ts';
import { utf8 } from '../io/utf8.ts';
import type { ConnectionCommand, ExchangeId } from '../semantics/exchange.ts';
import type { FieldInput, FieldLine } from '../semantics/field.ts';

const ROOM: Promise<void> = Promise.resolve();
const NOTHING = new Uint8Array(0);

/** What a response needs of the exchange that it belongs to. */
export interface ResponseSink {
  readonly id: ExchangeId;
  readonly isFull: boolean;
  send(command: ConnectionCommand): void;
  whenRoom(): Promise<void>;
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
   * Sends the whole response. Text is sent as UTF-8. Large octets are kept by reference: leave them alone.
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

  /** Sends an interim response before the final one (RFC9110#15.2). @throws CallerError INTERIM_STATUS, INTERIM_VERSION, HEAD_TWICE, FIELD_* */
  interim(status: number, fields: FieldInput = {}): void {
    if (this.#progress === 'abandoned') return;
    this.#demandNoHead();
    this.#sink.send({ kind: 'interim', exchange: this.#sink.id, status, fields });
  }

  /**
   * Sends a piece of content, the head before the first. Await it: it settles when there is room for more, so that a
   * slow reader holds its producer back.
   * @throws CallerError as `send()`, HEAD_LATE once it was ended
   */
  write(content: string | Uint8Array): Promise<void> {
    if (this.#progress === 'abandoned') return ROOM;
    const bytes = octetsOf(content);
    this.#start();
    this.#sink.send({ kind: 'content', exchange: this.#sink.id, bytes });
    return this.#sink.isFull ? this.#sink.whenRoom() : ROOM;
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

  /** Cuts the connection: what was sent cannot be taken for a complete response. */
  abort(): void {
    if (this.isFinished) return;
    this.#sink.send({ kind: 'abort', exchange: this.#sink.id });
    this.#progress = 'abandoned';
  }

  /** For the server: the connection is gone, or has answered by itself. */
  abandon(): void {
    if (this.#progress !== 'finished') this.#progress = 'abandoned';
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

/** Whatever has one octet an element will do, also where another realm made it. @throws CallerError CONTENT */
function octetsOf(content: string | Uint8Array): Uint8Array {
  if (typeof content === 'string') return utf8(content);
  if (ArrayBuffer.isView(content) && content.BYTES_PER_ELEMENT === 1) return content;
  throw new CallerError('CONTENT', `got ${content === null ? 'null' : typeof content}`);
}
