import type { CaseEvent, Verdict } from '../../reports/schema.ts';
import type { Death, LiveTarget } from '../run/live-target.ts';
import type { Target } from '../run/target.ts';
import type { H2specCase } from './entry.ts';
import { saveOutput } from './evidence.ts';
import { interpret, type Judgement } from './interpret.ts';
import { invoke } from './invoke.ts';
import type { Reported } from './junit.ts';

export interface SuiteOptions {
  readonly binary: string;
  readonly timeoutMs: number;
  /** Folder for evidence. */
  readonly out: string;
  readonly signal?: AbortSignal;
  readonly emit: (event: CaseEvent) => void;
}

/** What came of one case in one process of its own. */
type Attempt =
  | { readonly kind: 'judged'; readonly judgement: Judgement; readonly durationMs: number; readonly output: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'broken'; readonly why: string; readonly output: string }
  | { readonly kind: 'died'; readonly output: string };

const UNKNOWN = 'This version of h2spec has no such case.';
/** Two equal verdicts out of three settle a case that did not pass at once. */
const MAX_ATTEMPTS = 3;

/**
 * Runs cases of h2spec section by section, and emits one event for each of them whatever happens: h2spec gives up as soon
 * as one connection cannot be opened, so a section without a report is run again case by case.
 * @returns why it was cut short; undefined when every case has its verdict
 */
export async function runH2specSuite(
  target: Target,
  live: LiveTarget,
  cases: readonly H2specCase[],
  options: SuiteOptions,
): Promise<string | undefined> {
  const suite = new H2specSuite(target, live, options);
  let note: string | undefined;
  for (const section of groupBySection(cases)) {
    if (options.signal?.aborted === true) return 'interrupted';
    if (note === undefined) note = await suite.runSection(section);
    else suite.emitLeft(section);
  }
  return options.signal?.aborted === true ? 'interrupted' : note;
}

function groupBySection(cases: readonly H2specCase[]): readonly (readonly H2specCase[])[] {
  const sections = new Map<string, H2specCase[]>();
  for (const one of cases) {
    const section = sections.get(one.section);
    if (section === undefined) sections.set(one.section, [one]);
    else section.push(one);
  }
  return [...sections.values()];
}

class H2specSuite {
  readonly #target: Target;
  readonly #live: LiveTarget;
  readonly #options: SuiteOptions;

  constructor(target: Target, live: LiveTarget, options: SuiteOptions) {
    this.#target = target;
    this.#live = live;
    this.#options = options;
  }

