/**
 * The one contract between what runs and what reports: a run is a stream of events, one JSON object a line (NDJSON).
 * Producers (`conformance`, `fuzz`) import the types; readers parse with `ReportEvent`, because a results file is
 * somebody else's input. Additive changes keep `SCHEMA_VERSION`; anything else raises it.
 */
import { z } from 'zod';

export const SCHEMA_VERSION = 1;

/** Requirement level of a case, in BCP 14's words. */
export const Level = z.enum(['MUST', 'SHOULD', 'MAY']);

/** Verdict of one case (DESIGN.md): the first five judge the target, the others say why nothing could be judged. */
export const Verdict = z.enum(['pass', 'weak', 'warn', 'fail', 'inconclusive', 'skip', 'hang', 'crash', 'error']);

/** How the connection ended under a case; FIN and RST are one class unless the case is about them. */
export const ConnectionEnd = z.enum(['open', 'closed', 'reset', 'none']);

const text = z.string().max(65_536);

export const Shard = z
  .strictObject({
    index: z.number().int().min(1),
    total: z.number().int().min(1).max(1_000),
    set: z.string().regex(/^[0-9a-f]{16}$/, 'write 16 hex digits'),
  })
  .refine(({ index, total }) => index <= total, 'a shard has an index from 1 to total');

export const RunStartEvent = z.strictObject({
  kind: z.literal('run-start'),
  schema: z.literal(SCHEMA_VERSION),
  /** `drill`: attacks and faults under load, as cases whose ids begin with `drill/`. */
  producer: z.enum(['conformance', 'drill', 'fuzz', 'replay', 'bench', 'coverage', 'tests']),
  /** aeronet's own version. */
  version: text,
  node: text,
  os: text,
  /** ISO 8601, UTC. */
  startedAt: text,
  seed: z.number().int().nonnegative(),
  /** The command line that made this run, as one would type it. */
  command: text,
  /**
   * `full`: every case that applies was selected. `filtered`: a selector, a level or a shard left some out, so that a
   * case which is missing says nothing. Absent means `full`: the gate errs on the strict side.
   */
  scope: z.enum(['full', 'filtered']).optional(),
  /**
   * Which part of what was selected this run is: `index` of 1 to `total`. Runs belong together when `set` is the same,
   * a digest of all that was selected. `scope` speaks of the whole set.
   */
  shard: Shard.optional(),
});

export const TargetEvent = z.strictObject({
  kind: z.literal('target'),
  /** Name used in keys: a subject's name, or `url`. */
  target: text,
  address: text,
  /** What the capability probe found, e.g. `echo`, `inspect`, `file`. */
  capabilities: z.array(text),
  /** The `Server` field of its answer, or the version its adapter reports. */
  serverVersion: text.optional(),
});

export const CaseEvent = z.strictObject({
  kind: z.literal('case'),
  /** Stable id, e.g. `h1/framing/te-cl-both`. */
  id: text,
  target: text,
  /** Area of the suite, e.g. `framing`. */
  area: text,
  title: text,
  level: Level,
  /** `RFC9112#6.3`. */
  rfc: text,
  verdict: Verdict,
  connection: ConnectionEnd,
  /** One sentence: why this verdict; for `skip` and `inconclusive`, what was missing. */
  reason: text,
  /** What is allowed, in words. */
  expected: text,
  /** What was seen, in words. */
  actual: text,
  /** Short stable form of what was seen, e.g. `200 open`: what an expectation can pin. Absent: words of `actual` are. */
  signature: text.optional(),
  durationMs: z.number().nonnegative(),
  /** Verdicts of all attempts in order; more than one distinct verdict means flaky. */
  attempts: z.array(Verdict).min(1),
  /** Folder of the saved evidence, relative to the output folder; absent where none is kept. */
  evidence: text.optional(),
  /** The one command that runs this again. */
  repro: text,
});

export const FindingEvent = z.strictObject({
  kind: z.literal('finding'),
  /** Fuzz target, e.g. `http1-request`. */
  target: text,
  /** `v1:` and 16 hex digits. */
  signature: text,
  /** What kind of failure: an oracle's name, or how the target died. */
  failure: z.enum(['exception', 'oracle', 'hang', 'oom', 'stack-overflow', 'late', 'lost']),
  errorClass: text,
  message: text,
  /** Own frames, innermost first: `file:function`. */
  frames: z.array(text),
  /** How many of the confirming re-runs failed the same way, e.g. `5/5`. */
  reproduced: text,
  /** `open`: fails now. `fixed`: a saved entry that no longer fails. */
  status: z.enum(['open', 'fixed']),
  inputBytes: z.number().int().nonnegative(),
  minimisedBytes: z.number().int().nonnegative().optional(),
  /** First 64 octets of the (minimised) input, hex. */
  excerpt: text,
  /** Folder of the crash bundle, relative to the working folder. */
  bundle: text.optional(),
  /** What the subject said of the input around the octet to blame, and where it says something else of the same in pieces. */
  events: z
    .array(
      z.strictObject({
        read: z.enum(['whole', 'octet by octet']),
        /** Octet of the input. */
        offset: z.number().int().nonnegative(),
        kind: text,
        /** Escaped, and cut where a line ends. */
        text,
      }),
    )
    .optional(),
  repro: text,
});

