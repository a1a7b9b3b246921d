import { createHash } from 'node:crypto';
import { type Address, WireConnection } from '../connection.ts';
import { clientHello, extension, type HelloContext, type HelloShape, message } from './hello.ts';
import { HASH_BYTES, hmac, KeySchedule, sha256, verifyData } from './key-schedule.ts';
import { EXTENSION, GROUP, MESSAGE, VERSION } from './names.ts';
import { OctetReader, uint, vector } from './octets.ts';
import { Protection, type SealOptions } from './protection.ts';
import { CONTENT, fragmented, MAX_FRAGMENT, MAX_PROTECTED, readRecord, type TlsRecord } from './records.ts';
import { nothingReceived, type Received, type Ticket } from './seen.ts';
import {
  contentOf,
  lintCertificateVerify,
  lintEncryptedExtensions,
  lintProtocol,
  lintServerHello,
  type Offered,
  readCertificate,
  readExtensions,
  readOffer,
  readProtocol,
  readServerHello,
  type ServerHello,
} from './server-flight.ts';
import { Shares } from './shares.ts';

/** How a hello goes into records. */
export interface RecordOptions {
  /** Octets of a fragment. @defaultValue 16384 */
  readonly fragmentBytes?: number;
  /** @defaultValue 0x0301 */
  readonly version?: number;
}

/** Suites of TLS 1.2 with DHE over a prime. */
const DHE: ReadonlySet<number> = new Set([0x33, 0x39, 0x67, 0x6b, 0x9e, 0x9f]);

/** Who the client is where it is asked: what goes into Certificate, and how it signs. */
export interface ClientIdentity {
  readonly certificate: Buffer;
  readonly sign: (octets: Buffer) => Buffer;
}

/**
 * A client of TLS 1.3 that says what no program will say, and keeps all that comes back. It knows TLS_AES_128_GCM_SHA256, which everybody has to
 * have (RFC8446#9.1), over P-256 and X25519, believes every certificate, and reads the clear half of a handshake of TLS 1.2.
 */
export class TlsClient {
  readonly received: Received = nothingReceived();
  readonly #wire: WireConnection;
  readonly #context: HelloContext;
  readonly #timeoutMs: number;
  #schedule = new KeySchedule();
  /** Handshake messages so far (RFC8446#4.4.1). */
  #transcript: Buffer[] = [];
  #offered: Offered = { sessionId: Buffer.alloc(0), cipherSuites: [], extensions: [] };
  /** Begun and not yet whole. */
  #pending: Buffer = Buffer.alloc(0);
  #reading: Protection | undefined;
  #writing: Protection | undefined;
  #clientHandshakeSecret: Buffer = Buffer.alloc(0);
  #serverHandshakeSecret: Buffer = Buffer.alloc(0);
  #finishedHash: Buffer = Buffer.alloc(0);
  /** Of application data, from the server's Finished on. */
  #clientSecret: Buffer = Buffer.alloc(0);
  /** Our Finished was sent. */
  #isBehind = false;
  /** Tickets that came in front of it. */
  readonly #early: Buffer[] = [];
  #hasChangedCipher = false;

  /**
   * Connects, and says nothing yet.
   * @param seed makes keys and randoms
   * @throws ConnectError when nothing takes the connection
   */
  static async open(address: Address, timeoutMs: number, seed: string, name?: string): Promise<TlsClient> {
    return new TlsClient(await WireConnection.open({ ...address, tls: false }, timeoutMs), timeoutMs, seed, name);
  }

