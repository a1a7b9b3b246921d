import type { FrameFailure } from './frame-failure.ts';
import { FLAG, type Frame } from './head.ts';

/** Octets `bytes[from, to)` of a frame. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The payload of a DATA or HEADERS frame without its Pad Length and padding (RFC9113#6.1, RFC9113#6.2). */
export function unpad(frame: Frame): Span | FrameFailure {
  if ((frame.flags & FLAG.PADDED) === 0) return frame;
  if (frame.length === 0) return { code: 'H2_PADDING_CUT' };
  const padding = frame.bytes[frame.from] ?? 0;
  // RFC9113#6.1 MUST: padding as long as the payload, or longer, is a connection error
  if (padding >= frame.length) return { code: 'H2_PADDING', at: 0 };
  return { from: frame.from + 1, to: frame.to - padding };
}
