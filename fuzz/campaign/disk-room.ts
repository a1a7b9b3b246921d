/**
 * The disk that a campaign may use. A cap holds for generated inputs; findings and state are beside it, and small. A reserve
 * is kept for the day that the disk itself is full: then it is given up, what was to be written is written, and the
 * campaign ends in order.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FuzzError } from '../errors.ts';

export interface DiskRoom {
  /** Takes room for an input of that many octets; false when the cap is reached. */
  take(bytes: number): boolean;
  /** Writes a file whole or not at all. */
  write(file: string, content: Uint8Array): void;
  /** Does what writes to the disk; where that is full it is done again with the reserve given up. */
  whole<T>(work: () => T): T;
  /** Whether the cap was reached, so that an input was not kept on disk. */
  readonly capReached: boolean;
  /** Gives the reserve back. */
  close(): void;
}

/** Room for more finds and inputs than come between the first sign and the end. */
const RESERVE_BYTES = 1_048_576;
const FULL = new Set(['ENOSPC', 'EDQUOT']);

export interface DiskOptions {
  readonly folder: string;
  readonly usedBytes: number;
  readonly maxBytes: number;
  /** Called once, when the disk is full and the reserve has been given up. */
  onFull(error: FuzzError): void;
  /** How a file is written; a test gives one that fails. */
  readonly writeFile?: (file: string, content: Uint8Array) => void;
}

/** Opens the room. @throws FuzzError (exit 2) when there is not even the place for the reserve. */
export function openDiskRoom(options: DiskOptions): DiskRoom {
  const { folder, maxBytes, writeFile = writeFileSync } = options;
  const reserve = join(folder, `.reserve-${randomUUID()}`);
  let usedBytes = options.usedBytes;
  let capReached = false;
  let hasReserve = true;
  mkdirSync(folder, { recursive: true });
  try {
    // Not zeros: a file system may keep those as a hole.
    writeFile(reserve, new Uint8Array(RESERVE_BYTES).fill(0xa5));
  } catch (error) {
    rmSync(reserve, { force: true });
    if (!isFull(error)) throw error;
    throw new FuzzError(
      2,
      `${folder} has no room for a campaign (${messageOf(error)}): free some space, or name another folder with --out`,
    );
  }

  const whole = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!isFull(error) || !hasReserve) throw error;
      hasReserve = false;
      rmSync(reserve, { force: true });
      const result = work();
      options.onFull(
        new FuzzError(
          2,
          `the disk of ${folder} is full: the campaign stops with everything it found kept; free some space and start it again, it goes on`,
        ),
      );
      return result;
    }
  };

  return {
    take(bytes) {
      if (usedBytes + bytes > maxBytes) capReached = true;
      else usedBytes += bytes;
      return !capReached;
    },
    write(file, content) {
      whole(() => {
        const part = join(dirname(file), `.${randomUUID()}.part`);
        try {
          writeFile(part, content);
          renameSync(part, file);
        } finally {
          rmSync(part, { force: true });
        }
      });
    },
    whole,
    get capReached() {
      return capReached;
    },
    close() {
      rmSync(reserve, { force: true });
    },
  };
}

/** Whether an error, or what caused it, says that the disk is full. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && FULL.has(String(error.code))) || isFull(error.cause);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
