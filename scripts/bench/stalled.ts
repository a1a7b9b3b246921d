/** What readers cost who ask for a large file and then read nothing of it: memory, and the time of others. */
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../../reports/paired.ts';
import { pathOf } from './content.ts';
import { runLoad } from './load.ts';
import { start } from './measure.ts';
import type { Contender } from './process.ts';
import type { Scenario } from './scenarios.ts';
import { openOther, openStalled } from './stalled-reader.ts';

/** One server, medians over the rounds. */
export interface MemoryFigure {
  readonly server: string;
  /** With all connections open and nothing asked. */
  readonly idleMib: number;
  /** What was added when all had asked and none had read. */
  readonly addedMib: number;
  /** Of which one connection's share is. */
  readonly addedKibEach: number;
  /** Of a client that asks for a small file, before and beside them: medians, and what one answer in a hundred takes longer than. */
  readonly idleMs: Latency;
  readonly besideMs: Latency;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface MemoryMeasured {
  readonly scenario: Scenario;
  readonly rounds: number;
  readonly memory: readonly MemoryFigure[];
}

/** Octets of the file that others ask for. */
export const SMALL_FILE_BYTES = 1_024;

const MIB = 1_048_576;
/** Requests that warm a server up. */
const WARM_UP_REQUESTS = 40;
/** Answers that are timed. */
const TIMED = 400;
/** Looks at a server until it is quiet, the time between two, and what part of a processor is quiet. */
const MAX_LOOKS = 60;
const LOOK_MS = 500;
const QUIET = 0.06;
/** Memory that is not less than this part of what it was stands still. */
const STEADY = 0.995;

/** WHY: the room for short-lived objects grows with the work that was done, and is no reader's; garbage is not either */
const FLAGS = ['--expose-gc', '--max-semi-space-size=1'];

/** What one round says of a server. */
interface Round {
  readonly idleBytes: number;
  readonly stalledBytes: number;
  readonly idleMs: Latency;
  readonly besideMs: Latency;
}

/** Measures each server by itself, in a process of its own for each round. */
export async function measureStalled(
  scenario: Scenario,
  servers: readonly string[],
  rounds: number,
  folder: string,
): Promise<MemoryMeasured> {
  const all = servers.map((server) => ({ server, measured: [] as Round[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, measured } of round % 2 === 0 ? all : all.toReversed()) {
      measured.push(await measureOne(scenario, server, folder));
    }
  }
  const memory = all.map(({ server, measured }): MemoryFigure => {
    const middle = (of: (round: Round) => number, digits: number): number =>
      Number(median(measured.map(of)).toFixed(digits));
    const added = (round: Round): number => round.stalledBytes - round.idleBytes;
    const latency = (of: (round: Round) => Latency): Latency => ({
      p50: middle((round) => of(round).p50, 2),
      p99: middle((round) => of(round).p99, 2),
    });
    return {
      server,
      idleMib: middle(({ idleBytes }) => idleBytes / MIB, 1),
      addedMib: middle((round) => added(round) / MIB, 1),
      addedKibEach: middle((round) => added(round) / 1_024 / scenario.connections, 1),
      idleMs: latency(({ idleMs }) => idleMs),
      besideMs: latency(({ besideMs }) => besideMs),
    };
  });
  return { scenario, rounds, memory };
}

async function measureOne(scenario: Scenario, name: string, folder: string): Promise<Round> {
  const { protocol, connections, fileBytes = 0 } = scenario;
  const server = await start(name, folder, undefined, FLAGS);
  const readers: { socket: Socket; ask(path: string): void }[] = [];
  const other = openOther(protocol, server.port);
  try {
    await runLoad({ ...scenario, connections: 4 }, server.port, WARM_UP_REQUESTS);
    await latencyOf(other);
    for (let index = 0; index < connections; index += 1) readers.push(await openStalled(protocol, server.port));
    const idleMs = await latencyOf(other);
    const idleBytes = await settled(server);
    for (const reader of readers) reader.ask(pathOf(fileBytes));
    const stalledBytes = await settled(server);
    const besideMs = await latencyOf(other);
    if (readers.some(({ socket }) => socket.destroyed)) throw new Error(`${name} did not wait for its stalled readers`);
    return { idleBytes, stalledBytes, idleMs, besideMs };
  } finally {
    for (const { socket } of readers) socket.destroy();
    other.close();
    server.stop();
  }
}

/** Of so many answers, one after the other. */
async function latencyOf(client: ReturnType<typeof openOther>): Promise<Latency> {
  const times: number[] = [];
  for (let count = 0; count < TIMED; count += 1) times.push(await client.ask(pathOf(SMALL_FILE_BYTES)));
  times.sort((a, b) => a - b);
  return { p50: median(times), p99: times[Math.floor(TIMED * 0.99)] ?? 0 };
}

/** Octets of memory that no further collection makes less. */
async function collected(server: Contender): Promise<number> {
  let { rssBytes } = await server.usage(true);
  for (let count = 0; count < MAX_LOOKS; count += 1) {
    await wait(LOOK_MS);
    const next = (await server.usage(true)).rssBytes;
    if (next > rssBytes * STEADY) return Math.min(next, rssBytes);
    rssBytes = next;
  }
  return rssBytes;
}

/** Octets of memory once the server has nothing left to do: what it used of a processor between two looks is hardly any. */
async function settled(server: Contender): Promise<number> {
  let last = await server.usage();
  for (let count = 0; count < MAX_LOOKS; count += 1) {
    await wait(LOOK_MS);
    const now = await server.usage();
    if (now.cpuSeconds - last.cpuSeconds < (LOOK_MS / 1_000) * QUIET) return collected(server);
    last = now;
  }
  throw new Error(`${server.name} is still busy after ${(MAX_LOOKS * LOOK_MS) / 1_000} s with readers that stall`);
}
