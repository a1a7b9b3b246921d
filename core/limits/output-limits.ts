import { completeLimits, type LimitSpec } from './limits.ts';

/**
 * How many octets of responses may wait for their readers, in memory: in this server and in its sockets, not those of files that the
 * system sends by itself. Beyond a limit a response with nothing under way may still hand over one piece, or its whole
 * content, so that none has to wait for another; the others' producers pause.
 */
export interface OutputLimits {
  /**
   * Octets that wait on one connection, of all its streams or pipelined responses. @defaultValue 1_048_576, 65_536..1_073_741_824.
   * Breach: producers wait; CONTENT_UNAWAITED for those that do not.
   */
  readonly connectionBytes: number;
  /**
   * Octets that wait on all connections of the server. @defaultValue 268_435_456, 1_048_576..2^40. Breach: as `connectionBytes`.
   */
  readonly serverBytes: number;
}

export const OUTPUT_LIMIT_SPECS = {
  connectionBytes: { default: 1_048_576, min: 65_536, max: 1_073_741_824 },
  serverBytes: { default: 268_435_456, min: 1_048_576, max: 2 ** 40 },
} as const satisfies Record<keyof OutputLimits, LimitSpec>;

/**
 * The limits of one server: `given` over the defaults, frozen.
 * @throws RangeError for a value out of range, TypeError for an unknown name; nothing is clipped.
 */
export function outputLimits(given: Partial<OutputLimits> = {}): OutputLimits {
  return completeLimits('output', OUTPUT_LIMIT_SPECS, given);
}
