import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { FileSource } from './file-check.ts';

/** A regular file that is open for as long as something is sent of it. */
export interface HeldFile extends FileSource {
  /** Octets that it has. */
  readonly bytes: number;
  /** Closes it, unless it was given open. */
  release(): Promise<void>;
}

/**
 * Opens a file to send it, or takes one that is open and stays the caller's.
 * @throws the system's error; TypeError for what is no regular file
 */
export async function holdFile(source: string | FileHandle): Promise<HeldFile> {
  // WHY: without O_NONBLOCK, opening a FIFO would wait for its writer
  const handle = typeof source === 'string' ? await open(source, constants.O_RDONLY | constants.O_NONBLOCK) : source;
  const release = async (): Promise<void> => {
    if (handle !== source) await handle.close();
  };
  try {
    const announced = await handle.stat({ bigint: true });
    if (!announced.isFile()) throw new TypeError(`Cannot send ${describe(source)}: it is no regular file`);
    return { fd: handle.fd, announced, bytes: Number(announced.size), release };
  } catch (error) {
    await release();
    throw error;
  }
}

function describe(source: string | FileHandle): string {
  return typeof source === 'string' ? JSON.stringify(source) : 'the file of this handle';
}
