/**
 * Adapter of Jazzer.js: libFuzzer with coverage and comparisons of JavaScript, a second opinion where its native part loads.
 * Its command runs in a process of its own, on the tree as it is: its loader instruments the subject alone. Crashes are told by
 * the guest; what ends the process is read from the file that libFuzzer leaves.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { sha256 } from '../../campaign/bundle.ts';
import { openSandbox, type Sandbox } from '../../campaign/sandbox.ts';
import { FuzzError } from '../../errors.ts';
import { readModuleGraph } from '../aeronet/module-graph.ts';
import type { EngineOptions, EngineStats, Find } from '../engine.ts';
import { sign } from '../failure.ts';
import type { GuestOrders } from '../guest.ts';
import { octetsOf } from '../latin1-input.ts';
import { loadTarget, targetModule } from '../load-target.ts';
import { resolveEngine } from '../optional-package.ts';
import { DEFAULT_WATCH_LIMITS, workerEntry } from '../watched-worker.ts';
import type { FromJazzer } from './guest.ts';

/** The version that this adapter is made for. */
export const JAZZER_VERSION = '4.0.0';

const POLL_MS = 200;
const PROBE_MS = 20_000;
const MAX_RESTARTS = 100;
const LAST_RESORT_S = 30;

/**
 * Fuzzes a target with Jazzer.js until the budget is used up or the signal aborts. Between executions it lets what the target
 * left behind run; `sync` does not, and is faster: late errors come to nothing there.
 * @throws FuzzError (exit 2: not installed, does not load on this machine, or the target is invalid; exit 3: it does not start)
 */
export async function fuzzTarget(options: EngineOptions, { sync = false } = {}): Promise<EngineStats> {
  const core = demandEngine();
  const target = await loadTarget(options.tree, options.target);
  mkdirSync(options.cache, { recursive: true });
  const work = mkdtempSync(join(resolve(options.cache), 'jazzer-'));
  let sandbox: Promise<Sandbox> | undefined;
  try {
    writeWork(work, options);
    const tree = realpathSync(options.tree);
    const command = [
      join(core, 'dist', 'cli.js'),
      join(work, 'target.mjs'),
      join(work, 'corpus'),
      ...target.subject.flatMap((prefix) => ['-i', join(tree, prefix)]),
      ...['--disableBugDetectors', '.*', '--timeout', String(options.hangMs)],
      ...(sync ? ['--sync'] : []),
      '--',
      `-artifact_prefix=${join(work, 'artifacts')}/`,
      `-max_len=${target.maxLength}`,
      `-rss_limit_mb=${2 * (options.heapMb ?? DEFAULT_WATCH_LIMITS.heapMb) + 1_024}`,
      // libFuzzer takes 0 for "any".
      `-seed=${options.seed + 1}`,
    ];
    return await supervise(options, work, command, async (input) => {
      sandbox ??= openSandbox(options.tree, options.target, options.hangMs);
      return (await sandbox).run(input, true);
    });
  } finally {
    await (await sandbox)?.close();
    rmSync(work, { recursive: true, force: true });
  }
}

/** Folder of Jazzer.js, which loads on this machine. @throws FuzzError (exit 2) where it is not installed, or does not load */
export function demandEngine(): string {
  const core = dirname(resolveEngine('jazzer', JAZZER_VERSION, '@jazzer.js/core/package.json'));
  probe(core);
  return core;
}

function readWhole(file: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    return undefined;
  }
}

/** Whether the native part loads, in a process that it may take along. @throws FuzzError (exit 2) in the loader's own words */
export function probe(core: string): void {
  const script = 'try { require("@jazzer.js/fuzzer"); } catch (error) { console.log(error.message); process.exit(1); }';
  const { status, signal, stdout } = spawnSync(process.execPath, ['-e', script], {
    cwd: core,
    encoding: 'utf8',
    timeout: PROBE_MS,
  });
  if (status === 0) return;
  const words = stdout.trim().split('\n')[0] ?? '';
  throw new FuzzError(
    2,
    `engine jazzer does not load here: ${words === '' ? `its process ended by ${signal ?? status}` : words}`,
  );
}

/** What Jazzer.js is started on. */
function writeWork(work: string, { tree, target, seeds }: EngineOptions): void {
  for (const folder of ['corpus', 'artifacts']) mkdirSync(join(work, folder));
  const modules = readModuleGraph(tree, targetModule(target)).map(({ path }) => path);
  const orders: GuestOrders = { folder: resolve(tree), target, modules };
  const args = [orders, join(work, 'events.ndjson')].map((value) => JSON.stringify(value)).join(', ');
  writeFileSync(
    join(work, 'target.mjs'),
    `import { openJazzerGuest } from ${JSON.stringify(workerEntry('guest', import.meta.url).href)};
const run = await openJazzerGuest(${args});
export const fuzz = (data) => run(data);
`,
  );
  for (const seed of seeds) writeFileSync(join(work, 'corpus', sha256(seed)), seed);
}

