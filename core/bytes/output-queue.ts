import { InvariantError } from '../errors/invariant-error.ts';
import { writeLatin1 } from './latin1.ts';

const SLAB_BYTES = 65_536;
/** Content up to this size is copied behind its head, so that both leave in one write. */
const COPY_BYTES = 4_096;

/** Never pushed to. */
const NOTHING: Uint8Array[] = [];

let slab = new Uint8Array(SLAB_BYTES);
let slabUsed = 0;

/**
 * Octets waiting to be written. Small pieces are packed side by side into shared slabs, which are never used twice;
 * large ones are kept as they are, so whoever gave them must not change them until they have been written.
 */
export class OutputQueue {
  #parts: Uint8Array[] = NOTHING;
  #length = 0;
  /** The slab that holds this queue's open run, `undefined` while it has none. */
  #run: Uint8Array | undefined;
  #runStart = 0;
  #runEnd = 0;

  /** Octets waiting. */
  get length(): number {
    return this.#length;
  }

  /** Appends text whose units are all at most U+00FF. */
  text(text: string): void {
    if (text.length > SLAB_BYTES) {
      const own = new Uint8Array(text.length);
      writeLatin1(own, text, 0);
      this.#push(own);
      return;
    }
    const at = this.#reserve(text.length);
    writeLatin1(slab, text, at);
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (bytes.length > COPY_BYTES) {
      this.#push(bytes);
      return;
    }
    const at = this.#reserve(bytes.length);
    slab.set(bytes, at);
  }

  /** Room for `count` octets, at most a few thousand: at once to be filled, in the {@link slab} from the returned index. */
  room(count: number): number {
    return this.#reserve(count);
  }

  /** Where the latest {@link room} is. */
  get slab(): Uint8Array {
    return slab;
  }

  /** Moves everything that waits in `other` behind what waits here. */
  append(other: OutputQueue): void {
    for (const part of other.take()) this.#push(part);
  }

  /** Hands over what waits, in order, but no more than `maxBytes` octets. */
  take(maxBytes = Number.POSITIVE_INFINITY): Uint8Array[] {
    this.#closeRun();
    const parts = this.#parts;
    this.#parts = this.#length <= maxBytes ? NOTHING : cut(parts, maxBytes);
    this.#length = this.#length <= maxBytes ? 0 : this.#length - maxBytes;
    // WHY: whoever takes may append, and the empty list is shared
    return parts === NOTHING ? [] : parts;
  }

  #push(bytes: Uint8Array): void {
    this.#closeRun();
    this.#add(bytes);
    this.#length += bytes.length;
  }

  /** Room for `count` octets in the slab, right behind the open run where possible. */
  #reserve(count: number): number {
    // WHY: the slab is everybody's; a count that is none would put the octets of one connection over those of others
    if (!(count >= 0)) throw new InvariantError(`output queue: room for ${count} octets`);
    if (slabUsed + count > SLAB_BYTES) {
      slab = new Uint8Array(SLAB_BYTES);
      slabUsed = 0;
    }
    const at = slabUsed;
    if (this.#run !== slab || this.#runEnd !== at) {
      this.#closeRun();
      this.#run = slab;
      this.#runStart = at;
    }
    slabUsed += count;
    this.#runEnd = slabUsed;
    this.#length += count;
    return at;
  }

  #closeRun(): void {
    if (this.#run === undefined) return;
    this.#add(this.#run.subarray(this.#runStart, this.#runEnd));
    this.#run = undefined;
  }

  #add(part: Uint8Array): void {
    // WHY: most turns write one part, and an array that is filled by push() has room for sixteen more
    if (this.#parts.length === 0) this.#parts = [part];
    else this.#parts.push(part);
  }
}

/** Shortens `parts` to `maxBytes` octets and returns what was cut off. */
function cut(parts: Uint8Array[], maxBytes: number): Uint8Array[] {
  let left = maxBytes;
  let index = 0;
  for (let part = parts[0]; part !== undefined && part.length <= left; part = parts[index]) {
    left -= part.length;
    index += 1;
  }
  const rest = parts.splice(index);
  const [first] = rest;
  if (left > 0 && first !== undefined) {
    parts.push(first.subarray(0, left));
    rest[0] = first.subarray(left);
  }
  return rest;
}
