import { ConnectError } from '../errors.ts';
import { type Placeholders, sentinelContent } from '../run/placeholders.ts';
import type { Rest } from '../run/pool.ts';
import { type Address, WireConnection } from '../wire/connection.ts';
import { FLAG, type Frame, PREFACE, readFrame, SETTING } from '../wire/h2/frames.ts';
import { Received } from '../wire/h2/received.ts';
import { withSizeUpdate } from '../wire/h2/size-update.ts';
import type { Transcript } from '../wire/transcript.ts';
import type { H2Case, H2Dialogue, H2Observation, H2Step } from './model.ts';
import { data, headers, type OctetStep, ping, request, settings } from './octets.ts';
import { Turns } from './turns.ts';

export interface H2DialogueOptions {
  readonly address: Address;
  readonly values: Placeholders;
  readonly canEcho: boolean;
  readonly timeoutMs: number;
  /** Streams that have to be concluded before the observation is whole. */
  readonly awaits: readonly number[];
  /** Stream of the closing request; undefined where none can be opened any more, and a PING has to do. */
  readonly sentinel: number | undefined;
  /** Octets of one write of `take()`; between two the target gets its turn. */
  readonly cut?: number;
  readonly handshake: Exclude<H2Case['handshake'], undefined>;
  /** Takes the wait for a close behind GOAWAY. @defaultValue it is waited for like all else */
  readonly rest?: Rest;
}

/** RFC9113#4.3.1 */
const FIRST_TABLE_BYTES = 4_096;

/**
 * A close behind GOAWAY is waited for no longer than this: a server that leaves it out would cost every case the whole deadline. Go's
 * server takes a second to do so.
 */
const CLOSE_MS = 1_500;

/** The payload of the PING of the n-th barrier: eight octets that no case sends. */
export function barrierPayload(count: number): string {
  return `barrier${String.fromCharCode(0x41 + count)}`;
}

/** The payload of the PING that is sent on a second connection, behind its request. */
export const BESIDE = 'besides!';

/** One HTTP/2 connection to a target, driven by the steps of a case. */
export class WireH2Dialogue implements H2Dialogue {
  readonly #connection: WireConnection;
  readonly #options: H2DialogueOptions;
  readonly #received: Received;
  #barriers = 0;
  #acknowledged = 0;
  #answered = 0;
  #leaving = false;
  /** Whether the sentinel's answer is its own content. */
  #isSentinelEchoed = false;
  /** Size of the table of requests, as the target knows it. */
  #tableBytes = FIRST_TABLE_BYTES;

  /**
   * Connects and, unless the case has its own preface, exchanges SETTINGS.
   * @throws ConnectError when the target takes no connection
   */
  static async open(options: H2DialogueOptions): Promise<WireH2Dialogue> {
    const connection = await WireConnection.open(options.address, options.timeoutMs, 'h2');
    const dialogue = new WireH2Dialogue(connection, options);
    if (options.handshake !== 'none') await dialogue.#greet(options.handshake);
    return dialogue;
  }

  private constructor(connection: WireConnection, options: H2DialogueOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#received = new Received();
  }

  get transcript(): Transcript {
    return this.#connection.transcript;
  }

  get seen(): H2Observation {
    const { end } = this.#connection;
    return this.#received.observe(end === 'open' ? 'silent' : end);
  }

  async take(...steps: readonly H2Step[]): Promise<void> {
    let octets: Buffer[] = [];
    const flush = async () => {
      const whole = Buffer.concat(octets);
      const { cut, timeoutMs } = this.#options;
      octets = [];
      if (cut !== undefined) return this.#sendCut(whole, cut);
      if (whole.length > 0) await this.#connection.send(whole, timeoutMs);
    };
    for (const step of steps) {
      if (step.kind === 'octets') {
        const sent = this.#octetsOf(step);
        this.#noteSent(sent);
        if (step.method === 'HEAD' && step.stream !== undefined) this.#received.expectHead(step.stream);
        octets.push(sent);
        continue;
      }
      if (step.kind === 'beside') {
        await flush();
        await this.#beside();
        continue;
      }
      const pong = this.#nextBarrier(octets);
      await flush();
      await this.#until(() => this.#leaving || this.#received.pongs.includes(pong));
      if (step.kind === 'concluded') await this.#concluded([step.stream]);
      if (step.kind === 'content') await this.#content(step.stream, step.bytes);
    }
    await flush();
  }

