/** A server of TLS 1.3 that takes anything for right: what a case that wants a refusal has to fail. */
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { CannedServer } from '../scripted/model.ts';
import { FRAME, frameOctets, PREFACE } from '../wire/h2/frames.ts';
import { extension, message, protocols } from '../wire/tls/hello.ts';
import { KeySchedule, sha256, verifyData } from '../wire/tls/key-schedule.ts';
import { ALERT, EXTENSION, GROUP, MESSAGE, SUITE, VERSION } from '../wire/tls/names.ts';
import { OctetReader, pairs, uint, vector } from '../wire/tls/octets.ts';
import { type Opened, Protection } from '../wire/tls/protection.ts';
import { CONTENT, RECORD_HEAD, record } from '../wire/tls/records.ts';
import { contentOf, RETRY_RANDOM, readOffer } from '../wire/tls/server-flight.ts';
import { Shares } from '../wire/tls/shares.ts';
import { canned, cannedPair, OK, serverHello } from './canned-parts.ts';

export interface Lenience {
  /** Answers the first hello with a HelloRetryRequest, always. */
  readonly retries?: boolean;
  /** The protocol that it selects, offered or not. */
  readonly protocol?: string;
  /** Further extensions in EncryptedExtensions. */
  readonly encrypted?: readonly (readonly [type: number, content: Buffer])[];
  /** Asks for a certificate behind the handshake. */
  readonly asksBehind?: boolean;
  /** What it does with a KeyUpdate that asks for one. */
  readonly updates?: boolean;
  /** Does not echo the session id. */
  readonly forgetsSession?: boolean;
  /** Spoils its signature. */
  readonly missigns?: boolean;
  /** Ends behind its first answer: `well` with close_notify. */
  readonly leaves?: 'well' | 'abruptly';
  /** Says this to each request. */
  readonly answer?: string;
  /** A record without octets, or one that is too long, in front of its answer. */
  readonly front?: Buffer;
}

/** Completes every handshake and answers every request. */
export function lenient(says: string, options: Lenience = {}): CannedServer {
  return canned(`is a server of TLS that takes anything ${says}`, (socket) => {
    const part = new Part(socket, options);
    socket.on('data', (octets) => part.take(octets));
    socket.on('end', () => socket.end());
  });
}

const NOTHING = Buffer.alloc(0);

class Part {
  readonly #socket: Socket;
  readonly #options: Lenience;
  readonly #shares = new Shares('lenient');
  readonly #schedule = new KeySchedule();
  #held: Buffer = NOTHING;
  #hello: Buffer = NOTHING;
  #transcript: Buffer[] = [];
  #isRetried = false;
  #reading: Protection | undefined;
  #writing: Protection | undefined;
  #next: Protection | undefined;
  #request = '';

  constructor(socket: Socket, options: Lenience) {
    this.#socket = socket;
    this.#options = options;
  }

