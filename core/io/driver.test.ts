import { Socket } from 'node:net';
import t from 'tap';
import type { ServerConnection } from '../connection/connection.ts';
import { outputLimits } from '../limits/output-limits.ts';
import { ConnectionDriver } from './driver.ts';
import { FileSpan } from './file-span.ts';
import { OutputRoom } from './output-room.ts';

const room = new OutputRoom(outputLimits());

/** A connection that does nothing, but for what a test gives it. */
function connection(over: Partial<ServerConnection>): ServerConnection {
  return {
    state: 'open',
    hasBacklog: false,
    isBlocked: false,
    isMultiplexed: false,
    writeHighBytes: 1_000,
    openExchanges: 0,
    receive: () => [],
    resume: () => [],
    end: () => [],
    fail: () => [],
    send: () => {},
    take: () => [],
    takeSpan: () => undefined,
    tick: () => [],
    pendingBytes: () => 0,
    queuedBytes: () => 0,
    windowBytes: () => 0,
    heldBytes: 0,
    ...over,
  };
}

t.test('an owner that throws loses its connection and no other turn, wherever in the turn it was called', async (t) => {
  const fails = (): never => {
    throw new Error('the owner is broken');
  };
  const rows: readonly [name: string, over: Partial<ServerConnection>][] = [
    ['receive()', { receive: fails }],
    ['resume()', { hasBacklog: true, resume: fails }],
  ];
  for (const [name, over] of rows) {
    const socket = new Socket();
    let receive: (bytes: Uint8Array) => void = () => {};
    let takes = 0;
    const take = (): Uint8Array[] => {
      takes += 1;
      return [];
    };
    const accepted = { socket, read: (taker: typeof receive) => (receive = taker) };
    Object.defineProperty(socket, 'writable', { value: true });
    const driver = new ConnectionDriver(
      accepted,
      () => connection({ ...over, take }),
      { onEvent: () => {}, onClose: () => {} },
      room,
    );
    t.throws(() => receive(new Uint8Array(1)), { message: 'the owner is broken' }, name);
    t.equal(socket.destroyed, true, `${name}: the socket is destroyed`);
    const before = takes;
    if (over.resume === undefined) driver.tick(0);
    else t.throws(() => driver.tick(0), { message: 'the owner is broken' }, name);
    t.ok(takes > before, `${name}: a later turn is outermost again, and flushes`);
  }
});

t.test(
  'a span that was dropped before its turn is never written: its descriptor may be another file by then',
  async (t) => {
    const socket = new Socket();
    Object.defineProperty(socket, 'writable', { value: true });
    let settled = 0;
    // No such descriptor: whoever looks at it throws
    const source = { fd: 2_147_483_647, announced: { size: 1n, mtimeNs: 0n } };
    const span = new FileSpan(source, 0, 1, () => (settled += 1));
    span.drop();
    const owner = { onEvent: () => {}, onClose: () => {} };
    const accepted = { socket, read: () => {} };
    const driver = new ConnectionDriver(accepted, () => connection({ takeSpan: () => span }), owner, room);
    driver.tick(0);
    t.equal(socket.destroyed, true, 'the connection is cut, so that the response does not look whole');
    t.equal(settled, 1, 'and the span has settled once');
  },
);
