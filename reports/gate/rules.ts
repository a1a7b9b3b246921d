/**
 * Rules: what a team wants to be worth more or less than the table says. A rule is `<selector>=<severity>`:
 * `should=error`, `area:hpack=warn`, `kind:flaky=off`. A kind is a class of the gate.
 *
 * The most particular one counts: kind before area before level; of two alike, the later.
 */
import { z } from 'zod';
import { explainIssue } from '../explain-issue.ts';
import { ReportsError } from '../reports-error.ts';
import { type Effect, GATE_CLASSES, type GateClass, type GateFinding } from './gate.ts';

export const Severity = z.enum(['error', 'warn', 'off']);
export type Severity = z.infer<typeof Severity>;

/** The content of a rules file: selectors and severities, in order. */
export const RulesFile = z.record(z.string().max(200), Severity);

export interface Rule {
  readonly by: 'level' | 'area' | 'kind';
  /** What it names: a level, a glob of areas, a class. */
  readonly name: string;
  readonly severity: Severity;
  /** As it was written. */
  readonly text: string;
}

/** Classes that say how a target failed: what rules by level and by area speak of. */
const FAILURES: ReadonlySet<GateClass> = new Set<GateClass>([
  'new-hang',
  'new-failure',
  'changed-failure',
  'deviation',
]);

/** What no rule may soften: a crash is excused by its key and a reason, a missing run by running it. */
const FIXED: ReadonlySet<string> = new Set<GateClass>(['new-crash', 'incomplete']);

/** Nothing to rule over: in order, or excused already. */
const QUIET: ReadonlySet<string> = new Set<GateClass>(['pass', 'skip', 'known', 'known-flaky']);

/**
 * Parses one rule as the command line has it. `source` is what an error calls the place.
 *
 * @throws ReportsError exit 2: no rule, an unknown level, kind or severity, or one that softens what must not be.
 */
export function parseRule(text: string, source = 'rule'): Rule {
  const at = text.lastIndexOf('=');
  const selector = text.slice(0, Math.max(at, 0));
  const severity = Severity.safeParse(text.slice(at + 1));
  const refuse = (why: string): ReportsError => new ReportsError(2, `${source}: "${text}": ${why}`);
  if (at < 1 || !severity.success) throw refuse('write <selector>=error, =warn or =off');
  const rule = { severity: severity.data, text };
  const level = /^(must|should|may)$/i.exec(selector)?.[1];
  if (level !== undefined) return { ...rule, by: 'level', name: level.toUpperCase() };
  if (/^area:\S+$/.test(selector)) return { ...rule, by: 'area', name: selector.slice('area:'.length) };
  const kind = /^kind:(.+)$/.exec(selector)?.[1];
  if (kind === undefined) throw refuse('write must, should, may, area:<name> or kind:<class>');
  const kinds = GATE_CLASSES.filter((name) => !QUIET.has(name));
  if (!kinds.some((name) => name === kind)) throw refuse(`no such kind; there are ${kinds.join(', ')}`);
  if (FIXED.has(kind) && rule.severity !== 'error') {
    throw refuse(
      kind === 'new-crash' ? 'a crash is excused by its key and a reason only' : 'what did not run cannot pass',
    );
  }
  return { ...rule, by: 'kind', name: kind };
}

/**
 * Parses a rules file: `{"should":"error","area:hpack":"warn","kind:flaky":"off"}`.
 *
 * @throws ReportsError exit 2, naming source and line or selector.
 */
export function parseRules(text: string, source: string): readonly Rule[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ReportsError(2, `${source}:1: not JSON; a rules file is one object of selectors and error, warn or off`);
  }
  const result = RulesFile.safeParse(json);
  if (!result.success) throw new ReportsError(2, `${source}:1: ${explainIssue(result.error)}`);
  return Object.entries(result.data).map(([selector, severity]) => {
    const before = text.slice(0, Math.max(0, text.indexOf(JSON.stringify(selector))));
    return parseRule(`${selector}=${severity}`, `${source}:${before.split('\n').length}`);
  });
}

/** Gives a finding the effect that the rules want; known, passed and skipped ones are left alone. */
export function applyRules(finding: GateFinding, rules: readonly Rule[]): GateFinding {
  const rule = rules
    .filter((one) => speaksOf(one, finding))
    .sort(byWeight)
    .at(-1);
  if (rule === undefined) return finding;
  const effect = effectUnder(rule.severity, finding);
  return effect === finding.effect ? finding : { ...finding, effect, rule: rule.text };
}

function speaksOf(rule: Rule, finding: GateFinding): boolean {
  if (QUIET.has(finding.class)) return false;
  if (rule.by === 'kind') return finding.class === rule.name;
  if (!FAILURES.has(finding.class)) return false;
  if (rule.by === 'level') return finding.level === rule.name;
  return finding.area !== undefined && fits(rule.name, finding.area);
}

function effectUnder(severity: Severity, finding: GateFinding): Effect {
  if (severity === 'off') return 'ok';
  if (severity === 'warn') return 'warn';
  // What nobody could judge has not failed; what a filtered run saw is somebody at work.
  if (finding.class === 'not-judged' || finding.class === 'incomplete') return 'inconclusive';
  return finding.cell?.row === 'ok, filtered run' ? finding.effect : 'fail';
}

const WEIGHTS = { level: 0, area: 1, kind: 2 } as const satisfies Record<Rule['by'], number>;

/** A stable sort leaves rules of one weight in the order in which they were written. */
const byWeight = (a: Rule, b: Rule): number => WEIGHTS[a.by] - WEIGHTS[b.by];

/** Whether a glob fits all of an area, in time linear in both: what is between two stars is found where it comes first. */
function fits(glob: string, area: string): boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return glob === area;
  if (!area.startsWith(first) || !area.endsWith(last) || area.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = area.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= area.length - last.length;
}
