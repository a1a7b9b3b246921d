import type { FrameFailure } from './frame-failure.ts';
import { FRAME, type Frame, HEAD_BYTES, uint31, uint32, writeHead, writeUint32 } from './head.ts';

/** A GOAWAY frame (RFC9113#6.8). */
export function parseGoaway({ streamId, payload }: Frame): { lastStreamId: number; error: number } | FrameFailure {
  if (streamId !== 0) return { code: 'H2_GOAWAY_STREAM' };
  if (payload.length < 8) return { code: 'H2_GOAWAY_LENGTH' };
  return { lastStreamId: uint31(payload, 0), error: uint32(payload, 4) };
}

/** @param debug visible ASCII, for whoever reads the capture: an error's code, nothing of the peer's or ours */
export function encodeGoaway(lastStreamId: number, error: number, debug = ''): Uint8Array {
  const out = new Uint8Array(HEAD_BYTES + 8 + debug.length);
  let at = writeHead(out, 0, 8 + debug.length, FRAME.GOAWAY, 0, 0);
  at = writeUint32(out, writeUint32(out, at, lastStreamId), error);
  for (let i = 0; i < debug.length; i++) out[at + i] = debug.charCodeAt(i);
  return out;
}
