/**
 * The bench: the core beside other servers, in requests per second of the server's processor time. Throughput moves
 * with everything else that a machine does; work per processor second hardly does, and ratios of pairs taken right after
 * each other least of all.
 */

import { existsSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import type { BenchEvent } from '../../reports/schema.ts';
import { makeCertificate, makeContent } from './content.ts';
import { GENERATOR } from './load.ts';
import { type Figure, measure, versions, whyMissing } from './measure.ts';
import { baseOf, PINS, programOf } from './process.ts';
import { SCENARIOS, type Scenario, selectScenarios } from './scenarios.ts';
import { measureStalled, SMALL_FILE_BYTES } from './stalled.ts';
import { memoryRows, TABLE_HEAD, tableRows } from './table.ts';

export interface BenchOptions {
  /** Names of scenarios, or beginnings of some; all for none. */
  readonly scenarios: readonly string[];
  readonly rounds: number;
  /** Of one run. */
  readonly seconds: number;
  /** Of the servers that the scenarios hold against, only these; all for none. */
  readonly against: readonly string[];
  /** Whether the first reference is held against itself: that shows what the machine's noise looks like. */
  readonly isControl: boolean;
  /** Whether the servers of `bound.ts` are measured beside. */
  readonly withBound: boolean;
  readonly json: boolean;
  /** A built checkout of the base, which the core is held against in place of other servers. */
  readonly base?: string;
  /** How many times each scenario is measured: a second time confirms the first. */
  readonly repeat: number;
}

/** Where results go, and what is said beside them. */
export interface BenchOutput {
  line(text: string): void;
  note(text: string): void;
  /** Takes each measurement of speed as an event. */
  record?(event: BenchEvent): void;
}

/** Names of all scenarios. */
export const SCENARIO_NAMES = SCENARIOS.map(({ name }) => name);

/** Runs the scenarios. @throws RangeError for a name that is none of theirs; an error where a server or a load fails */
export async function runBench(options: BenchOptions, output: BenchOutput, signal: AbortSignal): Promise<void> {
  const { rounds, seconds, json } = options;
  const scenarios = selectScenarios(options.scenarios);
  demandReferences(scenarios, options.against);
  demandBase(options.base);
  const known = versions();
  output.note(
    `load by ${GENERATOR}, ${PINS ? 'server and load on a core each' : 'server and load share cores'}, ` +
      `${rounds} rounds of ${seconds} s; load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores; ` +
      Object.entries(known)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
  );
  const sizes = new Set(scenarios.flatMap(({ fileBytes }) => fileBytes ?? []));
  if (scenarios.some(({ kind }) => kind === 'memory')) sizes.add(SMALL_FILE_BYTES);
  const content = sizes.size === 0 ? undefined : makeContent([...sizes]);
  try {
    const hasTls = scenarios.some(({ protocol }) => protocol === 'https1');
    const hasCertificate = hasTls && content !== undefined && makeCertificate(content.folder);
    if (!json) output.line(TABLE_HEAD);
    for (const scenario of scenarios) {
      signal.throwIfAborted();
      if (scenario.protocol === 'https1' && !hasCertificate) {
        output.note(`SKIPPED ${scenario.name}: no certificate could be made, for openssl is not installed`);
        continue;
      }
      const { subjects, references } = entrantsOf(scenario, options, output);
      if (references.length === 0) continue;
      const folder = scenario.fileBytes === undefined ? undefined : content?.folder;
      const say = (measured: object, rows: string): void =>
        output.line(json ? JSON.stringify({ versions: known, generator: GENERATOR, ...measured }) : rows);
      if (scenario.kind === 'memory' && folder !== undefined) {
        const measured = await measureStalled(scenario, [...subjects, ...references], Math.min(rounds, 3), folder);
        say(measured, memoryRows(measured));
        continue;
      }
      for (let again = 0; again < options.repeat; again += 1) {
        for (const entrants of paired(subjects, references, options.base)) {
          const measured = await measure(scenario, entrants, rounds, seconds, folder, options.base);
          say(measured, tableRows(measured));
          for (const figure of measured.figures) output.record?.(eventOf(scenario.name, figure, options.base));
        }
      }
    }
  } finally {
    content?.remove();
  }
}

/** Who is measured together: all beside all, or each beside its own base. */
function paired(subjects: readonly string[], references: readonly string[], base: string | undefined) {
  if (base === undefined) return [{ subjects, references }];
  return subjects.map((subject) => ({ subjects: [subject], references: [baseOf(subject)] }));
}

/** A figure as the event of a results file. */
export function eventOf(scenario: string, figure: Figure, base: string | undefined): BenchEvent {
  const { server, reference, pairs, control } = figure;
  return {
    kind: 'bench',
    scenario,
    subject: server,
    reference,
    compares: base === undefined ? 'other' : 'base',
    unit: 'requests per second of processor time',
    better: 'higher',
    pairs: pairs.map(([one, other]) => [one, other]),
    ...(control === undefined ? {} : { control: control.map(([one, other]): [number, number] => [one, other]) }),
    repro: `npx aeronet bench ${scenario}${base === undefined ? '' : ` --base ${base}`}`,
  };
}

function demandBase(base: string | undefined): void {
  if (base === undefined || existsSync(programOf(base))) return;
  throw new RangeError(`no built checkout in "${base}": run "npm ci && npm run build" there`);
}

function demandReferences(scenarios: readonly Scenario[], against: readonly string[]): void {
  const known = new Set(scenarios.flatMap(({ references }) => references));
  const unknown = against.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new RangeError(`no server "${unknown}" in these scenarios; there are: ${[...known].join(', ')}`);
}

/** Who is measured beside whom; whoever is not installed is named and left out. */
function entrantsOf(
  scenario: Scenario,
  { against, isControl, withBound, base }: BenchOptions,
  output: BenchOutput,
): Pick<Scenario, 'subjects' | 'references'> {
  if (base !== undefined) {
    // Memory has no pairs.
    return { subjects: scenario.subjects, references: scenario.kind === 'memory' ? [] : scenario.subjects.map(baseOf) };
  }
  const wanted = scenario.references.filter((name) => against.length === 0 || against.includes(name));
  const references = wanted.filter((name) => {
    const why = whyMissing(name);
    if (why !== undefined) output.note(`SKIPPED ${scenario.name} beside ${name}: ${why}`);
    return why === undefined;
  });
  const [first] = references;
  if (isControl) return first === undefined ? { subjects: [], references } : { subjects: [first], references: [first] };
  const bound = withBound && scenario.fileBytes === undefined ? [`bound:${scenario.protocol}`] : [];
  return { subjects: [...scenario.subjects, ...bound], references };
}
