import { createRequire } from 'node:module';

/** What the system offers for sending a file through a plain socket. No descriptor may block: what the socket cannot take stays. */
export interface FileCalls {
  /**
   * sendfile(2): moves octets of a file into a socket without copying them through this process.
   * @param offset in the file, octets; its own position is neither used nor moved
   * @returns octets moved, 0 at the end of the file, or why nothing was: `full` (the socket takes no more now), `gone` (its peer is), `unfit`
   * (this file or system cannot do it)
   */
  sendfile(socket: number, file: number, offset: number, bytes: number): number | 'full' | 'gone' | 'unfit';
  /**
   * send(2) of what stands before the file: the kernel keeps it for a moment (MSG_MORE), so that both leave together.
   * @returns octets taken; 0 also where an ordinary write has to find out why
   */
  sendBefore(socket: number, bytes: Uint8Array): number;
  /** Sends what the kernel keeps for a moment. */
  push(socket: number): void;
}

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
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x40_00;
const MSG_MORE = 0x80_00;
const BEFORE = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE;

let found: FileCalls | false | undefined;

/** These calls, where the system has them and the optional package `koffi` is installed and loads; undefined elsewhere. */
export function findFileCalls(): FileCalls | undefined {
  found ??= process.platform === 'linux' ? (load() ?? false) : false;
  return found === false ? undefined : found;
}

function load(): FileCalls | undefined {
  try {
    const koffi: ForeignFunctions = createRequire(import.meta.url)('koffi');
    return bind(koffi, koffi.load('libc.so.6'));
  } catch {
    // Not installed, not built for this machine, or another libc: files are read and written instead
    return undefined;
  }
}

function bind(koffi: ForeignFunctions, libc: ReturnType<ForeignFunctions['load']>): FileCalls {
  const sendfile = libc.func('intptr_t sendfile64(int out, int in, int64_t *offset, size_t count)');
  const setsockopt = libc.func('int setsockopt(int socket, int level, int name, const int *value, uint32_t bytes)');
  const send = libc.func('intptr_t send(int socket, const void *octets, size_t count, int flags)');
  const { EAGAIN, EINTR, EPIPE, ECONNRESET, ENOTCONN } = koffi.os.errno;
  const position = new BigInt64Array(1);
  // WHY: setting this, even again, sends what waits for more
  const push = (socket: number): void => void setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, ON, 4);
  return {
    push,
    sendBefore: (socket, bytes) => Math.max(0, Number(send(socket, bytes, bytes.length, BEFORE))),
    sendfile(socket, file, offset, bytes) {
      for (;;) {
        position[0] = BigInt(offset);
        const moved = Number(sendfile(socket, file, position, bytes));
        if (moved >= 0) return moved;
        const errno = koffi.errno();
        if (errno === EINTR) continue;
        if (errno === EAGAIN) {
          // WHY: the kernel expected more at once and holds back a segment that is not full, for up to 200 ms
          push(socket);
          return 'full';
        }
        return errno === EPIPE || errno === ECONNRESET || errno === ENOTCONN ? 'gone' : 'unfit';
      }
    },
  };
}
