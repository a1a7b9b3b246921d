/**
 * The performance rule: paired ratios with a 95 % interval, confirmed by a second measurement, and counters that are the
 * same in every run as hard limits.
 */
import { pairedRatio, type Ratio } from '../paired.ts';
import type { Bench, Report } from '../report.ts';
import type { Compared } from './decide-coverage.ts';
import type { GateFinding } from './gate.ts';
import { GATE_LIMITS } from './limits.ts';

/**
 * Judges every scenario. It is slower where each of its measurements lies wholly below what is allowed: that fails where
 * there were two, and warns where there was one. Against another server than the base's own build it is compared with
 * the base's ratio to that server. Too few pairs, or no base, say nothing.
 */
export function decideBenches(report: Report, base: Report | undefined): Compared {
  const findings: GateFinding[] = [];
  const notes: string[] = [];
  for (const [id, attempts] of grouped(report.benches)) {
    const there = base?.benches.filter((one) => idOf(one) === id) ?? [];
    const before = there.filter(({ compares }) => compares === 'other');
    findings.push(...overLimits(id, attempts, there));
    const enough = attempts.filter(({ pairs }) => pairs.length >= GATE_LIMITS.pairs);
    if (enough.length < attempts.length) {
      notes.push(`bench ${id}: fewer than ${GATE_LIMITS.pairs} pairs say nothing about its speed`);
      continue;
    }
    const bars = enough.map((attempt) => barOf(attempt, before));
    if (bars.some((bar) => bar === undefined)) {
      if (base !== undefined) notes.push(`bench ${id} was not compared: the base has no such measurement`);
      continue;
    }
    const slow = enough.map((attempt, at) => ({ ratio: ratioOf(attempt), bar: bars[at] ?? 0 }));
    if (slow.every(({ ratio, bar }) => ratio.high < bar)) findings.push(slower(id, enough, slow));
  }
  return { findings, notes };
}

const idOf = ({ scenario, subject, reference }: Bench): string => `${scenario} ${subject}/${reference}`;

function grouped(benches: readonly Bench[]): ReadonlyMap<string, readonly Bench[]> {
  const groups = new Map<string, Bench[]>();
  for (const one of benches) groups.set(idOf(one), [...(groups.get(idOf(one)) ?? []), one]);
  return groups;
}

/** The ratio of a measurement: above 1 is better than the reference. */
export function ratioOf({ pairs, better }: Pick<Bench, 'pairs' | 'better'>): Ratio {
  const [subject, reference] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  return better === 'higher' ? pairedRatio(subject, reference) : pairedRatio(reference, subject);
}

/** The ratio below which a measurement is slower; `undefined` where there is nothing to compare with. */
function barOf(attempt: Bench, before: readonly Bench[]): number | undefined {
  const { control = [] } = attempt;
  const noise = control.length === 0 ? 0 : halfWidth(ratioOf({ pairs: control, better: 'higher' }));
  const allowed = 1 - Math.max(GATE_LIMITS.minEffect, GATE_LIMITS.noiseFactor * noise);
  if (attempt.compares === 'base') return allowed;
  const sure = before.filter(({ pairs }) => pairs.length >= GATE_LIMITS.pairs);
  return sure.length === 0 ? undefined : Math.min(...sure.map((one) => ratioOf(one).low)) * allowed;
}

const halfWidth = ({ low, high }: Ratio): number => (high - low) / 2;

function slower(
  id: string,
  attempts: readonly Bench[],
  slow: readonly { readonly ratio: Ratio; readonly bar: number }[],
): GateFinding {
  const [first] = attempts;
  const [seen] = slow;
  const confirmed = attempts.length > 1;
  const words = `${digits(seen?.ratio.median)} [${digits(seen?.ratio.low)}, ${digits(seen?.ratio.high)}]`;
  return {
    key: `bench ${id}`,
    about: 'bench',
    class: 'slower',
    effect: confirmed ? 'fail' : 'warn',
    why: `The whole 95 % interval lies below ${digits(seen?.bar)}${confirmed ? `, in ${attempts.length} measurements` : '; one measurement alone said so: measure again to be sure'}`,
    was: `at least ${digits(seen?.bar)} × ${first?.reference}`,
    now: `${words} × ${first?.reference}`,
    title: first?.unit ?? '',
    target: first?.subject ?? '',
    repro: first?.repro ?? '',
  };
}

const digits = (value: number | undefined): string => (value ?? Number.NaN).toFixed(3);

/** Counters above their limit, or above the base's: no statistics, they are the same in every run. */
function overLimits(id: string, attempts: readonly Bench[], before: readonly Bench[]): GateFinding[] {
  const [last] = attempts.slice(-1);
  if (last === undefined) return [];
  return (last.counters ?? []).flatMap(({ name, value, limit }): readonly GateFinding[] => {
    const values = before.flatMap(
      ({ counters }) => counters?.filter((one) => one.name === name).map((one) => one.value) ?? [],
    );
    const most = values.length === 0 ? undefined : Math.max(...values) * (1 + GATE_LIMITS.counterGrowth);
    const over =
      limit !== undefined && value > limit ? 'its limit' : most !== undefined && value > most ? 'the base' : '';
    if (over === '') return [];
    const allowed = over === 'its limit' ? limit : Math.max(...values);
    return [
      {
        key: `bench ${id} ${name}`,
        about: 'bench',
        class: 'over-limit',
        effect: 'fail',
        why: `${name} is ${value}, above ${over} of ${allowed}; it does not depend on the machine`,
        was: `at most ${allowed}`,
        now: String(value),
        target: last.subject,
        repro: last.repro,
      },
    ];
  });
}
