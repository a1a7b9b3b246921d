import { constants, statSync } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { demandInteger, demandObject } from '../option-checks.ts';
import { type FileIdentity, isSameFile, type OpenFile, validatorsOf } from './open-file.ts';

/** Why there is no file to be sent. */
export type NoFile = 'missing' | 'folder' | 'denied' | 'exhausted';

/** A file that is borrowed: give it back once nothing is sent of it any more. */
export interface BorrowedFile extends OpenFile {
  giveBack(): void;
}

interface Entry extends OpenFile {
  readonly announced: FileIdentity;
  readonly handle: FileHandle;
  /** Borrowed before: what was sent of it was read. */
  isWarm: boolean;
  users: number;
  usedMs: number;
  isStale: boolean;
}

const CODES: Readonly<Record<string, NoFile>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EMFILE: 'exhausted',
  ENFILE: 'exhausted',
};

export interface OpenFilesOptions {
  /** Files kept open while nobody uses them. @defaultValue 256, 0..65_536 */
  readonly max?: number;
  /** Time after which a file that nobody uses is closed. @defaultValue 5_000, 0..3_600_000 */
  readonly idleMs?: number;
}

/**
 * Files below a root that stay open from one request to the next. A kept one is looked at by its path each time, so what
 * is served is what is there now. Paths have one UTF-16 unit per octet.
 */
export class OpenFiles {
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #root: string;
  readonly #max: number;
  readonly #idleMs: number;
  #base: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param root folder that no link leads out of; it need not be there yet
   * @throws TypeError, RangeError for options that are unknown or out of range
   */
  constructor(root: string, options: OpenFilesOptions = {}) {
    demandObject('Option openFiles of staticFiles()', options, ['max', 'idleMs'], 'option of openFiles');
    const { max = 256, idleMs = 5_000 } = options;
    demandInteger('Option openFiles.max of staticFiles()', max, 0, 65_536);
    demandInteger('Option openFiles.idleMs of staticFiles()', idleMs, 0, 3_600_000);
    this.#root = root;
    this.#max = max;
    this.#idleMs = idleMs;
  }

  /** Descriptors that are open. */
  get size(): number {
    return this.#entries.size;
  }

  /** Opens the regular file with these names from the root on. */
  borrow(names: readonly string[]): BorrowedFile | Promise<BorrowedFile | NoFile> {
    const key = names.join('/');
    const known = this.#entries.get(key);
    if (known !== undefined && this.#isCurrent(known, key)) return this.#lend(key, known);
    if (known !== undefined) this.#drop(key, known);
    return this.#open(key);
  }

  /** Where the folder with these names really is, if it lies below the root. */
  async resolve(names: readonly string[]): Promise<string | undefined> {
    try {
      const base = fromOctets(await realpath(this.#root, 'buffer'));
      const path = fromOctets(await realpath(octets([base, ...names].join('/')), 'buffer'));
      return isInside(base, path) && (await stat(octets(path))).isDirectory() ? path : undefined;
    } catch (error) {
      if (error instanceof Error && 'code' in error) return undefined;
      throw error;
    }
  }

  /** Closes what nobody uses, and the rest when it is given back. */
  close(): void {
    for (const [key, entry] of this.#entries) this.#drop(key, entry);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #isCurrent(entry: Entry, key: string): boolean {
    try {
      return isSameFile(entry.announced, statSync(octets(`${this.#base}/${key}`), { bigint: true }));
    } catch {
      return false;
    }
  }

  async #open(key: string): Promise<BorrowedFile | NoFile> {
    try {
      this.#base = fromOctets(await realpath(this.#root, 'buffer'));
      const opened = await openInside(this.#base, key);
      if (typeof opened === 'string') return opened;
      const { handle, identity } = opened;
      const nowMs = Date.now();
      const entry: Entry = {
        fd: handle.fd,
        bytes: Number(identity.size),
        validators: validatorsOf(identity, nowMs),
        announced: identity,
        handle,
        isWarm: false,
        users: 0,
        usedMs: nowMs,
        isStale: false,
      };
      const other = this.#entries.get(key);
      if (other !== undefined) this.#drop(key, other);
      // WHY: a weak tag is weak only for a moment
      if (entry.validators.entityTag?.isWeak !== true) this.#entries.set(key, entry);
      else entry.isStale = true;
      return this.#lend(key, entry);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
      return CODES[error.code] ?? 'missing';
    }
  }

  #lend(key: string, entry: Entry): BorrowedFile {
    entry.users += 1;
    if (!entry.isStale) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      this.#evict();
    }
    let isBorrowed = true;
    const { fd, announced, bytes, validators, isWarm } = entry;
    const giveBack = (): void => {
      if (!isBorrowed) return;
      isBorrowed = false;
      entry.users -= 1;
      entry.isWarm = true;
      entry.usedMs = Date.now();
      if (entry.users > 0) return;
      if (entry.isStale) closeQuietly(entry.handle);
      else this.#schedule();
    };
    return { fd, announced, bytes, validators, isWarm, giveBack };
  }

  #evict(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.#max) return;
      this.#drop(key, entry);
    }
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    entry.isStale = true;
    if (entry.users === 0) closeQuietly(entry.handle);
  }

  /** WHY: one timer for all, which keeps no process alive */
  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const until = Date.now() - this.#idleMs;
      for (const [key, entry] of this.#entries) if (entry.users === 0 && entry.usedMs <= until) this.#drop(key, entry);
      if (this.#entries.size > 0) this.#schedule();
    }, this.#idleMs).unref();
  }
}

/** Opens what `key` names, if it is a regular file and really lies below `base`. */
async function openInside(base: string, key: string): Promise<{ handle: FileHandle; identity: FileIdentity } | NoFile> {
  const path = fromOctets(await realpath(octets(`${base}/${key}`), 'buffer'));
  if (!isInside(base, path)) return 'missing';
  // WHY: without O_NONBLOCK, opening a FIFO would wait for its writer
  const handle = await open(octets(path), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const identity = await handle.stat({ bigint: true });
    if (identity.isDirectory()) return await closed(handle, 'folder');
    if (!identity.isFile()) return await closed(handle, 'missing');
    // WHY: between the two calls above, a folder of the path may have become a link
    const again = fromOctets(await realpath(octets(path), 'buffer'));
    const { dev, ino } = await stat(octets(path), { bigint: true });
    if (again !== path || dev !== identity.dev || ino !== identity.ino) return await closed(handle, 'missing');
    return { handle, identity };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function isInside(base: string, path: string): boolean {
  return path === base || path.startsWith(base === '/' ? base : `${base}/`);
}

async function closed(handle: FileHandle, why: NoFile): Promise<NoFile> {
  await handle.close();
  return why;
}

function closeQuietly(handle: FileHandle): void {
  handle.close().catch(() => {});
}

function octets(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

function fromOctets(path: Buffer): string {
  return path.toString('latin1');
}
