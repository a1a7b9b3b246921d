/** `corpus/manifest.json`: where each set of seeds comes from, under which licence, and a digest over its names. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FuzzError, oneLine } from '../errors.ts';
import { readLimited, replaceFile } from './bundle.ts';

const SeedSet = z.strictObject({
  /** Names a folder. */
  target: z
    .string()
    .max(100)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** Name of the set, e.g. `examples`. */
  set: z.string().min(1).max(100),
  /** How it was made: a script, a recording, a hand. */
  origin: z.string().min(1).max(1_000),
  licence: z.string().min(1).max(100),
  /** File names in `<target>/seed/`, sorted. They are digests of the contents. */
  files: z.array(z.string().regex(/^[0-9a-f]{16}\.bin$/)).max(100_000),
  /** SHA-256 over the names. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
const Manifest = z.strictObject({ schema: z.literal(1), sets: z.array(SeedSet).max(10_000) });

export type SeedSet = z.infer<typeof SeedSet>;

/** Reads a corpus's manifest; empty where there is none. @throws FuzzError (exit 2) when it is no manifest. */
export function readManifest(root: string): SeedSet[] {
  const file = join(root, 'manifest.json');
  if (!existsSync(file)) return [];
  return parseManifest(readLimited(file, 16_777_216), file);
}

/** Reads a manifest. @param file its name, for a message @throws FuzzError (exit 2) in one line, whatever the octets are */
export function parseManifest(octets: Uint8Array, file: string): SeedSet[] {
  const sets = parseSets(octets, file);
  const changed = sets.find((set) => set.digest !== digestOfNames(set.files));
  if (changed === undefined) return sets;
  const message = `${file}: the digest of set "${changed.set}" is not that of its files: make it anew`;
  throw new FuzzError(2, oneLine(message));
}

function parseSets(octets: Uint8Array, file: string): SeedSet[] {
  try {
    return Manifest.parse(JSON.parse(new TextDecoder().decode(octets))).sets;
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : String(error);
    throw new FuzzError(2, oneLine(`${file} is no corpus manifest: ${why}`));
  }
}

/** Writes sets in a fixed order, so that the same sets give the same file. */
export function writeManifest(root: string, sets: readonly SeedSet[]): void {
  const sorted = [...sets].sort((a, b) => (`${a.target} ${a.set}` < `${b.target} ${b.set}` ? -1 : 1));
  replaceFile(join(root, 'manifest.json'), `${JSON.stringify({ schema: 1, sets: sorted }, undefined, 2)}\n`);
}

/** A set of seeds with its digest. */
export function seedSet(set: Omit<SeedSet, 'digest'>): SeedSet {
  const files = [...new Set(set.files)].sort();
  return { ...set, files, digest: digestOfNames(files) };
}

function digestOfNames(names: readonly string[]): string {
  return createHash('sha256').update(names.join('\n')).digest('hex');
}
