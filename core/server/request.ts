import type { TlsInfo } from '../io/tls/tls-info.ts';
import { preferredType } from '../semantics/accept.ts';
import { preferredLanguage } from '../semantics/accept-language.ts';
import { type Cookies, parseCookies } from '../semantics/cookie.ts';
import type { RequestHead } from '../semantics/exchange.ts';
import { isFailure } from '../semantics/failure.ts';
import type { FieldLines } from '../semantics/field.ts';
import type { Host } from '../semantics/host.ts';
import { type MediaType, parseMediaType } from '../semantics/media-type.ts';
import type { MultipartOptions } from '../semantics/multipart/reader.ts';
import { type ContentSource, RequestContent } from './content.ts';
import { type FormPart, type PairLimits, readMultipart, readPairs } from './form.ts';

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});

/** Who is on the other side of a connection. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  /** Whether the connection is protected by TLS. */
  readonly isSecure: boolean;
  /** What TLS has agreed on; undefined without it. */
  readonly tls?: TlsInfo | undefined;
}

/** One request. Its control data and fields stay valid for as long as it is kept. */
export class ServerRequest {
  /** Set by a router: what the pattern's names matched, percent-decoded. */
  params: Readonly<Record<string, string>> = NO_PARAMS;
  readonly peer: Peer;
  readonly #head: RequestHead;
  readonly #source: ContentSource;
  #content: RequestContent | undefined;
  #cookies: Cookies | undefined;
  #isReleased = false;
  #abort: AbortController | undefined;

  constructor(head: RequestHead, source: ContentSource, peer: Peer) {
    this.#head = head;
    this.#source = source;
    this.peer = peer;
  }

  /** The content, which may be empty. WHY: made when it is first asked for, because most requests have none. */
  get content(): RequestContent {
    if (this.#content === undefined) {
      this.#content = new RequestContent(this.#source);
      if (this.#isReleased) this.#content.release();
    }
    return this.#content;
  }

  /** As received: methods are case-sensitive (RFC9110#9.1). */
  get method(): string {
    return this.#head.method;
  }

  /** The request target as received. */
  get target(): string {
    return this.#head.rawTarget;
  }

  /** Path with its percent-encoding kept; `*` for the asterisk-form, empty for CONNECT. */
  get path(): string {
    const { target } = this.#head;
    if (target.form === 'asterisk') return '*';
    return target.form === 'authority' ? '' : target.path;
  }

  /** What follows the first `?`, raw; `undefined` without one. */
  get query(): string | undefined {
    const { target } = this.#head;
    return target.form === 'origin' || target.form === 'absolute' ? target.query : undefined;
  }

  /** Scheme of the target URI (RFC9110#7.1): the one that the request names, else what the connection implies. */
  get scheme(): string {
    return this.#head.scheme ?? (this.peer.isSecure ? 'https' : 'http');
  }

  get fields(): FieldLines {
    return this.#head.fields;
  }

  /** The cookies, read when they are first asked for; names and values as they came, not decoded. */
  get cookies(): Cookies {
    this.#cookies ??= parseCookies(this.fields.all('cookie').join('; '));
    return this.#cookies;
  }

  /** What the content is said to be (RFC9110#8.3); undefined where that is not said, or malformed. */
  get mediaType(): MediaType | undefined {
    const type = parseMediaType(this.fields.get('content-type') ?? '');
    return isFailure(type) ? undefined : type;
  }

  /**
   * Which of these media types the client likes best (RFC9110#12.5.1), the first of those it likes as much; the first of all
   * where it does not say. Undefined where it takes none: answer 406, or send one nonetheless.
   * @throws CallerError MEDIA_TYPE
   */
  accepts(types: readonly string[]): string | undefined {
    return preferredType(this.fields.get('accept'), types);
  }

  /** Which of these language tags the client likes best (RFC9110#12.5.4), as `accepts()` does. */
  acceptsLanguage(tags: readonly string[]): string | undefined {
    return preferredLanguage(this.fields.get('accept-language'), tags);
  }

  /**
   * The parts of a `multipart/form-data` content (RFC7578), one after the other, each to be read before the next is asked for; what of a part
   * is not read is thrown away. Nothing is kept: the peer is held back while nobody reads.
   * @throws ContentError `unsupported` for another Content-Type; while it is read `malformed`, `too-large`, `abandoned`, `consumed`
   * @throws RangeError, TypeError for limits out of range or unknown
   */
  multipart(options: MultipartOptions = {}): AsyncIterable<FormPart> {
    return readMultipart(this.content, this.mediaType, options);
  }

  /**
   * The pairs of an `application/x-www-form-urlencoded` content.
   * @throws ContentError `unsupported` for another Content-Type, `malformed`, `too-large`, `abandoned`, `consumed`
   */
  form(limits: PairLimits = {}): Promise<URLSearchParams> {
    return readPairs(this.content, this.mediaType, limits);
  }

  /** Who is addressed: the target's own authority before Host (RFC9112#3.3). */
  get host(): Host | undefined {
    return this.#head.host;
  }

  /** `HTTP/1.0`, `HTTP/1.1`, `HTTP/2.0`. */
  get protocol(): string {
    return this.#head.protocol;
  }

  /** What Expect asks for (RFC9110#10.1.1). */
  get expectation(): RequestHead['expectation'] {
    return this.#head.expectation;
  }

  /**
   * Protocol that an extended CONNECT asks for, such as `websocket` (RFC8441#4); `undefined` for any other request. A final
   * 2xx opens the tunnel: the content is then what the client says in it, what is written is what it hears.
   */
  get tunnelProtocol(): string | undefined {
    return this.#head.tunnelProtocol;
  }

  /** Aborted when the connection breaks before the response is finished. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  /** For the server: the response is complete. */
  release(): void {
    this.#isReleased = true;
    this.#content?.release();
  }

  /** For the server: the connection broke. */
  abandon(cause: Error | undefined): void {
    this.content.fail(cause);
    this.#abort ??= new AbortController();
    this.#abort.abort();
  }
}
