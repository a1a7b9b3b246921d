/** Which cases a mutant fails: the suite against a server with that mutant in it. */
import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { CaseEvent } from '../../reports/schema.ts';
import type { AnyCase } from '../h2/model.ts';
import { LiveTarget } from '../run/live-target.ts';
import { type Probed, probe } from '../run/probe.ts';
import { runSuite } from '../run/suite.ts';
import type { Target } from '../run/target.ts';
import { core } from '../subjects/core.ts';
import { inRoot } from '../subjects/subject.ts';
import type { Mutant } from './mutant.ts';

export interface MeasureOptions {
  readonly seed: number;
  /** Folder for evidence. */
  readonly out: string;
  /** Upper bound of each single wait, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Cases in flight at once. */
const PARALLEL = 8;

/** What the sound core offers. A mutant is judged by it: it has to keep what the core promises. */
export async function probeCore(timeoutMs: number): Promise<Probed> {
  const live = await LiveTarget.open(targetOf(undefined), timeoutMs);
  try {
    return await probe(live.address, timeoutMs);
  } finally {
    await live.stop();
  }
}

/** Verdicts of `cases` by id, on the core with a mutant in it, or as it is. @throws BenchError (exit 3) when it does not start */
export async function verdictsOf(
  mutant: Mutant | undefined,
  cases: readonly AnyCase[],
  probed: Probed,
  options: MeasureOptions,
): Promise<ReadonlyMap<string, CaseEvent['verdict']>> {
  const verdicts = new Map<string, CaseEvent['verdict']>();
  const target = targetOf(mutant);
  mkdirSync(options.out, { recursive: true });
  const live = await LiveTarget.open(target, options.timeoutMs, options.signal);
  try {
    await runSuite(target, live, probed, cases, {
      ...options,
      parallel: PARALLEL,
      emit: (event) => verdicts.set(event.id, event.verdict),
    });
  } finally {
    await live.stop();
  }
  return verdicts;
}

/** Ids of the cases that failed: by a wrong answer, by none, or by the death of the server. */
export function failures(verdicts: ReadonlyMap<string, CaseEvent['verdict']>): readonly string[] {
  return [...verdicts].filter(([, verdict]) => FAILURES.has(verdict)).map(([id]) => id);
}

const FAILURES: ReadonlySet<CaseEvent['verdict']> = new Set(['fail', 'hang', 'crash']);

function targetOf(mutant: Mutant | undefined): Target {
  const [node = process.execPath, ...rest] = core.command;
  const plant = pathToFileURL(inRoot('dist/conformance/mutants/plant.js')).href;
  const command = mutant === undefined ? core.command : [node, '--import', `${plant}?mutant=${mutant.id}`, ...rest];
  const name = mutant?.id ?? core.name;
  return { kind: 'command', name, given: name, start: { command } };
}
