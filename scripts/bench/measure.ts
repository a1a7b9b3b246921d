/** Measures servers beside each other: the same load on each in turn, in requests per second of the server's processor time. */

import { median, pairedRatio, type Ratio } from '../../reports/paired.ts';
import { runLoad } from './load.ts';
import { nginxVersion, startNginx, whyNoNginx } from './nginx.ts';
import { type Contender, startContender } from './process.ts';
import type { Scenario } from './scenarios.ts';

/** One server beside one other. */
export interface Figure {
  readonly server: string;
  /** Requests per second of its processor time, median over the rounds. */
  readonly perCpuSecond: number;
  /** Requests per second, median: what the machine's other work left. */
  readonly perSecond: number;
  readonly reference: string;
  /** That of the reference. */
  readonly referencePerCpuSecond: number;
  /** How many times as much as the reference, of the same rounds. */
  readonly ratio: Ratio;
  /** `[server, reference]` per second of processor time, a pair a round. */
  readonly pairs: readonly (readonly [number, number])[];
  /** A second instance of the reference beside the first, in the same rounds, where it was asked for. */
  readonly control?: readonly (readonly [number, number])[];
}

export interface Measured {
  readonly scenario: Scenario;
  readonly rounds: number;
  readonly figures: readonly Figure[];
}

/** Octets, requests and connections of the first runs, which warm a server up and tell how much it answers in a second. */
const WARM_UP_REQUESTS = 20_000;
const WARM_UP_CONNECTIONS = 500;
const WARM_UP_BYTES = 1_073_741_824;

/** A server and what was measured of it, a figure a round. */
interface Entrant {
  readonly server: Contender;
  readonly requests: number;
  readonly perCpuSecond: number[];
  readonly perSecond: number[];
}

/**
 * Measures `subjects` beside `references`. All live through all rounds, and every other round goes backwards, so that
 * none always meets the warmer machine. Rejects where a server does not start or does not answer each request.
 * @param folder whose files are served, in scenarios with files
 * @param base the checkout of the base build, whose contenders `baseOf` names; its first is then measured beside itself too
 */
export async function measure(
  scenario: Scenario,
  { subjects, references }: Pick<Scenario, 'subjects' | 'references'>,
  rounds: number,
  seconds: number,
  folder?: string,
  base?: string,
): Promise<Measured> {
  const started: Contender[] = [];
  const enter = async (name: string): Promise<Entrant> => {
    const server = await start(name, folder, base);
    started.push(server);
    const requests = await calibrate(server, scenario, seconds);
    return { server, requests, perCpuSecond: [], perSecond: [] };
  };
  try {
    const beside: Entrant[] = [];
    for (const name of references) beside.push(await enter(name));
    const measured: Entrant[] = [];
    for (const name of subjects) measured.push(await enter(name));
    const [first] = references;
    const again = base === undefined || first === undefined ? [] : [await enter(first)];
    const all = [...beside, ...measured, ...again];
    for (let round = 0; round < rounds; round += 1) {
      for (const entrant of round % 2 === 0 ? all : all.toReversed()) await runRound(entrant, scenario);
    }
    const figures = measured.flatMap((entrant) => beside.map((reference) => figureOf(entrant, reference, again[0])));
    return { scenario, rounds, figures };
  } finally {
    for (const server of started) server.stop();
  }
}

/** Why a contender cannot be measured on this machine; undefined where it can. */
export function whyMissing(name: string): string | undefined {
  return name === 'nginx' ? whyNoNginx() : undefined;
}

/** Versions of what is measured. */
export function versions(): Readonly<Record<string, string>> {
  const nginx = nginxVersion();
  return { node: process.version, ...(nginx === undefined ? {} : { nginx }) };
}

/** Starts a contender by its name. */
export function start(
  name: string,
  folder: string | undefined,
  base?: string,
  flags?: readonly string[],
): Promise<Contender> {
  return name === 'nginx' && folder !== undefined ? startNginx(folder) : startContender(name, folder, base, flags);
}

function figureOf(subject: Entrant, reference: Entrant, again: Entrant | undefined): Figure {
  const pairsOf = (other: Entrant): readonly (readonly [number, number])[] =>
    other.perCpuSecond.map((value, round) => [value, reference.perCpuSecond[round] ?? Number.NaN] as const);
  return {
    server: subject.server.name,
    pairs: pairsOf(subject),
    ...(again === undefined ? {} : { control: pairsOf(again) }),
    perCpuSecond: rounded(median(subject.perCpuSecond)),
    perSecond: rounded(median(subject.perSecond)),
    reference: reference.server.name,
    referencePerCpuSecond: rounded(median(reference.perCpuSecond)),
    ratio: pairedRatio(subject.perCpuSecond, reference.perCpuSecond),
  };
}

/** How many requests take about `seconds`; a multiple of the connections, so that each gets the same. */
async function calibrate(server: Contender, scenario: Scenario, seconds: number): Promise<number> {
  const { connections, fileBytes, reconnects = false } = scenario;
  const most = reconnects ? WARM_UP_CONNECTIONS : WARM_UP_REQUESTS;
  const wanted = fileBytes === undefined ? most : Math.min(most, WARM_UP_BYTES / fileBytes);
  const requests = Math.max(1, Math.round(wanted / connections)) * connections;
  await runLoad(scenario, server.port, requests);
  const took = await runLoad(scenario, server.port, requests);
  return Math.max(1, Math.round((requests * seconds) / took / connections)) * connections;
}

async function runRound({ server, requests, perCpuSecond, perSecond }: Entrant, scenario: Scenario): Promise<void> {
  const before = await server.usage();
  const seconds = await runLoad(scenario, server.port, requests);
  perCpuSecond.push(requests / ((await server.usage()).cpuSeconds - before.cpuSeconds));
  perSecond.push(requests / seconds);
}

/** Four digits are more than such figures are good for. */
function rounded(value: number): number {
  return value >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
}
