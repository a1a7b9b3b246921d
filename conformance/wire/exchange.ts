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
  const method = request.slice(0, request.indexOf(' '));
  const connection = await WireConnection.open(address, timeoutMs);
  try {
    await connection.send(Buffer.from(request, 'latin1'), timeoutMs);
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const reading = readResponse(connection.buffered, method, connection.end === 'open' ? undefined : 'end');
      if (reading.kind === 'response') {
        if (reading.response.status >= 200 || reading.response.status === 0) return reading.response;
        connection.take(reading.bytes);
      } else if (connection.end !== 'open' || !(await connection.changed(deadlineMs))) return undefined;
    }
  } finally {
    connection.destroy();
  }
}

/** `GET /` on a connection that is to be closed behind it. */
export function plainGet(address: Address): string {
  return `GET / HTTP/1.1\r\nHost: ${address.authority}\r\nConnection: close\r\n\r\n`;
}
