import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { BenchError, ConnectError } from '../errors.ts';
import { answersH2 } from '../h2/probe.ts';
import type { StartCommand } from '../subjects/start-command.ts';
import type { Address } from '../wire/connection.ts';
import { exchange, plainGet } from '../wire/exchange.ts';
import { atExit } from './at-exit.ts';
import { freePort } from './free-port.ts';
import { type Launched, launch } from './launch.ts';

/** Most of a target's output that is kept: the last octets. */
const MAX_OUTPUT_BYTES = 64 * 1024;
/** A target that has not answered `GET /` with 200 by then did not start. */
const START_MS = 15_000;
/** Between SIGTERM and SIGKILL. */
const STOP_MS = 3_000;
const POLL_MS = 25;
/**
 * Who has not answered by then is taken for dead, or for not up yet. WHY so long: on a machine that is busy with the cases
 * a server takes its time, and "crash" is the gravest verdict.
 */
const ALIVE_MS = 5_000;
/** A process that has closed its port is given this long to end and to have its last words read. */
const LAST_WORDS_MS = 1_000;

/** A target that the bench started itself. */
export class TargetProcess {
  readonly address: Address;
  /** Temporary folder of its files, which `stop()` removes; empty where it has none. */
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #output: () => string;
  readonly #clear: () => void;
  /** It has ended and all its output was read. */
  readonly #closed: Promise<unknown>;

  /**
   * Starts the command on a free port and waits for its first 200 to `GET /`.
   * @param isUp asks for it, by default with HTTP/1.1
   * @throws BenchError (exit 3) when it is not installed, ends or stays silent; its last output is in the message
   */
  static async start(
    start: StartCommand,
    given: string,
    signal?: AbortSignal,
    isUp: (address: Address) => Promise<boolean> = answers,
  ): Promise<TargetProcess> {
    const port = await freePort();
    const target = new TargetProcess(launch(start, given, port), port);
    const deadlineMs = performance.now() + START_MS;
    while (!(await isUp(target.address))) {
      const late = performance.now() > deadlineMs;
      if (target.alive && !late && signal?.aborted !== true) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        continue;
      }
      const why = !target.alive
        ? `ended (${target.ending})`
        : late
          ? `did not answer GET / with 200 within ${START_MS / 1000} s (${await lastAnswer(target.address)})`
          : 'had not answered GET / with 200 when the run was interrupted';
      await target.stop();
      await target.lastWords();
      throw new BenchError(3, `Target "${given}" ${why}; its last output: ${quoteOutput(target.output) || 'none'}`);
    }
    return target;
  }

  private constructor({ child, tls, folder, clear }: Launched, port: number) {
    this.#child = child;
    this.folder = folder;
    this.#clear = clear;
    this.address = { host: '127.0.0.1', port, tls, authority: `127.0.0.1:${port}` };
    this.#output = keepOutput(child);
    this.#closed = new Promise((resolve) => child.once('close', resolve));
    const { pid } = child;
    if (pid === undefined) return;
    // Should the bench be ended at once, its target, the leader of a group of its own, would outlive it.
    child.once(
      'exit',
      atExit(() => sendSignal(pid, 'SIGKILL')),
    );
  }

  /** Leader of its process group; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** How it ended, in words. */
  get ending(): string {
    const { exitCode, signalCode, pid } = this.#child;
    if (pid === undefined) return 'could not be started';
    return signalCode === null ? `exit code ${exitCode}` : signalCode;
  }

  /** What it printed, at most the last 64 KiB. */
  get output(): string {
    return this.#output();
  }

  /** Waits until it has ended and all it printed is in `output`, or a second has passed: then it is still there. */
  async lastWords(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, LAST_WORDS_MS);
    });
    await Promise.race([this.#closed, late]);
    clearTimeout(timer);
  }

  /** SIGTERM to its process group, SIGKILL when it does not end; its files are removed. */
  async stop(): Promise<void> {
    const { pid } = this.#child;
    if (pid !== undefined) {
      const ended = this.alive ? once(this.#child, 'exit') : Promise.resolve();
      sendSignal(pid, 'SIGTERM');
      const timer = setTimeout(() => sendSignal(pid, 'SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    }
    this.#clear();
  }
}

/**
 * What a reader wants of a dead process's output, on one line: from the last line that names an error on, or the last
 * lines where none does. Indented lines are frames and source.
 */
export function quoteOutput(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  const named = lines.findLastIndex((line) => /^\S/.test(line) && ERROR_WORD.test(line));
  const quoted = (named < 0 ? lines.slice(-3) : lines.slice(named, named + 3)).map((line) => line.trim()).join(' | ');
  return quoted.length > MAX_QUOTE ? `${quoted.slice(0, MAX_QUOTE)}…` : quoted;
}

const ERROR_WORD = /\b(?:\w*error|\w*exception|panic\w*|fatal|assertion|abort\w*)\b/i;
const MAX_QUOTE = 300;

/** Whether a target answers `GET /` with 200 now. */
export async function answers(address: Address, timeoutMs = ALIVE_MS): Promise<boolean> {
  try {
    const isH1 = (await exchange(address, plainGet(address), timeoutMs))?.status === 200;
    return isH1 || (await answersH2(address, timeoutMs));
  } catch (error) {
    if (error instanceof ConnectError) return false;
    throw error;
  }
}

/** What a target that does not answer as it should does instead. */
async function lastAnswer(address: Address): Promise<string> {
  try {
    const answer = await exchange(address, plainGet(address), LAST_WORDS_MS);
    if (answer === undefined) return 'it takes connections, and does not answer';
    return answer.status === 0
      ? 'it answers with octets that are no HTTP response'
      : `it answers with ${answer.status}`;
  } catch (error) {
    if (error instanceof ConnectError) return 'it takes no connections';
    throw error;
  }
}

function keepOutput(child: ChildProcess): () => string {
  let kept = Buffer.alloc(0);
  const keep = (octets: Buffer) => {
    kept = Buffer.concat([kept, octets]).subarray(-MAX_OUTPUT_BYTES);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  return () => kept.toString('utf8');
}

/** The child leads its own process group, so that what a shell started ends with it. */
function sendSignal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
