import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportEvent } from '../../reports/schema.ts';
import { BenchError } from '../errors.ts';

/** A results file being written: each event is on disk before the next case ends, so that an interrupted run is readable. */
export interface ResultsFile {
  readonly path: string;
  write(event: ReportEvent): void;
  close(): void;
}

/**
 * Opens `<folder>/results.ndjson`, replacing what was there.
 * @throws BenchError (exit 2) when the folder cannot be written, `write()` when the disk is full
 */
export function openResultsFile(folder: string): ResultsFile {
  const path = join(folder, 'results.ndjson');
  const file = open(folder, path);
  return {
    path,
    write: (event) => orCannotWrite(path, () => writeSync(file, `${JSON.stringify(event)}\n`)),
    close: () => closeSync(file),
  };
}

function open(folder: string, path: string): number {
  return orCannotWrite(path, () => {
    mkdirSync(folder, { recursive: true });
    return openSync(path, 'w');
  });
}

function orCannotWrite<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError(2, `Cannot write results to ${path} (${why}): give another folder with --out`, { cause });
  }
}