export const FuzzStatsEvent = z.strictObject({
  kind: z.literal('fuzz-stats'),
  target: text,
  engine: text,
  executions: z.number().int().nonnegative(),
  elapsedMs: z.number().nonnegative(),
  cpuMs: z.number().nonnegative(),
  edgesHit: z.number().int().nonnegative(),
  edgesTotal: z.number().int().nonnegative(),
  corpusEntries: z.number().int().nonnegative(),
  /** Saved seeds and crashes that were replayed first. */
  replayed: z.number().int().nonnegative(),
});

/** What was reached while fixed inputs were run, file by file. Several events of one target are repetitions. */
export const CoverageEvent = z.strictObject({
  kind: z.literal('coverage'),
  /** Fuzz target whose corpus was replayed, or the name of a test run. */
  target: text,
  /** `replay`: the same inputs reach the same, so that the gate compares it. `tests`: shown only. */
  origin: z.enum(['replay', 'tests']),
  metric: z.enum(['edges', 'branches', 'lines']),
  /** What counted, with its version: only what the same instrument saw is compared. */
  instrument: text,
  /** Digest of the inputs: only the same inputs are compared. Absent for `tests`. */
  corpus: text.optional(),
  files: z
    .array(
      z.strictObject({
        /** Relative to the repository, with `/`. */
        path: text,
        /** Digest of the file: one that has changed is not compared. */
        digest: text.optional(),
        hit: z.number().int().nonnegative(),
        total: z.number().int().nonnegative(),
      }),
    )
    .max(5_000),
  repro: text.optional(),
});

const pair = z.tuple([z.number().positive(), z.number().positive()]);

/** One scenario measured in pairs, right after each other. Several events of one scenario are repetitions. */
export const BenchEvent = z.strictObject({
  kind: z.literal('bench'),
  scenario: text,
  subject: text,
  reference: text,
  /** `base`: the reference is the same server, built from the base. `other`: another server, which the base was held against too. */
  compares: z.enum(['base', 'other']),
  /** E.g. `requests per second of processor time`. */
  unit: text,
  better: z.enum(['higher', 'lower']),
  /** `[subject, reference]`, a pair a round. */
  pairs: z.array(pair).min(1).max(10_000),
  /** The reference beside itself, in the same rounds: how far the machine's noise goes. */
  control: z.array(pair).max(10_000).optional(),
  /** What is the same in every run, e.g. writes per response; `limit` is the most that is allowed. */
  counters: z
    .array(z.strictObject({ name: text, value: z.number().nonnegative(), limit: z.number().nonnegative().optional() }))
    .max(100)
    .optional(),
  repro: text,
});

/** What a target that was started for the run used, all its processes together. Shown, never judged. */
export const Usage = z.strictObject({
  /** Resident memory when it was up, at its largest, and at the end. */
  rssFirstBytes: z.number().int().nonnegative(),
  rssPeakBytes: z.number().int().nonnegative(),
  rssLastBytes: z.number().int().nonnegative(),
  cpuMs: z.number().nonnegative(),
  /** Most sockets that were open at once. */
  socketsPeak: z.number().int().nonnegative(),
});

export const RunEndEvent = z.strictObject({
  kind: z.literal('run-end'),
  elapsedMs: z.number().nonnegative(),
  /** False when interrupted or cut short: the verdict of an incomplete run is at best inconclusive. */
  complete: z.boolean(),
  /** Why the run is incomplete or broke (target died, interrupted, …). */
  note: text.optional(),
  /** By target; absent of those that ran already, or cannot be looked at. */
  usage: z.record(text, Usage).optional(),
});

export const ReportEvent = z.discriminatedUnion('kind', [
  RunStartEvent,
  TargetEvent,
  CaseEvent,
  FindingEvent,
  FuzzStatsEvent,
  CoverageEvent,
  BenchEvent,
  RunEndEvent,
]);

export type Level = z.infer<typeof Level>;
export type Verdict = z.infer<typeof Verdict>;
export type ConnectionEnd = z.infer<typeof ConnectionEnd>;
export type RunStartEvent = z.infer<typeof RunStartEvent>;
export type TargetEvent = z.infer<typeof TargetEvent>;
export type CaseEvent = z.infer<typeof CaseEvent>;
export type FindingEvent = z.infer<typeof FindingEvent>;
export type FuzzStatsEvent = z.infer<typeof FuzzStatsEvent>;
export type CoverageEvent = z.infer<typeof CoverageEvent>;
export type BenchEvent = z.infer<typeof BenchEvent>;
export type Shard = z.infer<typeof Shard>;
export type Usage = z.infer<typeof Usage>;
export type RunEndEvent = z.infer<typeof RunEndEvent>;
export type ReportEvent = z.infer<typeof ReportEvent>;
