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

/** Flags; ACK and END_STREAM are the same bit on different types. */
export const FLAG = { ACK: 0x1, END_STREAM: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

/** Error codes (RFC9113#7). */
export const ERROR = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const;

export type ErrorName = keyof typeof ERROR;

/** Settings (RFC9113#6.5.2, RFC8441#3, RFC9218#2.1). */
export const SETTING = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
  ENABLE_CONNECT_PROTOCOL: 0x8,
  NO_RFC7540_PRIORITIES: 0x9,
} as const;

/** The client connection preface without its SETTINGS (RFC9113#3.4). */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Octets of a frame header (RFC9113#4.1). */
export const HEADER_BYTES = 9;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  /** With the reserved bit taken off. */
  readonly stream: number;
  /** Whether the reserved bit was set. */
  readonly reserved: boolean;
  readonly payload: Buffer;
}

/** A frame as octets, legal or not: `length` may lie about the payload, `stream` may have the reserved bit (2^31) set. */
export function frameOctets(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
  length = payload.length,
): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUIntBE(length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** The first frame of these octets with its size, or undefined while it is not whole. The payload is a view. */
export function readFrame(octets: Buffer): { readonly frame: Frame; readonly bytes: number } | undefined {
  if (octets.length < HEADER_BYTES) return undefined;
  const bytes = HEADER_BYTES + octets.readUIntBE(0, 3);
  if (octets.length < bytes) return undefined;
  const word = octets.readUInt32BE(5);
  const frame: Frame = {
    type: octets.readUInt8(3),
    flags: octets.readUInt8(4),
    stream: word & 0x7fff_ffff,
    reserved: word > 0x7fff_ffff,
    payload: octets.subarray(HEADER_BYTES, bytes),
  };
  return { frame, bytes };
}

/** The payload of a SETTINGS frame (RFC9113#6.5.1). */
export function settingsPayload(pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(pairs.length * 6);
  for (const [index, [id, value]] of pairs.entries()) {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  }
  return payload;
}

/** A number of 32 bits as four octets. */
export function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}

/** `HEADERS`, or `type 0x42`. */
export function frameName(type: number): string {
  return nameIn(FRAME, type) ?? `frame type 0x${type.toString(16)}`;
}

/** `PROTOCOL_ERROR`, or `error 0x42`. */
export function errorName(code: number): string {
  return nameIn(ERROR, code) ?? `error 0x${code.toString(16)}`;
}

function nameIn(table: Readonly<Record<string, number>>, value: number): string | undefined {
  return Object.entries(table).find(([, number]) => number === value)?.[0];
}
