import type { Span } from '../bytes/span.ts';
import type { FileSource } from './file-check.ts';

/** Octets of a file that have to stand in a connection. */
export class FileSpan implements Span {
  readonly source: FileSource;
  /** In the file, octets. */
  readonly offset: number;
  readonly bytes: number;
  #isTaken = false;
  #settle: ((error: Error | undefined) => void) | undefined;

  /**
   * @param settle called once, when the source is not needed any more: without an error when all was written, or when the
   * connection is gone; with one when the file did not have what was promised
   */
  constructor(source: FileSource, offset: number, bytes: number, settle: (error: Error | undefined) => void) {
    this.source = source;
    this.offset = offset;
    this.bytes = bytes;
    this.#settle = settle;
  }

  /**
   * For whoever writes it: from now on it alone says when the source is not needed any more. Returns whether it may: one that
   * was dropped has a source that may be closed by now, and its descriptor another file's.
   */
  take(): boolean {
    this.#isTaken = this.#settle !== undefined;
    return this.#isTaken;
  }

  /** For whoever made it: it will not be written any more, unless that has begun. */
  drop(): void {
    if (!this.#isTaken) this.settle();
  }

  /** For whoever writes it. */
  settle(error?: Error): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(error);
  }
}
