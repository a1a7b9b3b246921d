import { latin1 } from '../../bytes/latin1.ts';
import type { FrameFailure } from './frame-failure.ts';
import { type Frame, uint31 } from './head.ts';

/** A PRIORITY_UPDATE frame (RFC9218#7.1): which stream, and its Priority field value. */
export function parsePriorityUpdate({ streamId, payload }: Frame): { target: number; value: string } | FrameFailure {
  // RFC9218#7.1 MUST: it is sent on stream 0
  if (streamId !== 0) return { code: 'H2_PRIORITY_UPDATE_STREAM' };
  if (payload.length < 4) return { code: 'H2_PRIORITY_UPDATE_LENGTH' };
  const target = uint31(payload, 0);
  // RFC9218#7.1 MUST: the prioritized stream is one that a client opens
  if (target % 2 === 0) return { code: 'H2_PRIORITY_UPDATE_TARGET', at: 0 };
  return { target, value: latin1(payload, 4) };
}
