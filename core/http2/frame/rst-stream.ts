import type { FrameFailure } from './frame-failure.ts';
import { FRAME, type Frame, HEAD_BYTES, uint32, writeHead, writeUint32 } from './head.ts';

/** Error code of a RST_STREAM frame (RFC9113#6.4). */
export function parseRstStream({ streamId, payload }: Frame): number | FrameFailure {
  if (streamId === 0) return { code: 'H2_RST_STREAM_ZERO' };
  return payload.length === 4 ? uint32(payload, 0) : { code: 'H2_RST_LENGTH' };
}

export function encodeRstStream(streamId: number, error: number): Uint8Array {
  const out = new Uint8Array(HEAD_BYTES + 4);
  writeUint32(out, writeHead(out, 0, 4, FRAME.RST_STREAM, 0, streamId), error);
  return out;
}
