/**
 * What stands out in the frames of one direction: sizes, streams, settings and field lines that HTTP/2 does not allow. It guides
 * a reader's eye to the frame that a case is about; the verdict is the case's own.
 */
import type { FieldBlock } from './html-extras.ts';

/** Who sent the frames. */
export type Peer = 'client' | 'server';

/** One frame that is whole. */
export interface WholeFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Uint8Array;
  /** The field block that it ends, where it was read. */
  readonly block?: FieldBlock;
}

const [DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const;

/** Types with a payload of one size (RFC9113#6). */
const SIZES: Readonly<Record<number, number>> = { [PRIORITY]: 5, [RST_STREAM]: 4, [PING]: 8, [WINDOW_UPDATE]: 4 };
const OF_A_STREAM: readonly number[] = [DATA, HEADERS, PRIORITY, RST_STREAM, PUSH_PROMISE, CONTINUATION];
const OF_THE_CONNECTION: readonly number[] = [SETTINGS, PING, GOAWAY];
const DEFAULT_FRAME_BYTES = 16_384;

/** Looks at frames in their order; it remembers only whether a field block is open. */
export class FrameOddities {
  readonly #peer: Peer;
  /** Stream of the field block that goes on (RFC9113#4.3). */
  #open: number | undefined;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** What stands out in the next frame, in words; empty where nothing does. */
  of(frame: WholeFrame): string {
    const words = [...this.#order(frame), ...oddSize(frame), ...oddStream(frame, this.#peer), ...oddPayload(frame)];
    if (frame.block !== undefined) words.push(...oddFields(frame.block, this.#peer));
    return words.join('; ');
  }

  #order({ type, flags, stream }: WholeFrame): string[] {
    const open = this.#open;
    const carries = type === HEADERS || type === PUSH_PROMISE || type === CONTINUATION;
    if (carries) this.#open = (flags & 0x4) === 0 ? stream : undefined;
    if (type === CONTINUATION && open === undefined) return ['no field block goes on here'];
    if (open !== undefined && (type !== CONTINUATION || stream !== open)) {
      return [`within the field block of stream ${open}`];
    }
    return [];
  }
}

function oddSize({ type, flags, payload }: WholeFrame): string[] {
  const { length } = payload;
  const size = SIZES[type];
  if (size !== undefined && length !== size) return [`${length} octets, not ${size}`];
  if (type === SETTINGS && (flags & 0x1) !== 0 && length > 0) return ['an acknowledgement with a payload'];
  if (type === SETTINGS && length % 6 !== 0) return [`${length} octets are no whole settings`];
  if (type === GOAWAY && length < 8) return [`${length} octets, fewer than 8`];
  const fixed = (type === HEADERS && (flags & 0x20) !== 0 ? 5 : 0) + (type === PUSH_PROMISE ? 4 : 0);
  if (length < fixed) return ['too short for its flags'];
  const canPad = type === DATA || type === HEADERS || type === PUSH_PROMISE;
  if (canPad && (flags & 0x8) !== 0 && 1 + fixed + (payload[0] ?? 0) > length) return ['padding that does not fit'];
  return length > DEFAULT_FRAME_BYTES ? [`more than ${DEFAULT_FRAME_BYTES} octets`] : [];
}

function oddStream({ type, stream }: WholeFrame, peer: Peer): string[] {
  if (OF_A_STREAM.includes(type) && stream === 0) return ['stream 0'];
  if (OF_THE_CONNECTION.includes(type) && stream !== 0) return ['a stream where there is none'];
  if (type === HEADERS && peer === 'client' && stream % 2 === 0) return ['an even stream of a client'];
  return type === PUSH_PROMISE && peer === 'client' ? ['a client does not push'] : [];
}

/** Settings with a range: identifier, least and most (RFC9113#6.5.2). */
const RANGES: readonly (readonly [id: number, name: string, least: number, most: number])[] = [
  [2, 'ENABLE_PUSH', 0, 1],
  [4, 'INITIAL_WINDOW_SIZE', 0, 0x7fff_ffff],
  [5, 'MAX_FRAME_SIZE', 16_384, 16_777_215],
  [8, 'ENABLE_CONNECT_PROTOCOL', 0, 1],
];

function oddPayload(frame: WholeFrame): string[] {
  const { type, stream, payload } = frame;
  if (type === WINDOW_UPDATE && payload.length === 4 && uint32(payload, 0) % 0x8000_0000 === 0) return ['no increment'];
  const depends = dependsOn(frame);
  if (depends !== undefined && depends === stream) return ['a stream that depends on itself'];
  if (type !== SETTINGS) return [];
  const words: string[] = [];
  for (let at = 0; at + 6 <= payload.length; at += 6) {
    const [id, value] = [(payload[at] ?? 0) * 256 + (payload[at + 1] ?? 0), uint32(payload, at + 2)];
    const range = RANGES.find(([known]) => known === id);
    if (range !== undefined && (value < range[2] || value > range[3])) words.push(`${range[1]} out of range`);
  }
  return words.slice(0, 4);
}

/** The stream that a frame says its own depends on. */
function dependsOn({ type, flags, payload }: WholeFrame): number | undefined {
  const at = type === HEADERS && (flags & 0x8) !== 0 ? 1 : 0;
  const says =
    type === PRIORITY ? payload.length === 5 : type === HEADERS && (flags & 0x20) !== 0 && payload.length >= at + 5;
  return says ? uint32(payload, at) % 0x8000_0000 : undefined;
}

/** Fields that HTTP/2 does without (RFC9113#8.2.2). */
const CONNECTION_FIELDS: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
];
const PSEUDO: Readonly<Record<Peer, readonly string[]>> = {
  client: [':method', ':scheme', ':authority', ':path', ':protocol'],
  server: [':status'],
};

function oddFields({ fields, problem }: FieldBlock, peer: Peer): string[] {
  const words = problem === undefined ? [] : [problem];
  const seen = new Set<string>();
  let regular = false;
  for (const [name, value] of fields) {
    const say = (what: string): number => words.push(`${name === '' ? 'a field' : name}: ${what}`);
    if (name.startsWith(':')) {
      if (!PSEUDO[peer].includes(name)) say('no pseudo-header field of this direction');
      else if (seen.has(name)) say('twice');
      if (regular) say('behind a regular field');
    } else {
      regular = true;
      if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) say(/[A-Z]/.test(name) ? 'upper case' : 'no field name');
      if (CONNECTION_FIELDS.includes(name)) say('of a connection');
      if (name === 'te' && value.toLowerCase() !== 'trailers') say('more than trailers');
      if (name === 'content-length' && (seen.has(name) || !/^\d+$/.test(value))) say('no one number');
    }
    if (/[\0\r\n]/.test(value)) say('NUL, CR or LF in the value');
    else if (/^[ \t]|[ \t]$/.test(value)) say('white space around the value');
    seen.add(name);
  }
  return words.slice(0, 8);
}

const uint32 = (octets: Uint8Array, at: number): number =>
  (octets[at] ?? 0) * 0x100_0000 +
  (octets[at + 1] ?? 0) * 0x1_0000 +
  (octets[at + 2] ?? 0) * 256 +
  (octets[at + 3] ?? 0);
