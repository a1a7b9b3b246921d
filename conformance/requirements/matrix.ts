/** The matrix: what of the registry is answered by cases, by the fuzzer and the code, or by a reason. */
import type { Level } from '../../reports/schema.ts';
import { citationOf, type Registry, type Requirement } from './registry.ts';

/** What answers for a requirement; the first that applies. */
export type Answer =
  /** A case fails who breaks it. */
  | 'case'
  /** The fuzzer or a test holds the core to it; no case could. */
  | 'check'
  /** Nothing does, and the row says why. */
  | 'reason'
  /** It is a permission, or binds somebody else. */
  | 'none';

/** One requirement with the ids of its cases, globs resolved. */
export interface MatrixEntry extends Requirement {
  readonly answer: Answer;
  readonly cases: string[];
}

/** Numbers of one RFC at one level. */
export interface Coverage {
  readonly rfc: string;
  readonly level: Level;
  readonly sentences: number;
  /** Of these, what binds a server. */
  readonly server: number;
  /** Of these, what can be seen from outside. */
  readonly observable: number;
  /** Of those that bind a server, by what answers for them; the three make up `server`, but for permissions. */
  readonly byCase: number;
  readonly byCheck: number;
  readonly byReason: number;
  /** Why the whole RFC is not offered. */
  readonly absent?: string;
}

/** What cases are needed for: their id and their clause. */
export type CitedCase = Readonly<{ id: string; rfc: string }>;

/** Every requirement with its cases. */
export function matrixOf(registry: Registry, cases: readonly CitedCase[]): readonly MatrixEntry[] {
  return registry.requirements.map((requirement) => ({
    ...requirement,
    answer: answerOf(requirement),
    cases: [...new Set((requirement.cases ?? []).flatMap((glob) => namedBy(glob, cases)))],
  }));
}

/** Ids of the cases that a glob names, in the suite's order. */
export function namedBy(glob: string, cases: readonly CitedCase[]): readonly string[] {
  if (!glob.includes('*')) return cases.some(({ id }) => id === glob) ? [glob] : [];
  const pattern = new RegExp(`^${glob.split('*').map(escapeRegExp).join('.*')}$`);
  return cases.map(({ id }) => id).filter((id) => pattern.test(id));
}

/** Numbers by RFC and level, in the registry's order. */
export function coverageOf(registry: Registry): readonly Coverage[] {
  const levels: readonly Level[] = ['MUST', 'SHOULD', 'MAY'];
  const rfcs = [...new Set(registry.requirements.map(({ id }) => rfcOf(id)))];
  const offered = rfcs.flatMap((rfc) => {
    const own = registry.requirements.filter(({ id }) => rfcOf(id) === rfc);
    return levels.map((level) =>
      count(
        rfc,
        level,
        own.filter((one) => one.level === level),
      ),
    );
  });
  const absent = registry.absent.flatMap(({ id, why, sentences }) =>
    levels.map((level) => ({ ...count(id, level, []), sentences: sentences[level], absent: why })),
  );
  return [...offered, ...absent].filter(({ sentences }) => sentences > 0);
}

/** What the requirement or the clause of this id says, and who answers for it, as lines of text; undefined for an unknown id. */
export function explainRequirement(
  registry: Registry,
  cases: readonly (CitedCase & { readonly title: string })[],
  id: string,
): string | undefined {
  const clause = registry.clauses.find((one) => one.id === id);
  if (clause !== undefined) {
    const citing = cases.filter(({ rfc }) => rfc === citationOf(id));
    return text([id, `  ${clause.defines}`, `  a definition of ${citationOf(id)}`, '', ...listed(citing)]);
  }
  const entry = matrixOf(registry, cases).find((one) => one.id === id);
  if (entry === undefined) return undefined;
  const { says, level, binds, observable, why, oracles = [], checks = [] } = entry;
  const seen = observable === undefined ? '' : observable ? ', observable' : ', not to be seen from outside';
  return text([
    id,
    `  ${says}`,
    `  ${level} of ${citationOf(id)}, binds ${binds}${seen}`,
    ...(why === undefined ? [] : [`  why: ${why}`]),
    ...oracles.map((name) => `  fuzz: ${name}`),
    ...checks.map((path) => `  code: ${path}`),
    ...(entry.cases.length === 0 ? [] : ['', ...listed(cases.filter((one) => entry.cases.includes(one.id)))]),
  ]);
}

function listed(cases: readonly { readonly id: string; readonly title: string }[]): readonly string[] {
  const width = Math.max(0, ...cases.map((one) => one.id.length));
  return [`${cases.length} cases:`, ...cases.map((one) => `  ${one.id.padEnd(width)}  ${one.title}`)];
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function answerOf({ level, binds, cases, oracles, checks, why }: Requirement): Answer {
  if (binds !== 'server') return 'none';
  if (cases !== undefined) return 'case';
  if (oracles !== undefined || checks !== undefined) return 'check';
  return level === 'MAY' && why === undefined ? 'none' : 'reason';
}

function count(rfc: string, level: Level, rows: readonly Requirement[]): Coverage {
  const server = rows.filter((row) => row.binds === 'server');
  const answered = (answer: Answer) => server.filter((row) => answerOf(row) === answer).length;
  return {
    rfc,
    level,
    sentences: rows.length,
    server: server.length,
    observable: server.filter((row) => row.observable === true).length,
    byCase: answered('case'),
    byCheck: answered('check'),
    byReason: answered('reason'),
  };
}

function rfcOf(id: string): string {
  return id.split(':')[0] ?? '';
}

function escapeRegExp(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
