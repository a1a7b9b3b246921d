import { isIP } from 'node:net';
import type { Response } from '../model.ts';
import type { ScriptedEnd, ScriptedStage } from '../scripted/model.ts';
import type { WireConnection } from '../wire/connection.ts';
import { FRAME, type Frame, PREFACE, readFrame } from '../wire/h2/frames.ts';
import { readResponse } from '../wire/response-reader.ts';
import { TlsClient } from '../wire/tls/client.ts';
import { ALERT, MESSAGE } from '../wire/tls/names.ts';
import type { Received, Ticket } from '../wire/tls/seen.ts';
import { Transcript } from '../wire/transcript.ts';

/** What was seen of one case; of more connections than one, the last, but for `responses` and `problems`. */
export interface TlsSeen extends Readonly<Received> {
  /** To our requests, over TLS or in clear. */
  readonly responses: readonly Response[];
  /** Frames of HTTP/2. */
  readonly frames: readonly Frame[];
  /** `open`: what was waited for last has come. `silent`: it has not, and no end either. */
  readonly connection: ScriptedEnd;
  /** What steps have found out that do not use this client. */
  readonly notes: readonly string[];
  /** How the connections before it ended. */
  readonly earlier: readonly WireConnection['end'][];
  readonly transcript: Transcript;
}

/** An end behind an alert is waited for no longer than this. */
const CLOSE_MS = 1_000;

/** One conversation with a target, for the steps of a case. Each wait says whether what was waited for has come. */
export class Talk {
  readonly stage: ScriptedStage;
  client: TlsClient;
  /** A session of an earlier connection. */
  ticket: Ticket | undefined;
  readonly #responses: Response[] = [];
  readonly #earlier: Transcript[] = [];
  readonly #ends: WireConnection['end'][] = [];
  readonly #problems: string[] = [];
  readonly #notes: string[] = [];
  readonly #frames: Frame[] = [];
  #readBytes = 0;
  #isAnswered = false;
  /** What was waited for did not come in time. */
  #isStuck = false;

  /** @throws ConnectError when the target takes no connection */
  static async open(stage: ScriptedStage): Promise<Talk> {
    return new Talk(stage, await open(stage, 0));
  }

  private constructor(stage: ScriptedStage, client: TlsClient) {
    this.stage = stage;
    this.client = client;
  }

  /** Whether further steps would be lost on the target. */
  get isOver(): boolean {
    return this.#isStuck || this.client.isOver;
  }

  /** Keeps what a step has found out; it is the answer that was waited for. */
  note(text: string): void {
    this.#notes.push(text);
    this.#isAnswered = true;
  }

