/** Servers' connections on a transport that is only thought of, for the tests of backpressure. */
import { Socket } from 'node:net';
import { fromLatin1 } from '../bytes/latin1.ts';
import { openConnection } from '../connection/connection.ts';
import { CallerError } from '../errors/caller-error.ts';
import { END_HEADERS, END_STREAM, frame, literal, PREFACE, T, uint } from '../http2/wire.test.data.ts';
import { http1Limits } from '../limits/http1-limits.ts';
import { http2Limits } from '../limits/http2-limits.ts';
import { outputLimits } from '../limits/output-limits.ts';
import type { ExchangeId } from '../semantics/exchange.ts';
import { ConnectionDriver } from './driver.ts';
import type { FileSource } from './file-check.ts';
import { readFile } from './file-reader.ts';
import { OutputRoom } from './output-room.ts';

export const HIGH_BYTES = 262_144;
const FIRST_WINDOW = 1_073_741_824;

/** A socket whose peer takes octets when it is told to, and no others. */
export class SlowSocket extends Socket {
  readonly #taken: Buffer[] = [];
  #waiting: { octets: Buffer; done: () => void }[] = [];

  constructor() {
    super();
    Object.defineProperty(this, 'writable', { get: () => !this.destroyed });
  }

  /** What the peer has taken. */
  get taken(): Buffer {
    return Buffer.concat(this.#taken);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#waiting.push({ octets: chunk, done });
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: () => void): void {
    chunks.forEach(({ chunk }, at) => {
      this.#waiting.push({ octets: chunk, done: at === chunks.length - 1 ? done : () => {} });
    });
  }

  /**
   * The peer takes so many octets; returns how many there were. As in a kernel, a write is over when all of it was taken, and until then
   * its octets are where they are.
   */
  peerTakes(bytes: number): number {
    let left = bytes;
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      if (left === 0 && first.octets.length > 0) break;
      const part = first.octets.subarray(0, left);
      this.#taken.push(Buffer.from(part));
      left -= part.length;
      first.octets = first.octets.subarray(part.length);
      if (first.octets.length > 0) break;
      this.#waiting.shift();
      first.done();
    }
    return bytes - left;
  }
}

export interface Run {
  readonly version: 'http/1.1' | 'h2';
  /** Lengths of the pieces of each response. */
  readonly responses: readonly (readonly number[])[];
  /** Whether the handlers wait where they should. @defaultValue true */
  readonly awaits?: boolean;
  /** What each stream may send before the peer gives it more. @defaultValue enough */
  readonly windowBytes?: number;
  /** What the pieces are read from, one behind the other, from its first octet on in each response. @defaultValue made up */
  readonly file?: FileSource;
  /** Octets that the peer takes in a step. */
  readonly reads: readonly number[];
}

/** Requests as a client sends them all at once; over HTTP/2 their responses share the connection. */
export function requestsOf({ version, responses, windowBytes = FIRST_WINDOW }: Run): string {
  if (version === 'http/1.1') return responses.map((_, index) => `GET /${index} HTTP/1.1\r\nHost: a\r\n\r\n`).join('');
  const settings = frame(T.SETTINGS, 0, 0, uint(4, 2) + uint(windowBytes, 4));
  const window = frame(T.WINDOW_UPDATE, 0, 0, uint(FIRST_WINDOW, 4));
  const block = `\x82\x84\x86${literal([':authority', 'a'])}${literal(['priority', 'u=3, i'])}`;
  const streams = responses.map((_, index) => frame(T.HEADERS, END_STREAM | END_HEADERS, index * 2 + 1, block));
  return PREFACE + settings + frame(T.SETTINGS, 1, 0) + window + streams.join('');
}