  async until(holds: (seen: H2Observation) => boolean): Promise<boolean> {
    return this.#until(() => holds(this.seen));
  }

  async finish(): Promise<H2Observation> {
    const { sentinel, awaits, timeoutMs, rest = (wait) => wait() } = this.#options;
    const octets: Buffer[] = [];
    const pong = this.#nextBarrier(octets);
    if (sentinel !== undefined && !this.#hasRoom(sentinel)) {
      // WHY: credit that is under way is waited for; a sentinel beyond the window would be an error of ours
      await this.#connection.send(Buffer.concat(octets.splice(0)), timeoutMs);
      await this.#until(() => this.#leaving || (this.#received.pongs.includes(pong) && this.#hasRoom(sentinel)));
    }
    const steps = sentinel === undefined ? [] : this.#sentinelSteps(sentinel);
    for (const step of steps) {
      const sent = this.#octetsOf(step);
      this.#noteSent(sent);
      octets.push(sent);
    }
    if (!this.#leaving) await this.#connection.send(Buffer.concat(octets), timeoutMs);
    const isProven = () =>
      this.#received.pongs.includes(pong) && (sentinel === undefined || this.#isAnswered(sentinel));
    const isWhole = () => this.#leaving || (isProven() && awaits.every((id) => this.#received.isConcluded(id)));
    await this.#until(isWhole);
    if (this.#leaving) {
      this.#connection.halfClose();
      await rest(() => this.#until(() => false, Math.min(CLOSE_MS, timeoutMs)));
    }
    const { end } = this.#connection;
    return this.#received.observe(end !== 'open' ? end : isProven() && !this.#leaving ? 'open' : 'silent');
  }

  /** Drops the connection; the transcript stays. */
  destroy(): void {
    this.#connection.destroy();
  }

  /** Piece by piece, the target having its turn with each before the next is sent. */
  async #sendCut(whole: Buffer, cut: number): Promise<void> {
    const { address, timeoutMs } = this.#options;
    const turns = await Turns.open(address, timeoutMs);
    try {
      for (let at = 0; at < whole.length && this.#connection.end === 'open'; at += cut) {
        await this.#connection.send(whole.subarray(at, at + cut), timeoutMs);
        await turns.take();
      }
    } finally {
      turns.destroy();
    }
  }

  async #greet(pairs: readonly (readonly [id: number, value: number])[]): Promise<void> {
    const { values, timeoutMs } = this.#options;
    const first = settings(pairs).octets(values);
    this.#noteSent(first);
    await this.#connection.send(Buffer.concat([Buffer.from(PREFACE, 'latin1'), first]), timeoutMs);
    await this.#until(() => this.#received.settingsFrames > 0 && this.#received.acks > 0);
  }

