import type { FieldList } from '../model.ts';

/** Chunked content as read; `bytes` is the index behind it. */
export interface ChunkedReading {
  readonly content: Buffer;
  readonly trailers: FieldList;
  readonly complete: boolean;
  readonly problems: readonly string[];
  readonly bytes: number;
}

/**
 * Reads chunked content of a response (RFC9112#7.1) from `at` on; undefined when more octets are needed.
 * A malformed chunk ends the content as incomplete, with the problem named.
 * @param over no more octets will come: what is there is returned, as incomplete
 */
export function readChunked(octets: Buffer, at: number, over: boolean): ChunkedReading | undefined {
  const data: Buffer[] = [];
  const broken = (problem: string): ChunkedReading => {
    return { content: Buffer.concat(data), trailers: [], complete: false, problems: [problem], bytes: octets.length };
  };
  const short = () => (over ? broken('chunked content not ended') : undefined);
  for (;;) {
    const line = readLine(octets, at);
    if (line === undefined) return short();
    const match = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/.exec(line.text);
    if (match === null) return broken(`malformed chunk line ${JSON.stringify(line.text.slice(0, 64))}`);
    const size = Number.parseInt(match[1] ?? '', 16);
    at = line.next;
    if (size === 0) break;
    if (octets.length < at + size + 2) {
      if (over) data.push(octets.subarray(at, at + size));
      return short();
    }
    data.push(octets.subarray(at, at + size));
    if (octets.toString('latin1', at + size, at + size + 2) !== '\r\n')
      return broken('chunk data not followed by CRLF');
    at += size + 2;
  }
  const trailers: [string, string][] = [];
  for (;;) {
    const line = readLine(octets, at);
    if (line === undefined) return short();
    at = line.next;
    if (line.text === '') return { content: Buffer.concat(data), trailers, complete: true, problems: [], bytes: at };
    const colon = line.text.indexOf(':');
    trailers.push([line.text.slice(0, Math.max(colon, 0)), line.text.slice(colon + 1).trim()]);
  }
}

function readLine(octets: Buffer, at: number): { text: string; next: number } | undefined {
  const lf = octets.indexOf(0x0a, at);
  if (lf < 0) return undefined;
  return { text: octets.toString('latin1', at, lf).replace(/\r$/, ''), next: lf + 1 };
}
