import { EQUALS, HTAB, SP } from '../bytes/octets.ts';
import type { Failure } from './failure.ts';

/** Cookies that are kept of one request; browsers send at most some 180 to one site. */
const MAX_COOKIES = 256;

/**
 * The cookies of a request, names and values as they came: one unit an octet, nothing is decoded, quotes are part of a value.
 * Names are case-sensitive, and none can reach an object's prototype.
 */
export class Cookies implements Iterable<readonly [name: string, value: string]> {
  readonly #values = new Map<string, string[]>();
  readonly #pairs: (readonly [string, string])[] = [];
  /** What was left out, and why. Offsets are octets since the first of the field's value. */
  readonly failures: readonly Failure[];

  constructor(pairs: Iterable<readonly [name: string, value: string]> = [], failures: readonly Failure[] = []) {
    this.failures = failures;
    for (const [name, value] of pairs) {
      this.#pairs.push([name, value]);
      const values = this.#values.get(name);
      if (values === undefined) this.#values.set(name, [value]);
      else values.push(value);
    }
  }

  /** How many there are. */
  get size(): number {
    return this.#pairs.length;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /**
   * Value of the first cookie of that name: of several, browsers send the one with the longest path first (RFC6265#5.4), but
   * RFC6265#4.2.2 says not to rely on it.
   */
  get(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** Values of all cookies of that name, in order. */
  all(name: string): readonly string[] {
    return this.#values.get(name)?.slice() ?? [];
  }

  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.#pairs.values();
  }
}

/**
 * Reads the value of Cookie (RFC6265#4.2.1), several lines joined with "; ".
 *
 * LENIENT RFC6265#4.1.1: names and values hold anything but controls, "=" in a name and ";", as browsers store and send it. What
 * is no pair is left out by itself, because any page of a site may have set it: a pair without "=" is the value of a
 * cookie without a name, which could be made to look like any other.
 */
export function parseCookies(text: string): Cookies {
  const pairs: [string, string][] = [];
  const failures: Failure[] = [];
  for (let at = 0; at < text.length; ) {
    const semicolon = text.indexOf(';', at);
    const end = semicolon === -1 ? text.length : semicolon;
    const pair = readPair(text, at, end);
    if (pair !== undefined && pairs.length + failures.length === MAX_COOKIES) {
      failures.push({ failure: 'COOKIE_COUNT', at: trimmed(text, at, end)[0] });
      break;
    }
    if (Array.isArray(pair)) pairs.push(pair);
    else if (pair !== undefined) failures.push(pair);
    at = end + 1;
  }
  return new Cookies(pairs, failures);
}

/** Undefined where there is nothing. */
function readPair(text: string, start: number, end: number): [string, string] | Failure | undefined {
  const [from, to] = trimmed(text, start, end);
  if (from === to) return undefined;
  for (let at = from; at < to; at++) if (isControl(text.charCodeAt(at))) return { failure: 'COOKIE_OCTET', at };
  let equals = from;
  while (equals < to && text.charCodeAt(equals) !== EQUALS) equals++;
  if (equals === to) return { failure: 'COOKIE_PAIR', at: from };
  const [, nameEnd] = trimmed(text, from, equals);
  if (nameEnd === from) return { failure: 'COOKIE_NAME_EMPTY', at: equals };
  const [valueStart] = trimmed(text, equals + 1, to);
  return [text.slice(from, nameEnd), text.slice(valueStart, to)];
}

/** Where a piece of text begins and ends without its edge white space. */
function trimmed(text: string, from: number, to: number): readonly [number, number] {
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return [from, to];
}

function isSpace(unit: number): boolean {
  return unit === SP || unit === HTAB;
}

function isControl(unit: number): boolean {
  return (unit < SP && unit !== HTAB) || unit === 0x7f;
}
