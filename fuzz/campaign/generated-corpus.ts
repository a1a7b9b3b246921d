/** Inputs that a campaign generated, kept for the next one: raw octets, named after their content, as other engines do. */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_INPUT_BYTES } from '../define.ts';
import { readLimited, sha256 } from './bundle.ts';
import type { DiskRoom } from './disk-room.ts';

export interface InputKeeper {
  /** Writes an input, if it is new and its cap allows. */
  keep(input: Uint8Array): void;
  /** What is kept, by name; files that are no inputs are left alone. */
  all(): Uint8Array[];
  /** What others have kept since `all()` or the last look. */
  news(): Uint8Array[];
}

/** Most files and octets that one target's generated corpus takes. */
const MAX_FILES = 20_000;
const MAX_BYTES = 64 * 1_048_576;
const INPUT_NAME = /^[0-9a-f]{64}$/;

/** Keeps inputs in a folder, as many as its own cap and the campaign's allow. */
export function keepInputs(folder: string, room: DiskRoom): InputKeeper {
  let bytes = 0;
  const known = new Set<string>();
  for (const { name, size } of filesIn(folder)) {
    known.add(name);
    bytes += size;
  }
  const read = (names: readonly string[]): Uint8Array[] => names.map((name) => readLimited(join(folder, name)));
  let isMade = existsSync(folder);

  return {
    keep(input) {
      const name = sha256(input);
      if (known.has(name)) return;
      if (known.size >= MAX_FILES || bytes + input.length > MAX_BYTES || !room.take(input.length)) return;
      if (!isMade) room.whole(() => mkdirSync(folder, { recursive: true }));
      isMade = true;
      room.write(join(folder, name), input);
      known.add(name);
      bytes += input.length;
    },
    all: () => read(filesIn(folder).map(({ name }) => name)),
    news() {
      const names = filesIn(folder)
        .map(({ name }) => name)
        .filter((name) => !known.has(name));
      for (const name of names) known.add(name);
      return read(names);
    },
  };
}

/** Octets of the generated inputs of all targets below a root. */
export function generatedBytes(root: string): number {
  if (!existsSync(root)) return 0;
  return readdirSync(root)
    .flatMap((target) => filesIn(join(root, target, 'corpus')))
    .reduce((sum, { size }) => sum + size, 0);
}

function filesIn(folder: string): { readonly name: string; readonly size: number }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => INPUT_NAME.test(name))
    .sort()
    .map((name) => ({ name, size: statSync(join(folder, name)).size }))
    .filter(({ size }) => size <= MAX_INPUT_BYTES);
}
