import { type Address, WireConnection } from '../wire/connection.ts';
import { FLAG, FRAME, PREFACE, readFrame } from '../wire/h2/frames.ts';
import { ping, settings } from './octets.ts';

/** The payload of its PINGs: eight octets that nothing else sends. */
export const TURN = 'turn-now';

const NO_VALUES = { scheme: '', host: '', nonce: '', sentinel: '' };

/** A second connection to a target: when its PING is answered, the target has had its turn with what the first one was sent. */
export class Turns {
  readonly #connection: WireConnection;
  readonly #timeoutMs: number;
  /** It let a deadline pass: it is not waited for again. */
  #isMute = false;

  /** @throws ConnectError when the target takes no second connection */
  static async open(address: Address, timeoutMs: number): Promise<Turns> {
    const connection = await WireConnection.open(address, timeoutMs, 'h2');
    const greeting = [
      Buffer.from(PREFACE, 'latin1'),
      settings().octets(NO_VALUES),
      settings([], FLAG.ACK).octets(NO_VALUES),
    ];
    await connection.send(Buffer.concat(greeting), timeoutMs);
    return new Turns(connection, timeoutMs);
  }

  private constructor(connection: WireConnection, timeoutMs: number) {
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
  }

  /** Returns when the PING was answered, or the connection ended, or the deadline came; once it came, at once. */
  async take(): Promise<void> {
    if (this.#isMute) return;
    await this.#connection.send(ping(TURN).octets(NO_VALUES), this.#timeoutMs);
    const deadlineMs = performance.now() + this.#timeoutMs;
    while (!this.#isAnswered()) {
      if (this.#connection.end !== 'open') return;
      this.#isMute = !(await this.#connection.changed(deadlineMs));
      if (this.#isMute) return;
    }
  }

  destroy(): void {
    this.#connection.destroy();
  }

  #isAnswered(): boolean {
    for (let reading = this.#next(); reading !== undefined; reading = this.#next()) {
      if (reading.frame.type === FRAME.PING && (reading.frame.flags & FLAG.ACK) !== 0) return true;
    }
    return false;
  }

  #next(): ReturnType<typeof readFrame> {
    const reading = readFrame(this.#connection.buffered);
    if (reading !== undefined) this.#connection.take(reading.bytes);
    return reading;
  }
}
