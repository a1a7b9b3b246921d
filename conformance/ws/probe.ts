import type { Address } from '../wire/connection.ts';
import { HANDSHAKE } from './define.ts';
import { converse, keyOf } from './dialogue.ts';
import { frame, OPCODE } from './frames.ts';

const MESSAGE = 'aeronet probe';

/**
 * Whether a WebSocket echo is at this path: it grants a plain handshake, rightly or not, and says back what it is told.
 * @throws ConnectError when it takes no connection
 */
export async function echoesMessages(address: Address, timeoutMs: number, wsPath: string): Promise<boolean> {
  const values = { scheme: 'http', host: address.authority, nonce: 'probe00', sentinel: '' };
  const fields = HANDSHAKE.map((line) => line.replace('{key}', keyOf(values.nonce)));
  const request = [`GET ${wsPath} HTTP/1.1`, `Host: ${address.authority}`, ...fields, '', ''].join('\r\n');
  const seen = await converse(request, [frame(OPCODE.TEXT, MESSAGE)], {
    address,
    values,
    timeoutMs,
    wsPath,
    offers: new Set(),
  });
  return seen.frames.some(({ payload }) => payload.toString('latin1') === MESSAGE);
}
