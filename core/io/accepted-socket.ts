import { type OnReadOpts, type Server, Socket, type SocketConstructorOpts } from 'node:net';
import { TLSSocket } from 'node:tls';

/** A connection that a port has accepted, and the way to its octets. */
export interface AcceptedSocket {
  readonly socket: Socket;
  /** Gives what the peer sends to `take`; the octets may die when it returns. Called once. */
  read(take: (bytes: Uint8Array) => void): void;
}

/**
 * Cuts a connection so that its peer cannot take what it has for whole: with a reset, or, under TLS, without the closure
 * alert that would say so.
 */
export function cut(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** A socket that gives its octets as events. */
export function acceptedByEvents(socket: Socket): AcceptedSocket {
  return {
    socket,
    read(take) {
      socket.on('data', take);
    },
  };
}

/** One read is interpreted before the next one is made, so all sockets of a process read into the same place. */
const SHARED_BYTES = 65_536;
const shared = new Uint8Array(SHARED_BYTES);
/** What was read last. */
let read = shared;

/**
 * Has the connections of a listening `server` read into one buffer for all: no allocation for each read, and none for
 * an idle connection. The runtime offers that to clients only, so it is done where a server's inside is as expected;
 * elsewhere nothing changes, and `server` emits its connections as ever.
 */
export function shareReadBuffer(server: Server, onAccept: (accepted: AcceptedSocket) => void): void {
  const listening: unknown = Reflect.get(server, '_handle');
  if (typeof listening !== 'object' || listening === null) return;
  const original: unknown = Reflect.get(listening, 'onconnection');
  if (typeof original !== 'function') return;
  Reflect.set(listening, 'onconnection', (status: unknown, handle: unknown) => {
    const isConnection = !status && typeof handle === 'object' && handle !== null && 'readStart' in handle;
    if (isConnection) onAccept(acceptedHandle(handle));
    else Reflect.apply(original, listening, [status, handle]);
  });
}

function acceptedHandle(handle: object): AcceptedSocket {
  let taker: (bytes: Uint8Array) => void = () => {};
  const onread: OnReadOpts = {
    buffer: shared,
    callback(length: number): boolean {
      // WHY: a view costs as much as reading a head, and small reads are often as long as the one before
      if (read.length !== length) read = shared.subarray(0, length);
      taker(read);
      return true;
    },
  };
  // WHY: the constructor takes two options that its types do not name
  const options: SocketConstructorOpts & { handle: object; onread: OnReadOpts } = {
    handle,
    allowHalfOpen: true,
    onread,
  };
  const socket = new Socket(options);
  socket.setNoDelay(true);
  return {
    socket,
    read(take) {
      taker = take;
    },
  };
}
