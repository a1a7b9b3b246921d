/** The key schedule of TLS 1.3 with SHA-256, for either side (RFC8446#7). */
import { createHash, createHmac } from 'node:crypto';
import { uint, vector } from './octets.ts';

export const HASH_BYTES = 32;
const ZEROS = Buffer.alloc(HASH_BYTES);
const NOTHING: Buffer = Buffer.alloc(0);

export function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

export function hmac(key: Buffer, data: Buffer): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** HKDF-Expand-Label (RFC8446#7.1), for at most 32 octets. */
export function expandLabel(secret: Buffer, label: string, context: Buffer, bytes: number): Buffer {
  const info = Buffer.concat([uint(bytes, 2), vector(1, `tls13 ${label}`), vector(1, context), uint(1, 1)]);
  return hmac(secret, info).subarray(0, bytes);
}

/** Secrets of the two directions. */
export interface Secrets {
  readonly client: Buffer;
  readonly server: Buffer;
}

/** The secrets of one connection, one after the other as its messages come. `transcript` is the hash of them so far. */
export class KeySchedule {
  readonly #early: Buffer;
  #handshake: Buffer = NOTHING;
  #master: Buffer = NOTHING;

  /** @param psk of the session that is resumed */
  constructor(psk: Buffer = ZEROS) {
    this.#early = hmac(ZEROS, psk);
  }

  /** The key that a binder is made with (RFC8446#4.2.11.2). */
  get binderKey(): Buffer {
    return finishedKey(expandLabel(this.#early, 'res binder', sha256(), HASH_BYTES));
  }

  /** Behind ServerHello. */
  handshake(shared: Buffer, transcript: Buffer): Secrets {
    this.#handshake = hmac(derived(this.#early), shared);
    return this.#both(this.#handshake, 'hs traffic', transcript);
  }

  /** Behind the server's Finished. */
  application(transcript: Buffer): Secrets {
    this.#master = hmac(derived(this.#handshake), ZEROS);
    return this.#both(this.#master, 'ap traffic', transcript);
  }

  /** The key of a ticket, behind the client's Finished (RFC8446#4.6.1). */
  resumption(transcript: Buffer, ticketNonce: Buffer): Buffer {
    const master = expandLabel(this.#master, 'res master', transcript, HASH_BYTES);
    return expandLabel(master, 'resumption', ticketNonce, HASH_BYTES);
  }

  #both(secret: Buffer, label: string, transcript: Buffer): Secrets {
    return {
      client: expandLabel(secret, `c ${label}`, transcript, HASH_BYTES),
      server: expandLabel(secret, `s ${label}`, transcript, HASH_BYTES),
    };
  }
}

/** What a Finished says (RFC8446#4.4.4). */
export function verifyData(secret: Buffer, transcript: Buffer): Buffer {
  return hmac(finishedKey(secret), transcript);
}

/** The secret behind a KeyUpdate (RFC8446#7.2). */
export function nextSecret(secret: Buffer): Buffer {
  return expandLabel(secret, 'traffic upd', NOTHING, HASH_BYTES);
}

function finishedKey(secret: Buffer): Buffer {
  return expandLabel(secret, 'finished', NOTHING, HASH_BYTES);
}

function derived(secret: Buffer): Buffer {
  return expandLabel(secret, 'derived', sha256(), HASH_BYTES);
}
