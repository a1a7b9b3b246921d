/**
 * The Huffman code of RFC7541 in the plainest way: codes as text of `0` and `1`, a tree walked bit by bit. It shares the
 * code's lengths with the core and none of its code, so that one can be held against the other.
 */
import { HUFFMAN_LENGTHS } from '../../core/sans-io.ts';

const EOS = 256;
const CODES = canonicalCodes();
const TREE = buildTree();

/** A node's two sides: further nodes, or the symbol that ends there. */
type Node = [Node | number | undefined, Node | number | undefined];

/** The code of a text, padded with ones (RFC7541#5.2). */
export function huffmanCode(text: string): string {
  let bits = '';
  for (let index = 0; index < text.length; index++) bits += CODES[text.charCodeAt(index)] ?? '';
  return packBits(bits.padEnd(Math.ceil(bits.length / 8) * 8, '1'));
}

/** Bits of one symbol's code, EOS being 256; for codes that no encoder would write. */
export function huffmanBits(symbol: number): string {
  return CODES[symbol] ?? '';
}

/** Octets of bits, whose number is a multiple of eight. */
export function packBits(bits: string): string {
  let octets = '';
  for (let at = 0; at < bits.length; at += 8) octets += String.fromCharCode(Number.parseInt(bits.slice(at, at + 8), 2));
  return octets;
}

type HuffmanText = { readonly text: string } | { readonly failure: 'eos' | 'padding' };

/** The same strings come again and again in a campaign; walking the tree each time would cost more than all else in a block. */
const READ_LIMIT = 2_048;
const read = new Map<string, HuffmanText>();

/** The text of a code, or what is wrong with it (RFC7541#5.2). */
export function huffmanText(code: string): HuffmanText {
  const known = read.get(code);
  if (known !== undefined) return known;
  if (read.size >= READ_LIMIT) read.clear();
  const text = walk(code);
  read.set(code, text);
  return text;
}

function walk(code: string): HuffmanText {
  let text = '';
  let node = TREE;
  /** Bits since the last symbol, while they are all ones. */
  let padding: number | undefined = 0;
  for (let bit = 0; bit < code.length * 8; bit++) {
    const side = (code.charCodeAt(bit >> 3) >> (7 - (bit & 7))) & 1;
    const next = node[side === 1 ? 1 : 0];
    padding = side === 1 && padding !== undefined ? padding + 1 : undefined;
    if (next === EOS) return { failure: 'eos' };
    if (typeof next === 'number') {
      text += String.fromCharCode(next);
      node = TREE;
      padding = 0;
    } else node = next ?? TREE;
  }
  return padding !== undefined && padding < 8 ? { text } : { failure: 'padding' };
}

/** RFC7541#B: the shorter code first, among equals the lower symbol; each is the one before plus one. */
function canonicalCodes(): readonly string[] {
  const codes: string[] = [];
  const symbols = [...HUFFMAN_LENGTHS].map((digit, symbol) => ({ symbol, length: Number.parseInt(digit, 36) }));
  let code = -1;
  let before = 0;
  for (const { symbol, length } of symbols.sort((a, b) => a.length - b.length || a.symbol - b.symbol)) {
    code = (code + 1) * 2 ** (length - before);
    before = length;
    codes[symbol] = code.toString(2).padStart(length, '0');
  }
  return codes;
}

function buildTree(): Node {
  const root: Node = [undefined, undefined];
  for (const [symbol, code] of CODES.entries()) {
    let node = root;
    for (let at = 0; at < code.length; at++) {
      const side = code.charAt(at) === '1' ? 1 : 0;
      const next = node[side];
      if (at === code.length - 1) node[side] = symbol;
      else if (typeof next === 'object') node = next;
      else {
        const inner: Node = [undefined, undefined];
        node[side] = inner;
        node = inner;
      }
    }
  }
  return root;
}
