/**
 * Segmentation invariance: however the octets are cut, the reader says the same. It is run on the whole, on single octets,
 * and on pieces whose borders are chosen by the octets' own hash, so that no cut has to be stored with an input.
 *
 * Each piece is overwritten once its events are recorded: what a machine keeps of a caller's memory comes to light.
 */
import type { Cut, ToldEvent } from '../define.ts';
import { OracleError, quoted } from './oracle-error.ts';

export type { Cut } from '../define.ts';

/** One thing that a reader said; two readings are compared text by text. */
export type EventRecord = ToldEvent;

/** Runs a fresh machine over pieces; it must record what it needs of a piece before it asks for the next. */
export type Reader<R extends EventRecord> = (pieces: Iterable<Uint8Array>) => readonly R[];

/** Leaves octets as they are. */
export const uncut: Cut = (octets) => [octets];

/** Reads octets in three ways and demands one answer, which it returns. */
export function assertSameForEveryCut<R extends EventRecord>(octets: Uint8Array, read: Reader<R>): readonly R[] {
  if (octets.length <= 1) return read([octets]);
  return assertSameForEveryWay((cut) => read(cut(octets)));
}

/** The same for a reader that has its octets cut itself. */
export function assertSameForEveryWay<R extends EventRecord>(read: (cut: Cut) => readonly R[]): readonly R[] {
  const whole = read(uncut);
  assertSame(whole, read(singleOctets), 'octet by octet');
  assertSame(whole, read(hashedPieces), 'in pieces');
  return whole;
}

/** One octet at a time, each in the memory of the one before. */
export function* singleOctets(octets: Uint8Array): Generator<Uint8Array> {
  const piece = new Uint8Array(1);
  for (const octet of octets) {
    piece[0] = octet;
    yield piece;
  }
}

/** Pieces in memory that is overwritten before the next one comes. */
function* hashedPieces(octets: Uint8Array): Generator<Uint8Array> {
  const nextLength = hashedLengths(octets);
  for (let at = 0; at < octets.length; ) {
    const piece = octets.slice(at, at + nextLength());
    at += piece.length;
    yield piece;
    piece.fill(0xaa);
  }
}

/** Lengths of 1 to 64 octets, mostly short, that depend on the input alone. */
function hashedLengths(octets: Uint8Array): () => number {
  let hash = 0x811c_9dc5;
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x0100_0193);
  return () => {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d) + 0x9e37_79b9;
    const chance = hash >>> 0;
    return chance % 4 === 0 ? 1 + ((chance >>> 8) % 64) : 1 + ((chance >>> 8) % 6);
  };
}

function assertSame(whole: readonly EventRecord[], cut: readonly EventRecord[], way: string): void {
  const count = Math.max(whole.length, cut.length);
  for (let index = 0; index < count; index++) {
    const a = whole[index];
    const b = cut[index];
    if (a !== undefined && b !== undefined && a.kind === b.kind && a.offset === b.offset && a.text === b.text) continue;
    throw new OracleError('segmentation', `read ${way}: ${say(b)}; read whole: ${say(a)}`, {
      offset: Math.min(a?.offset ?? Number.POSITIVE_INFINITY, b?.offset ?? Number.POSITIVE_INFINITY),
      state: `${a?.kind ?? 'nothing'} became ${b?.kind ?? 'nothing'}`,
    });
  }
}

function say(record: EventRecord | undefined): string {
  return record === undefined ? 'nothing' : `${record.kind} at ${record.offset} ${quoted(record.text)}`;
}
