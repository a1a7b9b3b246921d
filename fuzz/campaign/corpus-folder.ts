/**
 * A corpus on disk: `<root>/<target>/seed/<sha256, 16 digits>.bin` and `<root>/<target>/crash/<signature>/`. Names are
 * checked against contents, and nothing outside of the root is read, by a link either.
 */
import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isSignaturePrefix, signatureFolder } from '../engines/signature.ts';
import { FuzzError } from '../errors.ts';
import { type Bundle, readBundle, readLimited, replaceFile, sha256 } from './bundle.ts';

/** An input that is kept on disk. */
export type CorpusEntryFile =
  | { readonly kind: 'seed'; readonly target: string; readonly path: string; readonly input: Uint8Array }
  | { readonly kind: 'crash'; readonly target: string; readonly path: string; readonly bundle: Bundle };

/** More files than any corpus of ours has. */
const MAX_FILES = 100_000;
const BUNDLE_NAME = /^v1-[0-9a-f]{16}$/;
const SEED_NAME = /^[0-9a-f]{16}\.bin$/;

/** All entries of a target below a root, seeds first, by name; none when the folders do not exist. */
export function readTargetCorpus(root: string, target: string): CorpusEntryFile[] {
  const folder = join(root, target);
  return existsSync(folder) ? readEntries(folder, root) : [];
}

/** Entries under a path: a corpus, a target's folder, `seed/` or `crash/`, a bundle, or one seed. */
export function readEntries(path: string, root: string): CorpusEntryFile[] {
  checkInside(path, root);
  if (!statSync(path).isDirectory()) return [readSeed(path, root)];
  const name = basename(resolve(path));
  if (existsSync(join(path, 'meta.json')) || BUNDLE_NAME.test(name)) return [readCrash(path, root)];
  // The folder was looked at: of what stands in it only a link could lead elsewhere.
  if (name === 'seed') return filesOf(path).map((file) => readSeed(file, root, true));
  if (name === 'crash') return filesOf(path).map((file) => readCrash(file, root));
  const rooms = ['seed', 'crash'].map((room) => join(path, room)).filter((room) => existsSync(room));
  if (rooms.length > 0) return rooms.flatMap((room) => readEntries(room, root));
  return filesOf(path)
    .filter((file) => lstatSync(file).isDirectory() || lstatSync(file).isSymbolicLink())
    .flatMap((file) => readEntries(file, root));
}

/** Bundles whose signature begins like this, in the given corpora. @throws FuzzError (exit 2) when none does. */
export function findBySignature(prefix: string, roots: readonly string[]): CorpusEntryFile[] {
  const wanted = prefix.replace(/^v1[:-]/, '');
  const found = roots
    .filter((root) => existsSync(root))
    .flatMap((root) => filesOf(root).map((folder) => join(folder, 'crash')))
    .filter((crashes) => existsSync(crashes))
    .flatMap((crashes) => filesOf(crashes).filter((file) => basename(file).startsWith(`v1-${wanted}`)))
    .map((file) => readCrash(file, dirname(dirname(dirname(file)))));
  if (found.length === 0) throw new FuzzError(2, `no crash with signature ${prefix} in ${roots.join(', ')}`);
  return found;
}

/** Whether an operand means a signature rather than a path. */
export function meansSignature(operand: string): boolean {
  return !existsSync(operand) && isSignaturePrefix(operand);
}

/** Adds a seed under its content's name; answers its path and whether it is new. @throws FuzzError (exit 2) where a link leads out. */
export function addSeed(
  root: string,
  target: string,
  input: Uint8Array,
): { readonly path: string; readonly isNew: boolean } {
  const path = join(root, target, 'seed', seedName(input));
  for (const folder of [dirname(path), join(root, target)]) if (existsSync(folder)) checkInside(folder, root);
  const isNew = !existsSync(path);
  if (isNew) replaceFile(path, input);
  return { path, isNew };
}

/** File name of a seed. */
export function seedName(input: Uint8Array): string {
  return `${sha256(input).slice(0, 16)}.bin`;
}

function readSeed(path: string, root: string, isFolderChecked = false): CorpusEntryFile {
  if (!isFolderChecked || lstatSync(path).isSymbolicLink()) checkInside(path, root);
  const input = readLimited(path);
  const room = dirname(resolve(path));
  if (basename(room) !== 'seed' || !SEED_NAME.test(basename(path))) {
    throw new FuzzError(2, `${path} is no corpus entry: add it with: aeronet corpus add <target> ${path}`);
  }
  if (seedName(input) !== basename(path)) {
    throw new FuzzError(
      2,
      `${path} is not what its name says (its content is ${seedName(input)}): restore it, or add it anew`,
    );
  }
  return { kind: 'seed', target: basename(dirname(room)), path, input };
}

function readCrash(path: string, root: string): CorpusEntryFile {
  for (const file of ['', 'meta.json', 'input.bin', 'input.min.bin']) {
    if (existsSync(join(path, file))) checkInside(join(path, file), root);
  }
  const bundle = readBundle(path);
  const { target, signature } = bundle.meta;
  // Whoever copies a bundle elsewhere may call it what he likes.
  const room = dirname(resolve(path));
  const owner = basename(dirname(room));
  if (basename(room) === 'crash' && (basename(path) !== signatureFolder(signature) || owner !== target)) {
    const place = `${owner}/crash/${basename(path)}`;
    throw new FuzzError(2, `${path} holds ${signature} of ${target}, not ${place}: restore it, or remove its folder`);
  }
  return { kind: 'crash', target, path, bundle };
}

/** A path that leaves the corpus by `..` or by a link is not followed. */
function checkInside(path: string, root: string): void {
  let real: string;
  let realRoot: string;
  try {
    real = realpathSync(path);
    realRoot = realpathSync(root);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FuzzError(2, `cannot read ${path} (${why}): restore it, or correct the path`);
  }
  if (real !== realRoot && !real.startsWith(realRoot + sep)) {
    throw new FuzzError(2, `${path} leads out of the corpus ${root}, to ${real}: nothing outside is read`);
  }
}

function filesOf(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && !name.endsWith('.part'));
  if (names.length > MAX_FILES) throw new FuzzError(2, `${folder} has ${names.length} files, more than a corpus may`);
  return names.sort().map((name) => join(folder, name));
}
