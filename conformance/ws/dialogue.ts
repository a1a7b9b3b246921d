import { createHash } from 'node:crypto';
import type { Response } from '../model.ts';
import type { ScriptedEnd, ScriptedStage } from '../scripted/model.ts';
import { WireConnection } from '../wire/connection.ts';
import { readResponse } from '../wire/response-reader.ts';
import type { Transcript } from '../wire/transcript.ts';
import { closeCode, closePayload, frame, OPCODE, readWsFrame, type WsFrame } from './frames.ts';

/** What was seen on one connection. */
export interface WsSeen {
  /** To the handshake; undefined where none came. */
  readonly response: Response | undefined;
  /** All frames in order, but for the answer to the closing Ping. */
  readonly frames: readonly WsFrame[];
  /** The Sec-WebSocket-Accept that is due. */
  readonly accept: string;
  /** `open`: a Ping behind everything was answered. `silent`: neither that nor a close, though maybe a Close frame. */
  readonly connection: ScriptedEnd;
  readonly transcript: Transcript;
}

/** A step: octets, each written by itself, or a wait for the answer to a Ping. */
export type WsStep = Buffer | 'ping';

/** A close behind a Close frame is waited for no longer than this. */
const CLOSE_MS = 1_500;
const CLOSING_PING = 'aeronet-closing-ping';

/** The Sec-WebSocket-Accept that answers this key (RFC6455#4.2.2). */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** The right key of an attempt: sixteen octets made of its nonce. */
export function keyOf(nonce: string): string {
  return createHash('sha256').update(nonce).digest().subarray(0, 16).toString('base64');
}

/**
 * Asks for the handshake with this request and, where it is granted, takes the steps; then a Ping tells open from closed. A Close
 * frame of the target's is answered.
 * @throws ConnectError when the target takes no connection
 */
export async function converse(request: string, steps: readonly WsStep[], stage: ScriptedStage): Promise<WsSeen> {
  const connection = await WireConnection.open(stage.address, stage.timeoutMs);
  try {
    const conversation = new Conversation(connection, stage);
    await connection.send(Buffer.from(request, 'latin1'), stage.timeoutMs);
    await conversation.handshake();
    if (conversation.response?.status === 101) await conversation.frames(steps);
    return conversation.seen();
  } finally {
    connection.destroy();
  }
}

class Conversation {
  response: Response | undefined;
  readonly #connection: WireConnection;
  readonly #stage: ScriptedStage;
  readonly #frames: WsFrame[] = [];
  #pings = 0;
  #hasClosed = false;
  #isProven = false;

  constructor(connection: WireConnection, stage: ScriptedStage) {
    this.#connection = connection;
    this.#stage = stage;
  }

  async handshake(): Promise<void> {
    const connection = this.#connection;
    const deadlineMs = performance.now() + this.#stage.timeoutMs;
    for (;;) {
      const over = connection.end === 'open' ? undefined : 'end';
      const reading = readResponse(connection.buffered, 'GET', over);
      if (reading.kind === 'response') {
        connection.take(reading.bytes);
        if (reading.response.status >= 200 || [0, 101].includes(reading.response.status)) {
          this.response = reading.response;
          return;
        }
      } else if (over === 'end' || !(await connection.changed(deadlineMs))) return;
    }
  }

  async frames(steps: readonly WsStep[]): Promise<void> {
    for (const step of steps) {
      if (step === 'ping') await this.#ping(`aeronet-ping-${++this.#pings}`);
      else {
        if (step.length > 0 && (step[0] ?? 0) % 16 === OPCODE.CLOSE) this.#hasClosed = true;
        await this.#send(step);
      }
    }
    this.#isProven = !this.#hasClosed && (await this.#ping(CLOSING_PING));
    if (this.#isProven) return;
    if (!this.#hasClosed) await this.#answerClose();
    else await this.#until(() => this.#closeFrame() !== undefined);
    await this.#until(() => false, Math.min(CLOSE_MS, this.#stage.timeoutMs));
  }

  seen(): WsSeen {
    const { end, transcript } = this.#connection;
    const answered = this.#isProven || (this.response !== undefined && this.response.status !== 101);
    return {
      response: this.response,
      frames: this.#frames.filter(({ payload }) => !payload.toString('latin1').startsWith('aeronet-')),
      accept: acceptOf(keyOf(this.#stage.values.nonce)),
      connection: end !== 'open' ? end : answered ? 'open' : 'silent',
      transcript,
    };
  }

  /** Whether it was answered; not so where the target begins to close. */
  async #ping(payload: string): Promise<boolean> {
    const isAnswered = () =>
      this.#frames.some((one) => one.opcode === OPCODE.PONG && one.payload.toString('latin1') === payload);
    await this.#send(frame(OPCODE.PING, payload));
    await this.#until(() => isAnswered() || this.#closeFrame() !== undefined);
    return isAnswered() && this.#closeFrame() === undefined;
  }

  async #answerClose(): Promise<void> {
    const close = this.#closeFrame();
    if (close === undefined) return;
    const code = closeCode(close);
    await this.#send(frame(OPCODE.CLOSE, code === undefined ? '' : closePayload(code)));
  }

  #closeFrame(): WsFrame | undefined {
    return this.#frames.find(({ opcode }) => opcode === OPCODE.CLOSE);
  }

  async #send(octets: Buffer): Promise<void> {
    await this.#connection.send(octets, this.#stage.timeoutMs);
  }

  async #until(holds: () => boolean, timeoutMs = this.#stage.timeoutMs): Promise<void> {
    const connection = this.#connection;
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      for (let next = readWsFrame(connection.buffered); next !== undefined; next = readWsFrame(connection.buffered)) {
        connection.take(next.bytes);
        this.#frames.push(next.frame);
      }
      if (holds() || connection.end !== 'open' || !(await connection.changed(deadlineMs))) return;
    }
  }
}
