/**
 * Runs single inputs on the build as it is, in a watched worker: whatever an input does, the answer is a failure or none.
 * Calls are answered one after another.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FuzzTarget } from '../define.ts';
import { MINIMISE_CAPS, type Minimised, minimise } from '../engines/aeronet/minimise.ts';
import { mirrorTarget } from '../engines/aeronet/mirror.ts';
import { readModuleGraph } from '../engines/aeronet/module-graph.ts';
import type { Failure, FailureKind } from '../engines/failure.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { checkTargetName, loadTarget, targetModule } from '../engines/load-target.ts';
import {
  DEFAULT_WATCH_LIMITS,
  type Death,
  deathFailure,
  startWatchedWorker,
  type WatchedWorker,
  workerEntry,
} from '../engines/watched-worker.ts';
import { WORK_CLASS } from '../engines/work.ts';
import { FuzzError } from '../errors.ts';
import { addTo, type EventLog, type LogLine, type Way } from '../events/log.ts';
import { grammarOf } from '../grammar/grammar-of.ts';
import type { FromTriage, ToTriage, TriageOrders } from './triage-protocol.ts';

export interface Sandbox {
  /** The same on code that counts its work: where it is asked how much of that a failure is about. */
  forFailure(failure: Pick<Failure, 'errorClass'>): Sandbox;
  /** How the input fails, or undefined. `patient` waits for late errors too. */
  run(input: Uint8Array, patient?: boolean): Promise<Failure | undefined>;
  /** How each of many inputs fails, in one question; none is told where one of them kills its thread. */
  runAll(inputs: readonly Uint8Array[]): Promise<readonly (Failure | undefined)[] | undefined>;
  /** What the subject says of the input, up to where it throws or hangs; undefined where the target tells nothing. */
  events(input: Uint8Array): Promise<EventLog | undefined>;
  /** A smaller input with the same signature; the same input where none was found. */
  minimise(input: Uint8Array, failure: Pick<Failure, 'signature' | 'kind'>): Promise<Minimised>;
  close(): Promise<void>;
}

/** An input that kills its worker costs a thread each time: few are tried, with a short patience. */
const DEADLY_CAPS = { executions: 50, timeMs: 10_000 };
const DEADLY_HANG_MS = 250;

/** Opens a sandbox for a target of a built tree. @throws FuzzError (exit 2) for an unknown target. */
export async function openSandbox(tree: string, name: string, hangMs: number): Promise<Sandbox> {
  checkTargetName(tree, name);
  const target = await loadTarget(tree, name);
  const modules = readModuleGraph(tree, targetModule(name)).map((module) => module.path);
  const plain = createRoom({ tree, target: name, modules }, target, hangMs);
  let counting: Room | undefined;
  let cache: string | undefined;

  const count = (): Room => {
    cache = mkdtempSync(join(tmpdir(), 'aeronet-counting-'));
    const { folder, edges, comparisons } = mirrorTarget(tree, targetModule(name), target.subject, cache);
    return createRoom({ tree: folder, target: name, modules, counting: { edges, comparisons } }, target, hangMs);
  };
  const withRooms = (room: Room): Sandbox => ({
    ...room,
    forFailure({ errorClass }) {
      if (errorClass !== WORK_CLASS) return sandbox;
      counting ??= count();
      return withRooms(counting);
    },
    async close() {
      await plain.close();
      await counting?.close();
      if (cache !== undefined) rmSync(cache, { recursive: true, force: true });
    },
  });
  const sandbox = withRooms(plain);
  return sandbox;
}

type Room = Omit<Sandbox, 'forFailure'>;

