/**
 * The numbers that campaigns are held to, each measured beside its bar: what becomes of a find, of a corpus, of a replay, of an
 * input that would take its process along, and how many executions a second of processor time has beside llhttp.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  builtTree,
  cmin,
  defaultCorpus,
  type EngineStats,
  openSandbox,
  readTargetCorpus,
  runEngine,
  saveFind,
} from '../../fuzz/index.ts';
import { median } from '../../reports/paired.ts';
import { plant, selectBugs } from './planted.ts';

/** One number. */
export interface FuzzNumber {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 'of 6' | '/CPU s';
  readonly bar: number;
  /** Whether the bar is a floor. */
  readonly isFloor: boolean;
  readonly note: string;
}

/** How often each is measured; the median counts. */
const ROUNDS = 7;
const BUNDLES = 64;
const ENTRIES = 1_000;
const COLLECTING_EXECUTIONS = 30_000;
const BESIDE_LLHTTP = { timeMs: 120_000, executions: 200_000 };
const HANG_MS = 1_000;
const REPLAYED = ['target-host', 'hpack-decode', 'http1-request'] as const;

/** Measures all, one after another. */
export async function* fuzzNumbers(signal: AbortSignal): AsyncGenerator<FuzzNumber> {
  const room = mkdtempSync(join(tmpdir(), 'aeronet-numbers-'));
  const measures = [minimised, durable, shrunk, ...REPLAYED.map(replayed), contained, besideLlhttp];
  try {
    for (const measure of measures) {
      signal.throwIfAborted();
      yield await measure(room, signal);
    }
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/** Requests that fail on a core that wraps a length at 32 bits, among requests that do not matter. */
const FAILING = [
  'GET /one?a=1 HTTP/1.1\r\nHost: example.com\r\nAccept: text/html, */*;q=0.1\r\nUser-Agent: typical/1.0\r\n\r\n',
  'POST /two HTTP/1.1\r\nHost: example.com\r\nContent-Type: text/plain\r\nContent-Length: 4294967301\r\nX-More: 1\r\n\r\nhello',
  'GET /three HTTP/1.1\r\nHost: example.com\r\nCookie: a=b; c=d\r\n\r\n',
].join('');

async function minimised(room: string): Promise<FuzzNumber> {
  const tree = join(room, 'planted');
  const [bug] = selectBugs(['length-overflow']);
  if (bug === undefined) throw new Error('length-overflow is planted no more');
  plant(bug, tree);
  const input = Uint8Array.from(Buffer.from(FAILING, 'latin1'));
  const sandbox = await openSandbox(tree, bug.target, HANG_MS);
  try {
    const failure = await sandbox.run(input);
    if (failure === undefined) throw new Error('what was planted does not fail');
    let note = '';
    const { value, cpu } = await medianMs(async () => {
      const smaller = await sandbox.minimise(input, failure);
      note = `${input.length} octets to ${smaller.input.length}, ${smaller.executions} executions`;
    });
    return {
      what: 'minimise a crash, same signature',
      value,
      unit: 'ms',
      bar: 100,
      isFloor: false,
      note: `${note}; ${cpu}`,
    };
  } finally {
    await sandbox.close();
  }
}

async function durable(room: string): Promise<FuzzNumber> {
  const input = Uint8Array.from(Buffer.from(FAILING, 'latin1'));
  const times: number[] = [];
  for (let index = 0; index < BUNDLES; index++) {
    const signature = `v1:${index.toString(16).padStart(16, '0')}`;
    const failure = { signature, kind: 'exception', errorClass: 'E', message: 'm', frames: [], stack: '' } as const;
    const startedAt = performance.now();
    saveFind({ failure, input, execution: index }, 'target-host', room, { engine: 'aeronet', seed: 1, commit: '' });
    times.push(performance.now() - startedAt);
  }
  const worst = [...times].sort((a, b) => a - b)[Math.floor(BUNDLES * 0.9)] ?? 0;
  const note = `nine of ten within ${worst.toFixed(1)} ms, ${BUNDLES} bundles`;
  return { what: 'a bundle, flushed to the disk', value: median(times), unit: 'ms', bar: 20, isFloor: false, note };
}

async function shrunk(room: string, signal: AbortSignal): Promise<FuzzNumber> {
  const target = 'http1-request';
  const inputs: Uint8Array[] = [];
  for (let seed = 1; inputs.length < ENTRIES; seed++) {
    const budget = { timeMs: 60_000, executions: COLLECTING_EXECUTIONS };
    await runEngine('aeronet', { ...given(room, target, signal), seed, budget, onEntry: (one) => inputs.push(one) });
  }
  const offered = inputs.slice(0, ENTRIES).map((input, index) => ({ path: String(index), input }));
  const measured = { tree: builtTree(), target, cache: join(room, 'cache'), hangMs: HANG_MS, signal };
  let note = '';
  const { value, cpu } = await medianMs(async () => {
    const { kept, runMs, chooseMs } = await cmin(measured, offered);
    note = `of ${target}, to ${kept.length}; of it the choice ${chooseMs.toFixed(0)} ms`;
    return runMs + chooseMs;
  });
  return {
    what: 'minimise a corpus of 1,000',
    value,
    unit: 'ms',
    bar: 300,
    isFloor: false,
    note: `${note}; with loading ${cpu}`,
  };
}

function replayed(target: string): (room: string) => Promise<FuzzNumber> {
  return async () => {
    const seeds = readTargetCorpus(defaultCorpus(), target).flatMap((entry) =>
      entry.kind === 'seed' ? [entry.input] : [],
    );
    const inputs = Array.from({ length: ENTRIES }, (_, index) => seeds[index % seeds.length] ?? new Uint8Array());
    const sandbox = await openSandbox(builtTree(), target, HANG_MS);
    try {
      await sandbox.run(new Uint8Array());
      let isSound = true;
      const { value, cpu } = await medianMs(async () => {
        const failures = await sandbox.runAll(inputs);
        isSound &&= failures?.every((failure) => failure === undefined) === true;
      });
      const note = `${target}, its ${seeds.length} seeds${isSound ? '' : ', NOT ALL PASS'}; ${cpu}`;
      return { what: 'replay of 1,000 entries', value, unit: 'ms', bar: 100, isFloor: false, note };
    } finally {
      await sandbox.close();
    }
  };
}

/** Inputs that loop, recurse, end the process, fill the memory, throw in a timer, and reject what nobody handles. */
const DEADLY = ['!h', '!s', '!e', '!m', '!t', '!r'];

async function contained(room: string, signal: AbortSignal): Promise<FuzzNumber> {
  const found = new Map<string, string>();
  const enough = new AbortController();
  await runEngine('aeronet', {
    ...given(room, 'planted-deaths', AbortSignal.any([signal, enough.signal])),
    tree: join(builtTree(), 'fuzz/fixtures/planted'),
    seeds: DEADLY.map((text) => Uint8Array.from(Buffer.from(text))),
    budget: { timeMs: 90_000, executions: Number.MAX_SAFE_INTEGER },
    heapMb: 96,
    onFind({ failure, input }) {
      const text = Buffer.from(input).toString('latin1');
      if (DEADLY.includes(text)) found.set(text, failure.kind);
      if (found.size === DEADLY.length) enough.abort();
    },
  });
  const note = [...found].map(([input, kind]) => `${input} ${kind}`).join(', ');
  return { what: 'deaths with the exact input', value: found.size, unit: 'of 6', bar: 6, isFloor: true, note };
}

async function besideLlhttp(room: string, signal: AbortSignal): Promise<FuzzNumber> {
  const target = 'differential-http1';
  let first: EngineStats | undefined;
  const last = await runEngine('aeronet', {
    ...given(room, target, signal),
    budget: BESIDE_LLHTTP,
    onPulse(stats) {
      // Until then half of the time is the compiler's.
      if (stats.executions > BESIDE_LLHTTP.executions / 8) first ??= stats;
    },
  });
  const executions = last.executions - (first?.executions ?? 0);
  const value = (executions * 1_000) / (last.cpuMs - (first?.cpuMs ?? 0));
  const note = `${executions.toLocaleString('en')} executions, from nothing`;
  return { what: 'executions beside llhttp', value, unit: '/CPU s', bar: 30_000, isFloor: true, note };
}

/** What all runs of an engine here have in common. */
function given(room: string, target: string, signal: AbortSignal) {
  const cache = join(room, 'cache');
  mkdirSync(cache, { recursive: true });
  const none = (): void => undefined;
  const seeds: Uint8Array[] = [];
  return {
    ...{ tree: builtTree(), target, seeds, extraWords: [], seed: 1, cache, hangMs: HANG_MS, signal },
    ...{ onFind: none, onEntry: none, onPulse: none },
  };
}

/** The median of the time that a task takes, or says that it took, and of that of the processor. */
async function medianMs(task: () => Promise<unknown>): Promise<{ readonly value: number; readonly cpu: string }> {
  const times: number[] = [];
  const cpuTimes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    const said = await task();
    const { user, system } = process.cpuUsage(before);
    times.push(typeof said === 'number' ? said : performance.now() - startedAt);
    cpuTimes.push((user + system) / 1_000);
  }
  return { value: median(times), cpu: `${median(cpuTimes).toFixed(1)} ms of the processor` };
}

export const NUMBERS_HEAD = ['| what | number | bar | reached | |', '|---|---|---|---|---|'].join('\n');

/** A line of the table in markdown. */
export function numberRow({ what, value, unit, bar, isFloor, note }: FuzzNumber): string {
  const shown = unit === 'ms' ? value.toFixed(1) : Math.round(value).toLocaleString('en');
  const limit = `${isFloor ? 'at least' : 'below'} ${bar.toLocaleString('en')}`;
  return `| ${what} | ${shown} ${unit} | ${limit} | ${isReached({ value, bar, isFloor }) ? 'yes' : 'NO'} | ${note} |`;
}

/** Whether a number is on the right side of its bar. */
export function isReached({ value, bar, isFloor }: Pick<FuzzNumber, 'value' | 'bar' | 'isFloor'>): boolean {
  return isFloor ? value >= bar : value < bar;
}
