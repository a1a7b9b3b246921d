/**
 * The process that runs jsfuzz's own fuzzer as it was published. It knows which input is being run, watches over the process
 * with the target as jsfuzz does every three seconds only, and tells what that process says beside jsfuzz's messages.
 */
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { inputOf } from '../latin1-input.ts';
import type { FromGuest, FromHost, HostOrders } from './protocol.ts';

/** What is used of jsfuzz 1.0.15. */
interface Fuzzer {
  readonly worker: ChildProcess;
  readonly total_executions: number;
  readonly total_coverage: number;
  readonly corpus: { putBuffer(input: Uint8Array): void; getLength(): number };
  start(): void;
}

interface FuzzerModule {
  readonly Fuzzer: new (
    target: string,
    folders: readonly string[],
    artifact: string | undefined,
    rssLimitMb: number,
    timeoutSeconds: number,
    regression: boolean,
    onlyAscii: boolean,
    versifier: boolean,
  ) => Fuzzer;
}

type Usage = (pid: number) => Promise<{ readonly ctime: number }>;

const LOOK_EVERY_MS = 50;
const PULSE_MS = 250;
/** The first execution loads the target. */
const START_MS = 30_000;
/** How many times longer an execution may take that the processor has no time for. */
const PATIENCE = 10;
const DAY_S = 86_400;

host(JSON.parse(process.argv[2] ?? '{}'));

function host(orders: HostOrders): void {
  process.chdir(orders.work);
  const load = createRequire(orders.jsfuzz);
  const { Fuzzer }: FuzzerModule = load(orders.jsfuzz);
  const usage: Usage = load('pidusage');
  // Its own watch over time is off: it looks every three seconds.
  const fuzzer = new Fuzzer('target.cjs', ['corpus'], undefined, orders.heapMb, DAY_S, false, false, true);
  const { worker, corpus } = fuzzer;

  let current: Uint8Array = new Uint8Array();
  let sentAt = performance.now();
  let workerCpuMs = 0;
  let isOver = false;

  const measure = async (): Promise<void> => {
    // A process that has just ended has no times any more: the last known ones stay.
    const { ctime } = await usage(worker.pid ?? 0).catch(() => ({ ctime: workerCpuMs }));
    workerCpuMs = Math.max(workerCpuMs, ctime);
  };
  const pulse = (): void => {
    const { user, system } = process.cpuUsage();
    tell({
      kind: 'pulse',
      executions: fuzzer.total_executions,
      coverage: fuzzer.total_coverage,
      corpusEntries: corpus.getLength(),
      cpuMs: workerCpuMs + (user + system) / 1_000,
    });
  };
  const end = async (last: FromHost): Promise<void> => {
    if (isOver) return;
    isOver = true;
    await measure();
    worker.kill('SIGKILL');
    pulse();
    process.send?.(last, () => process.exit(0));
  };

  const send = worker.send.bind(worker);
  worker.send = (message: { readonly buf: Uint8Array }) => {
    if (isOver) return true;
    current = message.buf;
    sentAt = performance.now();
    if (fuzzer.total_executions < orders.maxExecutions) return send(message);
    void end({ kind: 'done' });
    return true;
  };
  const emit = worker.emit.bind(worker);
  worker.emit = (event: string, ...args: unknown[]) => {
    const [message] = args;
    const told = event === 'message' ? guestMessage(message) : undefined;
    if (told === undefined) return emit(event, ...args);
    if (told.kind === 'broken') void end(told);
    else
      tell({
        kind: 'failure',
        failure: told.failure,
        input: told.input,
        execution: told.isPinned ? fuzzer.total_executions + 1 : -1,
      });
    return true;
  };
  const put = corpus.putBuffer.bind(corpus);
  corpus.putBuffer = (input) => {
    put(input);
    tell({ kind: 'entry', input: inputOf(input) });
  };

  worker.on('exit', (code, signal) => {
    if (signal === null) void end(death('lost', `process.exit(${code}) was called`));
    else void end(death('oom', 'one execution fills the memory'));
  });
  process.on('message', () => void end({ kind: 'done' }));
  process.on('disconnect', () => {
    worker.kill('SIGKILL');
    process.exit(1);
  });
  let suspect: { readonly execution: number; readonly cpuMs: number } | undefined;
  const look = async (): Promise<void> => {
    const limit = fuzzer.total_executions === 0 ? START_MS : orders.hangMs;
    const waitedMs = performance.now() - sentAt;
    if (waitedMs <= limit) return;
    // jsfuzz may have been thinking meanwhile, with the answer waiting for it, and the machine may be busy with others.
    await measure();
    const execution = fuzzer.total_executions;
    if (suspect?.execution !== execution) suspect = { execution, cpuMs: workerCpuMs };
    else if (workerCpuMs - suspect.cpuMs > limit / 2 || waitedMs > PATIENCE * limit)
      await end(death('hang', `one execution takes more than ${limit} ms`));
  };
  setInterval(() => void look(), LOOK_EVERY_MS);
  setInterval(() => void measure().then(pulse), PULSE_MS);
  fuzzer.start();

  function death(kind: 'hang' | 'oom' | 'lost', message: string): FromHost {
    return { kind: 'death', death: kind, message, input: inputOf(current) };
  }
}

function guestMessage(message: unknown): FromGuest | undefined {
  if (typeof message !== 'object' || message === null || !('aeronet' in message)) return undefined;
  const { aeronet }: { aeronet: FromGuest | unknown } = message;
  return isFromGuest(aeronet) ? aeronet : undefined;
}

function isFromGuest(message: unknown): message is FromGuest {
  return typeof message === 'object' && message !== null && 'kind' in message;
}

function tell(message: FromHost): void {
  process.send?.(message);
}
