/**
 * The bench: the core beside other servers, in requests per second of the server's processor time. Throughput moves
 * with everything else that a machine does; work per processor second hardly does, and ratios of pairs taken right after
 * each other least of all.
 */
import { availableParallelism, loadavg } from 'node:os';
import { makeCertificate, makeContent } from './content.ts';
import { GENERATOR } from './load.ts';
import { measure, versions, whyMissing } from './measure.ts';
import { PINS } from './process.ts';
import { SCENARIOS, type Scenario, selectScenarios } from './scenarios.ts';
import { measureStalled } from './stalled.ts';
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
}

/** Where results go, and what is said beside them. */
export interface BenchOutput {
  line(text: string): void;
  note(text: string): void;
}

/** Names of all scenarios. */
export const SCENARIO_NAMES = SCENARIOS.map(({ name }) => name);

/** Runs the scenarios. @throws RangeError for a name that is none of theirs; an error where a server or a load fails */
export async function runBench(options: BenchOptions, output: BenchOutput, signal: AbortSignal): Promise<void> {
  const { rounds, seconds, json } = options;
  const scenarios = selectScenarios(options.scenarios);
  demandReferences(scenarios, options.against);
  const known = versions();
  output.note(
    `load by ${GENERATOR}, ${PINS ? 'server and load on a core each' : 'server and load share cores'}, ` +
      `${rounds} rounds of ${seconds} s; load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores; ` +
      Object.entries(known)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
  );
  const sizes = new Set(scenarios.flatMap(({ fileBytes }) => fileBytes ?? []));
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
      } else {
        const measured = await measure(scenario, { subjects, references }, rounds, seconds, folder);
        say(measured, tableRows(measured));
      }
    }
  } finally {
    content?.remove();
  }
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
  { against, isControl, withBound }: BenchOptions,
  output: BenchOutput,
): Pick<Scenario, 'subjects' | 'references'> {
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
