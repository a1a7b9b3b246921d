/**
 * The nine octets before every payload (RFC9113#4.1):
 *
 *     +-----------------------------------------------+
 *     |                 Length (24)                   |
 *     +---------------+---------------+---------------+
 *     |   Type (8)    |   Flags (8)   |
 *     +-+-------------+---------------+-------------------------------+
 *     |R|                 Stream Identifier (31)                      |
 *     +=+=============================================================+
 */
export const HEAD_BYTES = 9;

/** Frame types (RFC9113#6, RFC9218#7.1). */
export const FRAME = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
  PRIORITY_UPDATE: 0x10,
} as const;

/** Flags; which ones mean anything depends on the type, all others are ignored (RFC9113#4.1). */
export const FLAG = { END_STREAM: 0x1, ACK: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

/** One frame as it came: a place in octets that were read, with which it dies. */
export class Frame {
  readonly type: number;
  readonly flags: number;
  /** The reserved bit is ignored (RFC9113#4.1). */
  readonly streamId: number;
  /** The payload is `bytes[from, to)`. */
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Offset in the connection of the frame's first octet. */
  readonly offset: number;

  /** @param at index in `bytes` of the frame's first octet @param to index after its last */
  constructor(bytes: Uint8Array, at: number, to: number, offset: number) {
    this.type = bytes[at + 3] ?? 0;
    this.flags = bytes[at + 4] ?? 0;
    this.streamId = uint31(bytes, at + 5);
    this.bytes = bytes;
    this.from = at + HEAD_BYTES;
    this.to = to;
    this.offset = offset;
  }

  /** Octets of the payload. */
  get length(): number {
    return this.to - this.from;
  }

  /** A new view of the payload. WHY: made when asked for, because the most frequent frame is read without one. */
  get payload(): Uint8Array {
    return this.bytes.subarray(this.from, this.to);
  }

  /** Offset in the connection of the octet at index `at` of `bytes`. */
  offsetOf(at: number): number {
    return this.offset + HEAD_BYTES + at - this.from;
  }
}

export function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function uint24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | uint16(bytes, at + 1);
}

export function uint31(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) & 0x7f) << 24) | uint24(bytes, at + 1);
}

export function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 0x1000000 + uint24(bytes, at + 1);
}

/** Writes a frame's nine octets at `out[at]`; returns the index after them. */
export function writeHead(
  out: Uint8Array,
  at: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): number {
  out[at] = (length >>> 16) & 0xff;
  out[at + 1] = (length >>> 8) & 0xff;
  out[at + 2] = length & 0xff;
  out[at + 3] = type;
  out[at + 4] = flags;
  return writeUint32(out, at + 5, streamId);
}

export function writeUint32(out: Uint8Array, at: number, value: number): number {
  out[at] = (value >>> 24) & 0xff;
  out[at + 1] = (value >>> 16) & 0xff;
  out[at + 2] = (value >>> 8) & 0xff;
  out[at + 3] = value & 0xff;
  return at + 4;
}

/** A whole frame as octets of its own. */
export function encodeFrame(type: number, flags: number, streamId: number, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(HEAD_BYTES + payload.length);
  out.set(payload, writeHead(out, 0, payload.length, type, flags, streamId));
  return out;
}
