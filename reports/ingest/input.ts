/**
 * Reads one input, whatever it is: its name says which. `meta.json` is a crash bundle, `coverage-summary.json` is c8's,
 * `*.tap` is TAP, and everything else is a results file.
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EventSource } from '../fold.ts';
import { ReportsError } from '../reports-error.ts';
import { parseBundle } from './bundle.ts';
import { parseC8 } from './c8.ts';
import { statFile, unreadable } from './files.ts';
import { BUNDLE, C8, isTap } from './names.ts';
import { INGEST_LIMITS, readResults } from './ndjson.ts';
import { parseTap } from './tap.ts';

/** A description or a summary is small; what is larger is something else. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** @throws ReportsError exit 2 naming file and line, or 5 where it holds nothing. */
export async function readInput(path: string): Promise<EventSource> {
  const name = basename(path);
  if (name !== BUNDLE && name !== C8 && !isTap(name)) return readResults(path);
  const { size, mtime } = await statFile(path);
  try {
    if (isTap(name)) {
      if (size > INGEST_LIMITS.fileBytes) throw tooLarge(path, size, INGEST_LIMITS.fileBytes);
      return await parseTap(createReadStream(path), path, mtime.toISOString(), INGEST_LIMITS);
    }
    if (size > MAX_JSON_BYTES) throw tooLarge(path, size, MAX_JSON_BYTES);
    const text = await readFile(path, 'utf8');
    if (name === C8) return parseC8(text, path, process.cwd(), mtime.toISOString());
    return parseBundle(text, path, dirname(path), await smallestInput(dirname(path)));
  } catch (error) {
    throw unreadable(path, error);
  }
}

const tooLarge = (path: string, size: number, limit: number): ReportsError =>
  new ReportsError(2, `${path}: ${size} octets; such a file has at most ${limit}`);

async function smallestInput(folder: string): Promise<Uint8Array> {
  for (const name of ['input.min.bin', 'input.bin']) {
    const octets = await readFile(join(folder, name)).catch(() => undefined);
    if (octets !== undefined) return octets;
  }
  return new Uint8Array();
}