  /** A request with content where that can be told from any other answer and there is room for it, else a plain one. */
  #sentinelSteps(stream: number): readonly OctetStep[] {
    this.#isSentinelEchoed = this.#options.canEcho && this.#hasRoom(stream);
    if (!this.#isSentinelEchoed) return [headers(request('/'), { stream })];
    return [
      headers(request('/echo', [], 'POST'), { stream, end: false }),
      data(sentinelContent(this.#options.values.nonce), { stream }),
    ];
  }

  #hasRoom(stream: number): boolean {
    const { canEcho, values } = this.#options;
    return !canEcho || this.#received.room(stream) >= sentinelContent(values.nonce).length;
  }

  #isAnswered(id: number): boolean {
    if (!this.#received.isConcluded(id)) return false;
    const response = this.#received.observe('open').streams.get(id)?.response;
    if (response === undefined || !response.complete) return false;
    if (!this.#isSentinelEchoed) return response.status >= 200 && response.status < 300;
    return response.content.toString('latin1') === sentinelContent(this.#options.values.nonce);
  }

  /** The first block behind SETTINGS that make the table of requests smaller says so, as any encoder's has to (RFC9113#4.3.1). */
  #octetsOf(step: OctetStep): Buffer {
    const octets = step.octets(this.#options.values);
    const limit = this.#received.settings.get(SETTING.HEADER_TABLE_SIZE) ?? FIRST_TABLE_BYTES;
    const updated = limit < this.#tableBytes ? withSizeUpdate(octets, limit) : undefined;
    if (updated === undefined) return octets;
    this.#tableBytes = limit;
    return updated;
  }

  async #concluded(streams: readonly number[]): Promise<void> {
    await this.#until(() => this.#leaving || streams.every((id) => this.#received.isConcluded(id)));
  }

  async #content(stream: number, bytes: number): Promise<void> {
    const arrived = () => {
      const watched = [...this.#received.streams].filter(([id]) => stream === 0 || stream === id);
      const total = watched.reduce((sum, [, { dataBytes }]) => sum + dataBytes, 0);
      return total >= bytes && watched.some(([, { response }]) => response !== undefined);
    };
    await this.#until(() => this.#leaving || arrived() || this.#received.isConcluded(stream));
  }

  /** Asks for `/` on a connection of its own; what counts is the last time. */
  async #beside(): Promise<void> {
    this.#received.beside = false;
    const other = await WireH2Dialogue.open({ ...this.#options, awaits: [], sentinel: undefined, handshake: [] }).catch(
      (error: unknown) => {
        if (error instanceof ConnectError) return undefined;
        throw error;
      },
    );
    if (other === undefined) return;
    try {
      await other.take(headers(), ping(BESIDE));
      this.#received.beside = await other.until(({ streams }) => streams.get(1)?.response?.complete === true);
    } finally {
      other.destroy();
    }
  }

  /** Adds the PING of the next barrier; returns what its answer looks like. */
  #nextBarrier(octets: Buffer[]): string {
    const payload = barrierPayload(this.#barriers++);
    const sent = ping(payload).octets(this.#options.values);
    this.#noteSent(sent);
    octets.push(sent);
    return Buffer.from(payload, 'latin1').toString('hex');
  }

  /** Frames of ours bind the target, or spend what it has given; what octets that are no whole frames do is not known. */
  #noteSent(octets: Buffer): void {
    const frames: Frame[] = [];
    let at = octets.indexOf(PREFACE, 0, 'latin1') === 0 ? PREFACE.length : 0;
    for (let next = readFrame(octets.subarray(at)); next !== undefined; next = readFrame(octets.subarray(at))) {
      frames.push(next.frame);
      at += next.bytes;
    }
    if (at !== octets.length) return this.#received.loseCount();
    for (const frame of frames) this.#received.noteSent(frame);
  }

  /** Reads until this holds; false at the end of the connection or at the deadline. */
  async #until(holds: () => boolean, timeoutMs = this.#options.timeoutMs): Promise<boolean> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      this.#read();
      if (holds()) return true;
      if (this.#connection.end !== 'open') {
        this.#read();
        return holds();
      }
      if (!(await this.#connection.changed(deadlineMs))) return false;
    }
  }

  /** Takes in all whole frames and gives the answers that are due. */
  #read(): void {
    for (;;) {
      const reading = readFrame(this.#connection.buffered);
      if (reading === undefined) break;
      this.#connection.take(reading.bytes);
      // A server that answers in HTTP/1.1 has no frames: what it says ends the reading of frames.
      this.#received.take(reading.frame);
    }
    if (this.#received.goaways.some(({ code }) => code !== 0)) this.#leaving = true;
    const answers: Buffer[] = [];
    while (this.#acknowledged < this.#received.settingsFrames) {
      this.#acknowledged++;
      answers.push(settings([], FLAG.ACK).octets(this.#options.values));
    }
    for (const payload of this.#received.pings.slice(this.#answered)) {
      this.#answered++;
      answers.push(ping(payload.toString('latin1'), FLAG.ACK).octets(this.#options.values));
    }
    if (answers.length > 0) void this.#connection.send(Buffer.concat(answers), this.#options.timeoutMs);
  }
}
