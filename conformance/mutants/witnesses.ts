/** Which mutant is known to be caught by which cases: `witnesses.jsonl`, written by `npm run mutants`. */
import { existsSync, readFileSync } from 'node:fs';
import type { Catch } from './hunt.ts';

/** From the package's root. */
export const WITNESSES_FILE = 'conformance/mutants/witnesses.jsonl';

/** A mutant with what catches it; most cases stand with one mutant alone, the first that they were seen to catch. */
export interface Witness extends Catch {
  readonly mutant: string;
}

/** Every row; none when the file is missing. */
export function readWitnesses(path: string): readonly Witness[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): Witness => ({ warns: [], beside: [], ...JSON.parse(line) }));
}

/** The file's text. Empty lists are left out, but for the failures. */
export function formatWitnesses(rows: readonly Witness[]): string {
  return rows.map((row) => `${JSON.stringify(row, leaveOut)}\n`).join('');
}

function leaveOut(name: string, value: unknown): unknown {
  return name !== 'fails' && Array.isArray(value) && value.length === 0 ? undefined : value;
}
