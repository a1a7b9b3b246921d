import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileSource } from '../../io/file-check.ts';
import type { Validators } from '../../semantics/conditional.ts';

/**
 * A file that changed so shortly before it was looked at may change again without its times telling: they move in
 * steps of the kernel's clock, up to 10 ms.
 */
const CLOCK_STEP_NS = 20_000_000n;

/** A regular file, open for reading, and what it was like then. */
export interface OpenFile extends FileSource {
  /** Octets. */
  readonly bytes: number;
  readonly validators: Validators;
}

/** The same of octets in memory, which nobody changes. */
export interface FileInMemory extends Omit<OpenFile, keyof FileSource> {
  readonly octets: Uint8Array;
}

/** What says that a file is the same, and has the same content. */
export type FileIdentity = Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>;

/** Whether two looks saw the same file with the same content. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.dev === b.dev;
}

/**
 * Validators of a file (RFC9110#8.8). The tag changes with whatever is written: the time of the last change of the inode,
 * which no program can set, is part of it. It is hashed, for inode numbers are nobody's business.
 * @param nowMs when it was looked at: a file that has only just changed gets a weak tag
 */
export function validatorsOf(stats: FileIdentity, nowMs: number): Validators {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  const opaque = createHash('sha256')
    .update([dev, ino, size, mtimeNs, ctimeNs].join())
    .digest('base64url')
    .slice(0, 22);
  const isWeak = BigInt(Math.floor(nowMs)) * 1_000_000n - ctimeNs < CLOCK_STEP_NS;
  // RFC9110#8.8.2.1 MUST: no Last-Modified that lies in the future
  const lastModifiedMs = Math.min(Number(mtimeNs / 1_000_000n), nowMs);
  return { entityTag: { opaque, isWeak }, lastModifiedMs };
}
