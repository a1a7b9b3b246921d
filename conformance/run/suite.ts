import type { CaseEvent } from '../../reports/schema.ts';
import { areaOf } from '../define.ts';
import { describeAllowedH2 } from '../h2/judge.ts';
import { type AnyCase, isH2, isScripted } from '../h2/model.ts';
import { describeRules } from '../scripted/judge.ts';
import type { ScriptedCase } from '../scripted/model.ts';
import type { Transcript } from '../wire/transcript.ts';
import { type AttemptOptions, type CaseResult, type JudgedCase, settle } from './attempt.ts';
import { describeAllowed } from './describe.ts';
import { saveEvidence } from './evidence.ts';
import { isEverywhere, LintBook } from './lint-book.ts';
import type { Death, LiveTarget } from './live-target.ts';
import { Pool, type Rest } from './pool.ts';
import type { Probed } from './probe.ts';
import type { Target } from './target.ts';

export interface SuiteOptions
  extends Omit<AttemptOptions, 'canEcho' | 'canEchoH2' | 'book' | 'offers' | 'rest' | 'wsPath' | 'handshakeMs'> {
  /** Cases in flight at once, each on connections of its own; those that only wait for a close are not counted. */
  readonly parallel: number;
  /** Folder for evidence. */
  readonly out: string;
  readonly signal?: AbortSignal;
  readonly emit: (event: CaseEvent) => void;
}

/** A case that was in flight when the target died, with what went over its connection, if it had one. */
interface Suspect {
  readonly one: AnyCase;
  readonly transcript: Transcript | undefined;
  /** It had its answer and waited for the close. */
  readonly hasRested: boolean;
}

/** Why a suite was cut short; undefined when every case has its verdict. */
export type SuiteNote = string | undefined;

/**
 * Runs the cases against one live target and emits one event for each. A target that dies is started again; the cases
 * that were in flight are then run one at a time, so that the one that kills it is known.
 */
export async function runSuite(
  target: Target,
  live: LiveTarget,
  probed: Probed,
  cases: readonly AnyCase[],
  options: SuiteOptions,
): Promise<SuiteNote> {
  const suite = new Suite(target, live, probed, cases, options);
  return suite.run(cases);
}

class Suite {
  readonly #target: Target;
  readonly #live: LiveTarget;
  readonly #probed: Probed;
  readonly #options: SuiteOptions;
  readonly #attempt: AttemptOptions;
  readonly #book: LintBook;
  readonly #pool: Pool;

