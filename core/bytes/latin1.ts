/**
 * The one place where octets become text and text becomes octets.
 *
 * `TextDecoder('latin1')` means windows-1252 on newer runtimes (0x80 becomes U+20AC), so it is not used. Where the
 * runtime offers a native copy it is taken by feature detection; the portable loop gives the same result.
 */
import { InvariantError } from '../errors/invariant-error.ts';

type Slice = (this: Uint8Array, from: number, to: number) => string;
type Write = (this: Uint8Array, text: string, at: number, length: number) => number;

const native = findNative();

/** Text of `bytes[from, to)`, one UTF-16 unit per octet (U+0000 to U+00FF). The text owns nothing of `bytes`. */
export const latin1: (bytes: Uint8Array, from?: number, to?: number) => string = native.slice
  ? nativeDecoder(native.slice)
  : latin1Portable;

/**
 * Writes `text` as octets at `bytes[at]` and returns how many were written.
 * The caller has checked that every unit is at most U+00FF and that there is room.
 */
export const writeLatin1: (bytes: Uint8Array, text: string, at: number) => number = native.write
  ? nativeEncoder(native.write)
  : writeLatin1Portable;

/** Octets of `text`. @throws InvariantError when a unit is above U+00FF. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0xff) throw new InvariantError(`fromLatin1(): unit U+${unit.toString(16)} at ${at} is no octet`);
    bytes[at] = unit;
  }
  return bytes;
}

/** The portable decoder, exported so that a test can hold the native one against it. */
export function latin1Portable(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  for (let at = from; at < to; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + 4096, to)));
  }
  return text;
}

/** The portable encoder, exported so that a test can hold the native one against it. */
export function writeLatin1Portable(bytes: Uint8Array, text: string, at: number): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return text.length;
}

function nativeDecoder(slice: Slice): (bytes: Uint8Array, from?: number, to?: number) => string {
  return (bytes, from = 0, to = bytes.length) => slice.call(bytes, from, to);
}

function nativeEncoder(write: Write): (bytes: Uint8Array, text: string, at: number) => number {
  // WHY: below some thirty units the call into the runtime costs more than the loop.
  return (bytes, text, at) =>
    text.length < 32 ? writeLatin1Portable(bytes, text, at) : write.call(bytes, text, at, text.length);
}

/** The runtime's own functions are taken only if they answer right on a plain `Uint8Array` with octets from both halves. */
function findNative(): { slice: Slice | undefined; write: Write | undefined } {
  const prototype = propertyOf(propertyOf(globalThis, 'Buffer'), 'prototype');
  const slice = propertyOf(prototype, 'latin1Slice');
  const write = propertyOf(prototype, 'latin1Write');
  return { slice: isSlice(slice) ? slice : undefined, write: isWrite(write) ? write : undefined };
}

function propertyOf(value: unknown, name: string): unknown {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject ? Reflect.get(value, name) : undefined;
}

function isSlice(candidate: unknown): candidate is Slice {
  if (typeof candidate !== 'function') return false;
  return works(() => Reflect.apply(candidate, Uint8Array.of(0x41, 0x80, 0xff), [0, 3]) === 'A\u0080\u00ff');
}

function isWrite(candidate: unknown): candidate is Write {
  if (typeof candidate !== 'function') return false;
  const probe = new Uint8Array(3);
  const written = (): unknown => Reflect.apply(candidate, probe, ['\u0080\u00ff', 1, 2]);
  return works(() => written() === 2 && probe[1] === 0x80 && probe[2] === 0xff);
}

function works(probe: () => boolean): boolean {
  try {
    return probe();
  } catch {
    return false;
  }
}
