/** WebSocket frames, right and wrong ones (RFC6455#5.2). */

export const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

/** A frame of the target's. */
export interface WsFrame {
  readonly fin: boolean;
  /** The three reserved bits, as a number. */
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  /** Unmasked. */
  readonly payload: Buffer;
  /** Octets that its length took: 0, 2 or 8 behind the second. */
  readonly lengthBytes: number;
}

export interface FrameOptions {
  /** @defaultValue true */
  readonly fin?: boolean;
  /** Reserved bits: 4 is RSV1, 2 RSV2, 1 RSV3. @defaultValue 0 */
  readonly rsv?: number;
  /** `none`: not masked, as only a server's frames are. @defaultValue 0x37fa213d */
  readonly mask?: number | 'none';
  /** Octets of the extended length. @defaultValue as few as will do */
  readonly lengthBytes?: 0 | 2 | 8;
  /** A length that is not true. */
  readonly length?: bigint;
}

const MASK = 0x37fa213d;

/** One frame as octets; text is UTF-8. */
export function frame(opcode: number, content: string | Buffer = '', options: FrameOptions = {}): Buffer {
  const payload = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const { fin = true, rsv = 0, mask = MASK, length = BigInt(payload.length) } = options;
  const { lengthBytes = length < 126n ? 0 : length < 65_536n ? 2 : 8 } = options;
  const head = Buffer.alloc(2 + lengthBytes);
  const maskBit = mask === 'none' ? 0 : 0x80;
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = maskBit | (lengthBytes === 0 ? Number(length) : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) head.writeUInt16BE(Number(length), 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(length, 2);
  if (mask === 'none') return Buffer.concat([head, payload]);
  const key = Buffer.alloc(4);
  key.writeUInt32BE(mask);
  return Buffer.concat([head, key, masked(payload, key)]);
}

/** Payload of a Close frame: its code, and its reason behind it. */
export function closePayload(code: number, reason: string | Buffer = ''): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, typeof reason === 'string' ? Buffer.from(reason, 'utf8') : reason]);
}

/** The code of a Close frame; undefined where it has none. */
export function closeCode({ payload }: WsFrame): number | undefined {
  return payload.length < 2 ? undefined : payload.readUInt16BE(0);
}

/** The frame at the front of these octets, whatever is wrong with it; undefined while it is not whole. */
export function readWsFrame(octets: Buffer): { readonly frame: WsFrame; readonly bytes: number } | undefined {
  const [first, second] = octets;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (second & 0x80) !== 0;
  const start = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (octets.length < start) return undefined;
  const length =
    lengthBytes === 0 ? short : lengthBytes === 2 ? octets.readUInt16BE(2) : Number(octets.readBigUInt64BE(2));
  if (octets.length < start + length) return undefined;
  const raw = octets.subarray(start, start + length);
  const payload = isMasked ? masked(raw, octets.subarray(start - 4, start)) : Buffer.from(raw);
  const read = { fin: (first & 0x80) !== 0, rsv: (first >> 4) & 7, opcode: first & 15, isMasked, payload, lengthBytes };
  return { frame: read, bytes: start + length };
}

function masked(payload: Buffer, key: Buffer): Buffer {
  return Buffer.from(payload.map((octet, index) => octet ^ (key[index & 3] ?? 0)));
}
