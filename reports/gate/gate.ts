/**
 * The gate's decision as data: `gate.json` is this object, and every renderer takes the verdict from it alone.
 */
import type { Level, Verdict } from '../schema.ts';

/** Version of `gate.json`; additive changes keep it. */
export const GATE_SCHEMA_VERSION = 1;

/** What an observation is worth once an expectation was held against it. */
export const GATE_CLASSES = [
  'new-crash',
  'new-hang',
  'new-failure',
  'changed-failure',
  'over-limit',
  'slower',
  'coverage-loss',
  'expired',
  'unexpected-pass',
  'stale',
  'loosened',
  'incomplete',
  'not-judged',
  'pre-existing',
  'deviation',
  'flaky',
  'unreproduced',
  'known-flaky',
  'known',
  'pass',
  'skip',
] as const;
export type GateClass = (typeof GATE_CLASSES)[number];

/** What a class does to the verdict: it fails it, leaves it open, is only told, or does nothing. */
export const EFFECTS = ['fail', 'inconclusive', 'warn', 'ok'] as const;
export type Effect = (typeof EFFECTS)[number];

export type GateVerdict = 'pass' | 'fail' | 'inconclusive';

/** The expectation that was held against an observation, with what is left of its time. */
export interface HeldExpectation {
  readonly source: string;
  readonly line: number;
  readonly reason: string;
  readonly issue?: string;
  readonly owner?: string;
  readonly expires?: string;
  /** Whole days after today on which it still holds; negative once it has expired. */
  readonly daysLeft?: number;
}

/** One thing that the gate has to say something about. Plain passes and skips are only counted. */
export interface GateFinding {
  /** `<case id> @<target>`, `crash v1:<hash>`, `run <source>`, `shards <set>`, `coverage <target>`, `bench <scenario> …`. */
  readonly key: string;
  readonly about: 'case' | 'crash' | 'expectation' | 'run' | 'coverage' | 'bench';
  readonly class: GateClass;
  readonly effect: Effect;
  /** Row and column of the gate's table, for a case or a crash. */
  readonly cell?: { readonly row: string; readonly column: string };
  /** The rule that changed the effect, as it was written: `should=error`. */
  readonly rule?: string;
  /** What the base build's results say of the same key, in words. */
  readonly base?: string;
  /** One sentence: why this class. */
  readonly why: string;
  /** What was expected, in words. */
  readonly was: string;
  /** What was observed, in words. */
  readonly now: string;
  readonly title?: string;
  /** The server, or the fuzz target: a crash's key does not name it. */
  readonly target?: string;
  readonly area?: string;
  readonly level?: Level;
  readonly rfc?: string;
  /** What is allowed, in words. */
  readonly want?: string;
  /** What was seen, in words. */
  readonly got?: string;
  readonly attempts?: readonly Verdict[];
  readonly evidence?: string;
  readonly repro?: string;
  readonly expectation?: HeldExpectation;
}

/** How an entry of the expectations differs from the base's. */
export interface ExpectationChange {
  readonly key: string;
  /** `added` and `loosened` excuse more than before, `tightened` and `removed` less. */
  readonly change: 'added' | 'loosened' | 'tightened' | 'removed';
  /** In words, e.g. `expires 2027-02-01 → never`. */
  readonly how: string;
}

export interface Gate {
  readonly schema: typeof GATE_SCHEMA_VERSION;
  readonly verdict: GateVerdict;
  /** The exit code that the verdict stands for: 0, 1 or 5. */
  readonly exit: 0 | 1 | 5;
  /** The verdict in one line, counts first. */
  readonly summary: string;
  /** Number of cases, findings, fuzz campaigns and measurements that could have failed. */
  readonly judged: number;
  readonly classes: Readonly<Record<GateClass, number>>;
  /** What fails first, then by class and key. */
  readonly findings: readonly GateFinding[];
  /** Targets of which every case was run to the end: only these can make an expectation stale. */
  readonly fullTargets: readonly string[];
  /** What a reader should know about what was, and was not, compared. */
  readonly notes: readonly string[];
  /** The results of the base build, where they were asked for. */
  readonly base?: {
    /** Whether there were any: without them nothing is called new or old. */
    readonly found: boolean;
    readonly sources: readonly string[];
  };
  /** What this change did to the expectations, where those of the base were given. */
  readonly expectationChanges?: readonly ExpectationChange[];
  /** The parts of what was run in shards. */
  readonly shards: readonly { readonly set: string; readonly total: number; readonly missing: readonly number[] }[];
  /** The day that expiry was measured against, UTC. */
  readonly today: string;
  readonly expectations: {
    readonly sources: readonly string[];
    readonly entries: number;
    /** Entries whose case or crash was observed. */
    readonly held: number;
  };
}
