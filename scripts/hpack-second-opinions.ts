/**
 * HPACK by other hands: `hpack.js`, and nghttp2, which Node has in `node:http2` and which is asked over a stream in memory.
 * Neither is ever in the serving path.
 */
import { connect, type OutgoingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import { createRequire } from 'node:module';
import { Duplex } from 'node:stream';

export type Field = readonly [name: string, value: string];

/** What is to be encoded as one block of a connection. */
export interface Block {
  /** SETTINGS_HEADER_TABLE_SIZE that the decoding side has named since the block before, in order. */
  readonly sizes: readonly number[];
  readonly fields: readonly Field[];
}

/** The part of `hpack.js` that is used; the package has no types of its own. */
interface HpackJs {
  readonly compressor: { create(options: HpackJsOptions): Compressor };
  readonly decompressor: { create(options: HpackJsOptions): Decompressor };
}

interface HpackJsOptions {
  readonly table: { readonly maxSize: number };
}

interface Compressor {
  write(fields: readonly CompressorField[]): boolean;
  read(): Uint8Array | null;
  /** Empties the table, and says so in the next block. */
  reset(): void;
}

interface CompressorField {
  readonly name: string;
  readonly value: string;
  readonly huffman?: boolean;
  readonly incremental?: boolean;
  readonly neverIndex?: boolean;
}

interface Decompressor {
  write(octets: Uint8Array): boolean;
  execute(): void;
  read(): { readonly name: string; readonly value: string } | null;
  on(event: 'error', listener: (error: Error) => void): unknown;
  readonly _table: { readonly size: number };
}

const hpackJs: HpackJs = createRequire(import.meta.url)('hpack.js');

/** What `hpack.js` makes of a list: each field may ask for a way of its own to be written. */
export function hpackJsEncoder(
  tableBytes: number,
): (fields: readonly CompressorField[], empties: boolean) => Uint8Array {
  const compressor = hpackJs.compressor.create({ table: { maxSize: tableBytes } });
  return (fields, empties) => {
    if (empties) compressor.reset();
    compressor.write(fields);
    const pieces: Uint8Array[] = [];
    for (let piece = compressor.read(); piece !== null; piece = compressor.read()) pieces.push(piece);
    return Buffer.concat(pieces);
  };
}

/** Fields and table size as `hpack.js` has them after each block, or the words with which it refuses. */
export function hpackJsDecoder(
  tableBytes: number,
): (octets: Uint8Array) => { readonly fields: readonly Field[]; readonly tableSize: number } | string {
  const decompressor = hpackJs.decompressor.create({ table: { maxSize: tableBytes } });
  let refusal: string | undefined;
  decompressor.on('error', (error) => (refusal ??= error.message));
  return (octets) => {
    decompressor.write(octets);
    decompressor.execute();
    if (refusal !== undefined) return refusal;
    const fields: Field[] = [];
    for (let one = decompressor.read(); one !== null; one = decompressor.read()) fields.push([one.name, one.value]);
    return { fields, tableSize: decompressor._table.size };
  };
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const NOTHING = new Uint8Array(0);
const [HEADERS, SETTINGS, PING, GOAWAY] = [1, 4, 6, 7];
const [END_STREAM, END_HEADERS, ACK, PRIORITY] = [0x1, 0x4, 0x1, 0x20];
const HEADER_TABLE_SIZE = 1;
/** Turns of the event loop after which what has not come will not. */
const MAX_TURNS = 10_000;

/** A frame that a session has written. */
interface WrittenFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** The other end of a session in memory: what it writes as frames, and a way to say something. */
class Pipe {
  #written = Buffer.alloc(0);
  readonly stream = new Duplex({
    read() {},
    write: (piece: Buffer, _encoding, done) => {
      this.#written = Buffer.concat([this.#written, piece]);
      done();
    },
  });

  say(type: number, flags: number, streamId: number, payload: Uint8Array): void {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head.set([type, flags], 3);
    head.writeUInt32BE(streamId, 5);
    this.stream.push(Buffer.concat([head, payload]));
  }

  /** SETTINGS_HEADER_TABLE_SIZE. */
  saySizes(sizes: readonly number[]): void {
    for (const size of sizes) {
      const entry = Buffer.alloc(6);
      entry.writeUInt16BE(HEADER_TABLE_SIZE, 0);
      entry.writeUInt32BE(size, 2);
      this.say(SETTINGS, 0, 0, entry);
    }
  }

  /** The frame number `index` of those that are like that, once it was written. */
  async heard(isIt: (frame: WrittenFrame) => boolean, index = 0): Promise<WrittenFrame> {
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const frame = [...this.#frames()].filter(isIt)[index];
      if (frame !== undefined) return frame;
      await nextTurn();
    }
    throw new Error('nghttp2 has not written what it should have');
  }

  *#frames(): Generator<WrittenFrame> {
    const bytes = this.#written;
    let at = bytes.subarray(0, PREFACE.length).equals(PREFACE) ? PREFACE.length : 0;
    while (at + 9 <= bytes.length) {
      const to = at + 9 + bytes.readUIntBE(at, 3);
      if (to > bytes.length) return;
      const [type = 0, flags = 0] = bytes.subarray(at + 3, at + 5);
      yield { type, flags, streamId: bytes.readUInt32BE(at + 5), payload: bytes.subarray(at + 9, to) };
      at = to;
    }
  }
}

/** Requests as nghttp2's client writes them on one connection. */
export async function encodeByNghttp2(blocks: readonly Block[]): Promise<Uint8Array[]> {
  const pipe = new Pipe();
  const session = connect('http://localhost', { createConnection: () => pipe.stream });
  session.on('error', () => {});
  pipe.say(SETTINGS, 0, 0, NOTHING);
  const encoded: Uint8Array[] = [];
  let acknowledged = 1;
  for (const { sizes, fields } of blocks) {
    pipe.saySizes(sizes);
    acknowledged += sizes.length;
    await pipe.heard(isSettingsAck, acknowledged - 1);
    const stream = session.request(headersOf(fields), { endStream: true });
    stream.on('error', () => {});
    const { flags, payload } = await pipe.heard(({ type }) => type === HEADERS, encoded.length);
    encoded.push(payload.subarray((flags & PRIORITY) === 0 ? 0 : 5));
  }
  session.destroy();
  return encoded;
}

/** What nghttp2's server reads of blocks; the last is its refusal where it refuses one: the number of its GOAWAY. */
export async function decodeByNghttp2(
  blocks: readonly (Uint8Array | { readonly tableBytes: number })[],
): Promise<(readonly Field[] | number)[]> {
  const pipe = new Pipe();
  const session = performServerHandshake(pipe.stream);
  session.on('error', () => {});
  const read: Field[][] = [];
  session.on('stream', (stream: ServerHttp2Stream, _headers: object, _flags: number, raw: readonly string[]) => {
    stream.on('error', () => {});
    read.push(pairsOf(raw));
  });
  pipe.stream.push(PREFACE);
  pipe.say(SETTINGS, 0, 0, NOTHING);
  pipe.say(SETTINGS, ACK, 0, NOTHING);
  let requests = 0;
  let changes = 0;
  for (const block of blocks) {
    if (!(block instanceof Uint8Array)) {
      session.settings({ headerTableSize: block.tableBytes });
      changes += 1;
      await pipe.heard(({ type, flags }) => type === SETTINGS && flags === 0, changes);
      pipe.say(SETTINGS, ACK, 0, NOTHING);
      continue;
    }
    pipe.say(HEADERS, END_STREAM | END_HEADERS, 2 * requests + 1, block);
    requests += 1;
  }
  // The answer to a PING comes when all before it was read; after a refusal there is none
  pipe.say(PING, 0, 0, Buffer.alloc(8));
  const end = await pipe.heard(({ type, flags }) => type === GOAWAY || (type === PING && flags === ACK));
  for (let turn = 0; turn < MAX_TURNS && end.type === PING && read.length < requests; turn++) await nextTurn();
  session.destroy();
  return end.type === GOAWAY ? [...read, end.payload.readUInt32BE(4)] : read;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isSettingsAck({ type, flags }: WrittenFrame): boolean {
  return type === SETTINGS && flags === ACK;
}

function headersOf(fields: readonly Field[]): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

function pairsOf(raw: readonly string[]): Field[] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] as const] : []));
}
