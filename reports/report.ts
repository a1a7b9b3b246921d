/**
 * The report model: what the events of one or several runs say together, before anybody judges it.
 * It is plain data, safe to serialise; `fold.ts` makes it, the gate and every renderer only read it.
 */
import type {
  BenchEvent,
  CaseEvent,
  CoverageEvent,
  FindingEvent,
  FuzzStatsEvent,
  Level,
  RunStartEvent,
  TargetEvent,
  Usage,
  Verdict,
} from './schema.ts';

/** Every level, strictest first. */
export const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const satisfies readonly Level[];

/** Every verdict, in the order in which a reader wants to see them. */
export const VERDICTS = [
  'crash',
  'hang',
  'fail',
  'error',
  'inconclusive',
  'warn',
  'weak',
  'pass',
  'skip',
] as const satisfies readonly Verdict[];

/** How many cases had each verdict. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** One run: a `run-start`, what followed it, and how it ended. */
export interface Run {
  /** Name of the file or stream that it came from. */
  readonly source: string;
  readonly start: RunStartEvent;
  /** False when it was interrupted, cut short, or its `run-end` is missing. */
  readonly complete: boolean;
  /** Why it is incomplete, else what its `run-end` noted; empty when there is nothing to say. */
  readonly note: string;
  /** Absent when the `run-end` is missing. */
  readonly elapsedMs?: number;
  /** What its targets used, by name, where that was looked at. */
  readonly usage?: Readonly<Record<string, Usage>>;
  /** Names of the targets that it announced or judged, sorted. */
  readonly targets: readonly string[];
}

/** A case's result with the key that expectations use. */
export interface CaseResult extends CaseEvent {
  /** `<case id> @<target>`. */
  readonly key: string;
  /** Index of its run in `Report.runs`. */
  readonly run: number;
}

/** A finding with the key that expectations use. */
export interface Finding extends FindingEvent {
  /** `crash v1:<hash>`. */
  readonly key: string;
  readonly run: number;
}

export interface FuzzStats extends FuzzStatsEvent {
  readonly run: number;
}

export interface Coverage extends CoverageEvent {
  readonly run: number;
}

export interface Bench extends BenchEvent {
  readonly run: number;
}

/** Counts of one area of the suite, by level. */
export interface Area {
  readonly area: string;
  readonly total: number;
  readonly levels: Readonly<Record<Level, VerdictCounts>>;
}

export interface Report {
  readonly runs: readonly Run[];
  readonly targets: readonly TargetEvent[];
  /** Sorted by area, level, id and target. */
  readonly cases: readonly CaseResult[];
  readonly areas: readonly Area[];
  /** Sorted by target and signature, one per pair. */
  readonly findings: readonly Finding[];
  readonly fuzz: readonly FuzzStats[];
  /** In the order of their runs; those of one target are repetitions. */
  readonly coverage: readonly Coverage[];
  /** In the order of their runs; those of one scenario are repetitions. */
  readonly benches: readonly Bench[];
  readonly verdicts: VerdictCounts;
  readonly levels: Readonly<Record<Level, VerdictCounts>>;
  /** What a reader should know about how the inputs were put together. */
  readonly notes: readonly string[];
}

/** The key of a case on a target, as it stands in an expectations file. */
export const caseKey = (id: string, target: string): string => `${id} @${target}`;

/** The key of a crash, as it stands in an expectations file: a signature is the same crash on any target. */
export const crashKey = (signature: string): string => `crash ${signature}`;