  private constructor(wire: WireConnection, timeoutMs: number, seed: string, name: string | undefined) {
    this.#wire = wire;
    this.#timeoutMs = timeoutMs;
    const octets = (what: string) => createHash('sha256').update(`${what} ${seed}`).digest();
    this.#context = {
      shares: new Shares(seed),
      random: octets('random'),
      sessionId: octets('session'),
      serverName: name,
    };
  }

  get transcript(): WireConnection['transcript'] {
    return this.#wire.transcript;
  }

  /** How the connection below TLS stands. */
  get end(): WireConnection['end'] {
    return this.#wire.end;
  }

  /** Whether there is nothing more to be said: the connection has ended, a fatal alert came, or something that is no TLS. */
  get isOver(): boolean {
    const { alerts, clear } = this.received;
    return this.end !== 'open' || alerts.length > 0 || clear.length > 0;
  }

  get context(): HelloContext {
    return this.#context;
  }

  /** The message of a hello, and takes it for sent. */
  makeHello(shape: HelloShape, resumed?: Ticket): Buffer {
    const hello = resumed === undefined ? clientHello(shape, this.#context) : this.#helloWith(resumed, shape);
    this.#transcript.push(hello);
    this.#offered = readOffer(hello);
    return hello;
  }

  async hello(
    shape: HelloShape = {},
    { fragmentBytes = MAX_FRAGMENT, version = VERSION.TLS10 }: RecordOptions = {},
  ): Promise<void> {
    await this.octets(...fragmented(CONTENT.HANDSHAKE, this.makeHello(shape), fragmentBytes, version));
  }

  /** Asks for a session to be resumed. */
  async resume(ticket: Ticket, shape: HelloShape = {}): Promise<void> {
    await this.octets(...fragmented(CONTENT.HANDSHAKE, this.makeHello(shape, ticket), MAX_FRAGMENT));
  }

  /** Octets as they are, each in a write of its own. */
  async octets(...parts: readonly Buffer[]): Promise<void> {
    for (const part of parts) await this.#wire.send(part, this.#timeoutMs);
  }

  /** A record under the keys of now; in clear before there are any. */
  async protectedRecord(type: number, content: Buffer, options: SealOptions = {}): Promise<void> {
    if (this.#writing !== undefined) await this.octets(this.#writing.seal(type, content, options));
  }

  /** Waits for the server's Finished, its ServerHelloDone, a HelloRetryRequest, or the end. */
  async flight(): Promise<void> {
    const { retries } = this.received;
    const before = retries.length;
    await this.until(() => {
      const { isFinished, messages } = this.received;
      return isFinished || retries.length > before || messages.includes(MESSAGE.SERVER_HELLO_DONE);
    });
  }

  /** Ends the handshake with our Finished, behind a certificate where one was asked for. */
  async finish(
    options: { readonly spoilt?: boolean; readonly tail?: Buffer; readonly identity?: ClientIdentity } = {},
  ): Promise<void> {
    if (!this.received.isFinished || this.#isBehind) return;
    if (this.received.requests.length > 0) await this.#certificate(options.identity);
    const data = verifyData(this.#clientHandshakeSecret, this.#hash());
    if (options.spoilt === true) data.writeUInt8(data.readUInt8(0) ^ 1, 0);
    const finished = message(MESSAGE.FINISHED, data);
    this.#transcript.push(finished);
    await this.protectedRecord(CONTENT.HANDSHAKE, Buffer.concat([finished, options.tail ?? Buffer.alloc(0)]));
    this.#finishedHash = this.#hash();
    this.#isBehind = true;
    this.#writing = new Protection(this.#clientSecret);
    for (const body of this.#early) this.#takeTicket(body);
  }

  /** Application data, in one record. */
  async data(text: Buffer | string, options: SealOptions = {}): Promise<void> {
    await this.protectedRecord(
      CONTENT.APPLICATION_DATA,
      typeof text === 'string' ? Buffer.from(text, 'latin1') : text,
      options,
    );
  }

  /** A handshake message under the keys of now. */
  async handshakeMessage(type: number, content: Buffer): Promise<void> {
    await this.protectedRecord(CONTENT.HANDSHAKE, message(type, content));
  }

  /** KeyUpdate, and our next keys (RFC8446#4.6.3). */
  async keyUpdate(request: number): Promise<void> {
    await this.handshakeMessage(MESSAGE.KEY_UPDATE, uint(request, 1));
    this.#writing?.update();
  }

  async alert(level: number, description: number): Promise<void> {
    await this.protectedRecord(CONTENT.ALERT, Buffer.of(level, description));
  }

  /** Our FIN, with nothing said about it. */
  halfClose(): void {
    this.#wire.halfClose();
  }

  destroy(): void {
    this.#wire.destroy();
  }

  /** Reads until this holds, the connection ends or the time is over. */
  async until(holds: () => boolean, timeoutMs = this.#timeoutMs): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      this.#readAll();
      if (holds() || this.isOver || !(await this.#wire.changed(deadlineMs))) return this.#readAll();
    }
  }

  /** Reads until the connection ends or the time is over, whatever comes. */
  async untilEnd(timeoutMs = this.#timeoutMs): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    while (this.end === 'open' && (await this.#wire.changed(deadlineMs))) this.#readAll();
    this.#readAll();
  }

  #readAll(): void {
    const { received } = this;
    for (;;) {
      const next = received.clear.length > 0 ? 'clear' : readRecord(this.#wire.buffered);
      if (next === undefined) return;
      if (next === 'clear') {
        received.clear = Buffer.concat([received.clear, this.#wire.buffered]);
        this.#wire.take(this.#wire.buffered.length);
        if (this.#wire.buffered.length === 0) return;
      } else {
        // The view dies with the octets behind it
        const fragment = Buffer.from(next.record.fragment);
        const head = Buffer.from(next.record.head);
        this.#wire.take(next.bytes);
        this.#receive({ ...next.record, head, fragment });
      }
    }
  }

  #receive(record: TlsRecord): void {
    const { type, fragment } = record;
    const isProtected = type === CONTENT.APPLICATION_DATA;
    if (fragment.length > (isProtected ? MAX_PROTECTED : MAX_FRAGMENT))
      this.#complain(`RFC8446#5.1: a record of ${fragment.length} octets`);
    if (type === CONTENT.CHANGE_CIPHER_SPEC) {
      if (!fragment.equals(Buffer.of(1))) this.#complain('RFC8446#5: change_cipher_spec is not 1');
      this.#hasChangedCipher = true;
      return;
    }
    if (!isProtected) {
      // A server of TLS 1.2 that has changed its keys is not read any more
      if (this.received.hello?.version !== VERSION.TLS12 || !this.#hasChangedCipher) this.#take(type, fragment, false);
      return;
    }
    const opened = this.#reading?.open(record);
    if (opened === undefined) this.#complain('RFC8446#5.2: a record that cannot be opened');
    else this.#take(opened.type, opened.content, true);
  }

  #take(type: number, content: Buffer, isProtected: boolean): void {
    const { received } = this;
    if (type === CONTENT.ALERT) {
      if (content.length !== 2) return this.#complain('RFC8446#5.1: an alert that is not two octets');
      received.alerts.push({ level: content.readUInt8(0), description: content.readUInt8(1), isProtected });
    } else if (type === CONTENT.APPLICATION_DATA) {
      received.data = Buffer.concat([received.data, content]);
    } else if (type === CONTENT.HANDSHAKE) {
      if (content.length === 0) this.#complain('RFC8446#5.1: a handshake record without octets');
      this.#pending = Buffer.concat([this.#pending, content]);
      this.#takeMessages();
    } else {
      this.#complain(`RFC8446#5: a record of type ${type} under keys`);
    }
  }

  #takeMessages(): void {
    for (;;) {
      const held = this.#pending;
      if (held.length < 4) return;
      const bytes = 4 + held.readUIntBE(1, 3);
      if (held.length < bytes) return;
      this.#pending = held.subarray(bytes);
      const type = held.readUInt8(0);
      this.received.messages.push(type);
      this.#handle(type, held.subarray(4, bytes), held.subarray(0, bytes));
    }
  }

  #handle(type: number, body: Buffer, whole: Buffer): void {
    const { received } = this;
    if (type === MESSAGE.SERVER_HELLO) return this.#takeHello(readServerHello(body), whole);
    if (received.isFinished) return this.#takeBehind(type, body);
    if (type === MESSAGE.ENCRYPTED_EXTENSIONS) {
      const extensions = readExtensions(new OctetReader(body));
      received.encrypted = extensions;
      received.protocol = protocolOf(extensions);
      this.#complain(...lintEncryptedExtensions(extensions, this.#offered));
    } else if (type === MESSAGE.CERTIFICATE_REQUEST) {
      received.requests.push('handshake');
    } else if (type === MESSAGE.CERTIFICATE && received.hello?.version === VERSION.TLS13) {
      const { leaf, isBare } = readCertificate(body);
      received.certificate = leaf;
      if (!isBare) this.#complain('RFC8446#4.4.2: certificate_request_context is not empty');
      if (leaf === undefined) this.#complain('RFC8446#4.4.2.4: no certificate');
    } else if (type === MESSAGE.SERVER_KEY_EXCHANGE && DHE.has(received.hello?.cipherSuite ?? 0)) {
      received.primeBytes = new OctetReader(body).vector(2).length;
    } else if (type === MESSAGE.CERTIFICATE_VERIFY) {
      this.#complain(...lintCertificateVerify(body, received.certificate, this.#hash(), this.#offered));
    } else if (type === MESSAGE.FINISHED) {
      const isRight = body.equals(verifyData(this.#serverHandshakeSecret, this.#hash()));
      if (!isRight) this.#complain('RFC8446#4.4.4: Finished is not what the messages make it');
      received.isFinished = isRight;
    }
    this.#transcript.push(whole);
    if (type !== MESSAGE.FINISHED || !received.isFinished) return;
    const { client, server } = this.#schedule.application(this.#hash());
    this.#clientSecret = client;
    this.#reading = new Protection(server);
  }

  #takeHello(hello: ServerHello, whole: Buffer): void {
    const { received } = this;
    this.#complain(...lintServerHello(hello, this.#offered));
    if (hello.isRetry) {
      if (received.retries.length > 0) this.#complain('RFC8446#4.1.4: a second HelloRetryRequest');
      received.retries.push(hello);
      // RFC8446#4.4.1: the first hello is in the transcript as its hash
      const first = sha256(...this.#transcript);
      this.#transcript = [message(MESSAGE.MESSAGE_HASH, first), whole];
      return;
    }
    received.hello = hello;
    this.#transcript.push(whole);
    if (hello.version < VERSION.TLS13) {
      this.#complain(...lintProtocol(hello.extensions, this.#offered));
      received.protocol = protocolOf(hello.extensions);
      return;
    }
    received.isResumed = contentOf(hello.extensions, EXTENSION.PRE_SHARED_KEY) !== undefined;
    if (!received.isResumed) this.#schedule = new KeySchedule();
    const share = new OctetReader(contentOf(hello.extensions, EXTENSION.KEY_SHARE) ?? Buffer.alloc(0));
    const shared = this.#context.shares.with(share.uint(2), share.vector(2));
    if (shared === undefined) return this.#complain('RFC8446#4.2.8: its key_share is of no group that was offered');
    const { client, server } = this.#schedule.handshake(shared, this.#hash());
    this.#clientHandshakeSecret = client;
    this.#serverHandshakeSecret = server;
    this.#writing = new Protection(client);
    this.#reading = new Protection(server);
  }

  #takeBehind(type: number, body: Buffer): void {
    const { received } = this;
    if (type === MESSAGE.NEW_SESSION_TICKET) {
      if (this.#isBehind) this.#takeTicket(body);
      else this.#early.push(body);
    } else if (type === MESSAGE.KEY_UPDATE) {
      received.keyUpdates++;
      this.#reading?.update();
    } else if (type === MESSAGE.CERTIFICATE_REQUEST) {
      received.requests.push('behind');
    }
  }

  #takeTicket(body: Buffer): void {
    const reader = new OctetReader(body);
    reader.take(4);
    const [ageAdd, nonce, ticket] = [reader.uint(4), reader.vector(1), reader.vector(2)];
    const key = this.#schedule.resumption(this.#finishedHash, nonce);
    this.received.tickets.push({ ticket, key, ageAdd, receivedMs: Date.now() });
  }

  /** A hello with an identity and its binder at its end (RFC8446#4.2.11.2). */
  #helloWith({ ticket, key, ageAdd, receivedMs }: Ticket, shape: HelloShape): Buffer {
    this.#schedule = new KeySchedule(key);
    const age = (Date.now() - receivedMs + ageAdd) % 2 ** 32;
    const identities = vector(2, vector(2, ticket), uint(age, 4));
    const withBinder = (binder: Buffer) => {
      const content = Buffer.concat([identities, vector(2, vector(1, binder))]);
      return clientHello(
        { ...shape, more: [...(shape.more ?? []), [EXTENSION.PRE_SHARED_KEY, content]] },
        this.#context,
      );
    };
    const unbound = withBinder(Buffer.alloc(HASH_BYTES));
    const bound = unbound.subarray(0, unbound.length - HASH_BYTES - 3);
    return withBinder(hmac(this.#schedule.binderKey, sha256(...this.#transcript, bound)));
  }

  async #certificate(identity: ClientIdentity | undefined): Promise<void> {
    const entries = identity === undefined ? [] : [vector(3, identity.certificate), uint(0, 2)];
    const certificate = message(MESSAGE.CERTIFICATE, Buffer.concat([vector(1), vector(3, ...entries)]));
    this.#transcript.push(certificate);
    await this.protectedRecord(CONTENT.HANDSHAKE, certificate);
    if (identity === undefined) return;
    const signature = identity.sign(this.#hash());
    // ecdsa_secp256r1_sha256
    const verify = message(MESSAGE.CERTIFICATE_VERIFY, Buffer.concat([uint(0x0403, 2), vector(2, signature)]));
    this.#transcript.push(verify);
    await this.protectedRecord(CONTENT.HANDSHAKE, verify);
  }

  #hash(): Buffer {
    return sha256(...this.#transcript);
  }

  #complain(...problems: readonly string[]): void {
    for (const problem of problems) if (!this.received.problems.includes(problem)) this.received.problems.push(problem);
  }
}

function protocolOf(extensions: ServerHello['extensions']): string | undefined {
  const answer = contentOf(extensions, EXTENSION.ALPN);
  return answer === undefined ? undefined : readProtocol(answer);
}

/** The group that a HelloRetryRequest asks for. */
export function groupAsked(retry: ServerHello): number {
  return contentOf(retry.extensions, EXTENSION.KEY_SHARE)?.readUInt16BE(0) ?? GROUP.P256;
}

/** The cookie of a HelloRetryRequest, which goes into the second hello (RFC8446#4.2.2). */
export function cookieOf(retry: ServerHello): Buffer | undefined {
  const content = contentOf(retry.extensions, EXTENSION.COOKIE);
  return content === undefined ? undefined : extension(EXTENSION.COOKIE, content).subarray(4);
}
