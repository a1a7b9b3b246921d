import type { Case } from '../model.ts';

/** One octet of a sweep. */
export interface Octet {
  readonly char: string;
  /** Two hex digits, for ids. */
  readonly hex: string;
  /** For titles: `0x28 "("`, or `0x1f` where it cannot be shown. */
  readonly label: string;
}

/** One case for each of these octets, in their order. */
export function eachOctet(octets: string, build: (octet: Octet) => Case): readonly Case[] {
  return [...octets].map((char) => {
    const hex = char.charCodeAt(0).toString(16).padStart(2, '0');
    const isShown = char > ' ' && char <= '~';
    return build({ char, hex, label: isShown ? `0x${hex} ${char}` : `0x${hex}` });
  });
}
