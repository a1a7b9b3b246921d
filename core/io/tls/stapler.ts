/**
 * Keeps an OCSP response for one certificate. Whoever handshakes gets what is there and waits for nothing.
 *
 * I1  What is stapled was verified, says good, and is in date at that moment.
 * I2  One refresh is under way at most; a failure leaves what there is until it expires, and a revocation ends it.
 * I3  The next refresh is always planned: at half of a response's time, after failures ever later; with jitter.
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { AlarmSink } from './alarm.ts';
import { fetchOcsp } from './ocsp-client.ts';
import { PKI_LIMITS } from './signatures.ts';
import { judgeResponse, STAPLE_FAULTS, type Staple, type StapleFault, type StapleSubject } from './staple-check.ts';

/** Where responses come from. */
export type StapleSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly file: string };

export interface StaplerOptions {
  /** What alarms call it. */
  readonly name: string;
  readonly subject: StapleSubject;
  readonly source: StapleSource;
  readonly onAlarm: AlarmSink;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
  readonly timeoutMs?: number;
}

/** How the staple of a policy is. */
export interface StapleGauge {
  /** Names of the policy. */
  readonly policy: string;
  /** Whether its certificate may be used with a staple only. */
  readonly mustStaple: boolean;
  /** Milliseconds since 1970; undefined: nothing is stapled. */
  readonly expiresAt: number | undefined;
  readonly refreshes: number;
  readonly failures: number;
  /** Of the last refresh: a fault of the response, or that there was none; undefined where it was good. */
  readonly lastFault: StapleFault | 'unreachable' | undefined;
}

const MINUTE_MS = 60_000;
const MAX_RETRY_MS = 3_600_000;
/** `setTimeout` takes no more than 2^31 - 1. */
const MAX_WAIT_MS = 86_400_000;
const JITTER = 0.1;

export class Stapler {
  readonly #options: StaplerOptions;
  readonly #random: () => number;
  #staple: Staple | undefined;
  #refreshes = 0;
  #failures = 0;
  /** In a row. */
  #failed = 0;
  #lastFault: StapleGauge['lastFault'];
  #underWay: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** A file is read at once, so that the first handshake has its staple. @param formers what was stapled before, for whatever certificates */
  constructor(options: StaplerOptions, formers: readonly Buffer[] = []) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    for (const former of formers) {
      const staple = judgeResponse(former, options.subject, options.now());
      if ('bytes' in staple) this.#staple = staple;
    }
    if (options.source.kind === 'file') this.#readNow(options.source.file);
  }

  /** What to staple now. */
  get current(): Buffer | undefined {
    if (this.#staple !== undefined && this.#staple.expiresAt <= this.#options.now()) this.#staple = undefined;
    return this.#staple?.bytes;
  }

  gauge(): StapleGauge {
    const isThere = this.current !== undefined;
    return {
      policy: this.#options.name,
      mustStaple: this.#options.subject.leaf.isMustStaple,
      expiresAt: isThere ? this.#staple?.expiresAt : undefined,
      ...{ refreshes: this.#refreshes, failures: this.#failures, lastFault: this.#lastFault },
    };
  }

  /** Begins to look for responses by itself. */
  start(): void {
    if (this.current === undefined) void this.refresh();
    else this.#plan();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Looks for a response; whoever asks while one is looked for waits for that. It never rejects. */
  refresh(): Promise<void> {
    this.#underWay ??= this.#refresh().finally(() => {
      this.#underWay = undefined;
      this.#plan();
    });
    return this.#underWay;
  }

  async #refresh(): Promise<void> {
    const { source, subject, timeoutMs } = this.#options;
    try {
      const octets = source.kind === 'url' ? fetchOcsp(source.url, subject, timeoutMs) : readBounded(source.file);
      this.#take(await octets);
    } catch (error) {
      this.#fail('unreachable', error instanceof Error ? error.message : String(error));
    }
  }

  #readNow(file: string): void {
    try {
      demandSmallFile(statSync(file));
      this.#take(readFileSync(file));
    } catch (error) {
      this.#fail('unreachable', error instanceof Error ? error.message : String(error));
    }
  }

  #take(octets: Buffer): void {
    const { subject, now } = this.#options;
    const staple = judgeResponse(octets, subject, now());
    if ('fault' in staple) {
      // WHY: what was good until then is known to be wrong
      if (staple.fault === 'revoked') this.#staple = undefined;
      return this.#fail(staple.fault, staple.detail);
    }
    // RFC6960#4.2.2.1: what is known already is not taken back for something older
    if (this.#staple === undefined || staple.thisUpdate >= this.#staple.thisUpdate) this.#staple = staple;
    this.#refreshes += 1;
    this.#failed = 0;
    this.#lastFault = undefined;
  }

  #fail(fault: NonNullable<StapleGauge['lastFault']>, detail: string): void {
    const { name, source, subject, onAlarm } = this.#options;
    this.#failures += 1;
    this.#failed += 1;
    const isNew = this.#lastFault !== fault;
    this.#lastFault = fault;
    const isBare = this.current === undefined && subject.leaf.isMustStaple;
    if (!isNew && !isBare) return;
    const why = fault === 'unreachable' ? 'there is none' : STAPLE_FAULTS[fault];
    const from = source.kind === 'url' ? source.url : source.file;
    const so = isBare ? '; its certificate may be used with a staple only, and has none: clients will refuse it' : '';
    const message = `OCSP response for ${name} from ${from}: ${why}${detail === '' ? '' : ` (${detail})`}${so}`;
    onAlarm({ code: isBare ? 'must_staple' : 'staple', message });
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.refresh(), this.#waitMs());
    this.#timer.unref();
  }

  /** Time until the next refresh. */
  #waitMs(): number {
    const jitter = 1 + JITTER * (2 * this.#random() - 1);
    if (this.#failed > 0) return Math.min(MAX_RETRY_MS, MINUTE_MS * 2 ** Math.min(this.#failed - 1, 10)) * jitter;
    // A file costs nothing to look at, and whoever writes it has its own plan
    if (this.#options.source.kind === 'file' || this.#staple === undefined) return MINUTE_MS * jitter;
    const { thisUpdate, expiresAt } = this.#staple;
    const at = thisUpdate + ((expiresAt - thisUpdate) / 2) * jitter;
    return Math.min(MAX_WAIT_MS, Math.max(MINUTE_MS, at - this.#options.now()));
  }
}

async function readBounded(file: string): Promise<Buffer> {
  demandSmallFile(await stat(file));
  return readFile(file);
}

function demandSmallFile(stats: Stats): void {
  if (!stats.isFile()) throw new Error('it is no regular file');
  if (stats.size > PKI_LIMITS.messageBytes) throw new Error(`it has ${stats.size} octets`);
}
