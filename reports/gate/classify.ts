/**
 * The gate's table: what was observed × what was expected → class and effect. The README of this room prints it, a
 * test has a row for each cell. A cell has no conditions of its own: what matters (level, whether the run was full) is
 * part of the row.
 */
import type { Level, Verdict } from '../schema.ts';
import { type Expectation, OK_VERDICTS } from './expectations.ts';
import type { Effect, GateClass } from './gate.ts';
import type { Observed } from './observe.ts';

/** What the expectations say about an observation. */
export const EXPECTED = ['none', 'known', 'changed', 'flaky', 'expired'] as const;
export type Expected = (typeof EXPECTED)[number];

export interface Cell {
  readonly class: GateClass;
  readonly effect: Effect;
}

/** A row of the table: an observation with what else matters for it. */
export type Row = keyof typeof TABLE;

/** Looks the class up. `level` and `full` matter for the rows that are split by them. */
export function classify(
  observed: Observed,
  expected: Expected,
  about: { readonly level: Level; readonly full: boolean },
): Cell {
  return TABLE[rowOf(observed, about)][expected];
}

/**
 * Holds an observation against its entry.
 *
 * @param seen every judged verdict of the case, and its short form or words, which a pinned signature is looked up in.
 */
export function expectedState(
  entry: Expectation | undefined,
  seen: { readonly verdicts: readonly Verdict[]; readonly signature?: string; readonly actual: string },
  expired: boolean,
): Expected {
  if (entry === undefined) return 'none';
  if (expired) return 'expired';
  const ok = (verdict: string): boolean => OK_VERDICTS.has(verdict);
  const bad = seen.verdicts.filter((verdict) => !ok(verdict));
  const named = bad.every((verdict) => [...entry.expect].some((expected) => expected === verdict));
  if (!named || (bad.length > 0 && !signatureMatches(entry, seen))) return 'changed';
  return [...entry.expect].some(ok) ? 'flaky' : 'known';
}

const same = (cell: Cell): Readonly<Record<Expected, Cell>> => ({
  none: cell,
  known: cell,
  changed: cell,
  flaky: cell,
  expired: cell,
});

/** The table itself, worst observation first. */
export const TABLE = {
  crash: {
    none: { class: 'new-crash', effect: 'fail' },
    known: { class: 'known', effect: 'ok' },
    changed: { class: 'new-crash', effect: 'fail' },
    // An entry that expects a case to come and go does not excuse a crash.
    flaky: { class: 'new-crash', effect: 'fail' },
    expired: { class: 'expired', effect: 'fail' },
  },
  unreproduced: same({ class: 'unreproduced', effect: 'warn' }),
  hang: {
    none: { class: 'new-hang', effect: 'fail' },
    known: { class: 'known', effect: 'ok' },
    changed: { class: 'changed-failure', effect: 'fail' },
    flaky: { class: 'known-flaky', effect: 'ok' },
    expired: { class: 'expired', effect: 'fail' },
  },
  'fail MUST': {
    none: { class: 'new-failure', effect: 'fail' },
    known: { class: 'known', effect: 'ok' },
    changed: { class: 'changed-failure', effect: 'fail' },
    flaky: { class: 'known-flaky', effect: 'ok' },
    expired: { class: 'expired', effect: 'fail' },
  },
  'fail SHOULD': {
    none: { class: 'deviation', effect: 'warn' },
    known: { class: 'known', effect: 'ok' },
    changed: { class: 'changed-failure', effect: 'warn' },
    flaky: { class: 'known-flaky', effect: 'ok' },
    expired: { class: 'expired', effect: 'warn' },
  },
  flaky: {
    none: { class: 'flaky', effect: 'warn' },
    // The entry says that it always fails: somebody has to widen it.
    known: { class: 'flaky', effect: 'warn' },
    changed: { class: 'flaky', effect: 'warn' },
    flaky: { class: 'known-flaky', effect: 'ok' },
    expired: { class: 'expired', effect: 'warn' },
  },
  error: same({ class: 'not-judged', effect: 'inconclusive' }),
  'inconclusive MUST': {
    none: { class: 'not-judged', effect: 'inconclusive' },
    known: { class: 'known', effect: 'ok' },
    changed: { class: 'not-judged', effect: 'inconclusive' },
    flaky: { class: 'known-flaky', effect: 'ok' },
    expired: { class: 'expired', effect: 'inconclusive' },
  },
  // The worst that it can hide is a deviation, and that only warns.
  'inconclusive SHOULD': {
    none: { class: 'not-judged', effect: 'warn' },
    known: { class: 'known', effect: 'ok' },
    changed: { class: 'not-judged', effect: 'warn' },
    flaky: { class: 'known-flaky', effect: 'ok' },
    expired: { class: 'expired', effect: 'warn' },
  },
  'ok, full run': {
    none: { class: 'pass', effect: 'ok' },
    known: { class: 'unexpected-pass', effect: 'fail' },
    changed: { class: 'unexpected-pass', effect: 'fail' },
    flaky: { class: 'pass', effect: 'ok' },
    expired: { class: 'expired', effect: 'warn' },
  },
  // A filtered run is somebody at work: told, not failed.
  'ok, filtered run': {
    none: { class: 'pass', effect: 'ok' },
    known: { class: 'unexpected-pass', effect: 'warn' },
    changed: { class: 'unexpected-pass', effect: 'warn' },
    flaky: { class: 'pass', effect: 'ok' },
    expired: { class: 'expired', effect: 'warn' },
  },
  skip: same({ class: 'skip', effect: 'ok' }),
} as const satisfies Readonly<Record<string, Readonly<Record<Expected, Cell>>>>;

/** The row of an observation, with what else matters for it. */
export function rowOf(observed: Observed, about: { readonly level: Level; readonly full: boolean }): Row {
  switch (observed) {
    case 'ok':
      return about.full ? 'ok, full run' : 'ok, filtered run';
    case 'fail':
      return about.level === 'MUST' ? 'fail MUST' : 'fail SHOULD';
    case 'inconclusive':
      return about.level === 'MUST' ? 'inconclusive MUST' : 'inconclusive SHOULD';
    default:
      return observed;
  }
}

/** A pinned signature is the short form that the case gave, or, where it gave none, stands in its words as whole words. */
function signatureMatches(entry: Expectation, seen: { readonly signature?: string; readonly actual: string }): boolean {
  if (entry.signature === undefined) return true;
  if (seen.signature !== undefined) return seen.signature === entry.signature;
  const words = ` ${seen.actual.split(/[^\p{L}\p{N}]+/u).join(' ')} `;
  return words.includes(
    ` ${entry.signature
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean)
      .join(' ')} `,
  );
}
