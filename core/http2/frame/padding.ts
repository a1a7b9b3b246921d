import type { FrameFailure } from './frame-failure.ts';
import { FLAG, type Frame } from './head.ts';

/** The payload of a DATA or HEADERS frame without its Pad Length and padding (RFC9113#6.1, RFC9113#6.2). */
export function unpad({ flags, payload }: Frame): Uint8Array | FrameFailure {
  if ((flags & FLAG.PADDED) === 0) return payload;
  if (payload.length === 0) return { code: 'H2_PADDING_CUT' };
  const padding = payload[0] ?? 0;
  // RFC9113#6.1 MUST: padding as long as the payload, or longer, is a connection error
  if (padding >= payload.length) return { code: 'H2_PADDING', at: 0 };
  return payload.subarray(1, payload.length - padding);
}
