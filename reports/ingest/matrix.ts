import { z } from 'zod';
import type { MatrixRow } from '../render/html-extras.ts';
import { ReportsError } from '../reports-error.ts';

const count = z.number().int().nonnegative();

/** One line of `aeronet list --matrix --json` that counts an RFC's sentences. */
const Row = z.object({
  kind: z.literal('coverage'),
  rfc: z.string(),
  level: z.string(),
  sentences: count,
  server: count,
  observable: count,
  byCase: count,
  byCheck: count,
  byReason: count,
  absent: z.string().optional(),
});

/** Reads the requirement matrix; lines of other kinds are passed over. @throws ReportsError exit 2: a line is no JSON, or a count is missing. */
export function parseMatrix(text: string, source: string): readonly MatrixRow[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const value = json(line, `${source}:${index + 1}`);
    if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'coverage') return [];
    const parsed = Row.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new ReportsError(
        2,
        `${source}:${index + 1}: ${issue?.path.join('.')}: ${issue?.message}; write the file with "aeronet list --matrix --json"`,
      );
    }
    const { kind: _, absent, ...row } = parsed.data;
    return [{ ...row, ...(absent === undefined ? {} : { absent }) }];
  });
}

function json(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ReportsError(2, `${where}: this line is no JSON; write the file with "aeronet list --matrix --json"`);
  }
}
