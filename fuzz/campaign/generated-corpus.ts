/** Inputs that a campaign generated, kept for the next one: raw octets, named after their content, as other engines do. */
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_INPUT_BYTES } from '../define.ts';
import { readLimited, sha256 } from './bundle.ts';

export interface InputKeeper {
  keep(input: Uint8Array): void;
}

/** Most files and octets that one target's generated corpus takes. */
const MAX_FILES = 20_000;
const MAX_BYTES = 64 * 1_048_576;

/** Keeps inputs in a folder, as many as its cap allows. */
export function keepInputs(folder: string): InputKeeper {
  let files = 0;
  let bytes = 0;
  if (existsSync(folder)) {
    for (const name of readdirSync(folder)) {
      files++;
      bytes += statSync(join(folder, name)).size;
    }
  }
  return {
    keep(input) {
      const path = join(folder, sha256(input));
      if (existsSync(path) || files >= MAX_FILES || bytes + input.length > MAX_BYTES) return;
      files++;
      bytes += input.length;
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${path}.part`, input);
      renameSync(`${path}.part`, path);
    },
  };
}

/** What was kept before, by name; files that are no inputs are left alone. */
export function generatedInputs(folder: string): Uint8Array[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[0-9a-f]{64}$/.test(name) && statSync(join(folder, name)).size <= MAX_INPUT_BYTES)
    .sort()
    .map((name) => readLimited(join(folder, name)));
}
