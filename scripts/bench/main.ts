/**
 * `npm run bench`: the core beside Node's own servers, in requests per second of the server's processor time. Throughput moves
 * with everything else that a machine does; work per processor second hardly does, and ratios of pairs taken right after
 * each other least of all.
 *
 *     npm run bench -- [--protocol http1|h2c] [--rounds 10] [--seconds 1] [--control] [--json]
 *
 * Exit codes: 0 measured; 2 a wrong option; 1 anything else.
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { GENERATOR, type Load, runLoad } from './load.ts';
import { median, pairedRatio, type Ratio } from './paired.ts';
import { type Contender, PINS, startContender } from './process.ts';

const ROWS: Readonly<Record<string, { reference: string; loads: Readonly<Record<string, Load>> }>> = {
  http1: {
    reference: 'node:http',
    loads: {
      'keep-alive, 64 connections': { protocol: 'http1', connections: 64, inFlight: 1 },
      'pipelined, 64 connections x 16': { protocol: 'http1', connections: 64, inFlight: 16 },
    },
  },
  h2c: {
    reference: 'node:http2',
    loads: {
      'h2c, 8 connections x 32 streams': { protocol: 'h2c', connections: 8, inFlight: 32 },
      'h2c, 64 connections x 1 stream': { protocol: 'h2c', connections: 64, inFlight: 1 },
    },
  },
};

/** Requests of the first runs, which warm a server up and tell how many it answers in a second. */
const WARM_UP_REQUESTS = 20_000;

interface Measured {
  readonly load: string;
  readonly subject: string;
  readonly reference: string;
  /** Medians, in requests per second of processor time. */
  readonly subjectPerCpuSecond: number;
  readonly referencePerCpuSecond: number;
  readonly ratio: Ratio;
  readonly pairs: number;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === 'string') {
    console.error(`bench: ${options}`);
    return 2;
  }
  const { row, rounds, seconds, subject, json } = options;
  console.error(
    `load by ${GENERATOR}, ${PINS ? 'server and load on a core each' : 'server and load share cores'}, ` +
      `${rounds} pairs of ${seconds} s; load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores; ` +
      `Node ${process.version}`,
  );
  for (const [name, load] of Object.entries(row.loads)) {
    const measured = await measure(name, load, subject ?? row.reference, row.reference, rounds, seconds);
    console.log(json ? JSON.stringify(measured) : describe(measured));
  }
  return 0;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        protocol: { type: 'string', default: 'http1' },
        rounds: { type: 'string', default: '10' },
        seconds: { type: 'string', default: '1' },
        control: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const row = Object.hasOwn(ROWS, values.protocol) ? ROWS[values.protocol] : undefined;
    if (row === undefined) return `--protocol ${values.protocol}: one of ${Object.keys(ROWS).join(', ')}`;
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 3 || rounds > 1_000) return `--rounds ${values.rounds}: 3 to 1000`;
    const seconds = Number(values.seconds);
    if (!(seconds >= 0.1 && seconds <= 30)) return `--seconds ${values.seconds}: 0.1 to 30`;
    return { row, rounds, seconds, subject: values.control ? undefined : 'core', json: values.json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Both servers live through all rounds, and which goes first alternates, so that neither always meets the warmer machine. */
async function measure(
  name: string,
  load: Load,
  subjectName: string,
  referenceName: string,
  rounds: number,
  seconds: number,
): Promise<Measured> {
  const started: Contender[] = [];
  try {
    const contenders = [];
    for (const contender of [subjectName, referenceName]) {
      const server = await startContender(contender);
      started.push(server);
      contenders.push({ server, requests: await calibrate(server, load, seconds), figures: [] as number[] });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
        contender.figures.push(await perCpuSecond(contender.server, load, contender.requests));
      }
    }
    const [subject = [], reference = []] = contenders.map(({ figures }) => figures);
    return {
      load: name,
      subject: subjectName,
      reference: referenceName,
      subjectPerCpuSecond: Math.round(median(subject)),
      referencePerCpuSecond: Math.round(median(reference)),
      ratio: pairedRatio(subject, reference),
      pairs: rounds,
    };
  } finally {
    for (const server of started) server.stop();
  }
}

/** How many requests take about `seconds`; a multiple of the connections, so that each gets the same. */
async function calibrate(server: Contender, load: Load, seconds: number): Promise<number> {
  await runLoad(load, server.port, WARM_UP_REQUESTS);
  const took = await runLoad(load, server.port, WARM_UP_REQUESTS);
  return Math.max(1, Math.round((WARM_UP_REQUESTS * seconds) / took / load.connections)) * load.connections;
}

async function perCpuSecond(server: Contender, load: Load, requests: number): Promise<number> {
  const before = await server.cpuSeconds();
  await runLoad(load, server.port, requests);
  return requests / ((await server.cpuSeconds()) - before);
}

function describe(measured: Measured): string {
  const { load, subject, reference, subjectPerCpuSecond, referencePerCpuSecond, ratio, pairs } = measured;
  const name = subject === reference ? `${subject} (control)` : subject;
  return (
    `${load}: ${name} ${subjectPerCpuSecond}, ${reference} ${referencePerCpuSecond} requests per CPU second; ` +
    `ratio ${ratio.median.toFixed(2)} [${ratio.low.toFixed(2)}, ${ratio.high.toFixed(2)}] of ${pairs} pairs`
  );
}
