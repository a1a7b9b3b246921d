/** What the suite says of a mutant: cases against a server with that mutant in it. */
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

/** What a case said, and the cases that have to run for it to say so again: itself, at times one more (`h1/lint`). */
export interface Said {
  readonly verdict: CaseEvent['verdict'];
  readonly cases: readonly string[];
}

/** By the id of the case. */
export type Verdicts = ReadonlyMap<string, Said>;

export interface MeasureOptions {
  readonly seed: number;
  /** Folder for evidence. */
  readonly out: string;
  /** Upper bound of each single wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Upper bound of the whole, in milliseconds; what has no verdict by then has none. @defaultValue none */
  readonly boundMs?: number;
  /** Asked behind every verdict: true ends the run. @defaultValue never */
  readonly isEnough?: (verdicts: Verdicts) => boolean;
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
): Promise<Verdicts> {
  const { boundMs, isEnough = () => false } = options;
  const verdicts = new Map<string, Said>();
  const enough = new AbortController();
  const late = setTimeout(() => enough.abort(), boundMs ?? 2 ** 31 - 1);
  const target = targetOf(mutant);
  mkdirSync(options.out, { recursive: true });
  try {
    const live = await LiveTarget.open(target, options.timeoutMs, enough.signal);
    try {
      await runSuite(target, live, probed, cases, {
        ...options,
        signal: enough.signal,
        parallel: PARALLEL,
        emit: ({ id, verdict, repro }) => {
          verdicts.set(id, { verdict, cases: [...repro.matchAll(/--case (\S+)/g)].map(([, one = id]) => one) });
          if (isEnough(verdicts)) enough.abort();
        },
      });
    } finally {
      await live.stop();
    }
  } finally {
    clearTimeout(late);
  }
  return verdicts;
}

/** Ids of the cases that failed: by a wrong answer, by none, or by the death of the server. */
export function failures(verdicts: Verdicts): readonly string[] {
  return idsOf(verdicts, FAILURES);
}

/** Ids of the cases that complained without failing. */
export function warnings(verdicts: Verdicts): readonly string[] {
  return idsOf(verdicts, WARNINGS);
}

function idsOf(verdicts: Verdicts, among: ReadonlySet<Said['verdict']>): readonly string[] {
  return [...verdicts].filter(([, { verdict }]) => among.has(verdict)).map(([id]) => id);
}

const FAILURES: ReadonlySet<Said['verdict']> = new Set(['fail', 'hang', 'crash']);
const WARNINGS: ReadonlySet<Said['verdict']> = new Set(['warn', 'weak']);

function targetOf(mutant: Mutant | undefined): Target {
  const [node = process.execPath, ...rest] = core.command;
  const plant = pathToFileURL(inRoot('dist/conformance/mutants/plant.js')).href;
  const command = mutant === undefined ? core.command : [node, '--import', `${plant}?mutant=${mutant.id}`, ...rest];
  const name = mutant?.id ?? core.name;
  return { kind: 'command', name, given: name, start: { command } };
}
