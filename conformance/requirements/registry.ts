/**
 * The registry of requirements: of every normative sentence of the RFCs, whom it binds, whether somebody outside can see it
 * kept, and what answers for it. One sorted JSONL file an RFC; ids and own words, for the sentences are the RFCs'.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BenchError } from '../errors.ts';

const SECTION = '(?:[0-9]+|[A-Z])(?:\\.[0-9]+)*';
const Words = z.string().min(1);
const Says = Words.max(80);
const Why = Words.max(200);
const Names = z.array(Words).min(1);
const Count = z.number().int().min(0);

/** One numbered sentence: `rfc9112:6.1:3` is the third of RFC9112#6.1 that carries a key word. */
const RequirementRow = z
  .strictObject({
    id: z.string().regex(new RegExp(`^rfc[0-9]{4}:${SECTION}:[0-9]+$`), 'write rfc9112:6.1:3'),
    level: z.enum(['MUST', 'SHOULD', 'MAY']),
    /** Whom it binds: `server` is every role that a server has too (sender, recipient, endpoint); `other` are caches, registries, authors. */
    binds: z.enum(['server', 'client', 'intermediary', 'other']),
    /** What it asks for. */
    says: Says,
    /** Whether a client that knows nothing but the wire can see it kept or broken; only of what binds a server. */
    observable: z.boolean().optional(),
    /** Why it cannot be seen, or why no case looks. */
    why: Why.optional(),
    /** Cases that fail a server for breaking it: ids, or globs of ids. */
    cases: Names.optional(),
    /** Oracles or targets of the fuzzer that hold the core to it. */
    oracles: Names.optional(),
    /** Files of the checkout that hold the core to it. */
    checks: Names.optional(),
  })
  .refine(({ binds, observable }) => (binds === 'server') === (observable !== undefined), {
    message: 'is said of what binds a server, and of nothing else',
    path: ['observable'],
  });

/** A clause without a key word that cases cite all the same: a definition, a grammar. */
const ClauseRow = z.strictObject({
  id: z.string().regex(new RegExp(`^rfc[0-9]{4}:${SECTION}$`), 'write rfc9112:5'),
  defines: Says,
});

/** An RFC that is not offered as a whole, with the number of its sentences. */
const AbsentRow = z.strictObject({
  id: z.string().regex(/^rfc[0-9]{4}$/, 'write rfc9114'),
  why: Why,
  sentences: z.strictObject({ MUST: Count, SHOULD: Count, MAY: Count }),
});

export type Requirement = z.infer<typeof RequirementRow>;
export type Clause = z.infer<typeof ClauseRow>;
export type AbsentRfc = z.infer<typeof AbsentRow>;

export interface Registry {
  /** In the order of their files and lines. */
  readonly requirements: readonly Requirement[];
  readonly clauses: readonly Clause[];
  readonly absent: readonly AbsentRfc[];
}

/** Where the files lie, from source and from `dist` alike. */
const FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.js') ? '../../../conformance/requirements/' : './', import.meta.url),
);

/**
 * Reads every file of the registry.
 * @throws BenchError (exit 2) for a line that is no row, out of order, or in the file of another RFC
 */
export function readRegistry(folder = FOLDER): Registry {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const parts = files.sort().map((name) => parseRegistry(readFileSync(`${folder}/${name}`, 'utf8'), name));
  return {
    requirements: parts.flatMap((part) => part.requirements),
    clauses: parts.flatMap((part) => part.clauses),
    absent: parts.flatMap((part) => part.absent),
  };
}

/** The rows of one file, `rfc9112.jsonl`, whose lines stand in the order of sections. */
export function parseRegistry(text: string, name: string): Registry {
  const rows = { requirements: [] as Requirement[], clauses: [] as Clause[], absent: [] as AbsentRfc[] };
  let before = '';
  for (const [index, line] of text.trimEnd().split('\n').entries()) {
    const refuse = (complaint: string): never => {
      throw new BenchError(2, `Cannot read ${name}, line ${index + 1}: ${complaint}`);
    };
    const json = parseJson(line) ?? refuse('it is no JSON object');
    const id = 'id' in json ? String(json.id) : '';
    if (id.split(':')[0] !== name.replace('.jsonl', '')) refuse(`"${id}" is not of this RFC`);
    if (compareIds(before, id) >= 0) refuse(`"${id}" does not come behind "${before}"`);
    before = id;
    if ('defines' in json) rows.clauses.push(parse(ClauseRow, json, refuse));
    else if ('sentences' in json) rows.absent.push(parse(AbsentRow, json, refuse));
    else rows.requirements.push(parse(RequirementRow, json, refuse));
  }
  return rows;
}

/** The order of sections: 9.10 behind 9.9, appendices last, a clause in front of its sentences. */
export function compareIds(a: string, b: string): number {
  const left = sortKey(a);
  const right = sortKey(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The clause of a requirement as cases cite it: `RFC9112#6.1`. */
export function citationOf(id: string): string {
  const [rfc = '', section = ''] = id.split(':');
  return `${rfc.toUpperCase()}#${section}`;
}

function sortKey(id: string): readonly number[] {
  if (id === '') return [];
  const [rfc = '', section = '', number = '0'] = id.split(':');
  const parts = section.split('.').map((part) => (/^[0-9]+$/.test(part) ? Number(part) : 1000 + part.charCodeAt(0)));
  return [Number(rfc.slice(3)), ...parts, -0.5, Number(number)];
}

function parseJson(line: string): object | undefined {
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

function parse<T>(schema: z.ZodType<T>, json: object, refuse: (complaint: string) => never): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  return refuse(`${issue?.path.join('.') ?? ''} ${issue?.message ?? 'it is no row'}`.trim());
}
