/** Memory that readers cost who ask for a large file and then read nothing of it. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../../reports/paired.ts';
import { pathOf } from './content.ts';
import { HOST } from './listening.ts';
import { runLoad } from './load.ts';
import { start } from './measure.ts';
import type { Scenario } from './scenarios.ts';

/** One server's memory, medians over the rounds. */
export interface MemoryFigure {
  readonly server: string;
  /** With all connections open and nothing asked. */
  readonly idleMib: number;
  /** What was added when all had asked and none had read. */
  readonly addedMib: number;
  /** Of which one connection's share is. */
  readonly addedKibEach: number;
}

export interface MemoryMeasured {
  readonly scenario: Scenario;
  readonly rounds: number;
  readonly memory: readonly MemoryFigure[];
}

const MIB = 1_048_576;
/** Requests that warm a server up. */
const WARM_UP_REQUESTS = 40;
/** Looks at the memory until it stands still, and the time between two. */
const MAX_LOOKS = 40;
const LOOK_MS = 250;

/** Measures each server by itself, in a process of its own for each round. */
export async function measureStalled(
  scenario: Scenario,
  servers: readonly string[],
  rounds: number,
  folder: string,
): Promise<MemoryMeasured> {
  const all = servers.map((server) => ({ server, idle: [] as number[], added: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, idle, added } of round % 2 === 0 ? all : all.toReversed()) {
      const [before, after] = await measureOne(scenario, server, folder);
      idle.push(before / MIB);
      added.push((after - before) / MIB);
    }
  }
  const memory = all.map(({ server, idle, added }) => ({
    server,
    idleMib: Number(median(idle).toFixed(1)),
    addedMib: Number(median(added).toFixed(1)),
    addedKibEach: Number(((median(added) * 1_024) / scenario.connections).toFixed(1)),
  }));
  return { scenario, rounds, memory };
}

/** Octets of memory before and after the readers have asked. */
async function measureOne(scenario: Scenario, name: string, folder: string): Promise<[before: number, after: number]> {
  const server = await start(name, folder);
  const sockets: Socket[] = [];
  try {
    await runLoad({ ...scenario, connections: 4 }, server.port, WARM_UP_REQUESTS);
    for (let index = 0; index < scenario.connections; index += 1) {
      const socket = connect({ host: HOST, port: server.port });
      sockets.push(socket);
      await once(socket, 'connect');
    }
    const before = await settled(async () => (await server.usage()).rssBytes);
    const request = `GET ${pathOf(scenario.fileBytes ?? 0)} HTTP/1.1\r\nHost: ${HOST}:${server.port}\r\n\r\n`;
    for (const socket of sockets) {
      socket.pause();
      socket.write(request);
    }
    return [before, await settled(async () => (await server.usage()).rssBytes)];
  } finally {
    for (const socket of sockets) socket.destroy();
    server.stop();
  }
}

/** A number of octets that has moved by less than one in a hundred between two looks, or the last one. */
async function settled(look: () => Promise<number>): Promise<number> {
  let last = await look();
  for (let count = 0; count < MAX_LOOKS; count += 1) {
    await wait(LOOK_MS);
    const now = await look();
    if (Math.abs(now - last) < last / 100 && count > 3) return now;
    last = now;
  }
  return last;
}
