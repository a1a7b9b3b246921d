/** The other end of a server's connection, for tests: raw octets over a socket, every wait bounded. */
import { connect, type Socket } from 'node:net';

/** Longest time that a test waits for anything. */
export const WAIT_MS = 10_000;

/** One raw connection. What comes is kept as text with one unit per octet. */
export class Wire {
  readonly socket: Socket;
  text = '';
  /** How the connection ended, once it has: in order, or by a reset. */
  ending: 'fin' | 'reset' | undefined;
  #wake: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.text += bytes.toString('latin1');
      this.#notify();
    });
    socket.on('end', () => this.#end('fin'));
    socket.on('error', () => this.#end('reset'));
    socket.on('close', () => this.#end('reset'));
  }

  /** Sends text, one octet a unit. */
  send(text: string): this {
    this.socket.write(Buffer.from(text, 'latin1'));
    return this;
  }

  /** All that came, once `pattern` is found in it. @throws Error when the connection ends first, or nothing comes */
  async until(pattern: RegExp): Promise<string> {
    await this.#wait(() => pattern.test(this.text) || this.ending !== undefined, `${pattern}`);
    if (!pattern.test(this.text))
      throw new Error(`ended by ${this.ending} before ${pattern}: ${this.text.slice(-200)}`);
    return this.text;
  }

  /** All that came, once the server has ended the connection. */
  async rest(): Promise<string> {
    await this.#wait(() => this.ending !== undefined, 'the end of the connection');
    return this.text;
  }

  /** Ends this side without waiting for the other. */
  cut(): void {
    this.socket.resetAndDestroy();
  }

  async #wait(isDone: () => boolean, what: string): Promise<void> {
    const timeout = bound(`waiting for ${what}; came: ${this.text.slice(-200)}`);
    try {
      while (!isDone()) await Promise.race([new Promise<void>((wake) => this.#wake.push(wake)), timeout.failed]);
    } finally {
      timeout.clear();
    }
  }

  #end(ending: 'fin' | 'reset'): void {
    this.ending ??= ending;
    this.#notify();
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** A connection to a port of this machine. */
export function openWire(port: number): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => resolve(new Wire(socket)));
    socket.once('error', reject);
  });
}

/** Waits until `isDone`, asked at every turn of the event loop. @throws Error after {@link WAIT_MS} */
export async function eventually(what: string, isDone: () => boolean): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (!isDone()) {
    if (performance.now() > deadline) throw new Error(`never came: ${what}`);
    await turns(1);
  }
}

/** Lets the event loop go round `count` times. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** `work`, or an error when it takes longer than {@link WAIT_MS}. */
export async function within<T>(what: string, work: Promise<T>): Promise<T> {
  const timeout = bound(what);
  try {
    return await Promise.race([work, timeout.failed]);
  } finally {
    timeout.clear();
  }
}

function bound(what: string): { readonly failed: Promise<never>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`too long: ${what}`)), WAIT_MS);
  });
  return { failed, clear: () => clearTimeout(timer) };
}
