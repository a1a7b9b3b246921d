import { SP } from '../bytes/octets.ts';

/** One field line as plain text: name, value. */
export type FieldLine = readonly [name: string, value: string];

/** One field line as an object. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** A field as a program gives it: a value, or one value a line. */
export type FieldInput = Readonly<Record<string, string | readonly string[]>> | readonly FieldLine[];

/**
 * The field lines of one head or trailer section, in order, as received (RFC9110#5).
 *
 * Holds either the section's text and spans into it, whose names and values become strings only when asked for, or lines
 * that a decoder has made one by one. It is a copy of its own: it outlives the octets it was read from.
 */
export class FieldLines implements Iterable<FieldLine> {
  static readonly NONE = new FieldLines('', []);

  readonly #text: string;
  /** Four numbers a line: name from, name to, value from, value to. */
  readonly #spans: readonly number[];
  readonly #list: readonly NamedValue[] | undefined;

  constructor(text: string, spans: readonly number[], list?: readonly NamedValue[]) {
    this.#text = text;
    this.#spans = spans;
    this.#list = list;
  }

  /** Field lines that were read one by one; the list is theirs from now on. */
  static fromList(lines: readonly NamedValue[]): FieldLines {
    return lines.length === 0 ? FieldLines.NONE : new FieldLines('', [], lines);
  }

  /** How many field lines there are. */
  get length(): number {
    return this.#list === undefined ? this.#spans.length >> 2 : this.#list.length;
  }

  /** Name of line `index` as the peer wrote it. */
  nameAt(index: number): string {
    if (this.#list !== undefined) return this.#list[index]?.name ?? '';
    return this.#text.slice(this.#spans[index * 4], this.#spans[index * 4 + 1]);
  }

  /** Value of line `index` without its edge white space, one UTF-16 unit per octet. */
  valueAt(index: number): string {
    if (this.#list !== undefined) return this.#list[index]?.value ?? '';
    return this.#text.slice(this.#spans[index * 4 + 2], this.#spans[index * 4 + 3]);
  }

  has(name: string): boolean {
    return this.#find(name, 0) !== -1;
  }

  /** Values of all lines called `name`, joined with ", " (RFC9110#5.3); `undefined` when there is none. */
  get(name: string): string | undefined {
    const first = this.#find(name, 0);
    if (first === -1) return undefined;
    const second = this.#find(name, first + 1);
    return second === -1 ? this.valueAt(first) : this.all(name).join(', ');
  }

  /** Values of all lines called `name`, in order. */
  all(name: string): string[] {
    const values: string[] = [];
    for (let at = this.#find(name, 0); at !== -1; at = this.#find(name, at + 1)) values.push(this.valueAt(at));
    return values;
  }

  *[Symbol.iterator](): Iterator<FieldLine> {
    for (let i = 0; i < this.length; i++) yield [this.nameAt(i), this.valueAt(i)];
  }

  /** Index of the first line called `name` (RFC9110#5.1: names are case-insensitive) from line `from` on, or -1. */
  #find(name: string, from: number): number {
    if (this.#list !== undefined) {
      for (let at = from; at < this.#list.length; at++) {
        const other = this.#list[at]?.name ?? '';
        if (other.length === name.length && sameLetters(other, 0, name)) return at;
      }
      return -1;
    }
    const spans = this.#spans;
    for (let at = from * 4; at < spans.length; at += 4) {
      const start = spans[at] ?? 0;
      if ((spans[at + 1] ?? 0) - start === name.length && sameLetters(this.#text, start, name)) return at >> 2;
    }
    return -1;
  }
}

/** Whether `text` has `name` at `from`, ASCII letters compared without case; both are known to be tokens. */
function sameLetters(text: string, from: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const a = text.charCodeAt(from + i);
    const b = name.charCodeAt(i);
    if (a !== b && ((a | SP) !== (b | SP) || (a | SP) < 0x61 || (a | SP) > 0x7a)) return false;
  }
  return true;
}
