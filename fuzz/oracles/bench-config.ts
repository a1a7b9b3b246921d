/** The bench's configuration, the rules of its gate, held against a plain reading of which rule counts for one failure. */
import {
  decideGate,
  foldReport,
  NO_EXPECTATIONS,
  parseResults,
  parseRule,
  parseRules,
  ReportsError,
  type Rule,
} from '../../reports/index.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** An area that many globs fit in part. */
const AREA = `${'a'.repeat(40)}/chunked`;
const CLASS = 'new-failure';
const RUN = [
  '{"kind":"run-start","schema":1,"producer":"conformance","version":"0.1.0","node":"v20","os":"linux","startedAt":"2026-11-24T03:00:00.000Z","seed":1,"command":"npx aeronet conform core"}',
  `{"kind":"case","id":"h1/chunked/a","target":"core","area":"${AREA}","title":"t","level":"MUST","rfc":"RFC9112#7.1","verdict":"fail","connection":"closed","reason":"r","expected":"400","actual":"200","durationMs":1,"attempts":["fail"],"repro":"npx aeronet"}`,
  '{"kind":"run-end","elapsedMs":1,"complete":true}\n',
].join('\n');

type Decide = (rules: readonly Rule[]) => Promise<number>;

/** Demands of a rules file that it is read, rule by rule, and decides as it says, or is refused in one line. */
export async function assertReadsRules(text: string, decide: Decide = exitUnder): Promise<void> {
  let rules: readonly Rule[];
  try {
    rules = parseRules(text, 'file');
  } catch (error) {
    if (!(error instanceof ReportsError)) throw error;
    if (error.message === '' || /\p{Cc}/u.test(error.message))
      broken('refusal', `refused with ${quoted(error.message)}`);
    return;
  }
  for (const rule of rules) {
    if (JSON.stringify(parseRule(rule.text)) !== JSON.stringify(rule))
      broken('rule', `${quoted(rule.text)} is another`);
    const isFixed = rule.by === 'kind' && (rule.name === 'new-crash' || rule.name === 'incomplete');
    if (isFixed && rule.severity !== 'error') broken('softened', `${quoted(rule.text)} softens what must not be`);
  }
  const counts = rules
    .filter(speaks)
    .sort((a, b) => WEIGHTS[a.by] - WEIGHTS[b.by])
    .at(-1);
  const expected = counts === undefined || counts.severity === 'error' ? 1 : 0;
  const exit = await decide(rules);
  if (exit !== expected) broken('decision', `${quoted(counts?.text ?? 'no rule')} ends with ${exit}`);
}

const WEIGHTS = { level: 0, area: 1, kind: 2 } as const;

async function exitUnder(rules: readonly Rule[]): Promise<number> {
  const source = await parseResults(chunks(), 'results');
  return decideGate(foldReport([source]), NO_EXPECTATIONS, { rules }).exit;
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(RUN);
}

function speaks({ by, name }: Rule): boolean {
  if (by === 'level') return name === 'MUST';
  return by === 'kind' ? name === CLASS : fits(name, AREA);
}

/** Whether a glob fits, star by star: each takes as little as it can. */
function fits(glob: string, area: string): boolean {
  let [at, mark, star, taken] = [0, 0, -1, 0];
  while (at < area.length) {
    if (glob[mark] === '*') [star, taken, mark] = [mark, at, mark + 1];
    else if (glob[mark] === area[at]) [at, mark] = [at + 1, mark + 1];
    else if (star === -1) return false;
    else [taken, at, mark] = [taken + 1, taken + 1, star + 1];
  }
  return /^\**$/.test(glob.slice(mark));
}

function broken(state: string, message: string): never {
  throw new OracleError('rules', message, { state });
}
