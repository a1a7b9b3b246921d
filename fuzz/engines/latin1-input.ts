/** Inputs are mutated as latin1 strings, one code unit an octet, and run as octets. */

const SCRATCH = Buffer.alloc(65_536);

/** The octets of an input in memory of their own; a plain Uint8Array, as `Buffer.slice` means another thing. */
export function octetsOf(input: string): Uint8Array<ArrayBuffer> {
  const length = SCRATCH.write(input, 'latin1');
  const octets = new Uint8Array(length);
  octets.set(SCRATCH.subarray(0, length));
  return octets;
}

/** The input of some octets. */
export function inputOf(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}
