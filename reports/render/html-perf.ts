import { ratioOf } from '../gate/decide-bench.ts';
import { GATE_LIMITS } from '../gate/limits.ts';
import type { Bench } from '../report.ts';

/** A measurement as the page draws it: the ratio of its pairs, and what it is held against. */
export interface BenchRow {
  readonly scenario: string;
  readonly subject: string;
  readonly reference: string;
  readonly unit: string;
  readonly pairs: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** The ratio of each pair, at most 200. */
  readonly ratios: readonly number[];
  /** Ratio below which it is slower than the base; absent where it is held against another server. */
  readonly bar?: number;
  readonly says: 'in order' | 'below the line' | 'inconclusive' | 'too few pairs' | 'not compared';
  readonly counters: readonly { readonly name: string; readonly value: number; readonly limit?: number }[];
  readonly repro: string;
}

/** What a measurement looks like by itself; whether it fails a change, the gate says. */
export function benchRow(bench: Bench): BenchRow {
  const { scenario, subject, reference, unit, pairs, counters = [], repro, better } = bench;
  const { median, low, high } = ratioOf(bench);
  const bar = bench.compares === 'base' ? barOf(bench) : undefined;
  return {
    scenario,
    subject,
    reference,
    unit,
    pairs: pairs.length,
    median,
    low,
    high,
    ratios: pairs.slice(0, 200).map(([one, other]) => (better === 'higher' ? one / other : other / one)),
    ...(bar === undefined ? {} : { bar }),
    says: sentence(pairs.length, low, high, bar),
    counters: counters.map(({ name, value, limit }) => ({ name, value, ...(limit === undefined ? {} : { limit }) })),
    repro,
  };
}

function sentence(pairs: number, low: number, high: number, bar: number | undefined): BenchRow['says'] {
  if (pairs < GATE_LIMITS.pairs) return 'too few pairs';
  if (bar === undefined) return 'not compared';
  if (high < bar) return 'below the line';
  return low < bar ? 'inconclusive' : 'in order';
}

/** The gate's line for a build beside its base: the least effect, or what the reference does beside itself. */
function barOf({ control = [] }: Bench): number {
  if (control.length === 0) return 1 - GATE_LIMITS.minEffect;
  const { low, high } = ratioOf({ pairs: control, better: 'higher' });
  return 1 - Math.max(GATE_LIMITS.minEffect, (GATE_LIMITS.noiseFactor * (high - low)) / 2);
}
