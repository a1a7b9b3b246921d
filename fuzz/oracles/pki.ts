/** What is demanded of the readers of certificates, OCSP responses and CRLs, whatever the octets. */
import {
  type DerFailure,
  type PkiLimits,
  ProtocolError,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  pkiLimits,
} from '../../core/sans-io.ts';
import { OracleError } from './oracle-error.ts';

const READERS = { certificate: parseCertificate, 'OCSP response': parseOcspResponse, CRL: parseCrl } as const;

/** Those of a server, and the least that there are, so that each limit is met. */
const LIMITS: readonly PkiLimits[] = [
  pkiLimits(),
  pkiLimits({
    messageBytes: 1_024,
    crlBytes: 1_024,
    crlEntries: 1,
    ocspResponses: 1,
    ocspCertificates: 1,
    extensions: 8,
  }),
];

/** Names of the documents that the octets are, within the limits of a server: none, or one. */
export function assertPki(octets: Uint8Array): readonly string[] {
  const [wide, narrow] = LIMITS.map((limits) => readAs(octets, limits));
  if (wide === undefined || narrow === undefined) return [];
  if (wide.length > 1) throw new OracleError('pki', `the same octets are a ${wide.join(' and a ')}`, { state: 'two' });
  if (narrow.some((name) => !wide.includes(name)))
    throw new OracleError('pki', 'less room lets more pass', { state: 'room' });
  return wide;
}

function readAs(octets: Uint8Array, limits: PkiLimits): readonly string[] {
  return Object.entries(READERS).flatMap(([name, read]) => {
    const document = read(octets, limits);
    if (isFailure(document)) {
      assertFailure(document, octets);
      return [];
    }
    assertWhole(name, octets, (changed) => isFailure(read(changed, limits)));
    return [name];
  });
}

function isFailure(document: object): document is DerFailure {
  return 'failure' in document;
}

function assertFailure({ failure, at }: DerFailure, octets: Uint8Array): void {
  if (new ProtocolError(failure, { offset: at }).rfc === '')
    throw new OracleError('typed-errors', 'an error has no clause');
  if (!Number.isInteger(at) || at < 0 || at > octets.length)
    throw new OracleError('offset', `"${at}" lies beyond the octets`, { state: failure });
}

/** A document is one to its last octet: neither less nor more of it is one. */
function assertWhole(name: string, octets: Uint8Array, isRefused: (changed: Uint8Array) => boolean): void {
  const longer = new Uint8Array(octets.length + 1);
  longer.set(octets);
  if (!isRefused(longer)) throw new OracleError('pki', `a ${name} may have an octet behind it`, { state: 'longer' });
  if (!isRefused(octets.subarray(0, -1)))
    throw new OracleError('pki', `a ${name} may lack its last octet`, { state: 'shorter' });
}
