import { createHmac, randomBytes } from 'node:crypto';
import { SecretBuffer } from '../secret-buffer.ts';

/** How session tickets are protected; none of it is left open. */
export interface TicketOptions {
  /** What all keys come from; processes that have the same take each other's tickets. Undefined: random, of this process. */
  readonly secret: Uint8Array | undefined;
  readonly rotationMs: number;
  readonly lifetimeMs: number;
}

/** What OpenSSL takes: a name, which stands in clear at the begin of each ticket, and two keys. */
export const KEY_BYTES = 48;
const NAME_BYTES = 16;
const NO_SALT = Buffer.alloc(32);

/**
 * Keys of session tickets, one for each span of time: whoever has the secret and a clock comes to the same ones, so that
 * processes agree without a word. Only the keys of spans whose tickets may still live are ever derived.
 */
export class TicketKeys {
  /** Not the secret itself, but what HKDF makes of it first (RFC5869#2.2). */
  readonly #root: SecretBuffer;
  readonly #rotationMs: number;
  readonly #lifetimeMs: number;

  constructor({ secret, rotationMs, lifetimeMs }: TicketOptions) {
    this.#rotationMs = rotationMs;
    this.#lifetimeMs = lifetimeMs;
    const given = secret ?? randomBytes(32);
    this.#root = SecretBuffer.over(createHmac('sha256', NO_SALT).update(given).digest());
    if (secret === undefined) given.fill(0);
  }

  /** Keys that have to be known for every ticket that is not too old. */
  get window(): number {
    return Math.ceil(this.#lifetimeMs / this.#rotationMs) + 1;
  }

  /** Number of the span that a time belongs to. @param nowMs since 1970 */
  epochAt(nowMs: number): number {
    return Math.floor(nowMs / this.#rotationMs);
  }

  /** Milliseconds to the next span. */
  untilNext(nowMs: number): number {
    return (this.epochAt(nowMs) + 1) * this.#rotationMs - nowMs;
  }

  /** The key of one policy for one span; the caller wipes it. */
  derive(policy: string, epoch: number): SecretBuffer {
    const info = Buffer.from(`aeronet ticket 1 ${epoch} ${policy}`);
    const key = SecretBuffer.ofSize(KEY_BYTES);
    let last = Buffer.alloc(0);
    // RFC5869#2.3. WHY: hkdfSync() leaves a copy of its secret in memory that is freed, but not wiped
    for (let at = 0, count = 1; at < KEY_BYTES; at += last.length, count++) {
      const next = createHmac('sha256', this.#root.bytes)
        .update(last)
        .update(info)
        .update(Uint8Array.of(count))
        .digest();
      last.fill(0);
      last = next;
      key.bytes.set(last.subarray(0, KEY_BYTES - at), at);
    }
    last.fill(0);
    return key;
  }

  wipe(): void {
    this.#root.wipe();
  }
}

/** Name of the key that a ticket was made with, or that a key makes tickets with, as hex digits. */
export function keyName(ticketOrKey: Uint8Array): string {
  return Buffer.from(ticketOrKey.buffer, ticketOrKey.byteOffset, Math.min(NAME_BYTES, ticketOrKey.length)).toString(
    'hex',
  );
}
