/**
 * HTTP/2 frames of one direction, for a reader: type, flags, stream, what a payload says in a few words, and the field lines of
 * what is a field block (RFC9113#4.1, RFC9113#6). It never fails: what is no frame is the rest.
 */
import { FrameOddities, type Peer } from './frame-oddities.ts';
import type { FieldBlock, FieldReader } from './html-extras.ts';

/** One frame as a row of text. */
export interface FrameRow {
  /** Octets before it in its direction. */
  readonly offset: number;
  readonly type: string;
  readonly flags: string;
  readonly stream: number;
  readonly length: number;
  readonly detail: string;
  /** Of the frame that ends a field block, where there was a reader: its lines. */
  readonly block?: FieldBlock;
  /** What HTTP/2 does not allow of it, in words; empty where nothing stands out. */
  readonly odd: string;
}

export interface Frames {
  readonly rows: readonly FrameRow[];
  /** Octets at the end that are no whole frame, or were not read any more. */
  readonly rest: number;
}

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const HEADER = 9;
const MOST_ROWS = 500;

/** Whether octets that a client sent are HTTP/2 from their first one on. */
export function hasPreface(sent: Uint8Array): boolean {
  return sent.length >= 3 && PREFACE.startsWith(latin1(sent, 0, Math.min(sent.length, PREFACE.length)));
}

/**
 * Reads frames of one direction; a preface before them is a row too.
 *
 * @param peer who sent them
 */
export function readFrames(octets: Uint8Array, peer: Peer, read?: FieldReader): Frames {
  const rows: FrameRow[] = [];
  const oddities = new FrameOddities(peer);
  let at = 0;
  let fragments: Uint8Array[] = [];
  if (latin1(octets, 0, PREFACE.length) === PREFACE) {
    rows.push({ offset: 0, type: 'preface', flags: '', stream: 0, length: PREFACE.length, detail: '', odd: '' });
    at = PREFACE.length;
  }
  while (octets.length - at >= HEADER && rows.length < MOST_ROWS) {
    const length = uint(octets, at, 3);
    const end = at + HEADER + length;
    const type = octets[at + 3] ?? 0;
    const flags = octets[at + 4] ?? 0;
    const payload = octets.subarray(at + HEADER, Math.min(end, octets.length));
    const whole = end <= octets.length;
    const fragment = whole ? fragmentOf(type, flags, payload) : undefined;
    if (fragment !== undefined) fragments.push(fragment);
    let block: FieldBlock | undefined;
    if (fragment !== undefined && (flags & 0x4) !== 0) {
      block = read?.(Buffer.concat(fragments));
      fragments = [];
    }
    const stream = uint(octets, at + 5, 4) % 0x8000_0000;
    rows.push({
      offset: at,
      type: TYPES[type] ?? `0x${type.toString(16)}`,
      flags: flagWords(type, flags),
      stream,
      length,
      detail: whole
        ? detailOf(type, flags, payload, read === undefined ? undefined : fragment)
        : `cut off after ${payload.length} octets`,
      ...(block === undefined ? {} : { block }),
      odd: whole ? oddities.of({ type, flags, stream, payload, ...(block === undefined ? {} : { block }) }) : '',
    });
    at = Math.min(end, octets.length);
  }
  return { rows, rest: octets.length - at };
}

const TYPES: readonly (string | undefined)[] = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
];

const ERRORS: readonly (string | undefined)[] = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

const SETTINGS: readonly (string | undefined)[] = [
  undefined,
  'HEADER_TABLE_SIZE',
  'ENABLE_PUSH',
  'MAX_CONCURRENT_STREAMS',
  'INITIAL_WINDOW_SIZE',
  'MAX_FRAME_SIZE',
  'MAX_HEADER_LIST_SIZE',
];

/** Flags that mean something on a type; the others are shown as a number. */
const FLAGS: Readonly<Record<number, readonly (readonly [bit: number, word: string])[]>> = {
  0: [
    [0x1, 'END_STREAM'],
    [0x8, 'PADDED'],
  ],
  1: [
    [0x1, 'END_STREAM'],
    [0x4, 'END_HEADERS'],
    [0x8, 'PADDED'],
    [0x20, 'PRIORITY'],
  ],
  4: [[0x1, 'ACK']],
  5: [
    [0x4, 'END_HEADERS'],
    [0x8, 'PADDED'],
  ],
  6: [[0x1, 'ACK']],
  9: [[0x4, 'END_HEADERS']],
};