  constructor(target: Target, live: LiveTarget, probed: Probed, cases: readonly AnyCase[], options: SuiteOptions) {
    this.#target = target;
    this.#live = live;
    this.#probed = probed;
    this.#options = options;
    this.#pool = new Pool(options.parallel);
    this.#book = new LintBook(cases);
    this.#attempt = {
      ...options,
      ...(target.wsPath === undefined ? {} : { wsPath: target.wsPath }),
      ...(target.handshakeMs === undefined ? {} : { handshakeMs: target.handshakeMs }),
      canEcho: probed.capabilities.has('echo'),
      canEchoH2: probed.h2?.has('echo') === true,
      book: this.#book,
      offers: probed.offers,
    };
  }

  /** What is judged by the answers to all other cases comes last. */
  async run(cases: readonly AnyCase[]): Promise<SuiteNote> {
    const note = await this.#runAll(cases.filter((one) => !isEverywhere(one)));
    return note ?? this.#runAll(cases.filter(isEverywhere));
  }

  async #runAll(cases: readonly AnyCase[]): Promise<SuiteNote> {
    const queue: AnyCase[] = [];
    for (const one of cases) if (!this.#skip(one)) queue.push(one);
    while (queue.length > 0 && !this.#aborted) {
      const suspects = await this.#runPool(queue);
      if (suspects.length === 0) continue;
      const note = await this.#runSuspects(suspects, queue);
      if (note !== undefined) return note;
    }
    return this.#aborted ? 'interrupted' : undefined;
  }

  get #aborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Runs until the queue is empty or the target died; returns the cases that were in flight then, the first witness first. */
  async #runPool(queue: AnyCase[]): Promise<Suspect[]> {
    const suspects: Suspect[] = [];
    const work = async (one: AnyCase) => {
      const startedMs = performance.now();
      let hasRested = false;
      const rest: Rest = (wait) => {
        hasRested = true;
        return this.#pool.rest(wait);
      };
      const result = await this.#settle(one, { ...this.#attempt, rest });
      if (result.kind === 'died') suspects.push({ one, transcript: result.transcript, hasRested });
      else this.#emit(one, result, performance.now() - startedMs);
    };
    await this.#pool.run(() => {
      const one = suspects.length === 0 && !this.#aborted ? queue.shift() : undefined;
      return one === undefined ? undefined : work(one);
    });
    // Who has had an answer is hardly the one.
    return suspects.sort((a, b) => Number(a.hasRested) - Number(b.hasRested));
  }

  /** The verdict of a case; where another case has shown its fault, that one is asked again. */
  async #settle(one: AnyCase, attempt: AttemptOptions): Promise<CaseResult> {
    const own = await settle(one, this.#live, attempt);
    const sighting = this.#book.sighting(one);
    if (own.kind === 'died' || own.judgement.verdict === 'fail' || sighting === undefined) return own;
    const before = this.#book.times(one);
    const again = await settle(sighting.witness, this.#live, attempt);
    if (again.kind === 'died') return again;
    const judgement = {
      verdict: 'fail',
      reason: `In an answer to ${sighting.witness.id}: ${sighting.complaint}.`,
      expected: own.judgement.expected,
      actual: sighting.complaint,
      signature: 'elsewhere',
    } as const;
    const attempts = ['fail', this.#book.times(one) > before ? 'fail' : 'pass'] as const;
    return { ...own, judgement, attempts, transcript: sighting.transcript };
  }

  /** One at a time, until one has killed the target again; the others go back to the queue. */
  async #runSuspects(suspects: readonly Suspect[], queue: AnyCase[]): Promise<SuiteNote> {
    let death = await this.#live.explainDeath();
    for (const [index, suspect] of suspects.entries()) {
      const { one } = suspect;
      const rest = suspects.slice(index);
      if (!(await this.#live.isAlive()) && !(await this.#live.revive())) {
        this.#emitDeath(suspect, death, rest.length);
        for (const other of rest.slice(1))
          this.#emitOther(other.one, 'error', 'The target was dead before this case had its turn.');
        return `the target died and did not come back: ${death.how}`;
      }
      const startedMs = performance.now();
      const result = await settle(one, this.#live, this.#attempt);
      if (result.kind === 'died') {
        death = await this.#live.explainDeath();
        this.#emitDeath({ ...suspect, transcript: result.transcript ?? suspect.transcript }, death, 1);
        queue.unshift(...rest.slice(1).map((other) => other.one));
        break;
      } else if (rest.length === 1) {
        const how = `${death.how}, and that did not happen again when the cases were run one at a time`;
        this.#emitDeath(suspect, { ...death, how }, suspects.length);
      } else {
        this.#emit(one, result, performance.now() - startedMs);
      }
    }
    if (await this.#live.isAlive()) return undefined;
    return (await this.#live.revive()) ? undefined : `the target died and did not come back: ${death.how}`;
  }

  /** Whether the case cannot be judged on this target; its event is emitted then. */
  #skip(one: AnyCase): boolean {
    const { answersEarly, h2, speaksH1 } = this.#probed;
    if (isScripted(one)) return this.#skipScripted(one);
    const has: ReadonlySet<string> | undefined = isH2(one) ? h2 : speaksH1 ? this.#probed.capabilities : undefined;
    if (has === undefined) {
      this.#emitOther(
        one,
        'skip',
        `The target does not speak ${isH2(one) ? 'HTTP/2 (no SETTINGS came back to the preface)' : 'HTTP/1.1'}.`,
      );
      return true;
    }
    const missing = one.needs.filter((capability) => !has.has(capability));
    if (missing.length === 0) return false;
    if (!isH2(one) && missing.includes('echo') && answersEarly) {
      this.#emitOther(
        one,
        'inconclusive',
        'The target answers POST /echo before it has read the content, so its answer proves nothing about how content is parsed.',
      );
    } else {
      this.#emitOther(one, 'skip', `The target lacks: ${missing.join(', ')} (see the target contract).`);
    }
    return true;
  }

  #skipScripted(one: ScriptedCase): boolean {
    const missing = one.needs.filter((need) => !this.#probed.offers.has(need));
    for (const need of missing.slice(0, 1)) this.#emitOther(one, 'skip', NOT_OFFERED[need]);
    return missing.length > 0;
  }

  #emit(one: AnyCase, judged: JudgedCase, durationMs: number): void {
    const { judgement, connection, attempts, transcript } = judged;
    const { out } = this.#options;
    const isKept = judgement.verdict !== 'pass' || new Set(attempts).size > 1;
    const evidence = isKept ? saveEvidence(out, this.#target.name, one, judgement, transcript) : undefined;
    this.#options.emit({
      ...this.#identity(one),
      ...judgement,
      connection,
      durationMs: Math.round(durationMs * 100) / 100,
      attempts: [...attempts],
      ...(evidence === undefined ? {} : { evidence }),
    });
  }

  #emitDeath({ one, transcript }: Suspect, death: Death, suspects: number): void {
    const others = suspects > 1 ? ` while this case and ${suspects - 1} more were in flight` : ' under this case';
    const reason = `The target died${others}: ${death.how}.`;
    const { out } = this.#options;
    const finding = { verdict: 'crash', reason, expected: expectedOf(one), actual: 'the target died' } as const;
    const evidence =
      transcript === undefined
        ? undefined
        : saveEvidence(out, this.#target.name, one, finding, transcript, death.output);
    this.#emitOther(one, 'crash', reason, evidence);
  }

  #emitOther(
    one: AnyCase,
    verdict: 'skip' | 'inconclusive' | 'crash' | 'error',
    reason: string,
    evidence?: string,
  ): void {
    this.#options.emit({
      ...this.#identity(one),
      verdict,
      reason,
      actual: verdict === 'crash' ? 'the target died' : 'not run',
      connection: 'none',
      durationMs: 0,
      attempts: [verdict],
      ...(evidence === undefined ? {} : { evidence }),
    });
  }

  /** The case that showed the fault of another, which is to be run with it. */
  #beside(one: AnyCase): string {
    const sighting = this.#book.sighting(one);
    return sighting === undefined || sighting.witness === one ? '' : ` --case ${sighting.witness.id}`;
  }

  #identity(one: AnyCase) {
    return {
      kind: 'case',
      id: one.id,
      target: this.#target.name,
      area: areaOf(one.id),
      title: one.title,
      level: one.level,
      rfc: one.rfc,
      expected: expectedOf(one),
      repro: `npx aeronet conform ${shellWord(this.#target.given)} --case ${one.id}${this.#beside(one)}`,
    } as const;
  }
}

const NOT_OFFERED = {
  tls: 'The target is reached without TLS.',
  tls13: 'The target does not serve HTTP/1.1 over TLS 1.3 with TLS_AES_128_GCM_SHA256.',
  tls12: 'The target takes no client that knows only TLS 1.2.',
  'tls-h2': 'The target does not agree on h2.',
  'tls-deadline': 'It is not known how long the target lets a handshake take: only subjects tell.',
  'tls-policies': 'The target is not set up to ask for client certificates: only some subjects are.',
  inspect: 'The target lacks /inspect over HTTP/1.1 (see the target contract).',
  'h2-inspect': 'The target lacks /inspect over HTTP/2 (see the target contract).',
  websocket: 'The target has no WebSocket echo that is known: name its path with --ws-path.',
} as const;

function expectedOf(one: AnyCase): string {
  if (isScripted(one)) return describeRules(one.allow);
  return isH2(one) ? describeAllowedH2(one) : describeAllowed(one);
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
