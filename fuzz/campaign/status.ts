/** Where a campaign is, for whoever watches it. */
import type { PlateauRule, Yield } from './plateau.ts';
import type { TargetBook } from './target-book.ts';

export interface CampaignStatus {
  /** Time of the budget so far, 0 while saved entries are replayed; and executions. */
  readonly elapsedMs: number;
  readonly executions: number;
  /** Failures that fail this build. */
  readonly findings: number;
  /** Targets that have a worker now. */
  readonly running: readonly TargetStatus[];
  /** How many wait for their turn. */
  readonly waiting: number;
  /** Those whose time goes to others. */
  readonly stopped: readonly string[];
  readonly rssBytes: number;
  /** What keeps the campaign from doing as it would: a cap that was reached. */
  readonly notes: readonly string[];
}

export interface TargetStatus {
  readonly target: string;
  readonly workers: number;
  /** Executions per second of its workers, in the last few seconds. */
  readonly rate: number;
  readonly edgesHit: number;
  readonly edgesTotal: number;
  readonly corpusEntries: number;
  /** How long ago an edge was new, in milliseconds; undefined before the first. */
  readonly lastFindMs: number | undefined;
  readonly crashes: number;
  /** How much of the plateau rule's time and executions have gone by without a new edge: 0 to 1. */
  readonly plateau: number;
}

/** How near a target is to the plateau of a rule: the least of its parts, 0 to 1. */
export function plateauShare(found: Yield, rule: PlateauRule): number {
  const parts = [
    found.workedMs / rule.workedMs,
    found.executions / rule.executions,
    found.dryMs / rule.dryMs,
    found.dryExecutions / Math.max(1, rule.dryFactor * (found.executions - found.dryExecutions)),
  ];
  return Math.min(1, ...parts);
}

/** Measures the rates of targets between looks. */
export function rateMeter(): (book: TargetBook, nowMs: number) => number {
  const points = new Map<string, { readonly atMs: number; readonly executions: number }[]>();
  return (book, nowMs) => {
    const known = points.get(book.target) ?? [];
    // A target that waited for its turn meanwhile begins anew.
    const list = nowMs - (known.at(-1)?.atMs ?? 0) > GAP_MS ? [] : known;
    points.set(book.target, list);
    list.push({ atMs: nowMs, executions: book.run.executions });
    while (list.length > 2 && nowMs - (list[0]?.atMs ?? 0) > WINDOW_MS) list.shift();
    const [first] = list;
    if (first === undefined || nowMs - first.atMs < 1) return 0;
    return ((book.run.executions - first.executions) / (nowMs - first.atMs)) * 1_000;
  };
}

const WINDOW_MS = 3_000;
const GAP_MS = 1_000;
