import type { ConnectionEnd, Verdict } from '../../reports/schema.ts';
import { ConnectError } from '../errors.ts';
import { judgeH2 } from '../h2/judge.ts';
import { type AnyCase, type H2Case, isH2, isScripted } from '../h2/model.ts';
import { performH2 } from '../h2/perform.ts';
import type { Case } from '../model.ts';
import type { ScriptedCase, ScriptedNeed, ScriptedStage } from '../scripted/model.ts';
import type { Transcript } from '../wire/transcript.ts';
import { type Judgement, judge } from './judge.ts';
import type { LintBook } from './lint-book.ts';
import type { LiveTarget } from './live-target.ts';
import { perform } from './perform.ts';
import { nonceFor, type Placeholders, sentinelRequest } from './placeholders.ts';
import type { Rest } from './pool.ts';

/** What is the same for every attempt at a target. */
export interface AttemptOptions {
  readonly canEcho: boolean;
  /** The same over HTTP/2. */
  readonly canEchoH2: boolean;
  readonly timeoutMs: number;
  readonly seed: number;
  /** Takes the waits in which nothing is asked of the target. */
  readonly rest?: Rest;
  /** What the target offers to cases that have a protocol of their own. */
  readonly offers: ReadonlySet<ScriptedNeed>;
  /** Path of the target's WebSocket echo, where one was named. */
  readonly wsPath?: string;
  /** Is shown what each case over HTTP has got. */
  readonly book?: LintBook;
  /** How long it lets a TLS handshake take, where that is known. */
  readonly handshakeMs?: number;
}

/** The result of all attempts at one case. */
export type CaseResult = DeadCase | ({ readonly kind: 'judged' } & JudgedCase);

/** The target does not answer any more; the transcript is absent when it took no connection from the first. */
export interface DeadCase {
  readonly kind: 'died';
  readonly transcript?: Transcript;
}

export interface JudgedCase {
  readonly judgement: Judgement;
  readonly connection: ConnectionEnd;
  /** Verdicts of all attempts, in order. */
  readonly attempts: readonly Verdict[];
  /** Of the attempt whose verdict was taken. */
  readonly transcript: Transcript;
}

/** Two equal verdicts out of three settle a case that did not pass at once. */
const MAX_ATTEMPTS = 3;

/**
 * Performs a case until its verdict is settled: once when it is allowed, otherwise until two attempts agree.
 * The target's death ends it at once: who killed it is for the caller to find out.
 */
export async function settle(one: AnyCase, live: LiveTarget, options: AttemptOptions): Promise<CaseResult> {
  const results: Omit<JudgedCase, 'attempts'>[] = [];
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const result = await tryOnce(one, live, options, attempt);
    if ('kind' in result) return result;
    results.push(result);
    const { verdict } = result.judgement;
    const agreed = results.filter((other) => other.judgement.verdict === verdict).length > 1;
    const isAllowed = verdict !== 'fail' && verdict !== 'hang';
    if (agreed || (isAllowed && attempt === 0)) break;
  }
  const attempts = results.map((result) => result.judgement.verdict);
  const settled = results.find((result, index) => attempts.indexOf(result.judgement.verdict, index + 1) >= 0);
  const taken = settled ?? results.find((result) => result.judgement.verdict === 'fail') ?? results[0];
  if (taken === undefined) throw new Error('No attempt was made');
  return { kind: 'judged', ...taken, attempts };
}

async function tryOnce(
  one: AnyCase,
  live: LiveTarget,
  options: AttemptOptions,
  attempt: number,
): Promise<Omit<JudgedCase, 'attempts'> | DeadCase> {
  const { address } = live;
  const { canEcho, timeoutMs, seed, rest, handshakeMs } = options;
  const deadline = handshakeMs === undefined ? {} : { handshakeMs };
  const resting = rest === undefined ? {} : { rest };
  const nonce = nonceFor(seed, one.id, attempt);
  const sentinel = sentinelRequest(address.authority, nonce, canEcho);
  const scheme = address.tls ? 'https' : 'http';
  const values: Placeholders = { scheme, host: address.authority, nonce, sentinel };
  try {
    const { seen, transcript } = isScripted(one)
      ? await witnessScripted(one, {
          address,
          values,
          timeoutMs,
          wsPath: options.wsPath ?? '/',
          offers: options.offers,
          ...deadline,
        })
      : isH2(one)
        ? await witnessH2(one, { address, values, canEcho: options.canEchoH2, timeoutMs, ...resting }, options.book)
        : await witness(one, { address, values, canEcho, timeoutMs }, options.book);
    // An answered sentinel proves that the target lives; any other end could be its death.
    const isProof = seen?.connection === 'open';
    if (seen === undefined || (!isProof && !(await live.isAlive()))) return { kind: 'died', transcript };
    return { judgement: seen.judgement, connection: endOf(seen.connection), transcript };
  } catch (error) {
    if (error instanceof ConnectError) return { kind: 'died' };
    throw error;
  }
}

/** What was seen of an attempt, judged; `seen` is undefined when the target died under it. */
interface Witnessed {
  readonly seen: { readonly judgement: Judgement; readonly connection: End } | undefined;
  readonly transcript: Transcript;
}

type End = 'open' | 'closed' | 'reset' | 'silent';

async function witness(
  one: Case,
  options: Parameters<typeof perform>[1],
  book: LintBook | undefined,
): Promise<Witnessed> {
  const { observation, transcript } = await perform(one, options);
  if (observation === undefined) return { seen: undefined, transcript };
  book?.look(one, observation, transcript);
  const judgement = judge(one, observation, options.values);
  return { seen: { judgement, connection: observation.connection }, transcript };
}

async function witnessH2(
  one: H2Case,
  options: Parameters<typeof performH2>[1],
  book: LintBook | undefined,
): Promise<Witnessed> {
  const { observation, transcript } = await performH2(one, options);
  if (observation === undefined) return { seen: undefined, transcript };
  book?.lookH2(one, observation, transcript);
  const judgement = judgeH2(one, observation, options.values);
  return { seen: { judgement, connection: observation.connection }, transcript };
}

async function witnessScripted(one: ScriptedCase, stage: ScriptedStage): Promise<Witnessed> {
  const { judgement, connection, transcript } = await one.attempt(stage);
  return { seen: { judgement, connection }, transcript };
}

function endOf(end: End): ConnectionEnd {
  return end === 'silent' ? 'open' : end;
}