function supervise(
  options: EngineOptions,
  work: string,
  command: readonly string[],
  explain: Sandbox['run'],
): Promise<EngineStats> {
  const startedAt = performance.now();
  const known = new Set<string>();
  const seen = new Set(readdirSync(join(work, 'corpus')));
  const events = join(work, 'events.ndjson');
  const total = { executions: 0, cpuMs: 0 };
  let before = { ...total };
  let coverage = 0;
  let restarts = 0;
  let child: ChildProcess | undefined;
  let broken: string | undefined;
  let lastWords = '';

  const stats = (): EngineStats => ({
    ...total,
    edgesHit: coverage,
    imported: 0,
    singles: 0,
    // It does not say how many there are.
    edgesTotal: coverage,
    corpusEntries: seen.size,
    replayed: options.seeds.length,
    elapsedMs: performance.now() - startedAt,
    restarts,
  });
  const find = (found: Find): void => {
    if (known.has(found.failure.signature)) return;
    known.add(found.failure.signature);
    options.onFind(found);
  };
  const receive = (message: FromJazzer): void => {
    if (message.kind === 'pulse') {
      total.executions = before.executions + message.executions;
      total.cpuMs = before.cpuMs + message.cpuMs;
    } else if (message.kind === 'failure') {
      const execution = message.isPinned ? before.executions + message.execution : -1;
      find({ failure: message.failure, input: octetsOf(message.input), execution });
    } else broken = message.message;
  };

  /** Reads what was written since the last time. */
  let readTo = 0;
  const poll = (): void => {
    const text = existsSync(events) ? readFileSync(events, 'utf8') : '';
    const end = text.lastIndexOf('\n') + 1;
    for (const line of text.slice(readTo, end).split('\n')) if (line !== '') receive(JSON.parse(line));
    readTo = Math.max(readTo, end);
    for (const name of readdirSync(join(work, 'corpus'))) {
      if (seen.has(name)) continue;
      // libFuzzer removes an input that a smaller one replaces, and may be about to write this one.
      const input = readWhole(join(work, 'corpus', name));
      if (input === undefined || createHash('sha1').update(input).digest('hex') !== name) continue;
      seen.add(name);
      // It keeps what reaches a feature, and does not say which.
      options.onEntry(input, true);
    }
    options.onPulse(stats());
  };

  return new Promise((fulfil, reject) => {
    let isOver = false;
    const finish = (error?: Error): void => {
      if (isOver) return;
      isOver = true;
      clearInterval(polling);
      clearTimeout(timer);
      options.signal.removeEventListener('abort', stop);
      process.off('exit', reap);
      child?.kill('SIGKILL');
      poll();
      if (error === undefined) fulfil(stats());
      else reject(error);
    };
    const stop = (): void => finish();
    // Nothing outlives the process that started it, and where that could not see to it, libFuzzer's own limit does.
    const reap = (): void => void child?.kill('SIGKILL');
    process.on('exit', reap);

    const start = (): void => {
      const left = options.budget.executions - before.executions;
      const runs = left < 2 ** 31 ? [`-runs=${left}`] : [];
      const time = `-max_total_time=${Math.ceil(options.budget.timeMs / 1_000) + LAST_RESORT_S}`;
      child = spawn(process.execPath, [...command, ...runs, time], { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] });
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        coverage = Math.max(coverage, ...[...text.matchAll(/ cov: (\d+)/g)].map(([, count]) => Number(count)));
        lastWords = `${lastWords}${text}`.slice(-2_000);
      });
      child.on('close', (code) => void ended(code).catch(finish));
    };

    const ended = async (code: number | null): Promise<void> => {
      if (isOver) return;
      poll();
      const [artifact] = readdirSync(join(work, 'artifacts'));
      if (broken !== undefined) return finish(new FuzzError(3, broken));
      if (artifact === undefined) {
        const words = lastWords.trim().split('\n').at(-1) ?? '';
        return finish(code === 0 ? undefined : new FuzzError(3, `engine jazzer ended with ${code}: ${words}`));
      }
      const file = join(work, 'artifacts', artifact);
      const input = new Uint8Array(readFileSync(file));
      rmSync(file);
      rmSync(join(work, 'corpus', sha256(input)), { force: true });
      const kind = artifact.startsWith('timeout') ? 'hang' : artifact.startsWith('oom') ? 'oom' : 'lost';
      const message = `Jazzer.js ended with ${code}`;
      const failure = (await explain(input)) ?? sign({ kind, errorClass: 'none', message, frames: [], stack: '' });
      find({ failure, input, execution: total.executions });
      if (isOver || restarts >= MAX_RESTARTS || total.executions >= options.budget.executions) return finish();
      restarts++;
      before = { ...total };
      start();
    };

    const polling = setInterval(poll, POLL_MS);
    const timer = setTimeout(stop, Math.min(options.budget.timeMs, 0x7fff_ffff));
    options.signal.addEventListener('abort', stop);
    if (options.signal.aborted) stop();
    else start();
  });
}
