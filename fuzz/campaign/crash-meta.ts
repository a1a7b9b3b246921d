/** `meta.json` of a crash bundle: what is known of a finding. A committed bundle is somebody's file, so it is checked. */
import { z } from 'zod';

const text = z.string().max(16_384);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const inputFacts = z.strictObject({ bytes: z.number().int().min(0).max(65_536), sha256: digest });

export const CrashMeta = z.strictObject({
  schema: z.literal(1),
  target: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** `v1:` and 16 hex digits. */
  signature: z.string().regex(/^v1:[0-9a-f]{16}$/),
  kind: z.enum(['exception', 'oracle', 'hang', 'oom', 'stack-overflow', 'late', 'lost']),
  errorClass: text,
  message: text,
  frames: z.array(text).max(64),
  stack: text,
  /** Octet of the input that is to blame, where an oracle named one. */
  offset: z.number().int().nonnegative().optional(),
  state: text.optional(),
  engine: text,
  seed: z.number().int().nonnegative(),
  /** Index of the execution that found it; -1 where a late error could not be pinned on one. */
  execution: z.number().int().min(-1),
  /** ISO 8601, UTC. */
  firstSeen: text,
  /** Revision of the subject when it was first seen, or `unknown`. */
  commit: text,
  node: text,
  /** How many re-runs on the build as it is failed the same way: `5/5`; `-` while they are not done. */
  reproduced: z.string().regex(/^(\d+\/\d+|-)$/),
  /** `open`: it fails. `fixed`: it must never fail again. */
  status: z.enum(['open', 'fixed']),
  /** Where it is fixed: when that was found, ISO 8601, and at which revision. */
  fixed: z.strictObject({ at: text, commit: text }).optional(),
  input: inputFacts,
  minimised: inputFacts.optional(),
});

export type CrashMeta = z.infer<typeof CrashMeta>;
