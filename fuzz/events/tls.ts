/** The records of a ClientHello and what its reader says; documents of a PKI, and what each reader makes of them. */
import {
  ClientHelloReader,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  pkiLimits,
  tlsLimits,
} from '../../core/sans-io.ts';
import type { Cut, Tell } from '../define.ts';

const RECORD_HEAD = 5;

/** Tells a hello: a record when its head has come, then what the reader says, at the octet where it says it. */
export function tellHello(octets: Uint8Array, cut: Cut, tell: Tell): void {
  const reader = new ClientHelloReader(tlsLimits({ helloBytes: 4_096, helloRecords: 24 }));
  reader.tick(0);
  let [at, record] = [0, 0];
  for (const piece of byRecords(octets)) {
    if (at === record && piece.length >= RECORD_HEAD) {
      const [type, major, minor, high = 0, low = 0] = piece;
      const length = high * 256 + low;
      tell({ kind: 'record', offset: at, text: `type ${type}, version ${major}.${minor}, ${length} octets` });
      record = at + RECORD_HEAD + length;
    }
    for (const part of cut(piece)) {
      const event = reader.receive(part);
      if (event?.kind === 'hello') {
        const { serverName, protocols, versions, cipherSuites, extensionTypes } = event.hello;
        tell({
          kind: 'hello',
          offset: at,
          text: JSON.stringify({ serverName, protocols, versions, cipherSuites, extensionTypes }),
        });
      } else if (event !== undefined) {
        const { code, offset, message } = event.error;
        tell({ kind: 'error', offset, text: `${code} ${message}` });
      }
    }
    at += piece.length;
  }
  tell({ kind: 'state', offset: at, text: reader.state });
}

/** Octets cut where their records would end, whatever they are. */
function* byRecords(octets: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < octets.length; ) {
    const [high = 0, low = 0] = octets.subarray(at + 3);
    const end = Math.min(octets.length, at + RECORD_HEAD + high * 256 + low);
    yield octets.subarray(at, end);
    at = end;
  }
}

const READERS = { certificate: parseCertificate, 'OCSP response': parseOcspResponse, CRL: parseCrl } as const;

/** Tells which documents octets are, and for what the others are refused. */
export function tellDocuments(octets: Uint8Array, tell: Tell): void {
  for (const [kind, read] of Object.entries(READERS)) {
    const document = read(octets, pkiLimits());
    if ('failure' in document) tell({ kind, offset: document.at, text: document.failure });
    else tell({ kind, offset: octets.length, text: 'read to its end' });
  }
}