  /** Leaves the connection for another one. */
  async again(): Promise<void> {
    this.#leave();
    this.client = await open(this.stage, this.#earlier.length);
  }

  /** Nothing is answered that is sent from now on. */
  stimulate(): void {
    this.#isAnswered = false;
  }

  /** Waits for the server's part of the handshake. */
  async flight(): Promise<void> {
    await this.client.flight();
    const { isFinished, retries, hello, messages } = this.client.received;
    const isRetried = retries.length > 0 && hello === undefined;
    this.#answered(isFinished || isRetried || messages.includes(MESSAGE.SERVER_HELLO_DONE));
  }

  /** Waits for a ticket, and keeps it. */
  async ticketed(): Promise<void> {
    const { tickets } = this.client.received;
    await this.client.until(() => tickets.length > 0);
    this.ticket = tickets[0];
    this.#answered(this.ticket !== undefined);
  }

  /** Sends a request and waits for the whole response. */
  async request(text: string): Promise<void> {
    this.stimulate();
    await this.client.data(text);
    await this.response(text.split(' ', 1)[0]);
  }

  async response(method = 'GET'): Promise<void> {
    const before = this.#responses.length;
    await this.client.until(() => this.#takeResponse(method));
    if (this.#responses.length === before) this.#takeResponse(method);
    this.#answered(this.#responses.length > before);
  }

  /** Waits for a frame of HTTP/2. */
  async frame(type: number): Promise<void> {
    const { client } = this;
    const take = () => {
      for (let next = readFrame(this.#unread()); next !== undefined; next = readFrame(this.#unread())) {
        this.#frames.push({ ...next.frame, payload: Buffer.from(next.frame.payload) });
        this.#readBytes += next.bytes;
      }
      return this.#frames.some((frame) => frame.type === type || frame.type === FRAME.GOAWAY);
    };
    await client.until(take);
    take();
    this.#answered(this.#frames.some((frame) => frame.type === type));
  }

  /** Waits for the server's KeyUpdate. */
  async keyUpdated(): Promise<void> {
    await this.client.until(() => this.client.received.keyUpdates > 0);
    this.#answered(this.client.received.keyUpdates > 0);
  }

  /** Sees how the connection ends, unless it is proven to be in use. */
  async settle(timeoutMs = this.stage.timeoutMs): Promise<void> {
    const { client } = this;
    if (!this.#isAnswered && !this.#isStuck) await client.until(() => false, timeoutMs);
    if (client.isOver) await client.untilEnd(Math.min(CLOSE_MS, this.stage.timeoutMs));
    // What came without being waited for
    if (this.#frames.length === 0 && client.received.protocol !== 'h2') while (this.#takeResponse('GET'));
  }

  /** Waits for the end, or the time to be over, whatever comes. */
  async end(timeoutMs: number): Promise<void> {
    this.#isAnswered = false;
    await this.client.untilEnd(timeoutMs);
    this.#isStuck = this.client.end === 'open';
  }

  seen(): TlsSeen {
    const { received, end, transcript } = this.client;
    const isOpen = this.#isAnswered && !this.client.isOver;
    return {
      ...received,
      problems: [...this.#problems, ...received.problems],
      responses: [...this.#responses, ...inClear(received.clear)],
      frames: this.#frames,
      connection: end !== 'open' ? end : isOpen ? 'open' : 'silent',
      notes: this.#notes,
      earlier: this.#ends,
      transcript: Transcript.joined([...this.#earlier, transcript]),
    };
  }

  destroy(): void {
    this.client.destroy();
  }

  #takeResponse(method: string): boolean {
    const reading = readResponse(this.#unread(), method, this.client.isOver ? 'end' : undefined);
    if (reading.kind === 'more') return false;
    this.#readBytes += reading.bytes;
    this.#responses.push(reading.response);
    return true;
  }

  #unread(): Buffer {
    return this.client.received.data.subarray(this.#readBytes);
  }

  #leave(): void {
    this.#problems.push(...this.client.received.problems);
    this.#earlier.push(this.client.transcript);
    this.#ends.push(this.client.end);
    this.client.destroy();
    this.#readBytes = 0;
    this.#isAnswered = false;
  }

  #answered(isAnswered: boolean): void {
    this.#isAnswered = isAnswered;
    if (!isAnswered && !this.client.isOver) this.#isStuck = true;
  }
}

/** A response that came without TLS; octets that are none are left alone. */
function inClear(octets: Buffer): readonly Response[] {
  if (!octets.toString('latin1', 0, 5).startsWith('HTTP/')) return [];
  const reading = readResponse(octets, 'GET', 'end');
  return reading.kind === 'response' ? [reading.response] : [];
}

function open({ address, timeoutMs, values }: ScriptedStage, count: number): Promise<TlsClient> {
  const name = isIP(address.host) === 0 ? address.host : undefined;
  return TlsClient.open(address, timeoutMs, `${values.nonce} ${count}`, name);
}

/** Whether the other side has said that it ends well. */
export const hasClosed = ({ alerts }: Pick<TlsSeen, 'alerts'>): boolean =>
  alerts.some(({ description }) => description === ALERT.close_notify);

export { PREFACE };
