import { request } from 'node:http';
import { formatOcspRequest } from '../../tls/ocsp.ts';
import { PKI_LIMITS, sha1 } from './signatures.ts';
import type { StapleSubject } from './staple-check.ts';

/** A responder that is slower, from the first octet of the request to the last of the response, is not waited for. */
export const FETCH_MS = 10_000;

/**
 * Asks a responder (RFC6960#A.1). Redirects are not followed. @param url of http: what comes is signed
 * @throws Error when there is no answer of 200 in time, or one that is too long
 */
export function fetchOcsp(url: string, { leaf, issuer }: StapleSubject, timeoutMs: number = FETCH_MS): Promise<Buffer> {
  const asked = formatOcspRequest({
    nameHash: sha1(leaf.issuer),
    keyHash: sha1(issuer.parts.keyBits),
    serial: leaf.serial,
  });
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/ocsp-request', 'Content-Length': asked.length, Connection: 'close' };
    const outgoing = request(url, { method: 'POST', headers, agent: false }, (response) => {
      const { statusCode } = response;
      if (statusCode !== 200) return void outgoing.destroy(new Error(`it answers ${statusCode}`));
      const pieces: Buffer[] = [];
      let length = 0;
      response.on('data', (piece: Buffer) => {
        length += piece.length;
        pieces.push(piece);
        const isLong = length > PKI_LIMITS.messageBytes;
        if (isLong) outgoing.destroy(new Error(`its answer has more than ${PKI_LIMITS.messageBytes} octets`));
      });
      response.on('error', reject);
      response.on('end', () => resolve(Buffer.concat(pieces)));
    });
    const timer = setTimeout(() => outgoing.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    timer.unref();
    outgoing.on('error', reject);
    outgoing.on('close', () => {
      clearTimeout(timer);
      reject(new Error('its answer was cut'));
    });
    outgoing.end(asked);
  });
}
