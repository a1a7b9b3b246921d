import type { ExtensionList, ServerHello } from './server-flight.ts';

export interface Alert {
  /** 1 warning, 2 fatal. */
  readonly level: number;
  readonly description: number;
  /** Whether it came under keys. */
  readonly isProtected: boolean;
}

/** A session that can be resumed (RFC8446#4.6.1). */
export interface Ticket {
  readonly ticket: Buffer;
  readonly key: Buffer;
  readonly ageAdd: number;
  readonly receivedMs: number;
}

/** What a server has said on one connection, as far as TLS goes. */
export interface Received {
  /** HelloRetryRequests. */
  readonly retries: ServerHello[];
  hello: ServerHello | undefined;
  /** Of EncryptedExtensions. */
  encrypted: ExtensionList | undefined;
  /** The protocol of ALPN, of whichever message. */
  protocol: string | undefined;
  /** The certificate, DER. */
  certificate: Buffer | undefined;
  /** Types of handshake messages in order. */
  readonly messages: number[];
  /** Its Finished came, and is right. */
  isFinished: boolean;
  /** A session was resumed. */
  isResumed: boolean;
  /** A client certificate was asked for: in the handshake, behind it. */
  readonly requests: ('handshake' | 'behind')[];
  readonly tickets: Ticket[];
  keyUpdates: number;
  /** Octets of the prime of a DHE of TLS 1.2. */
  primeBytes: number | undefined;
  readonly alerts: Alert[];
  /** Octets that are no records of TLS. */
  clear: Buffer;
  /** All application data. */
  data: Buffer;
  /** What is wrong with what it said, each with its clause. */
  readonly problems: string[];
}

export function nothingReceived(): Received {
  return {
    retries: [],
    hello: undefined,
    encrypted: undefined,
    protocol: undefined,
    certificate: undefined,
    messages: [],
    isFinished: false,
    isResumed: false,
    requests: [],
    tickets: [],
    keyUpdates: 0,
    primeBytes: undefined,
    alerts: [],
    clear: Buffer.alloc(0),
    data: Buffer.alloc(0),
    problems: [],
  };
}
