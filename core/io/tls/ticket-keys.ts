import { hkdfSync, randomBytes } from 'node:crypto';
import { SecretBuffer } from '../secret-buffer.ts';

/** How session tickets are protected; none of it is left open. */
export interface TicketOptions {
  /** What all keys come from; processes that have the same take each other's tickets. Undefined: random, of this process. */
  readonly secret: Uint8Array | undefined;
  readonly rotationMs: number;
  readonly lifetimeMs: number;
}

/** What OpenSSL takes: a name, which stands in clear at the begin of each ticket, and two keys. */
const KEY_BYTES = 48;
const NAME_BYTES = 16;

/**
 * Keys of session tickets, one for each span of time: whoever has the secret and a clock comes to the same ones, so that
 * processes agree without a word. Only the keys of spans whose tickets may still live are ever derived.
 */
export class TicketKeys {
  readonly #secret: SecretBuffer;
  readonly #options: TicketOptions;

  constructor(options: TicketOptions) {
    this.#options = options;
    const secret = options.secret ?? randomBytes(32);
    this.#secret = SecretBuffer.copyOf(secret);
    if (options.secret === undefined) secret.fill(0);
  }

  /** Keys that have to be known for every ticket that is not too old. */
  get window(): number {
    return Math.ceil(this.#options.lifetimeMs / this.#options.rotationMs) + 1;
  }

  /** Number of the span that a time belongs to. @param nowMs since 1970 */
  epochAt(nowMs: number): number {
    return Math.floor(nowMs / this.#options.rotationMs);
  }

  /** Milliseconds to the next span. */
  untilNext(nowMs: number): number {
    return (this.epochAt(nowMs) + 1) * this.#options.rotationMs - nowMs;
  }

  /** The key of one policy for one span; the caller wipes it. */
  derive(policy: string, epoch: number): SecretBuffer {
    const info = `aeronet ticket 1 ${epoch} ${policy}`;
    return SecretBuffer.over(hkdfSync('sha256', this.#secret.bytes, Buffer.alloc(0), info, KEY_BYTES));
  }

  wipe(): void {
    this.#secret.wipe();
  }
}

/** Name of the key that a ticket was made with, or that a key makes tickets with, as hex digits. */
export function keyName(ticketOrKey: Uint8Array): string {
  return Buffer.from(ticketOrKey.buffer, ticketOrKey.byteOffset, Math.min(NAME_BYTES, ticketOrKey.length)).toString(
    'hex',
  );
}
