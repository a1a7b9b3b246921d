import type { FieldBlock } from './block.ts';
import type { Http2RequestHead } from './request.ts';

/** Heads of one connection that are kept at most; a power of two. */
const PLACES = 4;
/** Octets of a block above which its head is not kept: the peer chooses how much of this memory is used. */
const MAX_BYTES = 256;

interface KnownHead {
  readonly octets: Uint8Array;
  readonly tableVersion: number;
  readonly head: Http2RequestHead;
}

/**
 * Requests whose field block the client sends again, octet for octet. While the decoder's table is the same and the
 * block leaves it so, the same octets are the same request, which was checked when it came first.
 *
 * WHY: clients repeat themselves, and a block of indices says nothing new; finding it took 45 ns, reading it 250 ns. A head is
 * kept when its block comes the second time, so that requests that never come again cost nothing but a look.
 */
export class RepeatedHeads {
  /** Hash of the block that was looked for last. */
  #hash = 0;
  readonly #seen: number[] = new Array(PLACES).fill(0);
  readonly #known: (KnownHead | undefined)[] = new Array(PLACES).fill(undefined);

  /** The request that `block` is, where it is known. @param tableVersion of the decoder, which has not read the block */
  find({ bytes, from, to }: FieldBlock, tableVersion: number): Http2RequestHead | undefined {
    if (to - from > MAX_BYTES) return undefined;
    this.#hash = hashOf(bytes, from, to);
    const known = this.#known[this.#hash & (PLACES - 1)];
    if (known === undefined || known.tableVersion !== tableVersion) return undefined;
    const { octets } = known;
    if (octets.length !== to - from) return undefined;
    for (let i = 0; i < octets.length; i++) if (octets[i] !== bytes[from + i]) return undefined;
    return known.head;
  }

  /** Tells what the block is that was looked for just now, if decoding it has left the table at `tableVersion`. */
  keep({ bytes, from, to }: FieldBlock, tableVersion: number, head: Http2RequestHead): void {
    if (to - from > MAX_BYTES) return;
    const place = this.#hash & (PLACES - 1);
    if (this.#seen[place] === this.#hash) {
      // WHY: a copy in any case, where `slice()` of what a socket gives may be none
      this.#known[place] = { octets: new Uint8Array(bytes.subarray(from, to)), tableVersion, head };
    }
    this.#seen[place] = this.#hash;
  }
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  return hash ^ (hash >>> 15);
}
