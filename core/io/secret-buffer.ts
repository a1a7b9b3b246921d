import { inspect } from 'node:util';

const SAID = '[secret]';

/**
 * Octets that are wiped when they have served: in memory of their own, which no pool shares, and never text. Nothing that
 * prints, compares or stores values gets to see them.
 */
export class SecretBuffer {
  #bytes: Buffer | undefined;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** A copy; the original stays its owner's to wipe. Text is copied too, but the text itself cannot be wiped by anybody. */
  static copyOf(source: string | Uint8Array): SecretBuffer {
    const bytes = Buffer.allocUnsafeSlow(typeof source === 'string' ? Buffer.byteLength(source) : source.length);
    if (typeof source === 'string') bytes.write(source);
    else bytes.set(source);
    return new SecretBuffer(bytes);
  }

  /** Takes octets over: they are wiped with it. */
  static over(bytes: ArrayBuffer): SecretBuffer {
    return new SecretBuffer(Buffer.from(bytes));
  }

  /** What it holds, for as long as it lives. @throws Error once it was wiped */
  get bytes(): Buffer {
    if (this.#bytes === undefined) throw new Error('a secret was used after it had been wiped');
    return this.#bytes;
  }

  get isWiped(): boolean {
    return this.#bytes === undefined;
  }

  /** Wipes the octets; whoever still has them sees zeros. */
  wipe(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toString(): string {
    return SAID;
  }

  toJSON(): string {
    return SAID;
  }

  [inspect.custom](): string {
    return SAID;
  }
}
