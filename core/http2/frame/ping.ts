import type { FrameFailure } from './frame-failure.ts';
import { encodeFrame, FLAG, FRAME, type Frame } from './head.ts';

/** A PING frame (RFC9113#6.7): its eight octets, and whether it answers one of ours. */
export function parsePing({ streamId, flags, payload }: Frame): { isAck: boolean; data: Uint8Array } | FrameFailure {
  if (streamId !== 0) return { code: 'H2_PING_STREAM' };
  if (payload.length !== 8) return { code: 'H2_PING_LENGTH' };
  return { isAck: (flags & FLAG.ACK) !== 0, data: payload };
}

export function encodePing(data: Uint8Array, isAck: boolean): Uint8Array {
  return encodeFrame(FRAME.PING, isAck ? FLAG.ACK : 0, 0, data);
}
