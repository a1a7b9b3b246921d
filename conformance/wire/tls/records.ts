import { uint } from './octets.ts';

/** Content types of records (RFC8446#5.1). */
export const CONTENT = { CHANGE_CIPHER_SPEC: 20, ALERT: 21, HANDSHAKE: 22, APPLICATION_DATA: 23 } as const;

/** Most octets of a fragment, in clear (RFC8446#5.1) and protected (RFC8446#5.2). */
export const MAX_FRAGMENT = 16_384;
export const MAX_PROTECTED = MAX_FRAGMENT + 256;

/** Octets in front of a fragment. */
export const RECORD_HEAD = 5;

export interface TlsRecord {
  readonly type: number;
  readonly version: number;
  readonly fragment: Buffer;
  readonly head: Buffer;
}

/** A record as octets, legal or not: `length` may lie about the fragment. */
export function record(type: number, fragment: Buffer, version = 0x0303, length = fragment.length): Buffer {
  return Buffer.concat([uint(type, 1), uint(version, 2), uint(length, 2), fragment]);
}

/** A message in records of at most so many octets each. */
export function fragmented(type: number, message: Buffer, bytes: number, version = 0x0301): readonly Buffer[] {
  const count = Math.max(1, Math.ceil(message.length / bytes));
  return Array.from({ length: count }, (_, index) =>
    record(type, message.subarray(index * bytes, (index + 1) * bytes), version),
  );
}

/** The first record of these octets with its size, undefined while it is not whole; `clear` where they are no record of TLS. */
export function readRecord(
  octets: Buffer,
): { readonly record: TlsRecord; readonly bytes: number } | 'clear' | undefined {
  if (octets.length === 0) return undefined;
  const type = octets.readUInt8(0);
  if (type < CONTENT.CHANGE_CIPHER_SPEC || type > CONTENT.APPLICATION_DATA) return 'clear';
  if (octets.length < RECORD_HEAD) return undefined;
  if (octets.readUInt8(1) !== 3) return 'clear';
  const bytes = RECORD_HEAD + octets.readUInt16BE(3);
  if (octets.length < bytes) return undefined;
  const head = octets.subarray(0, RECORD_HEAD);
  const found = { type, version: octets.readUInt16BE(1), head, fragment: octets.subarray(RECORD_HEAD, bytes) };
  return { record: found, bytes };
}
