import type { FrameFailure } from './frame-failure.ts';
import { FRAME, type Frame, HEAD_BYTES, uint31, writeHead, writeUint32 } from './head.ts';

/** Increment of a WINDOW_UPDATE frame, 1 to 2^31-1 (RFC9113#6.9). */
export function parseWindowUpdate({ streamId, payload }: Frame): number | FrameFailure {
  if (payload.length !== 4) return { code: 'H2_WINDOW_LENGTH' };
  const increment = uint31(payload, 0);
  // RFC9113#6.9 MUST: an increment of 0 is an error of the stream, or of the connection on stream 0
  if (increment === 0) return { code: streamId === 0 ? 'H2_WINDOW_ZERO' : 'H2_WINDOW_ZERO_STREAM', at: 0 };
  return increment;
}

export function encodeWindowUpdate(streamId: number, increment: number): Uint8Array {
  const out = new Uint8Array(HEAD_BYTES + 4);
  writeUint32(out, writeHead(out, 0, 4, FRAME.WINDOW_UPDATE, 0, streamId), increment);
  return out;
}
