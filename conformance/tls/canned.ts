/** Canned servers of TLS: the smallest that say one thing, and Node's own where a right one is due. */
import { createServer as createSecureServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { CannedServer } from '../scripted/model.ts';
import { FRAME, frameOctets, PREFACE } from '../wire/h2/frames.ts';
import { message } from '../wire/tls/hello.ts';
import { ALERT, type AlertName, MESSAGE } from '../wire/tls/names.ts';
import { CONTENT, record } from '../wire/tls/records.ts';
import { canned, cannedPair, type Greeting, OK, serverHello } from './canned-parts.ts';

export { lenient } from './lenient-server.ts';

/** Answers the first octets with this alert and closes. */
export function alerting(name: AlertName, ending: 'closes' | 'stays' = 'closes'): CannedServer {
  return canned(`answers with alert ${name} and ${ending}`, (socket) => {
    socket.once('data', () => {
      socket.write(record(CONTENT.ALERT, Buffer.of(2, ALERT[name])));
      if (ending === 'closes') socket.end();
      socket.resume();
    });
  });
}

/** Closes at the first octets. */
export function closing(): CannedServer {
  return canned('closes at the first octets', (socket) => {
    socket.once('data', () => socket.end());
    socket.resume();
  });
}

/** Answers the first octets with this text in clear, and closes. */
export function plain(text: string): CannedServer {
  return canned(`answers in clear with ${JSON.stringify(text.split('\r\n', 1)[0])}`, (socket) => {
    socket.once('data', () => socket.end(text));
    socket.resume();
  });
}

/** Answers the first octets with a ServerHello in clear, right or wrong, and stays. */
export function greeting(says: string, hello: Greeting = {}): CannedServer {
  return canned(`answers with a ServerHello ${says}`, (socket) => {
    const messages = [serverHello(hello), ...(hello.more ?? [message(MESSAGE.SERVER_HELLO_DONE, Buffer.alloc(0))])];
    socket.once('data', () => {
      for (const one of messages) socket.write(record(CONTENT.HANDSHAKE, one));
      socket.resume();
    });
  });
}

/** What a server of Node's does once the handshake is over. */
export interface Serving extends TlsOptions {
  /** Says this to each request, in place of 200. */
  readonly answer?: string;
  /** Answers 403 to requests that name this host. */
  readonly forbids?: string;
  /** Ends TLS behind its first answer; `abruptly` without close_notify. */
  readonly leaves?: 'well' | 'abruptly';
  /** Renegotiates as often as it is asked. */
  readonly renegotiates?: boolean;
}

/** A TLS server of Node's own that answers every request of HTTP/1.1, and SETTINGS and PING over h2. */
export function serving(
  says: string,
  { answer = OK, leaves, forbids, renegotiates = false, ...options }: Serving = {},
): CannedServer {
  const { cert, key } = cannedPair();
  const offered = { ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: 300, ...options };
  const server = createSecureServer({ cert, key, ...offered }, (socket) => {
    socket.on('error', () => (renegotiates ? undefined : socket.destroy())).on('end', () => socket.end());
    if (!renegotiates) socket.disableRenegotiation();
    const leave = () => (leaves === 'abruptly' ? rawOf(socket)?.end() : leaves === 'well' ? socket.end() : undefined);
    if (socket.alpnProtocol === 'h2') serveH2(socket, leave);
    else serveH1(socket, (request) => (forbids !== undefined && request.includes(forbids) ? FORBIDDEN : answer), leave);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return canned(`is a server of TLS ${says}`, (socket) => {
    RAW.set(`${socket.remotePort}`, socket);
    server.emit('connection', socket);
  });
}

const RAW = new Map<string, { end(): void }>();

/** The connection below a server's TLS. */
function rawOf(socket: TLSSocket): { end(): void } | undefined {
  return RAW.get(`${socket.remotePort}`);
}

const FORBIDDEN = 'HTTP/1.1 403 Control\r\nContent-Length: 0\r\n\r\n';

function serveH1(socket: TLSSocket, answer: (request: string) => string, leave: () => void): void {
  let held = '';
  socket.on('data', (octets) => {
    held += octets.toString('latin1');
    while (held.includes('\r\n\r\n')) {
      const end = held.indexOf('\r\n\r\n') + 4;
      socket.write(answer(held.slice(0, end)), 'latin1', leave);
      held = held.slice(end);
    }
  });
}

function serveH2(socket: TLSSocket, leave: () => void): void {
  socket.write(frameOctets(FRAME.SETTINGS, 0, 0));
  socket.on('data', (octets) => {
    const text = octets.toString('latin1');
    if (!text.startsWith(PREFACE.slice(0, 3)) && octets.readUInt8(3) > 16) return socket.destroy();
    if (octets.readUInt8(3) === FRAME.PING) socket.write(frameOctets(FRAME.PING, 1, 0, Buffer.from('aeronet!')), leave);
    return undefined;
  });
}
