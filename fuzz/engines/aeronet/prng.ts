/**
 * The engine's only source of chance: xoshiro128**, seeded by splitmix32. The clock never feeds it, so that a seed gives
 * the same inputs in the same order on every machine.
 */
export interface Random {
  /** A whole number from 0 to 2^32-1. */
  next(): number;
  /** A whole number from 0 to `bound`-1; `bound` must be 1 to 2^32. */
  below(bound: number): number;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
  /** One of the items, which must not be empty. */
  pick<T>(items: ArrayLike<T>): T;
}

/** Makes a generator from a seed of 32 bits. */
export function createRandom(seed: number): Random {
  const expand = splitmix32(seed);
  let a = expand();
  let b = expand();
  let c = expand();
  let d = expand();

  const next = (): number => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return scrambled;
  };
  const below = (bound: number): number => Math.floor((next() / 0x1_0000_0000) * bound);

  return {
    next,
    below,
    oneIn: (n) => below(n) === 0,
    pick<T>(items: ArrayLike<T>): T {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('cannot pick from nothing');
      return item;
    },
  };
}

/** Derives the seed of the k-th stream of a campaign (a worker, a restart) from the campaign's own. */
export function deriveSeed(seed: number, stream: number): number {
  const expand = splitmix32((seed ^ Math.imul(stream + 1, 0x9e37_79b9)) >>> 0);
  return expand();
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
