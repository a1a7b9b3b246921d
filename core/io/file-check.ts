import { fstatSync } from 'node:fs';

/** What a file was like when its length and validators were announced. */
export interface FileState {
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** An open file, as far as its octets are concerned. */
export interface FileSource {
  /** Its descriptor: a regular file, open for reading until nothing is sent of it any more. */
  readonly fd: number;
  readonly announced: FileState;
  /** Whether all of it was read a moment ago, so that the system has it in memory most likely. @defaultValue false */
  readonly isWarm?: boolean;
}

/** What has become of the file that breaks what was announced, in words that follow "it"; undefined where nothing has. */
export function whatBroke({ fd, announced }: FileSource): string | undefined {
  const { size, mtimeNs } = fstatSync(fd, { bigint: true });
  if (size < announced.size) return 'has become shorter';
  // WHY: a file that has grown may well be one that is only ever appended to, and what was announced is still there
  return size === announced.size && mtimeNs !== announced.mtimeNs ? 'has been written to' : undefined;
}

/** The content cannot be sent to its end, so the response must not look whole. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';

  constructor(leftBytes: number, problem: string) {
    super(`Cannot send the file to its end: with ${leftBytes} octets left it ${problem}`);
  }
}
