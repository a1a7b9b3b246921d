import { read, readSync } from 'node:fs';
import { FileChangedError, type FileSource, whatBroke } from './file-check.ts';

/**
 * Octets of one read at most. WHY: each is a trip to another thread, which costs more than a few octets; beside 65,536 this made
 * 100 MiB over HTTP/2 a third cheaper (core/README.md)
 */
const READ_BYTES = 262_144;

/** Octets for which a read waits until there is room, so that little room does not become many reads. */
const ROOM_BYTES = 131_072;

/** Octets that are read at once, where the system has them in memory most likely. */
const AT_ONCE_BYTES = 65_536;

/** Octets of an open file. */
export interface FilePiece {
  readonly source: FileSource;
  readonly offset: number;
  /** More than 0. */
  readonly bytes: number;
}

/** Who takes what was read. */
export interface FileTaker {
  /** Settles with the octets that there is room for, kept for them until they come, or when no more are needed. */
  reserve(leastBytes: number, mostBytes: number): Promise<number>;
}

/**
 * Exactly the octets of a piece of a file, in pieces that are the reader's own: never more than its taker has room for.
 * @throws FileChangedError when the file no longer has what was announced
 */
export async function* readFile({ source, offset, bytes }: FilePiece, taker: FileTaker): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; ) {
    const least = Math.min(ROOM_BYTES, left);
    const count = await taker.reserve(least, Math.min(READ_BYTES, left));
    const problem = whatBroke(source);
    if (problem !== undefined) throw new FileChangedError(left, problem);
    const from = offset + bytes - left;
    const isAtOnce = source.isWarm === true && bytes <= AT_ONCE_BYTES;
    const piece = isAtOnce ? readNow(source.fd, from, count) : await readPiece(source.fd, from, count);
    if (piece.length === 0) throw new FileChangedError(left, 'has ended');
    left -= piece.length;
    yield piece;
  }
}

/** WHY: from memory that takes less time than to ask a thread for it. */
function readNow(fd: number, offset: number, bytes: number): Uint8Array {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  return buffer.subarray(0, readSync(fd, buffer, 0, bytes, offset));
}

function readPiece(fd: number, offset: number, bytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.allocUnsafeSlow(bytes);
    read(fd, buffer, 0, bytes, offset, (error, count) => {
      if (error === null) resolve(buffer.subarray(0, count));
      else reject(error);
    });
  });
}
