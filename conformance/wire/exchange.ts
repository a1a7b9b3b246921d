import type { Response } from '../model.ts';
import { type Address, WireConnection } from './connection.ts';
import { readResponse } from './response-reader.ts';

/**
 * One request on one connection of its own, for the bench's own questions (readiness, probe, progress, liveness).
 * The first final response is returned; undefined when the connection ended or the deadline came before it.
 * @param request octets as latin1 text
 * @throws ConnectError when the target takes no connection
 */
export async function exchange(address: Address, request: string, timeoutMs: number): Promise<Response | undefined> {
  const connection = await WireConnection.open(address, timeoutMs);
  try {
    return await ask(connection, request, timeoutMs);
  } finally {
    connection.destroy();
  }
}

/**
 * A second connection, on which one plain request follows the other: whoever has answered the last one has had its turn. It is opened
 * where it is needed, and again where the target has closed it.
 */
export class SideConnection {
  readonly #address: Address;
  readonly #timeoutMs: number;
  #connection: WireConnection | undefined;
  /** It let a deadline pass: it is not waited for again. */
  #isMute = false;

  constructor(address: Address, timeoutMs: number) {
    this.#address = address;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * A whole exchange, or the deadline, for which a target that says nothing is waited once.
   * @throws ConnectError when the target takes no connection
   */
  async exchange(): Promise<void> {
    if (this.#isMute) return;
    const known = this.#connection;
    if (known !== undefined && known.end === 'open') {
      const answer = await ask(known, sideRequest(this.#address.authority), this.#timeoutMs);
      // One that closed while it was asked has not answered for good.
      this.#isMute = answer === undefined && known.end === 'open';
      if (answer !== undefined || this.#isMute) return;
    }
    this.destroy();
    const fresh = await WireConnection.open(this.#address, this.#timeoutMs);
    this.#connection = fresh;
    const answer = await ask(fresh, sideRequest(this.#address.authority), this.#timeoutMs);
    this.#isMute = answer === undefined && fresh.end === 'open';
  }

  destroy(): void {
    this.#connection?.destroy();
  }
}

/** What a side connection asks for. */
export function sideRequest(authority: string): string {
  return `GET / HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
}

/** The first final response to a request; what it takes of the connection is taken off. */
async function ask(connection: WireConnection, request: string, timeoutMs: number): Promise<Response | undefined> {
  const method = request.slice(0, request.indexOf(' '));
  await connection.send(Buffer.from(request, 'latin1'), timeoutMs);
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const reading = readResponse(connection.buffered, method, connection.end === 'open' ? undefined : 'end');
    if (reading.kind === 'response') {
      connection.take(reading.bytes);
      if (reading.response.status >= 200 || reading.response.status === 0) return reading.response;
    } else if (connection.end !== 'open' || !(await connection.changed(deadlineMs))) return undefined;
  }
}

/** `GET /` on a connection that is to be closed behind it. */
export function plainGet(address: Address): string {
  return `GET / HTTP/1.1\r\nHost: ${address.authority}\r\nConnection: close\r\n\r\n`;
}
