import type { FrameFailure } from './frame-failure.ts';
import type { Frame } from './head.ts';
import { type Span, unpad } from './padding.ts';

/** Content of a DATA frame (RFC9113#6.1); the whole payload, padding too, counts for flow control. */
export function parseData(frame: Frame): Span | FrameFailure {
  // RFC9113#6.1 MUST: DATA belongs to a stream
  if (frame.streamId === 0) return { code: 'H2_DATA_STREAM_ZERO' };
  return unpad(frame);
}
