/**
 * Leases as files: `<target>/streams/<stream>.<opening>.json`, each with its owner, until when it is valid, and the progress.
 * Who opens a stream makes the file of the next opening, which only one can (a hard link to a file that is written
 * already), and then removes the one before. So a file has one writer, and a lease that ran out can be taken by one only.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { FuzzError } from '../errors.ts';
import { readLimited, replaceFile } from './bundle.ts';
import { type Lease, NO_PROGRESS, type Progress } from './store.ts';

const count = z.number().nonnegative();

/** Content of a stream's file. The version grows when it changes. */
const StreamFile = z.strictObject({
  version: z.literal(1),
  /** How often it was opened since the campaign began; `--fresh` begins anew. */
  opening: z.number().int().nonnegative(),
  /** Who works in it; null when nobody does. */
  owner: z.strictObject({ host: z.string(), pid: z.number().int(), token: z.string() }).nullable(),
  /** Until when the owner is believed to live, in milliseconds since 1970. */
  until: count,
  progress: z.strictObject({
    build: z.string(),
    executions: count,
    workedMs: count,
    edgesHit: count,
    dryExecutions: count,
    dryMs: count,
  }),
});

type StreamFile = z.infer<typeof StreamFile>;

/** How long an owner that says nothing is believed to live. On its own machine the end of a process is seen at once. */
export const LEASE_MS = 30_000;
const MAX_FILE_BYTES = 65_536;
const MAX_STREAMS = 1_024;

/** A lease with its file. */
export interface StreamLease extends Lease {
  readonly generation: number;
  readonly token: string;
}

/**
 * Leases the first free stream of a folder; `forgets` says whether what was done in it before is to be forgotten.
 * @throws FuzzError (exit 2) for a file that cannot be understood.
 */
export function leaseStream(
  folder: string,
  target: string,
  now: number,
  forgets: (stream: number) => boolean,
): StreamLease {
  mkdirSync(folder, { recursive: true });
  for (let stream = 0; stream < MAX_STREAMS; stream++) {
    for (;;) {
      const generation = newest(folder).get(stream) ?? 0;
      const file = generation === 0 ? undefined : read(pathOf(folder, stream, generation));
      // Taken over since the folder was read: look again.
      if (generation !== 0 && file === undefined) continue;
      if (file !== undefined && isAlive(file, now)) break;
      const begun = file === undefined || forgets(stream);
      const lease: StreamLease = {
        target,
        stream,
        opening: begun ? 0 : file.opening + 1,
        before: begun ? NO_PROGRESS : file.progress,
        generation: generation + 1,
        token: randomUUID(),
      };
      if (create(folder, lease, now)) return lease;
    }
  }
  throw new FuzzError(2, `${folder} has ${MAX_STREAMS} streams with workers: name another folder with --out`);
}

/** Writes progress and a new term; false when another has taken the stream over. */
export function extendStream(folder: string, lease: StreamLease, progress: Progress, now: number): boolean {
  return rewrite(folder, lease, { ...contentOf(lease, now), progress });
}

/** Writes the last progress and gives the stream back. */
export function endStream(folder: string, lease: StreamLease, progress: Progress): void {
  rewrite(folder, lease, { ...contentOf(lease, 0), owner: null, until: 0, progress });
}

/** Progress of all streams in a folder except some. */
export function streamProgress(folder: string, except: ReadonlySet<number>): Progress[] {
  return [...newest(folder)]
    .filter(([stream]) => !except.has(stream))
    .flatMap(([stream, generation]) => read(pathOf(folder, stream, generation))?.progress ?? []);
}

function create(folder: string, lease: StreamLease, now: number): boolean {
  const written = join(folder, `.${lease.token}.part`);
  const file = pathOf(folder, lease.stream, lease.generation);
  try {
    writeFileSync(written, textOf({ ...contentOf(lease, now), progress: lease.before }), { flush: true });
    linkSync(written, file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(written, { force: true });
  }
  removeOlder(folder, lease);
  return true;
}

function rewrite(folder: string, lease: StreamLease, content: StreamFile): boolean {
  const isMine = newest(folder).get(lease.stream) === lease.generation;
  const file = pathOf(folder, lease.stream, lease.generation);
  if (!isMine || read(file)?.owner?.token !== lease.token) return false;
  replaceFile(file, textOf(content));
  return true;
}

function contentOf(lease: StreamLease, now: number): Omit<StreamFile, 'progress'> {
  return {
    version: 1,
    opening: lease.opening,
    owner: { host: hostname(), pid: process.pid, token: lease.token },
    until: now + LEASE_MS,
  };
}

function isAlive({ owner, until }: StreamFile, now: number): boolean {
  if (owner === null || now > until) return false;
  return owner.host !== hostname() || processLives(owner.pid);
}

function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The newest opening of each stream. */
function newest(folder: string): Map<number, number> {
  const generations = new Map<number, number>();
  if (!existsSync(folder)) return generations;
  for (const name of readdirSync(folder)) {
    const [, stream, generation] = STREAM_NAME.exec(name) ?? [];
    if (stream === undefined) continue;
    const known = generations.get(Number(stream)) ?? 0;
    generations.set(Number(stream), Math.max(known, Number(generation)));
  }
  return new Map([...generations].sort(([a], [b]) => a - b));
}

const STREAM_NAME = /^(\d{1,4})\.(\d{1,12})\.json$/;

function removeOlder(folder: string, lease: StreamLease): void {
  for (const name of readdirSync(folder)) {
    const [, stream, generation] = STREAM_NAME.exec(name) ?? [];
    if (Number(stream) === lease.stream && Number(generation) < lease.generation) rmSync(join(folder, name));
  }
}

function pathOf(folder: string, stream: number, generation: number): string {
  return join(folder, `${stream}.${generation}.json`);
}

function textOf(content: StreamFile): string {
  return `${JSON.stringify(content)}\n`;
}

/** A file's content, or undefined when it is not there any more. */
function read(file: string): StreamFile | undefined {
  if (!existsSync(file)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(readLimited(file, MAX_FILE_BYTES)).toString('utf8'));
  } catch {
    if (!existsSync(file)) return undefined;
    throw new FuzzError(2, `${file} is no state of a campaign: remove it, and nothing but its count is lost`);
  }
  const parsed = StreamFile.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new FuzzError(2, `${file} is of another version: remove it, and nothing but its count is lost`);
}
