/** The search for cases that catch a mutant: those that are wanted, or else any. */
import type { AnyCase } from '../h2/model.ts';
import type { Probed } from '../run/probe.ts';
import { failures, type MeasureOptions, type Verdicts, verdictsOf, warnings } from './measure.ts';
import type { Mutant } from './mutant.ts';

/** What a mutant was caught by. */
export interface Catch {
  /** Cases that fail. */
  readonly fails: readonly string[];
  /** Cases that the sound core passes and that get `warn` or `weak`. */
  readonly warns: readonly string[];
  /** Cases without which one of these would not say so. */
  readonly beside: readonly string[];
}

export interface Grounds {
  /** All that could catch it; the sound core does not fail them. */
  readonly cases: readonly AnyCase[];
  /** Ids of those that the sound core passes without a warning, so that one would tell. */
  readonly clean: ReadonlySet<string>;
  /** Ids of those that have caught it before. */
  readonly known: ReadonlySet<string>;
  /** Ids of these and of those that nothing has failed yet. They are run in any event, and all of them told; of others a few, where none of these catches it. */
  readonly wanted: ReadonlySet<string>;
  /** A wanted case judges the answers to all others, so that all are run. */
  readonly isWhole: boolean;
}

export const NOTHING: Catch = { fails: [], warns: [], beside: [] };

/** A mutant that dies of every case, or answers none, is not waited for longer. */
const BOUND_MS = 180_000;
/** With so many more than are known it fails whatever comes, and more of the same says nothing. */
const ENOUGH = 40;
/** Where only others' cases are left, so many do. */
const FEW = 3;

/** @throws BenchError (exit 3) when the mutant does not start */
export async function hunt(mutant: Mutant, grounds: Grounds, probed: Probed, options: MeasureOptions): Promise<Catch> {
  const { cases, known, wanted, isWhole } = grounds;
  const first = isWhole ? cases : cases.filter(({ id }) => wanted.has(id));
  const seen = await sight(mutant, first, isWhole ? cases.length : known.size + ENOUGH, probed, options);
  const caught = await confirmed(mutant, first, chosen(seen, grounds), probed, options);
  if (isWhole || caught !== NOTHING) return caught;
  const then = cases.filter(({ id }) => !wanted.has(id));
  const others = await sight(mutant, then, FEW, probed, options);
  return confirmed(mutant, then, chosen(others, grounds), probed, options);
}

/**
 * The wanted ones among what was seen, or a few others: failures, where there are any. A warning proves nothing of a case
 * that is there to fail.
 */
function chosen(seen: Verdicts, { cases, clean, wanted }: Grounds): Verdicts {
  const musts = new Set<string>(cases.filter(({ level }) => level === 'MUST').map(({ id }) => id));
  const fails = failures(seen);
  const warns = warnings(seen).filter((id) => clean.has(id));
  const proofs = [...fails, ...warns.filter((id) => !musts.has(id))].filter((id) => wanted.has(id));
  const few = (fails.length > 0 ? fails : warns).slice(0, FEW);
  const kept = proofs.length > 0 ? proofs : few;
  return new Map([...seen].filter(([id]) => kept.includes(id)));
}

/** Runs the cases until so many have failed. */
async function sight(
  mutant: Mutant,
  cases: readonly AnyCase[],
  many: number,
  probed: Probed,
  options: MeasureOptions,
): Promise<Verdicts> {
  if (cases.length === 0) return new Map();
  const isEnough = (verdicts: Verdicts) => failures(verdicts).length >= many;
  return verdictsOf(mutant, cases, probed, { ...options, boundMs: BOUND_MS, isEnough });
}

/** What shows twice: once could be the machine's. */
async function confirmed(
  mutant: Mutant,
  cases: readonly AnyCase[],
  once: Verdicts,
  probed: Probed,
  options: MeasureOptions,
): Promise<Catch> {
  if (once.size === 0) return NOTHING;
  const needed = new Set([...once.values()].flatMap((said) => said.cases));
  const again = await sight(
    mutant,
    cases.filter(({ id }) => needed.has(id)),
    cases.length,
    probed,
    options,
  );
  const fails = failures(again).filter((id) => failures(once).includes(id));
  const warns = warnings(again).filter((id) => warnings(once).includes(id));
  const told = [...fails, ...warns];
  if (told.length === 0) return NOTHING;
  const beside = new Set(told.flatMap((id) => again.get(id)?.cases ?? []).filter((id) => !told.includes(id)));
  return { fails, warns, beside: [...beside] };
}
