/**
 * Crash bundles: a folder named after its signature with `input.bin`, `input.min.bin` and `meta.json`. It appears whole;
 * what is learnt later replaces its files one by one, each whole too.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MAX_INPUT_BYTES } from '../define.ts';
import { signatureFolder } from '../engines/signature.ts';
import { FuzzError } from '../errors.ts';
import { CrashMeta } from './crash-meta.ts';

export interface Bundle {
  readonly folder: string;
  readonly meta: CrashMeta;
  readonly input: Uint8Array;
  /** The smallest input known: the minimised one, else the first. */
  readonly smallest: Uint8Array;
}

const MAX_META_BYTES = 131_072;

/** Writes a new bundle below `crashes` and answers its folder; one that is there already is left as it is. */
export function writeBundle(crashes: string, meta: CrashMeta, input: Uint8Array, minimised?: Uint8Array): string {
  return claimBundle(crashes, meta, input, minimised).folder;
}

/** Writes a new bundle, and says whether it is new: of several processes that write the same one, one is told so. */
export function claimBundle(
  crashes: string,
  meta: CrashMeta,
  input: Uint8Array,
  minimised?: Uint8Array,
): { readonly folder: string; readonly isNew: boolean } {
  const folder = join(crashes, signatureFolder(meta.signature));
  const isThere = (): boolean => existsSync(join(folder, 'meta.json'));
  if (isThere()) return { folder, isNew: false };
  const staging = `${folder}.${randomUUID()}.part`;
  let isNew = true;
  wholeOrNothing(folder, staging, () => {
    mkdirSync(staging, { recursive: true });
    writeFileSync(join(staging, 'input.bin'), input, { flush: true });
    if (minimised !== undefined) writeFileSync(join(staging, 'input.min.bin'), minimised, { flush: true });
    writeFileSync(join(staging, 'meta.json'), metaText(meta), { flush: true });
    // What stands there without its description was broken by hand.
    if (existsSync(folder) && !isThere()) rmSync(folder, { recursive: true, force: true });
    try {
      renameSync(staging, folder);
    } catch (error) {
      // Another process was first: a folder with files in it is not replaced.
      if (!isThere()) throw error;
      isNew = false;
      rmSync(staging, { recursive: true, force: true });
    }
  });
  return { folder, isNew };
}

/** Replaces what is known of a bundle. */
export function updateBundle(folder: string, meta: CrashMeta, minimised?: Uint8Array): void {
  if (minimised !== undefined) replaceFile(join(folder, 'input.min.bin'), minimised);
  replaceFile(join(folder, 'meta.json'), metaText(meta));
}

/** Reads and checks a bundle. @throws FuzzError (exit 2) naming the file that is missing, foreign or changed. */
export function readBundle(folder: string): Bundle {
  const file = join(folder, 'meta.json');
  const meta = parseMeta(readLimited(file, MAX_META_BYTES), file);
  const input = readChecked(join(folder, 'input.bin'), meta.input.sha256);
  const smallest = meta.minimised && readChecked(join(folder, 'input.min.bin'), meta.minimised.sha256);
  return { folder, meta, input, smallest: smallest ?? input };
}

/** Reads a file of the corpus. @throws FuzzError (exit 2) when it cannot be read or is no input. */
export function readLimited(file: string, maxBytes = MAX_INPUT_BYTES): Uint8Array<ArrayBuffer> {
  try {
    const status = statSync(file);
    // A pipe or a device may give nothing, or never end.
    if (!status.isFile()) throw new FuzzError(2, `${file} is no regular file: nothing else is read as an input`);
    const { size } = status;
    if (size > maxBytes)
      throw new FuzzError(2, `${file} has ${size} octets, more than the ${maxBytes} of a corpus file`);
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    if (error instanceof FuzzError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new FuzzError(2, `cannot read ${file} (${why}): restore it, or correct the path`);
  }
}

/** SHA-256 of some octets, in hex. */
export function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}

/** Size and digest of an input, as `meta.json` has them. */
export function inputFacts(octets: Uint8Array): CrashMeta['input'] {
  return { bytes: octets.length, sha256: sha256(octets) };
}

/** Writes a file whole or not at all. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const part = `${file}.${randomUUID()}.part`;
  wholeOrNothing(file, part, () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(part, content, { flush: true });
    renameSync(part, file);
  });
}

/** What a full disk leaves of an unfinished file or folder is taken away again. */
function wholeOrNothing(place: string, part: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    try {
      rmSync(part, { recursive: true, force: true });
    } catch {
      // It was never begun: there is no such folder.
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new FuzzError(2, `cannot write ${place} (${why}): free some space, or name another folder`, {
      cause: error,
    });
  }
}

function parseMeta(octets: Uint8Array, file: string): CrashMeta {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets));
  } catch {
    throw new FuzzError(2, `${file} is no JSON: restore it, or remove its folder`);
  }
  const parsed = CrashMeta.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the object';
  throw new FuzzError(2, `${file}: ${where}: ${issue?.message ?? 'invalid'}; restore it, or remove its folder`);
}

function readChecked(file: string, digest: string): Uint8Array {
  const octets = readLimited(file);
  if (sha256(octets) === digest) return octets;
  throw new FuzzError(2, `${file} is not the input that meta.json describes: restore it, or remove its folder`);
}

function metaText(meta: CrashMeta): string {
  return `${JSON.stringify(meta, undefined, 2)}\n`;
}
