/**
 * Lengths in bits of the codes of RFC7541#B, one base-36 digit for each symbol (256 is EOS). The codes themselves follow: among
 * codes sorted by length each is the one before plus one; within a length the order is the symbols' own.
 */
const LENGTHS =
  'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca' +
  'd67777777777777777777777878djde6f56565666577666567655677777fbeds' +
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn' +
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq' +
  'u';

interface Code {
  readonly symbol: number;
  readonly bits: string;
}

const CODES: readonly Code[] = canonicalCodes();
const BITS_OF: ReadonlyMap<number, string> = new Map(CODES.map(({ symbol, bits }) => [symbol, bits]));
const SYMBOL_OF: ReadonlyMap<string, number> = new Map(CODES.map(({ symbol, bits }) => [bits, symbol]));
const EOS = 256;
const LONGEST = 30;

/** Huffman-codes latin1 text; the padding is the front of EOS (all ones), as RFC7541#5.2 demands. */
export function huffmanEncode(text: string): Buffer {
  return packBits([...Buffer.from(text, 'latin1')].map((octet) => BITS_OF.get(octet) ?? '').join(''), '1');
}

/** Bits of the given symbols (EOS is 256) padded with `pad` to whole octets: for strings that no encoder may make. */
export function huffmanBits(symbols: readonly number[], pad: '0' | '1', extraOctets = 0): Buffer {
  const bits = symbols.map((symbol) => BITS_OF.get(symbol) ?? '').join('');
  return Buffer.concat([packBits(bits, pad), Buffer.alloc(extraOctets, pad === '1' ? 0xff : 0)]);
}

/** Decodes to latin1 text; undefined for what RFC7541#5.2 forbids (EOS, padding of 8 bits or more or with a zero). */
export function huffmanDecode(octets: Buffer): string | undefined {
  let text = '';
  let code = '';
  for (const octet of octets) {
    for (let bit = 7; bit >= 0; bit--) {
      code += (octet >> bit) & 1;
      const symbol = SYMBOL_OF.get(code);
      if (symbol === EOS || code.length > LONGEST) return undefined;
      if (symbol === undefined) continue;
      text += String.fromCharCode(symbol);
      code = '';
    }
  }
  return code.length < 8 && !code.includes('0') ? text : undefined;
}

function packBits(bits: string, pad: '0' | '1'): Buffer {
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, pad);
  return Buffer.from((whole.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
}

function canonicalCodes(): Code[] {
  const sorted = [...LENGTHS]
    .map((digit, symbol) => ({ symbol, length: Number.parseInt(digit, 36) }))
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  let next = 0;
  let before = 0;
  return sorted.map(({ symbol, length }) => {
    next *= 2 ** (length - before);
    before = length;
    const bits = next.toString(2).padStart(length, '0');
    next++;
    return { symbol, bits };
  });
}
