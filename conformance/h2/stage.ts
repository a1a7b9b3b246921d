import { createServer, type Server, type Socket } from 'node:net';
import { type Placeholders, sentinelContent } from '../run/placeholders.ts';
import type { Address } from '../wire/connection.ts';
import { FLAG } from '../wire/h2/frames.ts';
import { BESIDE, barrierPayload } from './dialogue.ts';
import type { H2Case, H2Control, H2Phase, H2Step } from './model.ts';
import { ping, settings } from './octets.ts';
import { sentinelStream } from './perform.ts';
import { response } from './replies.ts';
import { TURN } from './turns.ts';

/** A control that listens. */
export interface StagedH2 {
  readonly address: Address;
  readonly values: Placeholders;
  /** Ends the listener and every connection. */
  close(): void;
}

/** RFC9110#6.6.1: a canned server is faultless in what it is not about. */
const DATE = ['date', 'Sun, 06 Nov 1994 08:49:37 GMT'] as const;

/** Most barriers of one case. */
const MAX_BARRIERS = 16;

/** Lets a canned server play against one case on a loopback port. It parses nothing: barriers and turns are found by their octets. */
export async function stageH2(control: H2Control, one: H2Case, nonce: string): Promise<StagedH2> {
  const sockets = new Set<Socket>();
  let values: Placeholders = { scheme: 'http', host: '', nonce, sentinel: '' };
  // WHY: a control that hangs must not end with the client's FIN
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    new CannedServer(socket, control, one, values);
  });
  const port = await listen(server);
  const address: Address = { host: '127.0.0.1', port, tls: false, authority: `127.0.0.1:${port}` };
  values = { ...values, host: address.authority };
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address, values, close };
}

class CannedServer {
  readonly #socket: Socket;
  readonly #control: H2Control;
  readonly #values: Placeholders;
  readonly #sentinel: number | undefined;
  /** Barriers of the case itself; the closing one follows them. */
  readonly #barriers: number;
  #received = '';
  #met = 0;

  constructor(socket: Socket, control: H2Control, one: H2Case, values: Placeholders) {
    this.#socket = socket;
    this.#control = control;
    this.#values = values;
    this.#sentinel = sentinelStream(one);
    this.#barriers = one.run === undefined ? one.frames.filter(isBarrier).length : control.phases.length - 1;
    this.#say(control.front ?? [settings(), settings([], FLAG.ACK)]);
    // The end of a client that leaves is met with ours, unless this one never closes.
    if (control.ending !== 'hang') socket.on('end', () => socket.end());
    let isServed = false;
    socket.on('data', (octets: Buffer) => {
      this.#received += octets.toString('latin1');
      // The PINGs of turns follow each other's answers, so that no two come together.
      if (octets.includes(TURN)) this.#say([ping(TURN, FLAG.ACK)]);
      if (!isServed && this.#received.includes(BESIDE)) {
        isServed = true;
        if (control.isAlone !== true) this.#say(response(200));
      }
      while (this.#met < MAX_BARRIERS && this.#received.includes(barrierPayload(this.#met))) this.#meet(this.#met++);
    });
  }

  #meet(barrier: number): void {
    const { phases, ending } = this.#control;
    const isLast = barrier >= this.#barriers;
    const index = isLast ? phases.length - 1 : barrier - (this.#barriers + 1 - phases.length);
    this.#say(phases[index] ?? []);
    if (!isLast) return this.#say([ping(barrierPayload(barrier), FLAG.ACK)]);
    if (ending === 'close') this.#socket.end();
    if (ending !== 'serve') return;
    this.#say([ping(barrierPayload(barrier), FLAG.ACK)]);
    if (this.#sentinel !== undefined) {
      this.#say(response(200, sentinelContent(this.#values.nonce), this.#sentinel, [DATE]));
    }
  }

  #say(phase: H2Phase): void {
    for (const step of phase) if (step.kind === 'octets') this.#socket.write(step.octets(this.#values));
  }
}

/** Waits that send a PING. */
function isBarrier({ kind }: H2Step): boolean {
  return kind !== 'octets' && kind !== 'beside';
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('No port was bound'));
      else resolve(bound.port);
    });
  });
}
