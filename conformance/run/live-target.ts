import { BenchError, ConnectError } from '../errors.ts';
import { answersH2 } from '../h2/probe.ts';
import type { StartCommand } from '../subjects/start-command.ts';
import type { Address } from '../wire/connection.ts';
import { exchange, plainGet } from '../wire/exchange.ts';
import { answers, quoteOutput, TargetProcess } from './process.ts';
import type { Target } from './target.ts';

/** A target that keeps dying is not restarted more often than this in one run. */
const MAX_RESTARTS = 5;

/** How a target died. */
export interface Death {
  /** A clause: `its process ended with SIGSEGV`. */
  readonly how: string;
  /** All that is kept of what it printed. */
  readonly output: string;
}

/** How a target is asked whether it is there: in the protocol that it is tested in. */
export interface Liveness {
  /** Whether it answers `GET /` with 200 now. */
  readonly answers: (address: Address) => Promise<boolean>;
  /** Throws a BenchError (exit 3) that says what is wrong when it does not. */
  readonly demand: (given: string, address: Address, timeoutMs: number) => Promise<void>;
}

const BY_HTTP1: Liveness = { answers, demand: demandAnswer };

/** A target that runs: one that was there already, or one that the bench started and may start again. */
export class LiveTarget {
  readonly #target: Target;
  readonly #signal: AbortSignal | undefined;
  readonly #liveness: Liveness;
  #process: TargetProcess | undefined;
  #restarts = 0;

  /**
   * Starts the target, or sees that it answers.
   * @throws BenchError (exit 3) when it does not start, takes no connection, or does not answer `GET /` with 200
   */
  static async open(
    target: Target,
    timeoutMs: number,
    signal?: AbortSignal,
    liveness: Liveness = BY_HTTP1,
  ): Promise<LiveTarget> {
    const live = new LiveTarget(target, signal, liveness);
    if (target.kind === 'command') live.#process = await live.#start(target.start);
    else await liveness.demand(target.given, target.address, timeoutMs);
    return live;
  }

  private constructor(target: Target, signal: AbortSignal | undefined, liveness: Liveness) {
    this.#target = target;
    this.#signal = signal;
    this.#liveness = liveness;
  }

  /** Where it listens; a restart changes it. */
  get address(): Address {
    if (this.#process !== undefined) return this.#process.address;
    if (this.#target.kind === 'url') return this.#target.address;
    throw new Error('A command target has no address before it is started');
  }

  /** Leader of its process group; undefined of a target that was there already. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Whether it still runs and takes connections. */
  async isAlive(): Promise<boolean> {
    // Who has much to do gets a second chance; whose process has ended does not
    for (let chance = 0; chance < 2 && this.#process?.alive !== false; chance++) {
      if (await this.#liveness.answers(this.address)) return true;
    }
    return false;
  }

  /**
   * How it died, in words. A port closes before the system reports the end of its process, so that is waited for, a
   * second at most.
   */
  async explainDeath(): Promise<Death> {
    if (this.#process === undefined) return { how: 'it takes no connections any more', output: '' };
    await this.#process.lastWords();
    const { alive, ending, output } = this.#process;
    if (alive) return { how: 'its process runs, but it does not answer any more', output };
    const quote = quoteOutput(output);
    return { how: `its process ended with ${ending}${quote === '' ? '' : `, saying: ${quote}`}`, output };
  }

  /** Starts it again; false when it was not started by the bench, died too often, or does not come up. */
  async revive(): Promise<boolean> {
    const target = this.#target;
    if (target.kind !== 'command' || this.#restarts >= MAX_RESTARTS) return false;
    this.#restarts++;
    await this.#process?.stop();
    try {
      this.#process = await this.#start(target.start);
      return true;
    } catch (error) {
      if (error instanceof BenchError) return false;
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  #start(start: StartCommand): Promise<TargetProcess> {
    return TargetProcess.start(start, this.#target.given, this.#signal, this.#liveness.answers);
  }
}

async function demandAnswer(given: string, address: Address, timeoutMs: number): Promise<void> {
  const answer = await exchange(address, plainGet(address), timeoutMs).catch((error: unknown) => {
    if (error instanceof ConnectError) {
      const fix = /_SSL_|EPROTO/.test(error.message)
        ? `it speaks no TLS there, write http://${address.authority}`
        : 'start it, or check host and port';
      throw new BenchError(3, `Target "${given}" is unreachable (${error.message}): ${fix}`);
    }
    throw error;
  });
  if (answer?.status === 200 || (await answersH2(address, timeoutMs))) return;
  const got =
    answer === undefined
      ? 'did not answer GET /'
      : `answered GET / with ${answer.status || 'octets that are no HTTP response'}`;
  // What answers in HTTP does not want TLS.
  const orTls =
    address.tls || (answer?.status ?? 0) > 0 ? '' : `, or write https://${address.authority} if it speaks TLS`;
  throw new BenchError(
    3,
    `Target "${given}" ${got} where 200 is due: see the target contract in conformance/README.md${orTls}`,
  );
}
