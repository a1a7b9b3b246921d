import type { Dialogue, Observation, Response } from '../model.ts';
import { type Address, WireConnection } from '../wire/connection.ts';
import { SideConnection } from '../wire/exchange.ts';
import { listMembers, readResponse } from '../wire/response-reader.ts';
import type { Transcript } from '../wire/transcript.ts';
import { fillIn, type Placeholders, sentinelContent } from './placeholders.ts';

export interface DialogueOptions {
  readonly address: Address;
  readonly values: Placeholders;
  /** Whether the sentinel's answer can be told from any other by its content. */
  readonly canEcho: boolean;
  /** Methods of the requests whose answers are expected, in order. */
  readonly methods: readonly string[];
  /** Upper bound of each single wait. */
  readonly timeoutMs: number;
}

/** One connection to a target, driven by the steps of a case. */
export class WireDialogue implements Dialogue {
  readonly #connection: WireConnection;
  readonly #options: DialogueOptions;
  readonly #side: SideConnection;
  readonly #finals: Response[] = [];
  #interims: Response[] = [];
  #sentinelSent = false;
  #over: 'ended' | 'deadline' | 'sentinel' | undefined;
  #halfClosed = false;

  /** @throws ConnectError when the target takes no connection */
  static async open(options: DialogueOptions): Promise<WireDialogue> {
    return new WireDialogue(await WireConnection.open(options.address, options.timeoutMs), options);
  }

  private constructor(connection: WireConnection, options: DialogueOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#side = new SideConnection(options.address, options.timeoutMs);
  }

  get transcript(): Transcript {
    return this.#connection.transcript;
  }

  /** How the connection stands. */
  get end(): 'open' | 'closed' | 'reset' {
    return this.#connection.end;
  }

  async send(text: string): Promise<void> {
    if (text.includes('{sentinel}')) this.#sentinelSent = true;
    const octets = Buffer.from(fillIn(text, this.#options.values), 'latin1');
    await this.#connection.send(octets, this.#options.timeoutMs);
  }

  async response(): Promise<Response | undefined> {
    for (;;) {
      const one = await this.#next();
      if (one === undefined || !isInterim(one)) return one;
    }
  }

  async interim(): Promise<Response | undefined> {
    const one = await this.#next();
    return one !== undefined && isInterim(one) ? one : undefined;
  }

  async progress(): Promise<void> {
    this.transcript.note('progress: an exchange on a second connection');
    await this.#side.exchange();
  }

  halfClose(): void {
    this.#halfClosed = true;
    this.#connection.halfClose();
  }

  async finish(): Promise<Observation> {
    while (this.#over === undefined && !this.#ending() && this.#finals.length < this.#options.methods.length) {
      await this.response();
    }
    if (this.#over === undefined && !this.#ending() && !this.#sentinelSent) await this.send('{sentinel}');
    while (this.#over === undefined) await this.response();
    const { end } = this.#connection;
    const connection =
      this.#over === 'sentinel' ? 'open' : this.#over === 'deadline' || end === 'open' ? 'silent' : end;
    return { responses: [...this.#finals], connection };
  }

  /** Drops the connection; the transcript stays. */
  destroy(): void {
    this.#side.destroy();
    this.#connection.destroy();
  }

  /** Nothing more can be asked on this connection: it is to be read to its end. */
  #ending(): boolean {
    const last = this.#finals.at(-1);
    return this.#halfClosed || (last !== undefined && (!last.complete || announcesClose(last)));
  }

  /** The next response of any kind; undefined once the dialogue is over, which `#over` then explains. */
  async #next(): Promise<Response | undefined> {
    const connection = this.#connection;
    const deadlineMs = performance.now() + this.#options.timeoutMs;
    const method = this.#options.methods[this.#finals.length] ?? 'POST';
    while (this.#over === undefined) {
      const ended = connection.end !== 'open';
      const reading = readResponse(connection.buffered, method, ended ? 'end' : undefined);
      if (reading.kind === 'response') return this.#record(reading.response, reading.bytes);
      if (ended) this.#over = 'ended';
      else if (!(await connection.changed(deadlineMs))) {
        this.#over = 'deadline';
        const rest = readResponse(connection.buffered, method, 'deadline');
        if (rest.kind === 'response') return this.#record(rest.response, rest.bytes);
      }
    }
    return undefined;
  }

  #record(response: Response, bytes: number): Response {
    this.#connection.take(bytes);
    if (isInterim(response)) {
      this.#interims.push(response);
      return response;
    }
    const whole: Response = { ...response, interim: this.#interims };
    this.#interims = [];
    if (this.#isSentinel(whole)) this.#over = 'sentinel';
    else this.#finals.push(whole);
    return whole;
  }

  #isSentinel(response: Response): boolean {
    const { canEcho, values, methods } = this.#options;
    if (!this.#sentinelSent || !response.complete) return false;
    if (canEcho) return response.content.equals(Buffer.from(sentinelContent(values.nonce), 'latin1'));
    return this.#finals.length >= methods.length && response.status >= 200 && response.status < 300;
  }
}

/** 1xx; 101 is final, because another protocol follows it. */
function isInterim(response: Response): boolean {
  return response.status >= 100 && response.status < 200 && response.status !== 101;
}

/** Whether this response says that the connection ends behind it (RFC9112#9.3). */
export function announcesClose(response: Response): boolean {
  const options = listMembers(response.fields, 'connection');
  if (response.framing === 'close' || options.includes('close')) return true;
  return response.version === '1.0' && !options.includes('keep-alive');
}
