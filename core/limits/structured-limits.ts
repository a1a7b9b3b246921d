import { completeLimits, type LimitSpec } from './limits.ts';

/** Everything that a peer can grow in one structured field. No limit can be set below what RFC9651 asks every parser to take. */
export interface StructuredLimits {
  /** Octets of the value. @defaultValue 65_536, 32_768..16_777_216. Breach: SF_BYTES. */
  readonly valueBytes: number;
  /** Members of a list or dictionary (RFC9651#3.1). @defaultValue 1_024, 1_024..1_048_576. Breach: SF_MEMBERS. */
  readonly members: number;
  /** Items of an inner list (RFC9651#3.1.1). @defaultValue 256, 256..1_048_576. Breach: SF_INNER_ITEMS. */
  readonly innerItems: number;
  /** Parameters of an item or inner list, repeated ones counted (RFC9651#3.1.2). @defaultValue 256, 256..1_048_576. Breach: SF_PARAMETERS. */
  readonly parameters: number;
}

export const STRUCTURED_LIMIT_SPECS = {
  valueBytes: { default: 65_536, min: 32_768, max: 16_777_216 },
  members: { default: 1_024, min: 1_024, max: 1_048_576 },
  innerItems: { default: 256, min: 256, max: 1_048_576 },
  parameters: { default: 256, min: 256, max: 1_048_576 },
} as const satisfies Record<keyof StructuredLimits, LimitSpec>;

/** `given` over the defaults, frozen. @throws RangeError for a value out of range, TypeError for an unknown name */
export function structuredLimits(given: Partial<StructuredLimits> = {}): StructuredLimits {
  return completeLimits('structured field', STRUCTURED_LIMIT_SPECS, given);
}

export const DEFAULT_STRUCTURED_LIMITS: StructuredLimits = structuredLimits();
