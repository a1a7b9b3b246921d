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
  load(name: string): { func(prototype: string): ForeignFunction };
  errno(): number;
  readonly os: { readonly errno: Readonly<Record<string, number>> };
}

type ForeignFunction = (...values: unknown[]) => unknown;

/** Of Linux. */
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const ON = new Int32Array([1]);

let found: Sendfile | false | undefined;

/** sendfile(2), where the system has it and the optional package `koffi` is installed and loads; undefined elsewhere. */
export function findSendfile(): Sendfile | undefined {
  found ??= process.platform === 'linux' ? (load() ?? false) : false;
  return found === false ? undefined : found;
}

function load(): Sendfile | undefined {
  try {
    const koffi: ForeignFunctions = createRequire(import.meta.url)('koffi');
    const libc = koffi.load('libc.so.6');
    const sendfile = libc.func('intptr_t sendfile64(int out, int in, int64_t *offset, size_t count)');
    const setsockopt = libc.func('int setsockopt(int socket, int level, int name, const int *value, uint32_t bytes)');
    return bind(koffi, sendfile, setsockopt);
  } catch {
    // Not installed, not built for this machine, or another libc: files are read and written instead
    return undefined;
  }
}

function bind(koffi: ForeignFunctions, sendfile: ForeignFunction, setsockopt: ForeignFunction): Sendfile {
  const { EAGAIN, EINTR, EPIPE, ECONNRESET, ENOTCONN } = koffi.os.errno;
  const position = new BigInt64Array(1);
  return (socket, file, offset, bytes) => {
    for (;;) {
      position[0] = BigInt(offset);
      const moved = Number(sendfile(socket, file, position, bytes));
      if (moved >= 0) return moved;
      const errno = koffi.errno();
      if (errno === EINTR) continue;
      if (errno === EAGAIN) {
        // WHY: the kernel expected more at once and holds back a segment that is not full, for up to 200 ms; setting this sends it
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, ON, 4);
        return 'full';
      }
      return errno === EPIPE || errno === ECONNRESET || errno === ENOTCONN ? 'gone' : 'unfit';
    }
  };
}
