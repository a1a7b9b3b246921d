/** Numbers as octets of an input and back; an input is latin1 text, one code unit an octet. */

/** `value` in so many octets, the highest first; what does not fit is cut off. */
export function uint(value: number, octets: number): string {
  let text = '';
  for (let shift = octets - 1; shift >= 0; shift--) {
    text += String.fromCharCode(Math.floor(value / 256 ** shift) % 256);
  }
  return text;
}

/** The number in `octets` octets at `at`; octets beyond the end count as zero. */
export function readUint(text: string, at: number, octets: number): number {
  let value = 0;
  for (let index = at; index < at + octets; index++) value = value * 256 + (text.charCodeAt(index) || 0);
  return value;
}

/** Numbers of 32 bits at which counters, windows and identifiers break. */
export const INTERESTING_UINT32: readonly number[] = [
  0, 1, 2, 3, 0xff, 0x100, 0x3fff, 0x4000, 0x4001, 0xffff, 0x1_0000, 0xff_ffff, 0x100_0000, 0x7fff_0000, 0x7fff_fffe,
  0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_ffff,
];