function flagWords(type: number, flags: number): string {
  const known = FLAGS[type] ?? [];
  const words: string[] = known.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => word);
  const others = known.reduce((left, [bit]) => left & ~bit, flags);
  return (others === 0 ? words : [...words, `0x${others.toString(16)}`]).join(' ');
}

/** The piece of a field block that a frame carries; nothing where its padding or its head does not fit. */
function fragmentOf(type: number, flags: number, payload: Uint8Array): Uint8Array | undefined {
  if (type !== 1 && type !== 5 && type !== 9) return undefined;
  const padded = type !== 9 && (flags & 0x8) !== 0;
  const from = (padded ? 1 : 0) + (type === 1 && (flags & 0x20) !== 0 ? 5 : 0) + (type === 5 ? 4 : 0);
  const end = payload.length - (padded ? (payload[0] ?? 0) : 0);
  return from <= end ? payload.subarray(from, end) : undefined;
}

/** @param fragment the part of a field block that is shown as its lines instead */
function detailOf(type: number, flags: number, payload: Uint8Array, fragment: Uint8Array | undefined): string {
  if (fragment !== undefined) return blockDetail(type, flags, payload, fragment);
  switch (type) {
    case 0:
      return excerpt(payload);
    case 2:
      return payload.length === 5 ? priority(payload, 0) : '';
    case 3:
      return payload.length === 4 ? errorName(payload, 0) : '';
    case 4:
      return (flags & 0x1) === 0 ? settings(payload) : '';
    case 6:
      return hex(payload.subarray(0, 8));
    case 7:
      return payload.length < 8
        ? ''
        : `last stream ${uint(payload, 0, 4) % 0x8000_0000}, ${errorName(payload, 4)}${payload.length > 8 ? `, ${excerpt(payload.subarray(8))}` : ''}`;
    case 8:
      return payload.length === 4 ? `+${uint(payload, 0, 4) % 0x8000_0000}` : '';
    default:
      return payload.length === 0
        ? ''
        : `${hex(payload.subarray(0, 24))}${payload.length > 24 ? ` … (${payload.length} octets)` : ''}`;
  }
}

/** What a frame of a field block says besides its fields. */
function blockDetail(type: number, flags: number, payload: Uint8Array, fragment: Uint8Array): string {
  const padded = type !== 9 && (flags & 0x8) !== 0 ? 1 : 0;
  const words = [
    padded === 0 ? '' : `padding ${payload[0] ?? 0}`,
    type === 1 && (flags & 0x20) !== 0 ? priority(payload, padded) : '',
    type === 5 ? `promises stream ${uint(payload, padded, 4) % 0x8000_0000}` : '',
    (flags & 0x4) === 0 ? `${fragment.length} octets of a field block that goes on` : '',
  ];
  return words.filter((word) => word !== '').join(', ');
}

const priority = (octets: Uint8Array, at: number): string =>
  `depends on ${uint(octets, at, 4) % 0x8000_0000}, weight ${(octets[at + 4] ?? 0) + 1}`;

function settings(payload: Uint8Array): string {
  const words: string[] = [];
  for (let at = 0; at + 6 <= payload.length && words.length < 20; at += 6) {
    const id = uint(payload, at, 2);
    words.push(`${SETTINGS[id] ?? `0x${id.toString(16)}`} = ${uint(payload, at + 2, 4)}`);
  }
  return words.join(', ');
}

function errorName(octets: Uint8Array, at: number): string {
  const code = uint(octets, at, 4);
  return ERRORS[code] ?? `error 0x${code.toString(16)}`;
}

const excerpt = (octets: Uint8Array): string =>
  octets.length === 0 ? '' : `"${latin1(octets, 0, 60)}"${octets.length > 60 ? ` … (${octets.length} octets)` : ''}`;

const hex = (octets: Uint8Array): string =>
  Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(' ');

const latin1 = (octets: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...octets.subarray(from, from + length));

function uint(octets: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let index = at; index < at + bytes; index += 1) value = value * 256 + (octets[index] ?? 0);
  return value;
}
