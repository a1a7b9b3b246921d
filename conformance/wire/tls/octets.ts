/** A number in so many octets, the highest first. */
export function uint(value: number, bytes: number): Buffer {
  const octets = Buffer.alloc(bytes);
  octets.writeUIntBE(value, 0, bytes);
  return octets;
}

/** Numbers of two octets, one behind the other. */
export function pairs(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => uint(value, 2)));
}

/** Parts with their length in front, in so many octets (RFC8446#3.4). Text is latin1. */
export function vector(lengthBytes: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  return Buffer.concat([uint(content.length, lengthBytes), content]);
}

/** Reads numbers and vectors off octets, leniently: what goes beyond their end is cut, and `isCut` says so. */
export class OctetReader {
  isCut = false;
  readonly #octets: Buffer;
  #at = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  get left(): number {
    return this.#octets.length - this.#at;
  }

  take(bytes: number): Buffer {
    if (bytes > this.left) this.isCut = true;
    const taken = this.#octets.subarray(this.#at, this.#at + bytes);
    this.#at = Math.min(this.#octets.length, this.#at + bytes);
    return taken;
  }

  uint(bytes: number): number {
    const taken = this.take(bytes);
    return taken.length < bytes ? 0 : taken.readUIntBE(0, bytes);
  }

  vector(lengthBytes: number): Buffer {
    return this.take(this.uint(lengthBytes));
  }
}
