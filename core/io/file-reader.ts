import { read, readSync } from 'node:fs';
import { monotonicMs } from './clock.ts';
import { LARGE_BYTES, largeBuffers, SLOW_MS, SMALL_BYTES } from './file-buffers.ts';
import { FileChangedError, type FileSource, whatBroke } from './file-check.ts';

/** Octets that are read at once, where the system has them in memory most likely. */
const AT_ONCE_BYTES = 65_536;

const NO_BYTES = new Uint8Array(0);

/** Octets of an open file. */
export interface FilePiece {
  readonly source: FileSource;
  readonly offset: number;
  /** More than 0. */
  readonly bytes: number;
}

/** Who takes what was read. */
export interface FileTaker {
  /** Octets that the peer lets come now. */
  readonly windowBytes: number;
  /** Settles once all that was taken has left; with false where no more is needed, and it may still be read. */
  whenLeft(): Promise<boolean>;
}

/**
 * Exactly the octets of a piece of a file, in views that are the taker's until all that it has taken has left. So a reader that stalls
 * holds one buffer, a large one only where its windows let all of it go and it was fast.
 * @throws FileChangedError when the file no longer has what was announced
 */
export async function* readFile({ source, offset, bytes }: FilePiece, taker: FileTaker): AsyncGenerator<Uint8Array> {
  let small: Uint8Array | undefined;
  let large: Uint8Array | undefined;
  let isFast = true;
  try {
    for (let left = bytes; left > 0; ) {
      const writtenMs = monotonicMs();
      if (!(await taker.whenLeft())) return;
      isFast = monotonicMs() - writtenMs < SLOW_MS;
      // WHY: others have their turn with what this one used
      if (large !== undefined) largeBuffers.giveBack(large);
      const count = Math.min(left, taker.windowBytes, LARGE_BYTES);
      large = isFast && count > SMALL_BYTES ? largeBuffers.borrow() : undefined;
      if (large === undefined) small ??= new Uint8Array(Math.min(SMALL_BYTES, left));
      const buffer = large ?? small ?? NO_BYTES;
      const from = offset + bytes - left;
      const problem = whatBroke(source);
      if (problem !== undefined) throw new FileChangedError(left, problem);
      // WHY: where windows are shut some octets wait for them nonetheless, so that their deadline sees it
      const view = buffer.subarray(0, large === undefined ? left : count);
      const isAtOnce = source.isWarm === true && bytes <= AT_ONCE_BYTES;
      // WHY: from memory that takes less time than to ask a thread for it
      const length = isAtOnce ? readSync(source.fd, view, 0, view.length, from) : await readInto(source.fd, view, from);
      if (length === 0) throw new FileChangedError(left, 'has ended');
      left -= length;
      yield view.subarray(0, length);
    }
  } finally {
    if (large !== undefined) giveBackLater(large, taker);
  }
}

function giveBackLater(large: Uint8Array, taker: FileTaker): void {
  void taker.whenLeft().then((hasLeft) => {
    if (hasLeft) largeBuffers.giveBack(large);
    else largeBuffers.forfeit();
  });
}

function readInto(fd: number, view: Uint8Array, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, view, 0, view.length, offset, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}
