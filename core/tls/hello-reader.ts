/**
 * Reads the first message of a TLS connection before OpenSSL does, without taking it away: who reads on gets all octets again.
 *
 * I1  It reads to the end of the ClientHello, and no further; then it says so, once.
 * I2  It never holds more than `helloBytes` of the message, whatever lengths are announced.
 * I3  An octet decides alone with those before it: every cut of the octets ends the same, at the same octet.
 *
 *     start ──> text ──> failed          a request in clear
 *       │  └──> ssl2 ──> failed          a hello of SSL 2.0
 *       └─────> head <──> fragment ──> read
 *                 └──────────┴───────> failed
 */

import { TOKEN } from '../bytes/octets.ts';
import { dumpOf } from '../errors/escape.ts';
import { InvariantError } from '../errors/invariant-error.ts';
import { type ErrorPlace, ProtocolError } from '../errors/protocol-error.ts';
import type { TlsCode } from '../errors/tls-codes.ts';
import type { TlsLimits } from '../limits/tls-limits.ts';
import { type ClientHello, parseClientHello } from './client-hello.ts';

export type HelloEvent =
  | { readonly kind: 'hello'; readonly hello: ClientHello }
  | { readonly kind: 'error'; readonly error: ProtocolError };

/** `read` and `failed` are ends: whatever comes then is not looked at. */
export type HelloState = 'start' | 'text' | 'ssl2' | 'head' | 'fragment' | 'read' | 'failed';

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const RECORD_HEAD = 5;
const MESSAGE_HEAD = 4;
const MAX_FRAGMENT = 16_384;
/** Longer words before a space are no methods. */
const MAX_METHOD = 32;
const SP = 0x20;
/** Memory that a message begins with: most are shorter. */
const FIRST_BYTES = 2_048;

/** Where octets of the message stand in the connection. */
interface Stretch {
  readonly at: number;
  readonly offset: number;
}

export class ClientHelloReader {
  readonly #limits: Pick<TlsLimits, 'helloBytes' | 'helloRecords' | 'helloMs'>;
  #state: HelloState = 'start';
  /** Octets taken since the connection's first. */
  #offset = 0;
  /** The connection's first octet. */
  #first = 0;
  /** Octets of the record's head; before the first record, of what might be one. */
  #headBytes = 0;
  #lengthHigh = 0;
  #records = 0;
  /** Octets that are missing of the record. */
  #fragmentLeft = 0;
  #message = new Uint8Array(MESSAGE_HEAD);
  #messageBytes = 0;
  readonly #stretches: Stretch[] = [];
  #beganMs: number | undefined;

  constructor(limits: Pick<TlsLimits, 'helloBytes' | 'helloRecords' | 'helloMs'>) {
    this.#limits = limits;
  }

  get state(): HelloState {
    return this.#state;
  }

  /** Octets of the message that are held. */
  get heldBytes(): number {
    return this.#messageBytes;
  }

  /** Takes octets, which may die then; tells the hello when it is whole, or what is wrong with it. */
  receive(bytes: Uint8Array): HelloEvent | undefined {
    for (let at = 0; at < bytes.length && !this.#isOver(); ) {
      if (this.#state === 'fragment') {
        const taken = this.#takeFragment(bytes, at);
        this.#offset += taken;
        at += taken;
        const event = this.#checkMessage();
        if (event !== undefined) return event;
      } else {
        const event = this.#takeOctet(bytes[at] ?? 0);
        if (event !== undefined) return event;
        this.#offset += 1;
        at += 1;
      }
    }
    return undefined;
  }

  /** Time goes on; the first call begins the time that a hello may take. */
  tick(nowMs: number): HelloEvent | undefined {
    this.#beganMs ??= nowMs;
    if (this.#isOver() || nowMs - this.#beganMs < this.#limits.helloMs) return undefined;
    return this.#fail('TLS_HELLO_TIMEOUT', { offset: this.#offset });
  }

  #isOver(): boolean {
    return this.#state === 'read' || this.#state === 'failed';
  }