function createRoom(orders: TriageOrders, target: FuzzTarget, hangMs: number): Room {
  const { modules } = orders;
  const ask = createAsker(orders, hangMs);

  const run = async (input: string, patient: boolean): Promise<Failure | undefined> => {
    const { answer, death } = await ask.ask({ kind: 'run', input, patient });
    if (death !== undefined) return deathFailure(death, modules);
    return answer?.kind === 'ran' ? answer.failure : undefined;
  };

  return {
    run: (input, patient = false) => run(inputOf(input), patient),

    async runAll(inputs) {
      const { answer } = await ask.ask({ kind: 'run-all', inputs: inputs.map(inputOf) });
      return answer?.kind === 'ran-all' ? answer.failures : undefined;
    },

    async events(input) {
      if (target.events === undefined) return undefined;
      const { death, told = [] } = await ask.ask({ kind: 'events', input: inputOf(input) });
      return logOf(told, death);
    },

    async minimise(input, failure) {
      const patient = failure.kind === 'late';
      if (isDeadly(failure.kind)) {
        const sandbox = createAsker(orders, Math.min(hangMs, DEADLY_HANG_MS));
        try {
          const stillFails = async (candidate: string): Promise<boolean> => {
            const { death } = await sandbox.ask({ kind: 'run', input: candidate, patient });
            return death !== undefined && deathFailure(death, modules).signature === failure.signature;
          };
          return await minimise(inputOf(input), stillFails, grammarOf(target.grammar, target), DEADLY_CAPS);
        } finally {
          await sandbox.close();
        }
      }
      const { answer, smallest } = await ask.ask({
        kind: 'minimise',
        input: inputOf(input),
        signature: failure.signature,
        patient,
      });
      if (answer?.kind === 'minimised') return answer;
      return { input: smallest ?? inputOf(input), executions: MINIMISE_CAPS.executions };
    },

    close: () => ask.close(),
  };
}

/** The log of what was told; a death is its last line, and a second way that was not begun is empty. */
function logOf(told: readonly Told[], death: Death | undefined): EventLog {
  const log: Record<Way, LogLine[]> = { whole: [], 'octet by octet': [] };
  for (const { way, line } of told) addTo(log[way], line);
  if (death !== undefined) {
    const last = told.at(-1);
    const { kind, message: text } = death;
    log[last?.way ?? 'whole'].push({ kind, offset: last?.line.offset ?? 0, text, bytes: text.length });
  }
  return log;
}

/** Whether a failure of that kind ends the thread that it happens in. */
function isDeadly(kind: FailureKind): boolean {
  return kind === 'hang' || kind === 'oom' || kind === 'lost';
}

interface Reply {
  readonly answer?: FromTriage;
  readonly death?: Death;
  /** Events, of whoever was asked for them. */
  readonly told?: readonly Told[];
  /** The smallest input reported before the worker died. */
  readonly smallest?: string | undefined;
}

type Told = Extract<FromTriage, { kind: 'told' }>;

/** One question at a time; a worker that died is started again for the next. */
function createAsker(orders: TriageOrders, hangMs: number) {
  let worker: WatchedWorker<ToTriage> | undefined;
  let settle: ((reply: Reply) => void) | undefined;
  let refuse: ((error: Error) => void) | undefined;
  let smallest: string | undefined;
  let told: Told[] = [];
  let queue: Promise<unknown> = Promise.resolve();

  const start = (): WatchedWorker<ToTriage> =>
    startWatchedWorker<FromTriage, ToTriage>({
      entry: workerEntry('triage-worker', import.meta.url),
      data: orders,
      limits: { ...DEFAULT_WATCH_LIMITS, hangMs },
      onMessage(message) {
        if (message.kind === 'smaller') smallest = message.input;
        else if (message.kind === 'told') told.push(message);
        else if (message.kind === 'broken') refuse?.(new FuzzError(3, message.message));
        else if (message.kind !== 'ready') settle?.({ answer: message, told });
      },
      onDeath(death) {
        worker = undefined;
        if (death.inTarget) settle?.({ death, smallest, told });
        else refuse?.(new FuzzError(3, `fuzz target ${orders.target} does not start: ${death.message}`));
      },
    });

  const once = (question: ToTriage): Promise<Reply> =>
    new Promise((resolve, reject) => {
      settle = resolve;
      refuse = reject;
      smallest = undefined;
      told = [];
      worker ??= start();
      worker.post(question);
    });

  return {
    ask(question: ToTriage): Promise<Reply> {
      const reply = queue.then(() => once(question));
      queue = reply.catch(() => undefined);
      return reply;
    },
    async close(): Promise<void> {
      await worker?.close();
      worker = undefined;
    },
  };
}