  take(octets: Buffer): void {
    this.#held = Buffer.concat([this.#held, octets]);
    while (this.#held.length >= RECORD_HEAD) {
      const bytes = RECORD_HEAD + this.#held.readUInt16BE(3);
      if (this.#held.length < bytes) return;
      const [head, fragment] = [this.#held.subarray(0, RECORD_HEAD), this.#held.subarray(RECORD_HEAD, bytes)];
      const type = this.#held.readUInt8(0);
      this.#held = this.#held.subarray(bytes);
      if (this.#reading === undefined) this.#takeHello(fragment);
      else if (type === CONTENT.APPLICATION_DATA) {
        const opened = this.#reading.open({ type, head, fragment, version: VERSION.TLS12 });
        if (opened !== undefined) this.#takeOpened(opened);
      }
    }
  }

  /** Whatever begins as a hello is one, once it has as many octets as it says, or more than it could have. */
  #takeHello(fragment: Buffer): void {
    if (this.#hello.length === 0 && fragment[0] !== MESSAGE.CLIENT_HELLO) return;
    this.#hello = Buffer.concat([this.#hello, fragment]);
    if (this.#hello.length < 4 || this.#hello.length < Math.min(4 + this.#hello.readUIntBE(1, 3), 17_000)) return;
    const hello = this.#hello;
    this.#hello = NOTHING;
    this.#transcript.push(hello);
    if (this.#options.retries === true && !this.#isRetried) this.#retry(hello);
    else this.#flight(hello);
  }

  #retry(hello: Buffer): void {
    this.#isRetried = true;
    const asked = [
      [EXTENSION.SUPPORTED_VERSIONS, uint(VERSION.TLS13, 2)],
      [EXTENSION.KEY_SHARE, pairs(GROUP.P256)],
    ] as const;
    const retry = serverHello({
      random: RETRY_RANDOM,
      sessionId: sessionOf(hello),
      cipherSuite: SUITE.AES_128_GCM,
      extensions: asked,
    });
    this.#transcript = [message(MESSAGE.MESSAGE_HASH, sha256(hello)), retry];
    this.#socket.write(record(CONTENT.HANDSHAKE, retry));
  }

  #flight(hello: Buffer): void {
    const { protocol, encrypted = [], forgetsSession, missigns } = this.#options;
    const extensions = [
      [EXTENSION.SUPPORTED_VERSIONS, uint(VERSION.TLS13, 2)],
      [EXTENSION.KEY_SHARE, Buffer.concat([pairs(GROUP.P256), vector(2, this.#shares.p256)])],
    ] as const;
    const sessionId = forgetsSession === true ? NOTHING : sessionOf(hello);
    const own = serverHello({ sessionId, cipherSuite: SUITE.AES_128_GCM, extensions });
    this.#transcript.push(own);
    this.#socket.write(record(CONTENT.HANDSHAKE, own));
    const shared = this.#shares.with(GROUP.P256, shareOf(hello)) ?? Buffer.alloc(32);
    const secrets = this.#schedule.handshake(shared, this.#hash());
    this.#writing = new Protection(secrets.server);
    this.#reading = new Protection(secrets.client);
    const { cert, key } = cannedPair();
    const answers = protocol === undefined ? encrypted : [[EXTENSION.ALPN, protocols(protocol)] as const, ...encrypted];
    this.#say(MESSAGE.ENCRYPTED_EXTENSIONS, vector(2, ...answers.map(([type, content]) => extension(type, content))));
    const der = new X509Certificate(cert).raw;
    this.#say(MESSAGE.CERTIFICATE, Buffer.concat([vector(1), vector(3, vector(3, der), vector(2))]));
    const context = Buffer.from(`${' '.repeat(64)}TLS 1.3, server CertificateVerify\0`, 'latin1');
    const signed = Buffer.concat([context, missigns === true ? NOTHING : this.#hash()]);
    this.#say(
      MESSAGE.CERTIFICATE_VERIFY,
      Buffer.concat([pairs(0x0403), vector(2, sign('sha256', signed, createPrivateKey(key)))]),
    );
    this.#say(MESSAGE.FINISHED, verifyData(secrets.server, this.#hash()));
    const application = this.#schedule.application(this.#hash());
    this.#writing = new Protection(application.server);
    this.#next = new Protection(application.client);
  }

  #takeOpened({ type, content }: Opened): void {
    if (this.#next !== undefined) {
      // Whatever comes first is its Finished
      this.#reading = this.#next;
      this.#next = undefined;
      if (this.#options.asksBehind === true)
        this.#say(MESSAGE.CERTIFICATE_REQUEST, Buffer.concat([vector(1, 'x'), vector(2)]));
      if (this.#options.protocol === 'h2') this.#write(frameOctets(FRAME.SETTINGS, 0, 0));
    } else if (type === CONTENT.HANDSHAKE && content[0] === MESSAGE.KEY_UPDATE) {
      this.#reading?.update();
      if (this.#options.updates !== true) return;
      this.#say(MESSAGE.KEY_UPDATE, uint(0, 1));
      this.#writing?.update();
    } else if (type === CONTENT.APPLICATION_DATA) this.#answer(content);
  }

  #answer(content: Buffer): void {
    const { answer = OK, leaves, front } = this.#options;
    this.#request += content.toString('latin1');
    if (this.#request.startsWith(PREFACE)) this.#request = '';
    if (this.#options.protocol === 'h2' && content[3] === FRAME.PING)
      this.#write(frameOctets(FRAME.PING, 1, 0, Buffer.from('aeronet!')));
    if (!this.#request.includes('\r\n\r\n')) return;
    this.#request = '';
    if (front !== undefined) this.#socket.write(front);
    this.#write(Buffer.from(answer, 'latin1'));
    if (leaves === 'well')
      this.#socket.write(this.#writing?.seal(CONTENT.ALERT, Buffer.of(1, ALERT.close_notify)) ?? NOTHING);
    if (leaves !== undefined) this.#socket.end();
  }

  #write(octets: Buffer): void {
    if (this.#writing !== undefined) this.#socket.write(this.#writing.seal(CONTENT.APPLICATION_DATA, octets));
  }

  #say(type: number, content: Buffer): void {
    const whole = message(type, content);
    this.#transcript.push(whole);
    if (this.#writing !== undefined) this.#socket.write(this.#writing.seal(CONTENT.HANDSHAKE, whole));
  }

  #hash(): Buffer {
    return sha256(...this.#transcript);
  }
}

const sessionOf = (hello: Buffer): Buffer => readOffer(hello).sessionId;

/** Its share of P-256; nothing where there is none. */
function shareOf(hello: Buffer): Buffer {
  const list = new OctetReader(contentOf(readOffer(hello).extensions, EXTENSION.KEY_SHARE)?.subarray(2) ?? NOTHING);
  while (list.left > 0) {
    const [group, share] = [list.uint(2), list.vector(2)];
    if (group === GROUP.P256) return share;
  }
  return NOTHING;
}
