/** Which mutant is known to fail which cases: `witnesses.jsonl`, written by `npm run mutants`. */
import { existsSync, readFileSync } from 'node:fs';

/** From the package's root. */
export const WITNESSES_FILE = 'conformance/mutants/witnesses.jsonl';

/** One mutant, with cases that fail it; each case stands with the first mutant that fails it. */
export interface Witness {
  readonly mutant: string;
  readonly fails: readonly string[];
}

/** Every row; none when the file is missing. */
export function readWitnesses(path: string): readonly Witness[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): Witness => JSON.parse(line));
}

/** The file's text. */
export function formatWitnesses(rows: readonly Witness[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