  /** One octet outside of a fragment. */
  #takeOctet(octet: number): HelloEvent | undefined {
    this.#headBytes += 1;
    switch (this.#state) {
      case 'start':
        return this.#takeFirst(octet);
      case 'text':
        return this.#takeText(octet);
      case 'ssl2':
        return this.#takeSsl2(octet);
      case 'head':
        return this.#takeHead(octet);
      case 'fragment':
      case 'read':
      case 'failed':
        throw new InvariantError(`hello: an octet in state ${this.#state}`);
      default:
        return this.#state satisfies never;
    }
  }

  #takeFirst(octet: number): HelloEvent | undefined {
    this.#first = octet;
    if (octet === HANDSHAKE) return this.#beginRecord();
    const isLetter = octet >= 0x41 && octet <= 0x5a;
    if (!isLetter && octet < 0x80) return this.#failAtStart('TLS_RECORD_TYPE');
    this.#state = isLetter ? 'text' : 'ssl2';
    return undefined;
  }

  /** A word that begins in capitals and a space: the method of a request. */
  #takeText(octet: number): HelloEvent | undefined {
    if (octet === SP) return this.#failAtStart('TLS_PLAINTEXT_HTTP');
    if (TOKEN[octet] === 1 && this.#headBytes <= MAX_METHOD) return undefined;
    return this.#failAtStart('TLS_RECORD_TYPE');
  }

  /** Two octets of length, the first with its highest bit set, then the type of a hello (RFC8446#D.5). */
  #takeSsl2(octet: number): HelloEvent | undefined {
    if (this.#headBytes < 3) return undefined;
    return this.#failAtStart(octet === CLIENT_HELLO ? 'TLS_SSL2' : 'TLS_RECORD_TYPE');
  }

  #takeHead(octet: number): HelloEvent | undefined {
    switch (this.#headBytes) {
      case 1:
        // RFC8446#5.1 MUST NOT: other records within a handshake message
        if (octet !== HANDSHAKE) return this.#failAt('TLS_RECORD_INTERLEAVED', octet);
        return this.#beginRecord();
      case 2:
        // STRICTER RFC8446#5.1: its legacy_record_version is to be ignored, but no version of TLS begins it otherwise
        return octet === 3 ? undefined : this.#failAt('TLS_RECORD_VERSION', octet);
      case RECORD_HEAD - 1:
        this.#lengthHigh = octet;
        return undefined;
      case RECORD_HEAD:
        return this.#endHead(octet);
      default:
        return undefined;
    }
  }

  #beginRecord(): HelloEvent | undefined {
    this.#state = 'head';
    this.#records += 1;
    return this.#records > this.#limits.helloRecords ? this.#failAt('TLS_HELLO_RECORDS', HANDSHAKE) : undefined;
  }

  #endHead(octet: number): HelloEvent | undefined {
    const length = this.#lengthHigh * 256 + octet;
    // RFC8446#5.1 MUST NOT: fragments without octets, of types other than application data
    if (length === 0) return this.#failAt('TLS_RECORD_EMPTY', octet);
    // RFC8446#5.1 MUST NOT: a length above 2^14
    if (length > MAX_FRAGMENT) return this.#failAt('TLS_RECORD_BYTES', octet);
    this.#headBytes = 0;
    this.#fragmentLeft = length;
    this.#stretches.push({ at: this.#messageBytes, offset: this.#offset + 1 });
    this.#state = 'fragment';
    return undefined;
  }

  /** Takes octets to the end of what is known of the message, the record or the input; returns how many. */
  #takeFragment(bytes: Uint8Array, at: number): number {
    const wanted = Math.min(this.#wholeBytes() - this.#messageBytes, this.#fragmentLeft, bytes.length - at);
    const needed = this.#messageBytes + wanted;
    if (needed > this.#message.length) this.#grow(needed);
    this.#message.set(bytes.subarray(at, at + wanted), this.#messageBytes);
    this.#messageBytes = needed;
    this.#fragmentLeft -= wanted;
    return wanted;
  }

  /** Octets of the message, once its head is there; before, of its head. */
  #wholeBytes(): number {
    if (this.#messageBytes < MESSAGE_HEAD) return MESSAGE_HEAD;
    const [, high = 0, middle = 0, low = 0] = this.#message;
    return MESSAGE_HEAD + high * 65_536 + middle * 256 + low;
  }

  #checkMessage(): HelloEvent | undefined {
    if (this.#message[0] !== CLIENT_HELLO) return this.#failInMessage('TLS_HELLO_TYPE', 0, true);
    if (this.#messageBytes >= MESSAGE_HEAD) {
      const whole = this.#wholeBytes();
      if (whole > this.#limits.helloBytes) return this.#failInMessage('TLS_HELLO_BYTES', MESSAGE_HEAD - 1, true);
      if (this.#messageBytes === whole) return this.#finish();
    }
    if (this.#fragmentLeft === 0) this.#state = 'head';
    return undefined;
  }

  #finish(): HelloEvent {
    // STRICTER RFC8446#5.1: a message before a change of keys ends its record; a client has nothing to say before an answer
    if (this.#fragmentLeft > 0) return this.#failInMessage('TLS_HELLO_TRAILING', this.#messageBytes, false);
    const hello = parseClientHello(this.#message.subarray(0, this.#messageBytes));
    if ('code' in hello) return this.#failInMessage(hello.code, hello.at, hello.isOctet);
    this.#state = 'read';
    return { kind: 'hello', hello };
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(FIRST_BYTES, needed, Math.min(2 * needed, this.#wholeBytes())));
    grown.set(this.#message.subarray(0, this.#messageBytes));
    this.#message = grown;
  }

  #failAt(code: TlsCode, octet: number): HelloEvent {
    return this.#fail(code, { offset: this.#offset, octet });
  }

  #failAtStart(code: TlsCode): HelloEvent {
    return this.#fail(code, { offset: 0, octet: this.#first });
  }

  /** @param at index in the message */
  #failInMessage(code: TlsCode, at: number, isOctet: boolean): HelloEvent {
    const stretch = this.#stretches.findLast((one) => one.at <= at);
    const offset = (stretch?.offset ?? 0) + at - (stretch?.at ?? 0);
    const octet = isOctet ? this.#message[at] : undefined;
    const dump = dumpOf(this.#message, at, 0, this.#messageBytes);
    return this.#fail(code, octet === undefined ? { offset, dump } : { offset, octet, dump });
  }

  #fail(code: TlsCode, place: ErrorPlace): HelloEvent {
    this.#state = 'failed';
    return { kind: 'error', error: new ProtocolError(code, place) };
  }
}
