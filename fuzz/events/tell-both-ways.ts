/** Has a target tell the events of an input, whole and octet by octet, within bounds. */
import type { Cut, FuzzTarget, ToldEvent } from '../define.ts';
import { singleOctets, uncut } from '../oracles/segmentation.ts';
import { goesOn, type LogLine, MAX_EVENTS, MAX_TEXT, WAYS, type Way } from './log.ts';

const CUTS: Readonly<Record<Way, Cut>> = { whole: uncut, 'octet by octet': singleOctets };

/** Thrown at a target that tells on and on. */
const ENOUGH = new Error('enough is told');

/** What leaves the target is told as its last event, at its octet; what it did not survive whole is not told in pieces. */
export function tellBothWays(target: FuzzTarget, octets: Uint8Array, say: (way: Way, line: LogLine) => void): void {
  for (const way of WAYS) if (!tellOneWay(target, octets, way, (line) => say(way, line))) return;
}

function tellOneWay(target: FuzzTarget, octets: Uint8Array, way: Way, say: (line: LogLine) => void): boolean {
  let last: LogLine | undefined;
  let count = 0;
  const tell = (event: ToldEvent): void => {
    const line = { ...event, text: event.text.slice(0, MAX_TEXT), bytes: event.text.length };
    const isMore = goesOn(last, line);
    if (!isMore && count++ >= MAX_EVENTS) throw ENOUGH;
    last = isMore && last !== undefined ? { ...last, bytes: last.bytes + line.bytes } : line;
    say(line);
  };
  try {
    target.events?.(octets, CUTS[way], tell);
    return true;
  } catch (thrown) {
    const offset = offsetOf(thrown) ?? octetOf(thrown, target, octets) ?? last?.offset ?? 0;
    const text = thrown === ENOUGH ? `more than ${MAX_EVENTS} events` : String(thrown).slice(0, MAX_TEXT);
    say({ kind: thrown === ENOUGH ? 'cut off' : 'throws', offset, text, bytes: text.length });
    return false;
  }
}

/** The octet with which the target throws the same when it gets one at a time. */
function octetOf(thrown: unknown, target: FuzzTarget, octets: Uint8Array): number | undefined {
  let at: number | undefined;
  const counted: Cut = function* (part) {
    const isOwn = part.buffer === octets.buffer;
    let next = part.byteOffset - octets.byteOffset;
    for (const piece of singleOctets(part)) {
      at = isOwn ? next++ : undefined;
      yield piece;
    }
  };
  let count = 0;
  try {
    target.events?.(octets, counted, () => {
      if (count++ > MAX_EVENTS + octets.length) throw ENOUGH;
    });
  } catch (again) {
    if (String(again) === String(thrown)) return at;
  }
  return undefined;
}

function offsetOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('offset' in thrown) || typeof thrown.offset !== 'number') return undefined;
  return Number.isSafeInteger(thrown.offset) && thrown.offset >= 0 ? thrown.offset : undefined;
}
