/**
 * `npm run bench`: the core beside Node's own servers, in requests per second of the server's processor time. Throughput moves
 * with everything else that a machine does; work per processor second hardly does, and ratios of pairs taken right after
 * each other least of all.
 *
 *     npm run bench -- [scenario…] [--rounds 10] [--seconds 1] [--bound] [--control] [--json] [--list]
 *
 * A scenario is a name of `scenarios.ts` or the beginning of some (`h2c`). Exit codes: 0 measured; 2 a wrong option; 1 anything else.
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { GENERATOR } from './load.ts';
import { measure } from './measure.ts';
import { PINS } from './process.ts';
import { SCENARIOS, selectScenarios } from './scenarios.ts';
import { TABLE_HEAD, tableRows } from './table.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === 'string') {
    console.error(`bench: ${options}`);
    return 2;
  }
  const { scenarios, rounds, seconds, isControl, withBound, json, list } = options;
  if (list) {
    for (const { name } of SCENARIOS) console.log(name);
    return 0;
  }
  console.error(
    `load by ${GENERATOR}, ${PINS ? 'server and load on a core each' : 'server and load share cores'}, ` +
      `${rounds} rounds of ${seconds} s; load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores; ` +
      `Node ${process.version}`,
  );
  if (!json) console.log(TABLE_HEAD);
  for (const scenario of scenarios) {
    const names = [isControl ? scenario.reference : 'core', ...(withBound ? [`bound:${scenario.protocol}`] : [])];
    const measured = await measure(scenario, names, rounds, seconds);
    console.log(
      json ? JSON.stringify({ node: process.version, generator: GENERATOR, ...measured }) : tableRows(measured),
    );
  }
  return 0;
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '10' },
        seconds: { type: 'string', default: '1' },
        bound: { type: 'boolean', default: false },
        control: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
      },
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 3 || rounds > 1_000) return `--rounds ${values.rounds}: 3 to 1000`;
    const seconds = Number(values.seconds);
    if (!(seconds >= 0.1 && seconds <= 30)) return `--seconds ${values.seconds}: 0.1 to 30`;
    const { control: isControl, bound: withBound, json, list } = values;
    return { scenarios: selectScenarios(positionals), rounds, seconds, isControl, withBound, json, list };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
