import type { FrameFailure } from './frame-failure.ts';
import { FLAG, type Frame, uint31 } from './head.ts';
import { unpad } from './padding.ts';

const PRIORITY_BYTES = 5;

/** What a HEADERS frame holds (RFC9113#6.2). Its priority fields are read over: RFC9113#5.3.1 deprecates them. */
export interface HeadersPayload {
  /** The field block fragment is `bytes[from, to)` of the frame. */
  readonly from: number;
  readonly to: number;
  readonly dependsOnItself: boolean;
}

export function parseHeaders(frame: Frame): HeadersPayload | FrameFailure {
  // RFC9113#6.2 MUST: HEADERS belongs to a stream
  if (frame.streamId === 0) return { code: 'H2_HEADERS_STREAM_ZERO' };
  const span = unpad(frame);
  if ('code' in span) return span;
  const { from, to } = span;
  if ((frame.flags & FLAG.PRIORITY) === 0) return { from, to, dependsOnItself: false };
  // RFC9113#4.2 MUST: too short for its mandatory fields is FRAME_SIZE_ERROR
  if (to - from < PRIORITY_BYTES) return { code: 'H2_HEADERS_PRIORITY_CUT' };
  return { from: from + PRIORITY_BYTES, to, dependsOnItself: uint31(frame.bytes, from) === frame.streamId };
}
