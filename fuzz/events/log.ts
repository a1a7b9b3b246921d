/**
 * The event log of one input: what the subject said of it, in lines that are bounded and escaped. It is told as it happens,
 * so that it ends where the subject threw or hung; and twice, so that a subject that minds the cuts says where.
 */
import type { ToldEvent } from '../define.ts';

/** How the input came. */
export const WAYS = ['whole', 'octet by octet'] as const;

export type Way = (typeof WAYS)[number];

/** An event whose text may be cut: `bytes` is the length that it had. */
export interface LogLine extends ToldEvent {
  readonly bytes: number;
}

export type EventLog = Readonly<Record<Way, readonly LogLine[]>>;

/** A line of the log that is shown. */
export interface ShownLine extends LogLine {
  readonly way: Way;
}

/** What is shown of a log, and how much is left out before and after. */
export interface Excerpt {
  readonly way: Way;
  readonly lines: readonly LogLine[];
  readonly before: number;
  readonly after: number;
  /** Index of the line that has the octet to blame. */
  readonly marked: number | undefined;
}

/** Events of one way that are kept. */
export const MAX_EVENTS = 20_000;
/** Octets of one text that are kept: more than a line shows. */
export const MAX_TEXT = 240;
/** Columns of a text, escaped. */
const MAX_COLUMNS = 120;
/** Lines that are shown of one way, and how many of them come behind the octet to blame. */
const SHOWN = 24;
const SHOWN_AFTER = 4;

/** Whether an event goes on with the content of the one before it. */
export function goesOn(last: LogLine | undefined, event: ToldEvent): boolean {
  return (
    last !== undefined &&
    event.kind.startsWith('content') &&
    last.kind === event.kind &&
    last.offset + last.bytes === event.offset
  );
}

/** Adds an event to a log; content that goes on is one line. */
export function addTo(lines: LogLine[], event: LogLine): void {
  const last = lines.at(-1);
  if (last === undefined || !goesOn(last, event)) lines.push(event);
  else {
    const text = (last.text + event.text).slice(0, MAX_TEXT);
    lines[lines.length - 1] = { ...last, text, bytes: last.bytes + event.bytes };
  }
}

/** Where the subject threw; undefined where it did not. */
export function thrownAt({ whole }: EventLog): number | undefined {
  const last = whole.at(-1);
  return last?.kind === 'throws' ? last.offset : undefined;
}

/** What to show: the lines around the octet to blame, or the last; of the second way, what it says otherwise. */
export function excerptsOf(log: EventLog, offset?: number): Excerpt[] {
  const [whole, cut] = WAYS.map((way) => log[way]);
  if (whole === undefined || cut === undefined) return [];
  const excerpts = whole.length === 0 ? [] : [windowOf('whole', whole, offset, 0)];
  const differs = cut.findIndex((line, index) => !isSame(line, whole[index]));
  // A log that ends early says so by what is missing; one that was never begun says nothing
  const from = differs >= 0 ? differs : cut.length;
  if (differs < 0 && (cut.length === 0 || cut.length === whole.length)) return excerpts;
  return [...excerpts, windowOf('octet by octet', cut, undefined, Math.max(0, from - 2))];
}

/** The lines that are shown, as text: harmless on any terminal. */
export function logText(log: EventLog, offset?: number): string[] {
  return excerptsOf(log, offset).flatMap(({ way, lines, before, after, marked }) => {
    const width = Math.max(...lines.map((line) => String(line.offset).length), 4);
    const kinds = Math.max(...lines.map(({ kind }) => kind.length), 7);
    return [
      `  events, read ${way}:`,
      ...(before > 0 ? [`    … ${before} before`] : []),
      ...lines.map((line, index) => {
        const mark = index === marked ? '>' : ' ';
        const head = `  ${mark} ${String(line.offset).padStart(width)}  ${escaped(line.kind).padEnd(kinds)}`;
        return `${head}  ${shownText(line)}`.trimEnd();
      }),
      ...(after > 0 ? [`    … ${after} after`] : []),
    ];
  });
}

function windowOf(way: Way, lines: readonly LogLine[], offset: number | undefined, least: number): Excerpt {
  const blamed = offset === undefined ? -1 : lines.findLastIndex((line) => line.offset <= offset);
  const centre = blamed < 0 ? lines.length - 1 : blamed;
  const to = Math.min(lines.length, least > 0 ? least + SHOWN : centre + 1 + SHOWN_AFTER);
  const from = Math.max(least, to - SHOWN);
  const marked = blamed < 0 ? undefined : blamed - from;
  return { way, lines: lines.slice(from, to), before: from, after: lines.length - to, marked };
}

function isSame(one: LogLine, other: LogLine | undefined): boolean {
  if (other === undefined) return false;
  const { kind, offset, text, bytes } = one;
  return kind === other.kind && offset === other.offset && text === other.text && bytes === other.bytes;
}

/** Visible ASCII that ends where a line of a terminal does, and says how much it leaves out. */
export function shownText({ kind, text, bytes }: Omit<LogLine, 'offset'>): string {
  const shown = escaped(text);
  // A diagnostic has escaped the peer's octets itself.
  const whole = kind === 'error' || kind === 'throws' ? shown.replaceAll('\\\\', '\\') : shown;
  if (whole.length <= MAX_COLUMNS && bytes <= text.length) return whole;
  return `${whole.slice(0, MAX_COLUMNS)}… (${bytes} octets)`;
}

const NAMED: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t', '\\': '\\\\' };

function escaped(text: string): string {
  return text.replace(/[^\x20-\x5b\x5d-\x7e]/gu, (unit) => {
    const code = unit.codePointAt(0) ?? 0;
    return NAMED[unit] ?? (code > 0xff ? `\\u{${code.toString(16)}}` : `\\x${code.toString(16).padStart(2, '0')}`);
  });
}
