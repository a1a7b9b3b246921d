/**
 * What no server on Node's sockets can beat: servers that look for where requests end, and for nothing else, and answer with
 * octets that were made beforehand. How near the core comes to them is how much there is left to win.
 */
import type { AcceptedSocket } from '../../core/io/accepted-socket.ts';
import { listenTcp } from '../../core/io/listener.ts';

const HOST = '127.0.0.1';
const TEXT = 'Hello, World!';
const LF = 0x0a;
const PREFACE_BYTES = 24;
const FRAME_BYTES = 9;
const HEADERS = 1;
const SETTINGS = 4;

/** Listens for HTTP/1.1 without content; resolves to its port. */
export function boundHttp1(): Promise<number> {
  const answer =
    'HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n' +
    `Content-Length: ${TEXT.length}\r\n\r\n${TEXT}`;
  return portOf(({ socket, read }) =>
    read((bytes) => {
      let count = 0;
      for (let at = 3; at < bytes.length; at++) if (bytes[at] === LF && bytes[at - 2] === LF) count += 1;
      if (count > 0) socket.write(answer.repeat(count), 'latin1');
    }),
  );
}

/** SETTINGS, and the acknowledgement of the client's. */
const GREETING = Buffer.from([0, 0, 0, SETTINGS, 0, 0, 0, 0, 0, 0, 0, 0, SETTINGS, 1, 0, 0, 0, 0]);

/** HEADERS with `:status: 200` and three more fields of an octet each, and DATA; both lack their stream. */
const HEAD = [0, 0, 4, HEADERS, 4, 0, 0, 0, 0, 0x88, 0x90, 0x90, 0x90];
const ANSWER = Buffer.from([...HEAD, 0, 0, TEXT.length, 0, 1, 0, 0, 0, 0, ...Buffer.from(TEXT)]);
const HEADERS_STREAM = 5;
const DATA_STREAM = HEAD.length + 5;

/** Listens for HTTP/2 with prior knowledge, for a client that sends no frame in pieces; resolves to its port. */
export function boundH2c(): Promise<number> {
  return portOf(({ socket, read }) => {
    let toSkip = PREFACE_BYTES;
    read((bytes) => {
      const out = Buffer.allocUnsafe(GREETING.length + Math.ceil(bytes.length / FRAME_BYTES) * ANSWER.length);
      let length = 0;
      let at = toSkip;
      toSkip = 0;
      while (at + FRAME_BYTES <= bytes.length) {
        const type = bytes[at + 3];
        if (type === HEADERS) length = writeAnswer(out, length, bytes, at + 5);
        else if (type === SETTINGS && bytes[at + 4] === 0) length += GREETING.copy(out, length);
        at += FRAME_BYTES + (((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0));
      }
      if (length > 0) socket.write(out.subarray(0, length));
    });
  });
}

/** Writes the answer for the stream whose identifier is at `bytes[from]`; returns the index after it. */
function writeAnswer(out: Uint8Array, at: number, bytes: Uint8Array, from: number): number {
  for (let i = 0; i < ANSWER.length; i++) out[at + i] = ANSWER[i] ?? 0;
  for (let i = 0; i < 4; i++) {
    out[at + HEADERS_STREAM + i] = bytes[from + i] ?? 0;
    out[at + DATA_STREAM + i] = bytes[from + i] ?? 0;
  }
  return at + ANSWER.length;
}

async function portOf(onAccept: (accepted: AcceptedSocket) => void): Promise<number> {
  const listener = await listenTcp({ host: HOST, port: 0 }, (accepted) => {
    accepted.socket.on('error', () => undefined);
    // The listener leaves this side open when the peer ends its own
    accepted.socket.on('end', () => accepted.socket.end());
    onAccept(accepted);
  });
  return listener.address.port;
}
