/**
 * A client of TLS 1.3 that says what no program will say: two hellos of its own making, with a HelloRetryRequest between them.
 * One suite (TLS_AES_128_GCM_SHA256), one group (P-256); it believes every certificate. For tests.
 */
import { createCipheriv, createDecipheriv, createECDH, createHash, createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { alpn, ext, message, num, pairs, sni, vec } from '../tls/hello.test.data.ts';

const WAIT_MS = 10_000;
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const sha256 = (...parts: readonly Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const hmac = (key: Buffer, data: Buffer): Buffer => createHmac('sha256', key).update(data).digest();

/** HKDF-Expand-Label (RFC8446#7.1), for at most 32 octets. */
function expand(secret: Buffer, label: string, context: Buffer, length: number): Buffer {
  const info = num(length, 2) + vec(1, `tls13 ${label}`) + vec(1, context.toString('latin1'));
  return hmac(secret, latin1(`${info}\x01`)).subarray(0, length);
}

/** One direction of a connection under one secret. */
class Keys {
  readonly #key: Buffer;
  readonly #iv: Buffer;
  #count = 0;

  constructor(secret: Buffer) {
    this.#key = expand(secret, 'key', Buffer.alloc(0), 16);
    this.#iv = expand(secret, 'iv', Buffer.alloc(0), 12);
  }

  #nonce(): Buffer {
    const nonce = Buffer.from(this.#iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ this.#count++) >>> 0, 8);
    return nonce;
  }

  seal(type: number, content: Buffer): Buffer {
    const head = latin1(`\x17\x03\x03${num(content.length + 17, 2)}`);
    const cipher = createCipheriv('aes-128-gcm', this.#key, this.#nonce()).setAAD(head);
    const body = Buffer.concat([cipher.update(Buffer.concat([content, Buffer.of(type)])), cipher.final()]);
    return Buffer.concat([head, body, cipher.getAuthTag()]);
  }

  open(head: Buffer, body: Buffer): { type: number; content: Buffer } {
    const cipher = createDecipheriv('aes-128-gcm', this.#key, this.#nonce()).setAAD(head);
    cipher.setAuthTag(body.subarray(-16));
    const plain = Buffer.concat([cipher.update(body.subarray(0, -16)), cipher.final()]);
    const end = plain.findLastIndex((octet) => octet !== 0);
    return { type: plain[end] ?? 0, content: plain.subarray(0, end) };
  }
}

/** Octets of a socket, as they are asked for; every wait is bounded. */
class Octets {
  #held = Buffer.alloc(0);
  #isOver = false;
  #wake = (): void => {};

  constructor(socket: Socket) {
    socket.on('data', (piece: Buffer) => {
      this.#held = Buffer.concat([this.#held, piece]);
      this.#wake();
    });
    const end = (): void => {
      this.#isOver = true;
      this.#wake();
    };
    socket.on('error', end).on('close', end);
    socket.setTimeout(WAIT_MS, () => socket.destroy());
  }

  /** The next record; undefined when the connection has ended. */
  async record(): Promise<{ head: Buffer; body: Buffer } | undefined> {
    for (;;) {
      const length = this.#held.length < 5 ? Number.POSITIVE_INFINITY : 5 + this.#held.readUInt16BE(3);
      if (this.#held.length >= length) {
        const [head, body] = [this.#held.subarray(0, 5), this.#held.subarray(5, length)];
        this.#held = this.#held.subarray(length);
        return { head, body };
      }
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** How a connection went. */
export interface Conversation {
  /** Whether the server asked for a second hello. */
  readonly isRetried: boolean;
  readonly isFinished: boolean;
  /** What the server said to `request` behind the handshake. */
  readonly answer: string;
}

/** Says hello as `first`, is asked again, says hello as `second`, ends the handshake and sends a request. */
export async function switchNames(port: number, first: string, second: string, request: string): Promise<Conversation> {
  const socket = connect(port, '127.0.0.1');
  const octets = new Octets(socket);
  const pair = createECDH('prime256v1');
  const share = pair.generateKeys().toString('latin1');
  // A group that it has no share of, so that the server has to ask for one
  const extensions = (name: string, shares: string): string[] => [
    ...[sni(name), alpn('http/1.1'), ext(43, vec(1, pairs(0x0304))), ext(10, vec(2, pairs(23)))],
    ...[ext(13, vec(2, pairs(0x0403, 0x0804, 0x0401))), ext(51, vec(2, shares))],
  ];
  const hello = (name: string, shares: string): Buffer =>
    latin1(
      message(
        `\x03\x03${'r'.repeat(32)}${vec(1, 's'.repeat(32))}${vec(2, pairs(0x1301))}${vec(1, '\0')}${vec(2, ...extensions(name, shares))}`,
      ),
    );
  const send = (octetsToSend: Buffer): void =>
    void socket.write(latin1(`\x16\x03\x01${vec(2, octetsToSend.toString('latin1'))}`));
  const hello1 = hello(first, '');
  const hello2 = hello(second, pairs(23) + vec(2, share));
  send(hello1);
  const retry = (await octets.record())?.body;
  const result = { isRetried: retry?.[0] === 2, isFinished: false, answer: '' };
  try {
    if (retry === undefined || !result.isRetried) return result;
    send(hello2);
    let serverHello = await octets.record();
    while (serverHello?.head[0] === 20) serverHello = await octets.record();
    if (serverHello?.head[0] !== 22) return result;
    // RFC8446#4.4.1: the first hello is in the transcript as its hash
    const start = [latin1(`\xfe\0\0\x20`), sha256(hello1), retry, hello2, serverHello.body];
    const zeros = Buffer.alloc(32);
    const early = hmac(zeros, zeros);
    const shared = pair.computeSecret(serverHello.body.subarray(-65));
    const handshake = hmac(expand(early, 'derived', sha256(), 32), shared);
    const clientSecret = expand(handshake, 'c hs traffic', sha256(...start), 32);
    const fromServer = new Keys(expand(handshake, 's hs traffic', sha256(...start), 32));
    const flight = await serverFlight(octets, fromServer);
    const transcript = sha256(...start, flight);
    const master = hmac(expand(handshake, 'derived', sha256(), 32), zeros);
    const finished = hmac(expand(clientSecret, 'finished', Buffer.alloc(0), 32), transcript);
    socket.write(new Keys(clientSecret).seal(22, Buffer.concat([latin1('\x14\0\0\x20'), finished])));
    const toServer = new Keys(expand(master, 'c ap traffic', transcript, 32));
    const answers = new Keys(expand(master, 's ap traffic', transcript, 32));
    socket.write(toServer.seal(23, latin1(request)));
    result.isFinished = flight.length > 0;
    for (let record = await octets.record(); record !== undefined; record = await octets.record()) {
      const { type, content } = answers.open(record.head, record.body);
      if (type === 23) result.answer += content.toString('latin1');
    }
    return result;
  } finally {
    socket.destroy();
  }
}

/** The server's messages to its Finished; nothing where the connection ends before. */
async function serverFlight(octets: Octets, keys: Keys): Promise<Buffer> {
  let flight = Buffer.alloc(0);
  for (let record = await octets.record(); record !== undefined; record = await octets.record()) {
    if (record.head[0] === 20) continue;
    flight = Buffer.concat([flight, keys.open(record.head, record.body).content]);
    if (hasFinished(flight)) return flight;
  }
  return Buffer.alloc(0);
}

function hasFinished(flight: Buffer): boolean {
  for (let at = 0; at + 4 <= flight.length; at += 4 + flight.readUIntBE(at + 1, 3)) {
    if (flight[at] === 20 && flight.length >= at + 36) return true;
  }
  return false;
}
