/** `gate.json` as a schema: the shape of `Gate`, for readers that are not this program. */
import { z } from 'zod';
import { Level, Verdict } from '../schema.ts';
import { EFFECTS, GATE_CLASSES, GATE_SCHEMA_VERSION, type Gate } from './gate.ts';

const text = z.string();
const count = z.number().int().nonnegative();

const GateFinding = z.strictObject({
  key: text,
  about: z.enum(['case', 'crash', 'expectation', 'run', 'coverage', 'bench']),
  class: z.enum(GATE_CLASSES),
  effect: z.enum(EFFECTS),
  cell: z.strictObject({ row: text, column: text }).optional(),
  rule: text.optional(),
  base: text.optional(),
  why: text,
  was: text,
  now: text,
  title: text.optional(),
  target: text.optional(),
  area: text.optional(),
  level: Level.optional(),
  rfc: text.optional(),
  want: text.optional(),
  got: text.optional(),
  attempts: z.array(Verdict).optional(),
  evidence: text.optional(),
  repro: text.optional(),
  expectation: z
    .strictObject({
      source: text,
      line: count,
      reason: text,
      issue: text.optional(),
      owner: text.optional(),
      expires: text.optional(),
      daysLeft: z.number().int().optional(),
    })
    .optional(),
});

export const GateJson = z.strictObject({
  schema: z.literal(GATE_SCHEMA_VERSION),
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  exit: z.union([z.literal(0), z.literal(1), z.literal(5)]),
  summary: text,
  judged: count,
  classes: z.record(z.enum(GATE_CLASSES), count),
  findings: z.array(GateFinding),
  fullTargets: z.array(text),
  notes: z.array(text),
  base: z.strictObject({ found: z.boolean(), sources: z.array(text) }).optional(),
  expectationChanges: z
    .array(z.strictObject({ key: text, change: z.enum(['added', 'loosened', 'tightened', 'removed']), how: text }))
    .optional(),
  shards: z.array(z.strictObject({ set: text, total: count, missing: z.array(count) })),
  today: text,
  expectations: z.strictObject({ sources: z.array(text), entries: count, held: count }),
});

/** Holds the interface to the schema where it is compiled; that the schema lacks no field of it, a test sees. */
type Same<A, B extends A> = B;
export type GateAsWritten = Same<z.infer<typeof GateJson>, Mutable<Gate>>;

type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;
