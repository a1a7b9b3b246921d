import type { Socket } from 'node:net';
import { cannedServer } from '../scripted/canned-server.ts';
import type { CannedServer } from '../scripted/model.ts';
import { acceptOf } from './dialogue.ts';
import { closePayload, frame, OPCODE, readWsFrame, type WsFrame } from './frames.ts';

/** What a canned server does behind the handshake. */
interface Part {
  /** Answers a frame, with the frames of the same message in front of it. */
  readonly answer: (one: WsFrame, parts: readonly WsFrame[]) => readonly Buffer[];
  /** Closes its side behind its own Close frame. */
  readonly isDone: (one: WsFrame) => boolean;
}

const own = (opcode: number, payload: Buffer | string = '') => frame(opcode, payload, { mask: 'none' });

/** Grants every handshake and echoes every message, right or wrong; further fields of its 101, and what becomes of the accept value. */
export function echoServer(
  options: { readonly fields?: readonly string[]; readonly accept?: string; readonly leaves?: boolean } = {},
): CannedServer {
  const { leaves = true, ...granted } = options;
  return canned(`grants and echoes ${JSON.stringify(options)}`, granted, {
    answer: (one, parts) => {
      if (one.opcode === OPCODE.PING) return [own(OPCODE.PONG, one.payload)];
      if (one.opcode === OPCODE.CLOSE) return leaves ? [own(OPCODE.CLOSE, one.payload)] : [];
      if (one.opcode > OPCODE.BINARY || !one.fin) return [];
      const content = Buffer.concat([...parts, one].map(({ payload }) => payload));
      return [own(parts[0]?.opcode ?? one.opcode, content)];
    },
    isDone: ({ opcode }) => leaves && opcode === OPCODE.CLOSE,
  });
}

/** Grants, and fails the connection at the first octets with this code (undefined: without a Close frame). */
export function failing(code: number | undefined): CannedServer {
  return cannedServer(`fails the connection with ${code ?? 'no Close frame'}`, (socket) => {
    behindHandshake(socket, {}, () => {
      if (socket.writable) socket.end(code === undefined ? '' : own(OPCODE.CLOSE, closePayload(code)));
      return Buffer.alloc(0);
    });
  });
}

/** Grants, answers Pings, and takes no notice of anything else. */
export function ignoring(pong?: string): CannedServer {
  return canned(
    `ignores all but Pings${pong === undefined ? '' : `, which it answers with "${pong}"`}`,
    {},
    {
      answer: ({ opcode, payload }) => (opcode === OPCODE.PING ? [own(OPCODE.PONG, answerTo(payload, pong))] : []),
      isDone: () => false,
    },
  );
}

const answerTo = (payload: Buffer, pong: string | undefined): Buffer | string =>
  pong === undefined || payload.toString('latin1').startsWith('aeronet-') ? payload : pong;

/** Answers the handshake with this status. */
export function refusing(status: number, fields: readonly string[] = []): CannedServer {
  const head = [`HTTP/1.1 ${status} Control`, ...fields, 'Content-Length: 0', '', ''].join('\r\n');
  return cannedServer(`answers the handshake with ${status}`, (socket) => {
    socket.once('data', () => socket.write(head));
  });
}

type Granted = { readonly fields?: readonly string[]; readonly accept?: string };

function canned(name: string, granted: Granted, part: Part): CannedServer {
  return cannedServer(name, (socket) => {
    let parts: WsFrame[] = [];
    behindHandshake(socket, granted, (received) => {
      let rest = received;
      for (let next = readWsFrame(rest); next !== undefined; next = readWsFrame(rest)) {
        rest = rest.subarray(next.bytes);
        const { frame: one } = next;
        for (const answer of part.answer(one, parts)) socket.write(answer);
        if (part.isDone(one)) socket.end();
        if (one.opcode < OPCODE.CLOSE) parts = one.fin ? [] : [...parts, one];
      }
      return rest;
    });
  });
}

/** Grants any handshake; what comes behind it is shown, and what is returned is kept for the next time. */
function behindHandshake(socket: Socket, { fields = [], accept }: Granted, take: (octets: Buffer) => Buffer): void {
  let received = Buffer.alloc(0);
  let isGranted = false;
  const grant = () => {
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const key = /^sec-websocket-key: *(.*)$/im.exec(received.toString('latin1', 0, end))?.[1]?.trim() ?? '';
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept ?? acceptOf(key)}`];
    socket.write(['HTTP/1.1 101 Control', ...upgrade, ...fields, '', ''].join('\r\n'));
    received = received.subarray(end + 4);
    return true;
  };
  socket.on('data', (octets) => {
    received = Buffer.concat([received, octets]);
    isGranted ||= grant();
    if (isGranted && received.length > 0) received = Buffer.from(take(received));
  });
}
