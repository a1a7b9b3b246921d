/**
 * Reads results files: NDJSON of `ReportEvent`, somebody else's input.
 */
import { createReadStream } from 'node:fs';
import { explainIssue } from '../explain-issue.ts';
import type { EventSource } from '../fold.ts';
import { ReportsError } from '../reports-error.ts';
import { ReportEvent, SCHEMA_VERSION } from '../schema.ts';
import { statFile, unreadable } from './files.ts';
import { splitLines } from './lines.ts';

/** What a results file may grow to. */
export interface IngestLimits {
  /** Octets of one file. @defaultValue 536,870,912 */
  readonly fileBytes: number;
  /** Octets of one line. @defaultValue 1,048,576 */
  readonly lineBytes: number;
  /** Events of one file. @defaultValue 1,000,000 */
  readonly events: number;
}

export const INGEST_LIMITS: IngestLimits = Object.freeze({
  fileBytes: 512 * 1024 * 1024,
  lineBytes: 1024 * 1024,
  events: 1_000_000,
});

/**
 * Reads one results file into a source for `foldReport`.
 *
 * A last line without a line feed that does not parse is what an interrupted writer leaves: it is dropped, its run has
 * no `run-end`, and the gate calls that inconclusive. Anything else that is not an event is refused.
 *
 * @throws ReportsError exit 2 naming file and line: unreadable, beyond a limit, not JSON, no event of this schema
 * version. Exit 5: an empty file.
 */
export async function readResults(path: string, limits: IngestLimits = INGEST_LIMITS): Promise<EventSource> {
  const { size } = await statFile(path);
  if (size > limits.fileBytes) {
    throw new ReportsError(2, `${path}: ${size} octets; a results file has at most ${limits.fileBytes}`);
  }
  try {
    return await parseResults(createReadStream(path, { highWaterMark: 256 * 1024 }), path, limits);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Parses a stream of octets as a results file; `name` is what errors call it.
 *
 * @throws ReportsError as `readResults` does.
 */
export async function parseResults(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  limits: IngestLimits = INGEST_LIMITS,
): Promise<EventSource> {
  const events: ReportEvent[] = [];
  const lines: number[] = [];
  for await (const line of splitLines(chunks, name, limits.lineBytes)) {
    if (line.text.trim() === '') continue;
    const place = `${name}:${line.number}`;
    const json = parseJson(line.text);
    if (json === undefined) {
      if (!line.ended && isTorn(line.text, events.length === 0)) break;
      throw new ReportsError(2, `${place}: not JSON; is this a results file of aeronet?`);
    }
    if (events.length === limits.events) {
      throw new ReportsError(2, `${place}: more than ${limits.events} events; split the run into shards`);
    }
    events.push(parseEvent(json.value, place));
    lines.push(line.number);
  }
  if (events.length === 0) {
    throw new ReportsError(5, `${name}: holds no event: its run ended before it wrote one; run it again`);
  }
  return { name, events, lines };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Whether a text is the beginning of an event's line; as the only line of a file it must show that it is ours. */
function isTorn(text: string, only: boolean): boolean {
  const start = only ? '{"kind":"run-start"' : '{"';
  return text.startsWith(start) || start.startsWith(text);
}

function parseEvent(json: unknown, place: string): ReportEvent {
  const version = versionOf(json);
  if (version !== undefined && version !== SCHEMA_VERSION) {
    throw new ReportsError(
      2,
      `${place}: results of schema version ${version}; this aeronet reads version ${SCHEMA_VERSION}: make them with it again`,
    );
  }
  const result = ReportEvent.safeParse(json);
  if (result.success) return result.data;
  throw new ReportsError(2, `${place}: not a results event: ${explainIssue(result.error)}`);
}

/** The schema version that a `run-start` claims; looked at first, since another version may have other fields. */
function versionOf(json: unknown): number | undefined {
  if (typeof json !== 'object' || json === null || !('kind' in json) || !('schema' in json)) return undefined;
  return json.kind === 'run-start' && typeof json.schema === 'number' ? json.schema : undefined;
}