  async runSection(section: readonly H2specCase[]): Promise<string | undefined> {
    const result = await invoke(section, { ...this.#options, address: this.#live.address });
    const isAlive = await this.#live.isAlive();
    if (isAlive && result.kind === 'report' && result.reported.length === section.length) {
      for (const [index, one] of section.entries()) {
        const reported = result.reported[index];
        if (this.#aborted) return undefined;
        if (reported === undefined) throw new Error(`No report for ${one.id}`);
        const note = await this.#settle(one, [judged(one, reported, result.output)]);
        if (note !== undefined) {
          this.emitLeft(section.slice(index + 1));
          return note;
        }
      }
      return undefined;
    }
    return this.#runAlone(section, isAlive ? undefined : await this.#live.explainDeath());
  }

  /** Cases that have no turn because the target is dead. */
  emitLeft(cases: readonly H2specCase[]): void {
    for (const one of cases) this.#emitOther(one, 'error', 'The target was dead before this case had its turn.');
  }

  get #aborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Each case in a process of its own, so that the one that kills the target is known, and one that breaks costs itself alone. */
  async #runAlone(cases: readonly H2specCase[], seen: Death | undefined): Promise<string | undefined> {
    let death = seen;
    for (const [index, one] of cases.entries()) {
      if (this.#aborted) return undefined;
      if (!(await this.#isUp())) {
        const how = death ?? (await this.#live.explainDeath());
        this.#emitDeath(one, how, cases.length - index);
        this.emitLeft(cases.slice(index + 1));
        return `the target died and did not come back: ${how.how}`;
      }
      const attempt = await this.#attempt(one);
      if (attempt.kind === 'died') death = undefined;
      else if (death !== undefined && index === cases.length - 1) {
        const how = `${death.how}, and that did not happen again when the cases were run one at a time`;
        this.#emitDeath(one, { ...death, how }, cases.length);
        continue;
      }
      const note = await this.#settle(one, [attempt]);
      if (note !== undefined) {
        this.emitLeft(cases.slice(index + 1));
        return note;
      }
    }
    return undefined;
  }

  /** Repeats a case that did not pass until two verdicts agree, and emits its event. */
  async #settle(one: H2specCase, first: readonly Attempt[]): Promise<string | undefined> {
    const attempts = [...first];
    while (attempts.length < MAX_ATTEMPTS && !isSettled(attempts) && !this.#aborted) {
      attempts.push(await this.#attempt(one));
    }
    const last = attempts.at(-1);
    if (last?.kind === 'died') {
      const death = await this.#live.explainDeath();
      this.#emitDeath(one, death, 1, last.output);
      return (await this.#isUp()) ? undefined : `the target died and did not come back: ${death.how}`;
    }
    const verdicts = attempts.map(verdictOf);
    const agreed = attempts.findLast((attempt, index) => verdicts.indexOf(verdictOf(attempt)) < index);
    const taken = agreed ?? attempts.find((attempt) => verdictOf(attempt) === 'fail') ?? last;
    if (taken?.kind === 'judged') this.#emitJudged(one, taken, verdicts);
    else if (taken?.kind === 'broken') {
      this.#emitOther(one, 'error', `h2spec gave no report: ${taken.why}.`, this.#save(one, taken.output));
    } else this.#emitOther(one, 'skip', UNKNOWN);
    return undefined;
  }

  async #attempt(one: H2specCase): Promise<Attempt> {
    const result = await invoke([one], { ...this.#options, address: this.#live.address, verbose: true });
    const { output } = result;
    if (!this.#aborted && !(await this.#live.isAlive())) return { kind: 'died', output };
    if (result.kind === 'no-report') return { kind: 'broken', why: result.why, output };
    const [reported] = result.reported;
    return reported === undefined ? { kind: 'unknown' } : judged(one, reported, output);
  }

  async #isUp(): Promise<boolean> {
    return (await this.#live.isAlive()) || (await this.#live.revive());
  }

  #emitJudged(one: H2specCase, attempt: Attempt & { readonly kind: 'judged' }, attempts: readonly Verdict[]): void {
    const { judgement, durationMs, output } = attempt;
    const isKept = !['pass', 'skip'].includes(judgement.verdict) || new Set(attempts).size > 1;
    const evidence = isKept ? this.#save(one, output) : undefined;
    this.#options.emit({
      ...this.#identity(one),
      ...judgement,
      durationMs,
      attempts: [...attempts],
      ...(evidence === undefined ? {} : { evidence }),
    });
  }

  #emitDeath(one: H2specCase, death: Death, suspects: number, output = ''): void {
    const others = suspects > 1 ? ` while this case and ${suspects - 1} more were in flight` : ' under this case';
    const evidence = this.#save(one, output, death.output);
    this.#emitOther(one, 'crash', `The target died${others}: ${death.how}.`, evidence);
  }

  #emitOther(one: H2specCase, verdict: 'skip' | 'crash' | 'error', reason: string, evidence?: string): void {
    this.#options.emit({
      ...this.#identity(one),
      verdict,
      reason,
      expected: one.title,
      actual: verdict === 'crash' ? 'the target died' : 'not run',
      connection: 'none',
      durationMs: 0,
      attempts: [verdict],
      ...(evidence === undefined ? {} : { evidence }),
    });
  }

  #save(one: H2specCase, output: string, targetOutput?: string): string {
    return saveOutput(this.#options.out, this.#target.name, one.id, output, targetOutput);
  }

  #identity(one: H2specCase) {
    return {
      kind: 'case',
      id: one.id,
      target: this.#target.name,
      area: 'h2spec',
      title: one.edition === 'gone' ? `${one.title} (a rule that RFC 9113 dropped)` : one.title,
      level: one.level,
      rfc: one.rfc,
      repro: `npx aeronet conform ${shellWord(this.#target.given)} --suite h2spec --case ${one.id}`,
    } as const;
  }
}

function judged(one: H2specCase, reported: Reported, output: string): Attempt {
  return { kind: 'judged', judgement: interpret(one, reported), durationMs: reported.durationMs, output };
}

function verdictOf(attempt: Attempt): Verdict {
  if (attempt.kind === 'judged') return attempt.judgement.verdict;
  return attempt.kind === 'unknown' ? 'skip' : attempt.kind === 'died' ? 'crash' : 'error';
}

/** A verdict that is allowed at once, or that came twice; a death ends it too. */
function isSettled(attempts: readonly Attempt[]): boolean {
  const verdicts = attempts.map(verdictOf);
  const last = verdicts.at(-1);
  if (last === 'crash') return true;
  const isAllowed = last === 'pass' || last === 'skip' || last === 'warn';
  return verdicts.length === 1 ? isAllowed : new Set(verdicts).size < verdicts.length;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
