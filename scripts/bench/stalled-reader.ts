/** Clients of the measurement with stalled readers: those that stall, and one beside them that wants its answers. */
import { once } from 'node:events';
import { get as getHttp, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { get as getHttps, Agent as HttpsAgent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { frames } from '../../core/sans-io.ts';
import { HOST } from './listening.ts';
import type { Load } from './scenarios.ts';

type Protocol = Load['protocol'];

/** Windows as wide as they can be: what holds the server back is the transport. */
const WIDE = 2 ** 31 - 1;
const INITIAL_WINDOW_SIZE = 4;
const HEADERS = 1;
const END_STREAM_AND_HEADERS = 5;

/** Opens a connection that reads nothing from the time on when `ask` is called. */
export async function openStalled(
  protocol: Protocol,
  port: number,
): Promise<{ socket: Socket; ask(path: string): void }> {
  if (protocol === 'https1') {
    const socket = connectTls({ host: HOST, port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return { socket, ask: (path) => void socket.pause().write(headOf(path, port)) };
  }
  const socket = connect({ host: HOST, port, noDelay: true });
  await once(socket, 'connect');
  if (protocol === 'http1') return { socket, ask: (path) => void socket.pause().write(headOf(path, port)) };
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(frames.encodeSettings([[INITIAL_WINDOW_SIZE, WIDE]]));
  socket.write(frames.encodeWindowUpdate(0, WIDE - 65_535));
  socket.write(frames.encodeSettingsAck());
  // The server's SETTINGS: with them the connection is what it is when nothing is asked
  socket.resume();
  await once(socket, 'data');
  const block = (path: string): Buffer =>
    Buffer.concat([Buffer.from([0x82, 0x86]), literal(4, path), literal(1, HOST)]);
  const ask = (path: string): void => {
    socket.pause().write(frames.encodeFrame(HEADERS, END_STREAM_AND_HEADERS, 1, block(path)));
  };
  return { socket, ask };
}

/** A client with a connection of its own; `ask` resolves to the milliseconds until an answer is complete. Rejects unless it is 200. */
export function openOther(protocol: Protocol, port: number): { ask(path: string): Promise<number>; close(): void } {
  if (protocol === 'h2c') {
    const session = connectHttp2(`http://${HOST}:${port}`);
    return { ask: (path) => timed(() => askHttp2(session, path)), close: () => session.destroy() };
  }
  const options = { host: HOST, port, rejectUnauthorized: false };
  const agent = protocol === 'http1' ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
  const get = protocol === 'http1' ? getHttp : getHttps;
  const ask = (path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const onResponse = (response: IncomingMessage): void => {
        response.resume().on('error', reject);
        response.on('end', () => resolve(response.statusCode));
      };
      get({ ...options, agent, path }, onResponse).on('error', reject);
    });
  return { ask: (path) => timed(() => ask(path)), close: () => agent.destroy() };
}

function askHttp2(session: ClientHttp2Session, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path });
    let status: number | undefined;
    stream.on('response', (head) => (status = head[':status']));
    stream.on('error', reject);
    stream.resume().on('end', () => resolve(status));
  });
}

async function timed(ask: () => Promise<number | undefined>): Promise<number> {
  const began = performance.now();
  const status = await ask();
  if (status !== 200) throw new Error(`a client beside stalled readers got ${status}`);
  return performance.now() - began;
}

function headOf(path: string, port: number): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${HOST}:${port}\r\n\r\n`;
}

/** A field that is not indexed, whose name is an entry of the static table (RFC7541#6.2.2). */
function literal(name: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([name, value.length]), Buffer.from(value)]);
}
