import { ReportsError } from '../reports-error.ts';

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** False for octets after the last line feed: the writer may have been stopped in the middle of them. */
  readonly ended: boolean;
}

/**
 * Cuts a stream of octets into lines of UTF-8 text. Holds at most one line: `maxBytes` is its limit.
 *
 * A torn last line whose octets are not UTF-8 (cut within a character) is decoded leniently; any other is refused.
 *
 * @throws ReportsError exit 2, naming `source` and line: too long, or not UTF-8.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  maxBytes: number,
): AsyncGenerator<Line> {
  let number = 0;
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      checkLength(held + end - start, source, number + 1, maxBytes);
      number += 1;
      yield { number, text: decode([...parts, chunk.subarray(start, end)], source, number), ended: true };
      parts = [];
      held = 0;
      start = end + 1;
    }
    held += chunk.length - start;
    checkLength(held, source, number + 1, maxBytes);
    // Copied: the stream may use its buffer again.
    if (start < chunk.length) parts.push(chunk.slice(start));
  }
  if (held > 0) yield { number: number + 1, text: new TextDecoder().decode(Buffer.concat(parts)), ended: false };
}

const LF = 0x0a;

function decode(parts: readonly Uint8Array[], source: string, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new ReportsError(2, `${source}:${line}: not UTF-8 text; is this a results file of aeronet?`);
  }
}

function checkLength(length: number, source: string, line: number, maxBytes: number): void {
  if (length <= maxBytes) return;
  throw new ReportsError(2, `${source}:${line}: a line of more than ${maxBytes} octets; no event is that long`);
}
