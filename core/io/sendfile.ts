import { createRequire } from 'node:module';

/**
 * sendfile(2): moves octets of a file into a socket without copying them through this process. Neither descriptor may
 * block: what the socket cannot take stays.
 * @param offset in the file, octets; its own position is neither used nor moved
 * @returns octets moved, 0 at the end of the file, or why nothing was: `full` (the socket takes no more now), `gone` (its peer is), `unfit`
 * (this file or system cannot do it)
 */
export type Sendfile = (
  socket: number,
  file: number,
  offset: number,
  bytes: number,
) => number | 'full' | 'gone' | 'unfit';

/** What is used of the library that calls C functions. */
interface ForeignFunctions {
  load(name: string): { func(prototype: string): (...values: unknown[]) => unknown };
  errno(): number;
  readonly os: { readonly errno: Readonly<Record<string, number>> };
}

let found: Sendfile | false | undefined;

/** sendfile(2), where the system has it and the optional package `koffi` is installed and loads; undefined elsewhere. */
export function findSendfile(): Sendfile | undefined {
  found ??= process.platform === 'linux' ? (load() ?? false) : false;
  return found === false ? undefined : found;
}

function load(): Sendfile | undefined {
  try {
    const koffi: ForeignFunctions = createRequire(import.meta.url)('koffi');
    const call = koffi.load('libc.so.6').func('intptr_t sendfile64(int out, int in, int64_t *offset, size_t count)');
    return bind(koffi, call);
  } catch {
    // Not installed, not built for this machine, or another libc: files are read and written instead
    return undefined;
  }
}

function bind(koffi: ForeignFunctions, call: (...values: unknown[]) => unknown): Sendfile {
  const { EAGAIN, EINTR, EPIPE, ECONNRESET, ENOTCONN } = koffi.os.errno;
  const position = new BigInt64Array(1);
  return (socket, file, offset, bytes) => {
    for (;;) {
      position[0] = BigInt(offset);
      const moved = Number(call(socket, file, position, bytes));
      if (moved >= 0) return moved;
      const errno = koffi.errno();
      if (errno === EINTR) continue;
      if (errno === EAGAIN) return 'full';
      return errno === EPIPE || errno === ECONNRESET || errno === ENOTCONN ? 'gone' : 'unfit';
    }
  };
}
