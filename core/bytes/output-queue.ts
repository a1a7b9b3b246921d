import { InvariantError } from '../errors/invariant-error.ts';
import { writeLatin1 } from './latin1.ts';
import type { Span } from './span.ts';

const SLAB_BYTES = 65_536;
/** Content up to this size is copied behind its head, so that both leave in one write. */
const COPY_BYTES = 4_096;

/** Octets up to which a loop copies faster than the runtime. */
const SHORT_BYTES = 32;

/** Never pushed to. */
const NOTHING: Uint8Array[] = [];

/** A span and the octets behind it, up to the next. */
interface Stretch {
  readonly span: Span;
  parts: Uint8Array[];
  bytes: number;
}

const NO_SPANS: Stretch[] = [];

let slab = new Uint8Array(SLAB_BYTES);
let slabUsed = 0;

/**
 * Octets waiting to be written. Small pieces are packed side by side into shared slabs, which are never used twice;
 * large ones are kept as they are, so whoever gave them must not change them until they have been written.
 */
export class OutputQueue {
  /** In front of the first span. */
  #parts: Uint8Array[] = NOTHING;
  #partBytes = 0;
  #stretches: Stretch[] = NO_SPANS;
  /** Octets of {@link #stretches}, and of their spans alone. */
  #stretchBytes = 0;
  #spanBytes = 0;
  /** The slab that holds this queue's open run, `undefined` while it has none. */
  #run: Uint8Array | undefined;
  #runStart = 0;
  #runEnd = 0;

  /** Octets waiting, those of spans among them. */
  get length(): number {
    return this.#partBytes + this.#stretchBytes;
  }

  /** Octets waiting that take memory: those of spans are elsewhere. */
  get heldBytes(): number {
    return this.length - this.#spanBytes;
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
    // WHY: below some thirty octets the call into the runtime costs more than the loop
    if (bytes.length > SHORT_BYTES) slab.set(bytes, at);
    else for (let i = 0; i < bytes.length; i++) slab[at + i] = bytes[i] ?? 0;
  }

  /** Room for `count` octets, at most a few thousand: at once to be filled, in the {@link slab} from the returned index. */
  room(count: number): number {
    return this.#reserve(count);
  }

  /** Where the latest {@link room} is. */
  get slab(): Uint8Array {
    return slab;
  }

  /** Octets that are elsewhere, in their place. */
  span(span: Span): void {
    this.#closeRun();
    if (this.#stretches === NO_SPANS) this.#stretches = [];
    this.#stretches.push({ span, parts: NOTHING, bytes: 0 });
    this.#stretchBytes += span.bytes;
    this.#spanBytes += span.bytes;
  }

  /** Moves everything that waits in `other` behind what waits here. */
  append(other: OutputQueue): void {
    for (;;) {
      for (const part of other.take()) this.#push(part);
      const span = other.takeSpan();
      if (span === undefined) return;
      this.span(span);
    }
  }

  /** Hands over what waits in front of the first span, in order, but no more than `maxBytes` octets. */
  take(maxBytes = Number.POSITIVE_INFINITY): Uint8Array[] {
    this.#closeRun();
    const parts = this.#parts;
    this.#parts = this.#partBytes <= maxBytes ? NOTHING : cut(parts, maxBytes);
    this.#partBytes = this.#partBytes <= maxBytes ? 0 : this.#partBytes - maxBytes;
    // WHY: whoever takes may append, and the empty list is shared
    return parts === NOTHING ? [] : parts;
  }

  /** Hands over the span that is next, if all in front of it was taken. */
  takeSpan(): Span | undefined {
    if (this.#stretchBytes === 0 || this.#partBytes > 0) return undefined;
    this.#closeRun();
    const next = this.#stretches.shift();
    if (next === undefined) return undefined;
    this.#parts = next.parts;
    this.#partBytes = next.bytes;
    this.#stretchBytes -= next.bytes + next.span.bytes;
    this.#spanBytes -= next.span.bytes;
    return next.span;
  }

  #push(bytes: Uint8Array): void {
    this.#closeRun();
    this.#add(bytes);
    this.#count(bytes.length);
  }

  /** WHY: `stretchBytes` is 0 exactly where there is no span, and a number is looked at sooner than a list. */
  #count(bytes: number): void {
    const last = this.#stretchBytes === 0 ? undefined : this.#stretches.at(-1);
    if (last === undefined) {
      this.#partBytes += bytes;
      return;
    }
    last.bytes += bytes;
    this.#stretchBytes += bytes;
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
    this.#count(count);
    return at;
  }

  #closeRun(): void {
    if (this.#run === undefined) return;
    this.#add(this.#run.subarray(this.#runStart, this.#runEnd));
    this.#run = undefined;
  }

  #add(part: Uint8Array): void {
    // WHY: most turns write one part, and an array that is filled by push() has room for sixteen more
    const last = this.#stretchBytes === 0 ? undefined : this.#stretches.at(-1);
    const parts = last === undefined ? this.#parts : last.parts;
    if (parts.length > 0) parts.push(part);
    else if (last === undefined) this.#parts = [part];
    else last.parts = [part];
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
