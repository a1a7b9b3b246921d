import type { FrameFailure } from './frame-failure.ts';
import { FLAG, FRAME, type Frame, HEAD_BYTES, uint16, uint32, writeHead, writeUint32 } from './head.ts';

/** Setting identifiers (RFC9113#6.5.2, RFC8441#3, RFC9218#2.1). */
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

export type SettingPair = readonly [id: number, value: number];

/** Entries of a SETTINGS frame in order, or `ack` (RFC9113#6.5). */
export function parseSettings({ streamId, flags, payload }: Frame): readonly SettingPair[] | 'ack' | FrameFailure {
  // RFC9113#6.5 MUST: SETTINGS is about the connection
  if (streamId !== 0) return { code: 'H2_SETTINGS_STREAM' };
  if ((flags & FLAG.ACK) !== 0) return payload.length === 0 ? 'ack' : { code: 'H2_SETTINGS_ACK_LENGTH' };
  // RFC9113#6.5 MUST: a length that is no multiple of 6 is FRAME_SIZE_ERROR
  if (payload.length % 6 !== 0) return { code: 'H2_SETTINGS_LENGTH' };
  const pairs: SettingPair[] = [];
  for (let at = 0; at < payload.length; at += 6) pairs.push([uint16(payload, at), uint32(payload, at + 2)]);
  return pairs;
}

export function encodeSettings(pairs: readonly SettingPair[]): Uint8Array {
  const out = new Uint8Array(HEAD_BYTES + 6 * pairs.length);
  let at = writeHead(out, 0, 6 * pairs.length, FRAME.SETTINGS, 0, 0);
  for (const [id, value] of pairs) {
    out[at] = id >>> 8;
    out[at + 1] = id & 0xff;
    at = writeUint32(out, at + 2, value);
  }
  return out;
}

export function encodeSettingsAck(): Uint8Array {
  const out = new Uint8Array(HEAD_BYTES);
  writeHead(out, 0, 0, FRAME.SETTINGS, FLAG.ACK, 0);
  return out;
}
