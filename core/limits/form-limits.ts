import { completeLimits, type LimitSpec } from './limits.ts';

/** Everything that a peer can grow in a `multipart/form-data` content, and how far. */
export interface FormLimits {
  /** Parts. @defaultValue 1_000, 1..1_000_000. Breach: FORM_PARTS, 413. */
  readonly parts: number;
  /** Octets of the head of one part, its empty line counted. @defaultValue 8_192, 64..1_048_576. Breach: FORM_HEAD_BYTES, 413. */
  readonly partHeadBytes: number;
  /** Field lines of the head of one part. @defaultValue 16, 1..1_000. Breach: FORM_FIELD_COUNT, 413. */
  readonly partFieldCount: number;
  /** Octets of a part without a filename. @defaultValue 1_048_576, 0..2^53-1. Breach: FORM_VALUE_BYTES, 413. */
  readonly valueBytes: number;
  /** Octets of a part with a filename. @defaultValue 1_073_741_824, 0..2^53-1. Breach: FORM_FILE_BYTES, 413. */
  readonly fileBytes: number;
  /** Octets of the whole, delimiters and heads among them. @defaultValue 1_073_741_824, 0..2^53-1. Breach: FORM_BYTES, 413. */
  readonly totalBytes: number;
  /** Octets before the first and behind the last delimiter, and white space behind any, which mean nothing. @defaultValue 1_024, 0..1_048_576. Breach: FORM_OUTSIDE_BYTES, 413. */
  readonly outsideBytes: number;
}

const MAX = Number.MAX_SAFE_INTEGER;

export const FORM_LIMIT_SPECS = {
  parts: { default: 1_000, min: 1, max: 1_000_000 },
  partHeadBytes: { default: 8_192, min: 64, max: 1_048_576 },
  partFieldCount: { default: 16, min: 1, max: 1_000 },
  valueBytes: { default: 1_048_576, min: 0, max: MAX },
  fileBytes: { default: 1_073_741_824, min: 0, max: MAX },
  totalBytes: { default: 1_073_741_824, min: 0, max: MAX },
  outsideBytes: { default: 1_024, min: 0, max: 1_048_576 },
} as const satisfies Record<keyof FormLimits, LimitSpec>;

/** `given` over the defaults, frozen. @throws RangeError for a value out of range, TypeError for an unknown name */
export function formLimits(given: Partial<FormLimits> = {}): FormLimits {
  return completeLimits('form', FORM_LIMIT_SPECS, given);
}
