import { HUFFMAN_LENGTHS } from './tables.ts';

const EOS = 256;
/** Flag of a transition: an octet is complete. */
const EMITS = 0x10000;
/** Flag of a transition: the code of EOS was completed, which no string may hold. */
const FAILS = 0x20000;

/** Code and length in bits of each octet and of EOS; the code is canonical, so it follows from the lengths (RFC7541#B). */
const LENGTHS = Uint8Array.from(HUFFMAN_LENGTHS, (digit) => Number.parseInt(digit, 36));
const CODES = canonicalCodes(LENGTHS);
const { transitions: TRANSITIONS, isPadding: IS_PADDING } = buildAutomaton();

/** Why a string is no Huffman code, and the index of the octet at which it shows. */
export interface HuffmanFailure {
  readonly failure: 'eos' | 'padding';
  readonly at: number;
}

/** Octets that `length` octets of Huffman code can decode to at most: the shortest code has five bits. */
export function maxDecodedBytes(length: number): number {
  return Math.floor((length * 8) / 5);
}

/**
 * Decodes `bytes[from, to)` into `out`, which has room for {@link maxDecodedBytes}. Returns the octets written, or why the
 * code is refused.
 */
export function decodeHuffman(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number | HuffmanFailure {
  let state = 0;
  let length = 0;
  for (let at = from; at < to; at++) {
    const octet = bytes[at] ?? 0;
    for (let shift = 4; shift >= 0; shift -= 4) {
      const step = TRANSITIONS[(state << 4) | ((octet >> shift) & 0xf)] ?? 0;
      // RFC7541#5.2 MUST: a string that holds EOS is a decoding error
      if ((step & FAILS) !== 0) return { failure: 'eos', at };
      if ((step & EMITS) !== 0) out[length++] = (step >> 8) & 0xff;
      state = step & 0xff;
    }
  }
  // RFC7541#5.2 MUST: padding is at most 7 bits, and is the start of EOS's code
  return IS_PADDING[state] === 1 ? length : { failure: 'padding', at: to - 1 };
}

/** Octets that the Huffman code of `text` takes. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += LENGTHS[text.charCodeAt(i)] ?? 0;
  return (bits + 7) >> 3;
}

/** Writes the Huffman code of `text` at `out[at]` and returns the index after it. The text's units are octets. */
export function encodeHuffman(text: string, out: Uint8Array, at: number): number {
  let held = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const code = CODES[unit] ?? 0;
    let left = LENGTHS[unit] ?? 0;
    // WHY: fewer than 8 bits are held, so that 24 more always fit into 31
    while (left > 0) {
      const taken = left > 24 ? left - 24 : left;
      left -= taken;
      held = (held << taken) | ((code >>> left) & ((1 << taken) - 1));
      bits += taken;
      while (bits >= 8) {
        bits -= 8;
        out[at++] = (held >>> bits) & 0xff;
      }
      held &= (1 << bits) - 1;
    }
  }
  if (bits > 0) out[at++] = ((held << (8 - bits)) | (0xff >> bits)) & 0xff;
  return at;
}

function canonicalCodes(lengths: Uint8Array): Uint32Array {
  const codes = new Uint32Array(lengths.length);
  const symbols = [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
  let code = 0;
  let length = lengths[symbols[0] ?? 0] ?? 0;
  for (const symbol of symbols) {
    code <<= (lengths[symbol] ?? 0) - length;
    length = lengths[symbol] ?? 0;
    codes[symbol] = code++;
  }
  return codes;
}

/** Inner nodes of the code's tree as states: four bits lead from each to another, and complete at most one octet. */
function buildAutomaton(): { transitions: Uint32Array; isPadding: Uint8Array } {
  // A node is a pair of children: a node's number, or ~symbol
  const nodes: [number | undefined, number | undefined][] = [[undefined, undefined]];
  for (let symbol = 0; symbol <= EOS; symbol++) insert(nodes, symbol);
  const transitions = new Uint32Array(nodes.length << 4);
  for (let state = 0; state < nodes.length; state++) {
    for (let nibble = 0; nibble < 16; nibble++) transitions[(state << 4) | nibble] = walk(nodes, state, nibble);
  }
  return { transitions, isPadding: paddingStates(nodes) };
}

function insert(nodes: [number | undefined, number | undefined][], symbol: number): void {
  let node = 0;
  for (let bit = (LENGTHS[symbol] ?? 0) - 1; bit >= 0; bit--) {
    const side = ((CODES[symbol] ?? 0) >>> bit) & 1;
    const pair = nodes[node] ?? [undefined, undefined];
    if (bit === 0) pair[side] = ~symbol;
    else {
      pair[side] ??= nodes.push([undefined, undefined]) - 1;
      node = pair[side];
    }
  }
}

function walk(nodes: readonly [number | undefined, number | undefined][], state: number, nibble: number): number {
  let node = state;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = nodes[node]?.[(nibble >> bit) & 1] ?? 0;
    if (child >= 0) node = child;
    else if (~child === EOS) return FAILS;
    else {
      emitted = EMITS | (~child << 8);
      node = 0;
    }
  }
  return emitted | node;
}

/** States that at most seven bits of ones lead to from the root. */
function paddingStates(nodes: readonly [number | undefined, number | undefined][]): Uint8Array {
  const states = new Uint8Array(nodes.length);
  let node: number | undefined = 0;
  for (let bits = 0; bits <= 7 && node !== undefined; bits++) {
    states[node] = 1;
    node = nodes[node]?.[1];
  }
  return states;
}