/** A driver with a producer for each request. */
export function openDriver(run: Run, room = new OutputRoom(outputLimits({ connectionBytes: 67_108_864 }))) {
  const socket = new SlowSocket();
  let receive: (bytes: Uint8Array) => void = () => {};
  const open: ExchangeId[] = [];
  const produced = new Map<ExchangeId, number>();
  const refused = new Set<ExchangeId>();
  const abandoned = new Set<ExchangeId>();
  let handlers = 0;
  let connection: ReturnType<typeof openConnection> | undefined;
  const driver = new ConnectionDriver(
    { socket, read: (take: typeof receive) => (receive = take) },
    (sink) => {
      const http1 = { limits: http1Limits({ heldResponseBytes: HIGH_BYTES }) };
      connection = openConnection(run.version, {
        http1,
        http2: { limits: http2Limits() },
        h2cUpgrade: false,
        date: () => undefined,
        sink,
      });
      return connection;
    },
    {
      onEvent: (event) => {
        if (event.kind === 'request') {
          handlers += 1;
          const pieces = run.responses[open.push(event.exchange) - 1] ?? [];
          void produce(event.exchange, pieces).finally(() => (handlers -= 1));
        }
        if (event.kind !== 'abandoned') return;
        abandoned.add(event.exchange);
        driver.abandon(event.exchange);
      },
      onClose: () => {},
    },
    room,
  );
  /** A handler that does as it is told, and waits where there is no room, or does not. */
  async function produce(exchange: ExchangeId, pieces: readonly number[]): Promise<void> {
    const contentLength = pieces.reduce((sum, piece) => sum + piece, 0);
    driver.send({ kind: 'head', exchange, head: { status: 200 }, contentLength });
    if (run.file !== undefined) return sendFile(exchange, run.file, pieces);
    for (const piece of pieces) {
      if (socket.destroyed) return;
      produced.set(exchange, (produced.get(exchange) ?? 0) + piece);
      const room = write(exchange, new Uint8Array(piece).fill(0x61 + open.indexOf(exchange)));
      if (room === 'refused') return driver.send({ kind: 'abort', exchange });
      if (run.awaits !== false) await room;
    }
    if (!socket.destroyed) driver.send({ kind: 'end', exchange });
  }
  async function sendFile(exchange: ExchangeId, source: FileSource, pieces: readonly number[]): Promise<void> {
    const taker = {
      get windowBytes() {
        return driver.windowBytes(exchange);
      },
      whenLeft: () => driver.whenLeft(exchange),
    };
    let offset = 0;
    for (const bytes of pieces) {
      for await (const octets of readFile({ source, offset, bytes }, taker)) {
        if (socket.destroyed || abandoned.has(exchange)) return;
        await driver.write(exchange, octets);
      }
      offset += bytes;
    }
    if (!socket.destroyed && !abandoned.has(exchange)) driver.send({ kind: 'end', exchange });
  }
  function write(exchange: ExchangeId, bytes: Uint8Array): Promise<void> | 'refused' {
    try {
      return driver.write(exchange, bytes);
    } catch (error) {
      if (!(error instanceof CallerError) || error.code !== 'CONTENT_UNAWAITED') throw error;
      refused.add(exchange);
      return 'refused';
    }
  }
  return {
    socket,
    driver,
    /** Exchanges that were refused a piece. */
    refused,
    receive: (octets: string) => receive(fromLatin1(octets)),
    produced,
    /** Handlers that have not come to their end. */
    handlers: () => handlers,
    /** All that waits. */
    heldBytes: () => (socket.destroyed ? 0 : socket.writableLength + (connection?.heldBytes ?? 0)),
    /** What waits of each response, above the socket. */
    waiting: () => open.map((exchange) => connection?.pendingBytes(exchange) ?? 0),
  };
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Octets of content that the peer has of each response. */
export function arrived({ version, responses }: Run, octets: Buffer): number[] {
  if (version === 'http/1.1') {
    const heads = octets.toString('latin1').split('HTTP/1.1 200 OK\r\n').slice(1);
    return responses.map((_, index) => (heads[index]?.split('\r\n\r\n')[1] ?? '').length);
  }
  return contents(octets, responses.length).map(({ length }) => length);
}

/** Content that the peer has over HTTP/2 of each response, in DATA frames that it has whole. */
export function contents(octets: Buffer, count: number): Buffer[] {
  const pieces = Array.from({ length: count }, (): Buffer[] => []);
  for (let at = 0; at + 9 <= octets.length; at += 9 + octets.readUIntBE(at, 3)) {
    const to = at + 9 + octets.readUIntBE(at, 3);
    const stream = octets.readUInt32BE(at + 5);
    if (octets[at + 3] === T.DATA && to <= octets.length) pieces[(stream - 1) / 2]?.push(octets.subarray(at + 9, to));
  }
  return pieces.map((all) => Buffer.concat(all));
}
