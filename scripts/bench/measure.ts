/** Measures servers beside each other: the same load on each in turn, in requests per second of the server's processor time. */
import { runLoad } from './load.ts';
import { median, pairedRatio, type Ratio } from './paired.ts';
import { type Contender, startContender } from './process.ts';
import type { Scenario } from './scenarios.ts';

/** One server's share of a measurement. */
export interface Figure {
  readonly server: string;
  /** Median over the rounds. */
  readonly perCpuSecond: number;
  /** How many times as much as the reference, of the same rounds. */
  readonly ratio: Ratio;
}

export interface Measured {
  readonly scenario: Scenario;
  readonly rounds: number;
  /** The core, or the reference once more; with it whoever else was asked for. */
  readonly figures: readonly Figure[];
  /** Median of the reference. */
  readonly referencePerCpuSecond: number;
}

/** Requests of the first runs, which warm a server up and tell how many it answers in a second. */
const WARM_UP_REQUESTS = 20_000;

/** A server and what was measured of it, a figure a round. */
interface Entrant {
  readonly server: Contender;
  readonly requests: number;
  readonly figures: number[];
}

/**
 * Measures `names` beside the scenario's reference. All live through all rounds, and every other round goes backwards, so that
 * none always meets the warmer machine. Rejects where a server does not start or does not answer each request.
 */
export async function measure(
  scenario: Scenario,
  names: readonly string[],
  rounds: number,
  seconds: number,
): Promise<Measured> {
  const started: Contender[] = [];
  try {
    const entrants: Entrant[] = [];
    for (const name of [scenario.reference, ...names]) {
      const server = await startContender(name);
      started.push(server);
      entrants.push({ server, requests: await calibrate(server, scenario, seconds), figures: [] });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const entrant of round % 2 === 0 ? entrants : entrants.toReversed()) {
        entrant.figures.push(await perCpuSecond(entrant.server, scenario, entrant.requests));
      }
    }
    const [reference, ...others] = entrants;
    const base = reference?.figures ?? [];
    return {
      scenario,
      rounds,
      figures: others.map(({ server, figures }) => ({
        server: server.name,
        perCpuSecond: Math.round(median(figures)),
        ratio: pairedRatio(figures, base),
      })),
      referencePerCpuSecond: Math.round(median(base)),
    };
  } finally {
    for (const server of started) server.stop();
  }
}

/** How many requests take about `seconds`; a multiple of the connections, so that each gets the same. */
async function calibrate(server: Contender, scenario: Scenario, seconds: number): Promise<number> {
  await runLoad(scenario, server.port, WARM_UP_REQUESTS);
  const took = await runLoad(scenario, server.port, WARM_UP_REQUESTS);
  return Math.max(1, Math.round((WARM_UP_REQUESTS * seconds) / took / scenario.connections)) * scenario.connections;
}

async function perCpuSecond(server: Contender, scenario: Scenario, requests: number): Promise<number> {
  const before = await server.cpuSeconds();
  await runLoad(scenario, server.port, requests);
  return requests / ((await server.cpuSeconds()) - before);
}
