import { z } from 'zod';
import type { MatrixRow, RequirementRow } from '../render/html-extras.ts';
import { ReportsError } from '../reports-error.ts';

const count = z.number().int().nonnegative();
const text = z.string().max(1_000);
const names = z.array(text).max(2_000);

/** One line of `aeronet list --matrix --json` that counts an RFC's sentences. */
const CoverageLine = z.object({
  kind: z.literal('coverage'),
  rfc: text,
  level: text,
  sentences: count,
  server: count,
  observable: count,
  byCase: count,
  byCheck: count,
  byReason: count,
  absent: text.optional(),
});

/** One line that is a sentence. */
const RequirementLine = z.object({
  kind: z.literal('requirement'),
  id: text,
  level: text,
  binds: text,
  says: text,
  answer: text,
  cases: names,
  oracles: names.optional(),
  checks: names.optional(),
  why: text.optional(),
});

/** Lines of a matrix; one of another kind is passed over. */
const MOST_LINES = 20_000;

export interface Matrix {
  readonly matrix: readonly MatrixRow[];
  readonly requirements: readonly RequirementRow[];
}

/** Reads the requirement matrix. @throws ReportsError exit 2: a line is no JSON, or lacks something */
export function parseMatrix(content: string, source: string): Matrix {
  const matrix: MatrixRow[] = [];
  const requirements: RequirementRow[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${source}:${index + 1}`;
    if (index >= MOST_LINES) throw new ReportsError(2, `${where}: a matrix has at most ${MOST_LINES} lines`);
    const value = json(line, where);
    const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
    if (kind === 'coverage') {
      const { kind: _, absent, ...row } = parsed(CoverageLine, value, where);
      matrix.push({ ...row, ...(absent === undefined ? {} : { absent }) });
    } else if (kind === 'requirement') {
      const {
        id,
        level,
        says,
        binds,
        answer,
        cases,
        oracles = [],
        checks = [],
        why = '',
      } = parsed(RequirementLine, value, where);
      requirements.push({ id, level, says, binds, answer, cases, checks: [...oracles, ...checks], why });
    }
  }
  return { matrix, requirements };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ReportsError(
    2,
    `${where}: ${issue?.path.join('.')}: ${issue?.message}; write the file with "aeronet list --matrix --json"`,
  );
}

function json(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ReportsError(2, `${where}: this line is no JSON; write the file with "aeronet list --matrix --json"`);
  }
}
