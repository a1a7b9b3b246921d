/**
 * JA4 of a client: what software it seems to be, for diagnostics and for grouping what comes in a flood. Two clients of one
 * kind have the same, and whoever wants to can have anybody's: it tells no one apart from an impostor.
 */
import type { ClientHello } from './client-hello.ts';
import { EXTENSION } from './extensions.ts';
import { isGrease } from './grease.ts';

const HASH_DIGITS = 12;
const NOTHING = '0'.repeat(HASH_DIGITS);
const VERSION_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
]);

/** @param sha256 SHA-256 of an ASCII text as hex digits */
export function ja4(hello: ClientHello, sha256: (text: string) => string): string {
  const hashed = (text: string): string => (text === '' ? NOTHING : sha256(text).slice(0, HASH_DIGITS));
  const ciphers = hello.cipherSuites.filter((suite) => !isGrease(suite));
  const extensions = hello.extensionTypes.filter((type) => !isGrease(type));
  const version = Math.max(...hello.versions.filter((one) => !isGrease(one)), 0) || hello.legacyVersion;
  const start =
    `t${VERSION_NAMES.get(version) ?? '00'}${hello.serverName === undefined ? 'i' : 'd'}` +
    `${counted(ciphers)}${counted(extensions)}${edgesOf(hello.protocols[0] ?? '')}`;
  const sorted = extensions.filter((type) => type !== EXTENSION.SERVER_NAME && type !== EXTENSION.ALPN);
  const algorithms = hello.signatureAlgorithms.filter((one) => !isGrease(one)).map(hex4);
  const asked = sorted.map(hex4).sort().join(',');
  return [
    start,
    hashed(ciphers.map(hex4).sort().join(',')),
    hashed(algorithms.length === 0 ? asked : `${asked}_${algorithms.join(',')}`),
  ].join('_');
}

function counted(list: readonly number[]): string {
  return String(Math.min(list.length, 99)).padStart(2, '0');
}

/** First and last unit of a protocol's name; of its hex digits where one of the two is no letter or digit. */
function edgesOf(protocol: string): string {
  if (protocol === '') return '00';
  const edges = (text: string): string => text.slice(0, 1) + text.slice(-1);
  if (/^[0-9A-Za-z]$/.test(protocol.slice(0, 1)) && /^[0-9A-Za-z]$/.test(protocol.slice(-1))) return edges(protocol);
  return edges(Array.from(protocol, (unit) => unit.charCodeAt(0).toString(16).padStart(2, '0')).join(''));
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}
