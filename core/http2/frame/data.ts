import type { FrameFailure } from './frame-failure.ts';
import { FLAG, FRAME, type Frame, HEAD_BYTES, writeHead } from './head.ts';
import { unpad } from './padding.ts';

/** Content of a DATA frame (RFC9113#6.1); the whole payload, padding too, counts for flow control. */
export function parseData(frame: Frame): Uint8Array | FrameFailure {
  // RFC9113#6.1 MUST: DATA belongs to a stream
  if (frame.streamId === 0) return { code: 'H2_DATA_STREAM_ZERO' };
  return unpad(frame);
}

/** The nine octets before `length` octets of content. */
export function encodeDataHead(streamId: number, length: number, isEnd: boolean): Uint8Array {
  const out = new Uint8Array(HEAD_BYTES);
  writeHead(out, 0, length, FRAME.DATA, isEnd ? FLAG.END_STREAM : 0, streamId);
  return out;
}
