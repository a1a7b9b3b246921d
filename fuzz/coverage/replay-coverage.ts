/** Replays corpora target by target and tells what of the sans-IO core each of them runs: raw, as V8 counts it. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { inputOf } from '../engines/latin1-input.ts';
import { DEFAULT_WATCH_LIMITS, startWatchedWorker, workerEntry } from '../engines/watched-worker.ts';
import { FuzzError } from '../errors.ts';
import type { FromLines, LinesOrders, ScriptCoverage, ToLines } from './lines-protocol.ts';

/** The inputs of one target. */
export interface TargetInputs {
  readonly target: string;
  readonly inputs: readonly Uint8Array[];
}

export interface TargetReplay {
  readonly target: string;
  readonly entries: number;
  /** Inputs that the target does not pass; what they ran is counted too. */
  readonly failed: number;
  readonly scripts: readonly ScriptCoverage[];
  readonly codes: readonly string[];
}

export interface CorpusReplay {
  readonly targets: readonly TargetReplay[];
  /** Targets that cannot be run here, with the reason. */
  readonly skipped: readonly { readonly target: string; readonly message: string }[];
  /** Every code of the registries. */
  readonly codes: readonly string[];
}

/** Parts of core that need Node, a socket or a clock: no input of a peer's alone runs them. */
const NEEDS_NODE = ['core/io/', 'core/server/', 'core/index.'];

/** Modules of the sans-IO core in a built tree, as `core/http1/parser.js`. @throws FuzzError (exit 2) where there are none */
export function sansIoModules(tree: string): string[] {
  const root = join(tree, 'core');
  const files = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
  const modules = files
    .map((path) => `core/${path.split(sep).join('/')}`)
    .filter((path) => path.endsWith('.js') && !NEEDS_NODE.some((prefix) => path.startsWith(prefix)));
  if (modules.length === 0) throw new FuzzError(2, `no core in ${tree}; build it with: npm run build`);
  return modules.sort();
}

/**
 * Replays every input once, one after another. `isByTarget`: each target in a thread of its own, so that what it runs can be
 * told from what others do; otherwise all in one, and the last of them tells for all.
 * @throws FuzzError (exit 3) for an input that never returns; AbortError
 */
export async function replayForCoverage(
  tree: string,
  corpus: readonly TargetInputs[],
  isByTarget: boolean,
  hangMs: number,
  signal: AbortSignal,
): Promise<CorpusReplay> {
  const orders: LinesOrders = { tree: resolve(tree), modules: sansIoModules(tree) };
  const all: CorpusReplay = { targets: [], skipped: [], codes: [] };
  const groups = isByTarget ? corpus.map((one) => [one]) : [corpus];
  return groups.reduce(async (before, group) => {
    const { targets, skipped } = await before;
    const { targets: more, skipped: left, codes } = await replayGroup(orders, group, hangMs, signal);
    return { targets: [...targets, ...more], skipped: [...skipped, ...left], codes };
  }, Promise.resolve(all));
}

/** Replays targets in one thread. */
async function replayGroup(
  orders: LinesOrders,
  group: readonly TargetInputs[],
  hangMs: number,
  signal: AbortSignal,
): Promise<CorpusReplay> {
  let settle: (message: FromLines) => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  let running = 'the core';
  const next = (): Promise<FromLines> =>
    new Promise((resolve, reject) => {
      settle = resolve;
      refuse = reject;
    });
  let answer = next();
  const worker = startWatchedWorker<FromLines, ToLines>({
    entry: workerEntry('lines-worker', import.meta.url),
    data: orders,
    limits: { ...DEFAULT_WATCH_LIMITS, hangMs },
    onMessage: (message) => settle(message),
    onDeath: (death) =>
      refuse(new FuzzError(3, `${running} cannot be replayed (${death.message}): see npx aeronet replay`)),
  });
  try {
    const ready = await answer;
    if (ready.kind !== 'ready') throw broken(ready, running);
    const targets: TargetReplay[] = [];
    const skipped: { target: string; message: string }[] = [];
    for (const [index, { target, inputs }] of group.entries()) {
      signal.throwIfAborted();
      running = target;
      answer = next();
      worker.post({ target, inputs: inputs.map(inputOf), isLast: index === group.length - 1 });
      const message = await answer;
      if (message.kind === 'replayed') targets.push({ ...message, entries: inputs.length });
      else if (message.kind === 'skipped') skipped.push(message);
      else throw broken(message, target);
    }
    // Who was to tell for all is not here: the last that is has nothing more to replay, and tells.
    const last = targets.at(-1);
    if (last !== undefined && last.scripts.length === 0) {
      answer = next();
      worker.post({ target: last.target, inputs: [], isLast: true });
      const message = await answer;
      if (message.kind !== 'replayed') throw broken(message, last.target);
      targets[targets.length - 1] = { ...last, scripts: message.scripts };
    }
    return { targets, skipped, codes: ready.codes };
  } finally {
    await worker.close();
  }
}

function broken(message: FromLines, name: string): FuzzError {
  return new FuzzError(3, message.kind === 'broken' ? message.message : `${name} answers out of turn`);
}
