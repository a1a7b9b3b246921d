/**
 * Inputs of other engines: folders of plain files, as AFL (`queue/id:…`), libFuzzer (named by SHA-1), jsfuzz and our own
 * campaigns (named by SHA-256) leave them. Every regular file is an input; a link is refused, whatever it leads to.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_INPUT_BYTES } from '../define.ts';
import { FuzzError } from '../errors.ts';
import { readLimited, sha256 } from './bundle.ts';

/** A file's input, with where it stood. */
export interface ForeignInput {
  readonly path: string;
  readonly input: Uint8Array;
}

export interface ForeignFolder {
  /** Each content once, in the order of names. */
  readonly inputs: readonly ForeignInput[];
  /** Files that are longer than an input may be. */
  readonly tooLong: readonly string[];
}

/** Most files and octets that are taken in at once, and how deep folders may stand in each other. */
const MAX_FILES = 100_000;
const MAX_BYTES = 256 * 1_048_576;
const MAX_DEPTH = 4;
/** What AFL and jsfuzz write beside inputs. */
const NO_INPUTS = new Set([
  'README.txt',
  'fuzzer_stats',
  'fuzzer_setup',
  'plot_data',
  'fuzz_bitmap',
  'cmdline',
  'cov.json',
]);

/** Reads a folder, or one file. @throws FuzzError (exit 2) for what is missing, a link, or more than a corpus may be. */
export function readForeign(paths: readonly string[], maxBytes = MAX_INPUT_BYTES): ForeignFolder {
  const inputs = new Map<string, ForeignInput>();
  const tooLong: string[] = [];
  let files = 0;
  let bytes = 0;
  const read = (path: string, depth: number): void => {
    const status = statusOf(path);
    if (status.isSymbolicLink())
      throw new FuzzError(2, `${path} is a link: copy what it leads to, links are not followed`);
    if (status.isDirectory()) {
      if (depth > MAX_DEPTH)
        throw new FuzzError(2, `${path} is more than ${MAX_DEPTH} folders deep: name it by itself`);
      for (const name of readdirSync(path).sort()) if (isInputName(name)) read(join(path, name), depth + 1);
      return;
    }
    if (++files > MAX_FILES)
      throw new FuzzError(2, `more than ${MAX_FILES} files in ${paths.join(', ')}: take fewer at a time`);
    if (status.size > maxBytes) {
      tooLong.push(path);
      return;
    }
    bytes += status.size;
    if (bytes > MAX_BYTES)
      throw new FuzzError(2, `more than ${MAX_BYTES} octets in ${paths.join(', ')}: take fewer at a time`);
    const input = readLimited(path, maxBytes);
    const digest = sha256(input);
    if (!inputs.has(digest)) inputs.set(digest, { path, input });
  };
  for (const path of paths) read(path, 0);
  return { inputs: [...inputs.values()], tooLong };
}

function statusOf(path: string) {
  try {
    return lstatSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FuzzError(2, `cannot read ${path} (${why}): correct the path`);
  }
}

/** Hidden files are the other engine's own state, and `.part` is something that was never finished. */
function isInputName(name: string): boolean {
  return !name.startsWith('.') && !name.endsWith('.part') && !NO_INPUTS.has(name);
}
