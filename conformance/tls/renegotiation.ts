import { connect, type TLSSocket } from 'node:tls';
import { FRAME, frameOctets, PREFACE } from '../wire/h2/frames.ts';
import type { Talk } from './talk.ts';

/** A handshake within a connection that is not even refused by then is taken for refused. */
const QUIET_MS = 500;

/**
 * Makes a connection of TLS 1.2 with Node's own client, and asks so many times for another handshake within it. Notes what came of it:
 * `connected`, and `renegotiated` for each that was completed.
 */
export async function renegotiate(talk: Talk, protocol: 'h2' | 'http/1.1', count: number): Promise<void> {
  const { host, port } = talk.stage.address;
  const socket = connect({ host, port, rejectUnauthorized: false, maxVersion: 'TLSv1.2', ALPNProtocols: [protocol] });
  try {
    if (!(await settles(talk.stage.timeoutMs, socket, (done) => socket.once('secureConnect', done)))) return;
    talk.note('connected');
    if (protocol === 'h2')
      socket.write(Buffer.concat([Buffer.from(PREFACE, 'latin1'), frameOctets(FRAME.SETTINGS, 0, 0)]));
    socket.resume();
    for (let done = 0; done < count; done++) {
      const isDone = await settles(QUIET_MS, socket, (resolve) => {
        socket.renegotiate({ rejectUnauthorized: false }, (error) => (error === null ? resolve() : socket.destroy()));
      });
      if (!isDone) return;
      talk.note('renegotiated');
    }
  } finally {
    socket.destroy();
  }
}

/** Whether it comes to pass before the connection ends, or the time is over. */
function settles(ms: number, socket: TLSSocket, begin: (done: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const end = (isDone: boolean) => {
      clearTimeout(timer);
      resolve(isDone);
    };
    socket.on('error', () => end(false)).once('close', () => end(false));
    begin(() => end(true));
  });
}
