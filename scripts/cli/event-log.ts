/** The NDJSON file of a run: each event is on disk when it has happened, so that an interrupted run can be read. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { release, type } from 'node:os';
import { dirname } from 'node:path';
import type { ReportEvent, RunStartEvent } from '../../reports/schema.ts';
import { UsageError } from './command.ts';

export interface EventLog {
  readonly path: string;
  write(event: ReportEvent): void;
  /** The event that begins a run. */
  runStart(producer: RunStartEvent['producer'], run: RunFacts, seed: number): RunStartEvent;
}

/** What the frame knows of a run. */
interface RunFacts {
  readonly version: string;
  readonly commandLine: string;
}

/** Begins a file anew. @throws UsageError when it cannot be written. */
export function openEventLog(path: string): EventLog {
  orCannotWrite(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
  });
  return {
    path,
    write: (event) => orCannotWrite(path, () => appendFileSync(path, `${JSON.stringify(event)}\n`)),
    runStart,
  };
}

function orCannotWrite(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot write ${path} (${why}): give another folder with --out`);
  }
}

/** The event that begins a run. */
export function runStart(producer: RunStartEvent['producer'], run: RunFacts, seed: number): RunStartEvent {
  return {
    kind: 'run-start',
    schema: 1,
    producer,
    version: run.version,
    node: process.version,
    os: `${type()} ${release()}`,
    startedAt: new Date().toISOString(),
    seed,
    command: run.commandLine,
  };
}
