/** Longest piece of a peer's octets that any message quotes. */
export const EXCERPT_BYTES = 64;

/** A piece of the peer's octets, safe to print anywhere, and where in it the offending octet stands. */
export interface Excerpt {
  /** Visible ASCII only; everything else, and the backslash, is escaped. */
  readonly text: string;
  /** Column in `text` where the offending octet begins; `text.length` when it lies just past the end. */
  readonly mark: number;
  /** Columns that the offending octet takes, 1 to 4; 0 when there is none. */
  readonly markLength: number;
}

/** At most {@link EXCERPT_BYTES} octets around `at`, escaped, with `at` marked. `bytes` is only read. */
export function excerptOf(bytes: Uint8Array, at: number, from = 0, to = bytes.length): Excerpt {
  const first = Math.max(from, Math.min(at - EXCERPT_BYTES / 2, to - EXCERPT_BYTES));
  const last = Math.min(to, first + EXCERPT_BYTES);
  let text = '';
  let mark = 0;
  let markLength = 0;
  for (let i = first; i < last; i++) {
    const piece = escapeOctet(bytes[i] ?? 0);
    if (i === at) {
      mark = text.length;
      markLength = piece.length;
    }
    text += piece;
  }
  return markLength === 0 ? { text, mark: text.length, markLength } : { text, mark, markLength };
}

/** Octets that a dump shows. */
const DUMP_BYTES = 24;

/** At most {@link DUMP_BYTES} octets around `at` as pairs of hex digits, with `at` marked. `bytes` is only read. */
export function dumpOf(bytes: Uint8Array, at: number, from: number, to: number): Excerpt {
  const first = Math.max(from, Math.min(at - DUMP_BYTES / 2, to - DUMP_BYTES));
  const last = Math.min(to, first + DUMP_BYTES);
  const pairs = Array.from(bytes.subarray(first, last), (octet) => octet.toString(16).padStart(2, '0'));
  return { text: pairs.join(' '), mark: 3 * (at - first), markLength: at < last ? 2 : 0 };
}

/** One octet as visible ASCII: itself, `\r`, `\n`, `\t`, `\\`, `\"` or `\xhh`. */
export function escapeOctet(octet: number): string {
  if (octet === 0x0d) return '\\r';
  if (octet === 0x0a) return '\\n';
  if (octet === 0x09) return '\\t';
  if (octet === 0x5c) return '\\\\';
  if (octet === 0x22) return '\\"';
  if (octet >= 0x20 && octet < 0x7f) return String.fromCharCode(octet);
  return `\\x${octet.toString(16).padStart(2, '0')}`;
}
