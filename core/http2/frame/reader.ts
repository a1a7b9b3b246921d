import { Frame, HEAD_BYTES, uint24, uint31 } from './head.ts';

const EMPTY = new Uint8Array(0);

/** What is known of a frame that has not come to its end. */
export interface HeldFrame {
  readonly type: number;
  readonly streamId: number;
  /** Octets of its payload so far. */
  readonly payloadBytes: number;
}

/**
 * Cuts a connection's octets into frames. A frame that comes whole is a view of the input; one that comes in pieces is put
 * together here, and at most one is held. It never holds more than the limit: the length is checked before the payload comes.
 */
export class FrameReader {
  /** Index after the frame that was read last, in the octets that it was read from. */
  next = 0;
  #held: Uint8Array = EMPTY;
  #heldBytes = 0;
  #offset: number;
  readonly #maxPayload: number;

  /** @param offset offset in the connection of the first frame */
  constructor(maxPayload: number, offset: number) {
    this.#maxPayload = maxPayload;
    this.#offset = offset;
  }

  /** Offset in the connection of the frame that is read next, or is being read. */
  get offset(): number {
    return this.#offset;
  }

  /** Octets of an unfinished frame. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** An unfinished frame, once its head has come. */
  get held(): HeldFrame | undefined {
    if (this.#heldBytes < HEAD_BYTES) return undefined;
    const payloadBytes = this.#heldBytes - HEAD_BYTES;
    return { type: this.#held[3] ?? 0, streamId: uint31(this.#held, 5), payloadBytes };
  }

  /**
   * Takes one frame from `bytes[at, …)`; {@link next} is then the index after it. `more` when the octets end inside it, which
   * are then kept; `too-long` when its length is above the limit.
   */
  read(bytes: Uint8Array, at: number): Frame | 'more' | 'too-long' {
    if (this.#heldBytes > 0) return this.#readHeld(bytes, at);
    const left = bytes.length - at;
    if (left < HEAD_BYTES) return this.#hold(bytes, at);
    const length = uint24(bytes, at);
    if (length > this.#maxPayload) return 'too-long';
    if (left < HEAD_BYTES + length) return this.#hold(bytes, at);
    this.next = at + HEAD_BYTES + length;
    return this.#frame(bytes, at, this.next);
  }

  #readHeld(bytes: Uint8Array, at: number): Frame | 'more' | 'too-long' {
    at = this.#fill(bytes, at, HEAD_BYTES);
    if (this.#isTooLong()) return 'too-long';
    if (this.#heldBytes < HEAD_BYTES) return 'more';
    const length = uint24(this.#held, 0);
    at = this.#fill(bytes, at, HEAD_BYTES + length);
    if (this.#heldBytes < HEAD_BYTES + length) return 'more';
    const frame = this.#frame(this.#held, 0, this.#heldBytes);
    this.#held = EMPTY;
    this.#heldBytes = 0;
    this.next = at;
    return frame;
  }

  #frame(bytes: Uint8Array, at: number, to: number): Frame {
    const frame = new Frame(bytes, at, to, this.#offset);
    this.#offset += to - at;
    return frame;
  }

  #hold(bytes: Uint8Array, at: number): 'more' | 'too-long' {
    if (at < bytes.length) this.#fill(bytes, at, bytes.length - at);
    return this.#isTooLong() ? 'too-long' : 'more';
  }

  /** WHY: a length that is too long is refused as soon as it is known, not when the payload has come. */
  #isTooLong(): boolean {
    return this.#heldBytes >= 3 && uint24(this.#held, 0) > this.#maxPayload;
  }

  /** Appends octets until `count` are held or the input ends; returns the index it came to. */
  #fill(bytes: Uint8Array, at: number, count: number): number {
    const taken = Math.min(count - this.#heldBytes, bytes.length - at);
    if (taken <= 0) return at;
    if (this.#heldBytes + taken > this.#held.length) this.#grow(this.#heldBytes + taken);
    this.#held.set(bytes.subarray(at, at + taken), this.#heldBytes);
    this.#heldBytes += taken;
    return at + taken;
  }

  #grow(count: number): void {
    const grown = new Uint8Array(Math.max(64, count, Math.min(this.#held.length * 2, HEAD_BYTES + this.#maxPayload)));
    grown.set(this.#held.subarray(0, this.#heldBytes));
    this.#held = grown;
  }
}
