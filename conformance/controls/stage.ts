import { createServer, type Server, type Socket } from 'node:net';
import { stepsOf } from '../define.ts';
import type { Case, Control, ControlPeer } from '../model.ts';
import { fillIn, type Placeholders, sentinelContent, sentinelRequest } from '../run/placeholders.ts';
import type { Address } from '../wire/connection.ts';
import { answer } from './replies.ts';

/** A control that listens. */
export interface Staged {
  readonly address: Address;
  readonly values: Placeholders;
  /** Ends the listener and every connection. */
  close(): void;
}

/**
 * Lets a control play against one case on a loopback port: the first connection is the case's, any other gets a plain 200
 * (that is what the `progress` barrier asks for).
 */
export async function stage(control: Control, one: Case, nonce: string): Promise<Staged> {
  const sockets = new Set<Socket>();
  let values: Placeholders = { scheme: 'http', host: '', nonce, sentinel: '' };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const isFirst = sockets.size === 0;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    if (isFirst) void control.play(new SocketPeer(socket, partEnds(one, values), values));
    else socket.on('data', () => socket.write(answer(200, 'ok')));
  });
  const port = await listen(server);
  const address: Address = { host: '127.0.0.1', port, tls: false, authority: `127.0.0.1:${port}` };
  values = { ...values, host: address.authority, sentinel: sentinelRequest(address.authority, nonce, true) };
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address, values, close };
}

/** Octets of the stimulus at each `interim` or `response` barrier, and in total. */
function partEnds(one: Case, values: Placeholders): readonly number[] {
  const ends: number[] = [];
  let bytes = 0;
  for (const step of stepsOf(one)) {
    if (typeof step === 'string') bytes += fillIn(step, values).length;
    else if (step.kind === 'interim' || step.kind === 'response') ends.push(bytes);
  }
  if (ends.at(-1) !== bytes) ends.push(bytes);
  return ends;
}

class SocketPeer implements ControlPeer {
  readonly #socket: Socket;
  readonly #values: Placeholders;
  readonly #partEnds: number[];
  #received = '';
  #cursor = 0;
  #wake: () => void = () => {};

  constructor(socket: Socket, ends: readonly number[], values: Placeholders) {
    this.#socket = socket;
    this.#partEnds = [...ends];
    this.#values = values;
    socket.on('data', (octets) => {
      this.#received += octets.toString('latin1');
      this.#wake();
    });
  }

  async part(): Promise<void> {
    const end = this.#partEnds.shift();
    if (end === undefined) throw new Error('The control waits for more parts than the stimulus has');
    await this.#waitFor(() => this.#received.length >= end);
    this.#cursor = end;
  }

  async until(text: string): Promise<void> {
    const wanted = fillIn(text, this.#values);
    await this.#waitFor(() => this.#received.includes(wanted, this.#cursor));
    this.#cursor = this.#received.indexOf(wanted, this.#cursor) + wanted.length;
  }

  say(text: string): void {
    this.#socket.write(Buffer.from(fillIn(text, this.#values), 'latin1'));
  }

  async serveSentinel(): Promise<void> {
    await this.#waitFor(() => this.#received.includes(this.#values.sentinel));
    this.say(answer(200, sentinelContent(this.#values.nonce)));
  }

  close(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  async #waitFor(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
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
