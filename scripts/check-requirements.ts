/** The requirement registry against what it names: cases, fuzz oracles, files, and the sentences where they are at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CitedCase, citationOf, namedBy, type Registry, type Requirement } from '../conformance/index.ts';
import type { Problem } from './source-files.ts';

/** One line of `requirements.jsonl`, which numbers the sentences of the RFCs. */
export interface Sentence {
  readonly id: string;
  readonly level: string;
}

/** What the registry may name. */
export interface Named {
  readonly cases: readonly CitedCase[];
  readonly exists: (path: string) => boolean;
  /** Every normative sentence; undefined where the RFCs are not at hand. */
  readonly sentences: readonly Sentence[] | undefined;
}

/** What is named and not there, cases of a clause that is not registered, sentences without a row, rows without an answer. */
export function checkRequirements(registry: Registry, named: Named): readonly Problem[] {
  const answers = registry.requirements.flatMap((row) => complaints(row, named).map((message) => at(row.id, message)));
  return [...answers, ...unregistered(registry, named.cases), ...missing(registry, named.sentences)];
}

/** The numbered sentences in this folder; undefined where it is not there. */
export function readSentences(folder: string): readonly Sentence[] | undefined {
  const path = join(folder, 'requirements.jsonl');
  if (!existsSync(path)) return undefined;
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Sentence);
}

function* complain(row: Requirement, { cases, exists }: Named): Iterable<string> {
  for (const glob of row.cases ?? []) if (namedBy(glob, cases).length === 0) yield `${glob} names no case`;
  for (const name of row.oracles ?? []) {
    const isThere = ['oracles', 'targets'].some((folder) => exists(`fuzz/${folder}/${name}.ts`));
    if (!isThere) yield `${name} is neither an oracle nor a target of fuzz/`;
  }
  for (const path of row.checks ?? []) if (!exists(path)) yield `${path} does not exist`;
  if (row.binds !== 'server') return;
  const hasAnswer = [row.cases, row.oracles, row.checks, row.why].some((answer) => answer !== undefined);
  if (row.level !== 'MAY' && !hasAnswer) yield 'binds a server, and nothing answers for it: name a case, or say why';
  if (row.observable === false && row.cases !== undefined) yield 'has cases, though it cannot be seen from outside';
}

function complaints(row: Requirement, named: Named): readonly string[] {
  return [...complain(row, named)];
}

/** Cases whose clause has neither a sentence nor a definition. */
function unregistered(registry: Registry, cases: readonly CitedCase[]): readonly Problem[] {
  const known = new Set([...registry.requirements, ...registry.clauses].map(({ id }) => citationOf(id)));
  const files = new Set([...known].map((citation) => citation.split('#')[0]));
  return cases
    .filter(({ rfc }) => files.has(rfc.split('#')[0]) && !known.has(rfc))
    .map(({ id, rfc }) => ({
      path: `conformance/requirements/${rfc.split('#')[0]?.toLowerCase()}.jsonl`,
      line: 0,
      message: `${id} cites ${rfc}, which has no row: register its clause`,
    }));
}

/** Sentences without a row, rows without a sentence, levels that differ. */
function missing(registry: Registry, sentences: readonly Sentence[] | undefined): readonly Problem[] {
  if (sentences === undefined) return [];
  const rows = new Map(registry.requirements.map((row) => [row.id, row.level]));
  const levels = new Map(sentences.map(({ id, level }) => [id, level]));
  const absent = new Map(registry.absent.map((row) => [row.id, row]));
  const problems: Problem[] = [];
  for (const { id, level } of sentences) {
    if (absent.has(rfcOf(id))) continue;
    const own = rows.get(id);
    if (own === undefined) problems.push(at(id, 'has no row'));
    else if (own !== level) problems.push(at(id, `is a ${level}, not a ${own}`));
  }
  for (const id of rows.keys()) if (!levels.has(id)) problems.push(at(id, 'is no sentence of the RFC'));
  for (const { id, sentences: said } of absent.values()) {
    for (const level of ['MUST', 'SHOULD', 'MAY'] as const) {
      const real = sentences.filter((one) => rfcOf(one.id) === id && one.level === level).length;
      if (real !== said[level]) problems.push(at(id, `has ${real} sentences with ${level}, not ${said[level]}`));
    }
  }
  return problems;
}

function at(id: string, message: string): Problem {
  return { path: `conformance/requirements/${rfcOf(id)}.jsonl`, line: 0, message: `${id} ${message}` };
}

function rfcOf(id: string): string {
  return id.split(':')[0] ?? '';
}
