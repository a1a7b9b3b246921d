/** Lists of revoked certificates (RFC5280#5). Whether one is signed, and by whom, is for others to say. */
import type { PkiLimits } from '../limits/pki-limits.ts';
import { constructed, Der, type DerFailure, TAG } from './der.ts';
import { demandSameAlgorithm, readAlgorithm, readExtensions, readSignature, type Signature } from './signed.ts';
import { readSerial } from './x509.ts';

/** A complete CRL for all certificates of its issuer. All octets are views of what was read. */
export interface Crl {
  readonly signature: Signature;
  /** Name in DER. */
  readonly issuer: Uint8Array;
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  /** RFC5280#5.1.2.5 demands it of authorities; without it a CRL never goes out of date. */
  readonly nextUpdate: number | undefined;
  /** How many certificates it revokes. */
  readonly count: number;
  /** Calls back with where each serial number stands in the octets that were read. */
  forEachSerial(take: (from: number, to: number) => void): void;
  readonly bytes: Uint8Array;
}

const DELTA_INDICATOR = '2.5.29.27';
const DISTRIBUTION_POINT = '2.5.29.28';
const CERTIFICATE_ISSUER = '2.5.29.29';
/** What needs no understanding beyond what is done anyway: the reason (every reason revokes), and its issuer's key. */
const UNDERSTOOD_ENTRY = new Set(['2.5.29.21']);
const UNDERSTOOD = new Set(['2.5.29.20', '2.5.29.35']);

/**
 * Reads a CRL in DER. One that says less than which of all certificates of its issuer are revoked is refused: deltas,
 * indirect ones, and those for some certificates or some reasons only.
 */
export function parseCrl(bytes: Uint8Array, limits: PkiLimits): Crl | DerFailure {
  const der = Der.of(bytes, limits.crlBytes);
  const outer = der.enter(TAG.SEQUENCE);
  der.end();
  const from = outer.at;
  const tbs = outer.enter(TAG.SEQUENCE);
  const signature = readSignature(outer, bytes.subarray(from, outer.at));
  outer.end();
  const versionAt = tbs.at;
  const isV2 = tbs.has(TAG.INTEGER);
  if (isV2 && tbs.small() !== 1) tbs.fail('CRL_VERSION', versionAt);
  demandSameAlgorithm(der, readAlgorithm(tbs).algorithmDer, signature);
  const issuer = tbs.whole(TAG.SEQUENCE);
  const thisUpdate = tbs.time();
  const hasNext = tbs.has(TAG.UTC_TIME) || tbs.has(TAG.GENERALIZED_TIME);
  const nextUpdate = hasNext ? tbs.time() : undefined;
  const revokedAt = tbs.at;
  const revoked = tbs.maybe(TAG.SEQUENCE);
  // RFC5280#5.1.2.6 MUST: without revoked certificates their list is absent
  if (revoked !== undefined && revoked.left === 0) tbs.fail('CRL_EMPTY', revokedAt);
  const [first, end] = [revoked?.at ?? 0, revoked?.to ?? 0];
  const count = revoked === undefined ? 0 : readEntries(revoked, limits);
  const extensions = tbs.maybe(constructed(0));
  if (extensions !== undefined) {
    readExtensions(extensions, limits, checkExtension);
    extensions.end();
  }
  tbs.end();
  const forEachSerial: Crl['forEachSerial'] = (take) => walkSerials(bytes, first, end, take);
  return der.failure ?? { signature, issuer, thisUpdate, nextUpdate, count, forEachSerial, bytes };
}

/** Reads every entry; how many there are. */
function readEntries(list: Der, limits: PkiLimits): number {
  let count = 0;
  while (list.left > 0) {
    if (count >= limits.crlEntries) list.fail('CRL_ENTRIES', list.at);
    const entry = list.enter(TAG.SEQUENCE);
    readSerial(entry);
    entry.time();
    if (entry.left > 0) readExtensions(entry, limits, checkEntryExtension);
    entry.end();
    count += 1;
  }
  return count;
}

function checkExtension(oid: string, content: Der, isCritical: boolean, at: number): void {
  if (oid === DELTA_INDICATOR) content.fail('CRL_DELTA', at);
  // RFC5280#5.2.5: which part of the certificates it is for, or whose; all in all is said by leaving it out
  if (oid === DISTRIBUTION_POINT) content.fail('CRL_SCOPE', at);
  // RFC5280#5.2 MUST NOT: a CRL with a critical extension that is not understood says nothing of certificates
  if (isCritical && !UNDERSTOOD.has(oid)) content.fail('CRL_CRITICAL', at);
}

function checkEntryExtension(oid: string, content: Der, isCritical: boolean, at: number): void {
  // RFC5280#5.3.3 MUST: whoever cannot process it does not take the entry for the CRL's own issuer
  if (oid === CERTIFICATE_ISSUER) content.fail('CRL_INDIRECT', at);
  // RFC5280#5.3 MUST NOT: a CRL with a critical entry extension that is not understood is used
  if (isCritical && !UNDERSTOOD_ENTRY.has(oid)) content.fail('CRL_ENTRY_CRITICAL', at);
}

/** Goes over entries that were read before, without checking anything anew. */
function walkSerials(bytes: Uint8Array, from: number, to: number, take: (from: number, to: number) => void): void {
  const place: Head = { at: from, end: 0 };
  while (place.at < to) {
    readHead(bytes, place);
    const { end } = place;
    readHead(bytes, place);
    take(place.at, place.end);
    place.at = end;
  }
}

/** Where the content of an element begins and ends. */
interface Head {
  at: number;
  end: number;
}

function readHead(bytes: Uint8Array, place: Head): void {
  let length = bytes[place.at + 1] ?? 0;
  let at = place.at + 2;
  if (length > 0x80) {
    const octets = length - 0x80;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at++] ?? 0);
  }
  place.at = at;
  place.end = at + length;
}
