import type { PkiLimits } from '../limits/pki-limits.ts';
import { type Der, TAG } from './der.ts';

/** What an authority has signed (RFC5280#4.1.1). All octets are views of what was read. */
export interface Signature {
  /** The octets that are signed. */
  readonly signed: Uint8Array;
  /** Object identifier of the algorithm. */
  readonly algorithm: string;
  /** Its AlgorithmIdentifier, parameters included. */
  readonly algorithmDer: Uint8Array;
  readonly value: Uint8Array;
}

/** Reads the algorithm and the signature behind what was signed. */
export function readSignature(der: Der, signed: Uint8Array): Signature {
  const { algorithm, algorithmDer } = readAlgorithm(der);
  return { signed, algorithm, algorithmDer, value: der.bits() };
}

export function readAlgorithm(der: Der): Pick<Signature, 'algorithm' | 'algorithmDer'> {
  const from = der.at;
  const sequence = der.enter(TAG.SEQUENCE);
  const algorithm = sequence.oid();
  if (sequence.left > 0) sequence.whole();
  sequence.end();
  return { algorithm, algorithmDer: der.bytes.subarray(from, der.at) };
}

/** Demands that the algorithm within what was signed is the one beside it. RFC5280#4.1.1.2 MUST */
export function demandSameAlgorithm(der: Der, inner: Uint8Array, { algorithmDer }: Signature): void {
  if (!isSame(inner, algorithmDer)) der.fail('X509_ALGORITHMS', algorithmDer.byteOffset - der.bytes.byteOffset);
}

/** Reads one extension's content; whether it is one that is understood. */
export type ExtensionReader = (oid: string, content: Der, isCritical: boolean, at: number) => void;

/** Extensions (RFC5280#4.2): each of them once, its content handed to `read`, which has to look at all of it or at none. */
export function readExtensions(der: Der, limits: Pick<PkiLimits, 'extensions'>, read: ExtensionReader): void {
  const start = der.at;
  const list = der.enter(TAG.SEQUENCE);
  if (list.left === 0) der.fail('X509_EXTENSIONS_EMPTY', start);
  const seen = new Set<string>();
  while (list.left > 0) {
    const { at } = list;
    if (seen.size >= limits.extensions) list.fail('X509_EXTENSIONS', at);
    const extension = list.enter(TAG.SEQUENCE);
    const oid = extension.oid();
    // RFC5280#4.2 MUST NOT: more than one of a kind
    if (seen.has(oid)) list.fail('X509_EXTENSION_TWICE', at);
    seen.add(oid);
    // LENIENT RFC5280#4.2: DER leaves out a `critical` that is false; some authorities write it
    const isCritical = extension.has(TAG.BOOLEAN) && extension.boolean();
    const content = extension.enter(TAG.OCTET_STRING);
    extension.end();
    if (list.failure === undefined) read(oid, content, isCritical, at);
  }
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}
