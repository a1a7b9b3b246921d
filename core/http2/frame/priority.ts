import type { FrameFailure } from './frame-failure.ts';
import { type Frame, uint31 } from './head.ts';

/** Checks a PRIORITY frame (RFC9113#6.3); what it says is ignored, because RFC9113#5.3.1 deprecates the scheme. */
export function parsePriority({ streamId, payload }: Frame): FrameFailure | undefined {
  if (streamId === 0) return { code: 'H2_PRIORITY_STREAM_ZERO' };
  // RFC9113#6.3 MUST: a length other than 5 is a stream error
  if (payload.length !== 5) return { code: 'H2_PRIORITY_LENGTH' };
  // STRICTER RFC9113#5.3.1: a stream that depends on itself is refused, as it was while priorities had a meaning
  return uint31(payload, 0) === streamId ? { code: 'H2_PRIORITY_SELF', at: 0 } : undefined;
}
