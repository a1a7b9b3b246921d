/** Responses that hold a part of a file: how they are read, what can be wrong with them, and the canned ones. */
import { answer } from '../../define.ts';
import type { Response, ResponseMatch } from '../../model.ts';
import { fieldValues } from '../../wire/response-reader.ts';
import { CANNED, CANNED_FIELDS, compared, type Known } from '../representation.ts';

/** First and last octet, both inside. */
export type Range = readonly [first: number, last: number];

/** A gap that may be sent rather than a further part: what a part costs beyond its octets (RFC9110#15.3.7.2). */
const GAP_BYTES = 256;
/** Most octets that framing adds to a part. */
const PART_BYTES = 512;

const BOUNDARY = /^multipart\/byteranges[ \t]*(?:;.*)?;[ \t]*boundary=(?:"([^"]+)"|([^\s";,]+))/i;
const CONTENT_RANGE = /^bytes ([0-9]+)-([0-9]+)\/([0-9]+|\*)$/i;

/** What is due of a 206. */
export interface Due {
  /** The ranges that were asked for, as far as the file has them; by its length. */
  readonly ranges: (bytes: number) => readonly Range[];
  /** Several were asked for, so that a multipart is allowed. */
  readonly isSet: boolean;
}

/** 206 with all that was asked for, in any form that is allowed. */
export function partial(due: Due): ResponseMatch {
  return compared([206], 'with the octets that were asked for', (response, known) =>
    partialComplaint(response, known, due),
  );
}

/** 206 with no more than a piece of what was asked for (RFC9110#15.3.7). */
export function subset(due: Due): ResponseMatch {
  return compared([206], 'with some of the octets that were asked for', (response, known) => {
    const parts = readParts(response, known, due.isSet);
    return typeof parts === 'string' ? parts : strangerAmong(parts, due.ranges(known.content.length));
  });
}

/** 206 whose parts are right in themselves, and no longer together than the file. */
export function consistent(isSet: boolean): ResponseMatch {
  return compared([206], 'with right parts, no longer than the file', (response, known) => {
    const parts = readParts(response, known, isSet);
    if (typeof parts === 'string') return parts;
    const sent = parts.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    if (sent <= known.content.length + GAP_BYTES) return undefined;
    return `the parts have ${sent} octets together, the file has ${known.content.length}`;
  });
}

/** What is wrong with a 206, or undefined. */
export function partialComplaint(response: Response, known: Known, { ranges, isSet }: Due): string | undefined {
  const asked = ranges(known.content.length);
  const parts = readParts(response, known, isSet);
  if (typeof parts === 'string') return parts;
  const stranger = strangerAmong(parts, asked);
  if (stranger !== undefined) return stranger;
  const sent = merge(parts, 1);
  const missing = asked.find(([first, last]) => !sent.some(([from, to]) => from <= first && to >= last));
  return missing === undefined ? undefined : `octets ${missing.join('-')} were asked for and are not all there`;
}

/** The ranges that a 206 holds, each compared with the file; text where it is no right 206. */
export function readParts(response: Response, known: Known, isSet: boolean): readonly Range[] | string {
  const { fields, content } = response;
  const type = fieldValues(fields, 'content-type').join(', ');
  const contentRanges = fieldValues(fields, 'content-range');
  if (!/^multipart\/byteranges/i.test(type)) {
    if (contentRanges.length !== 1) return `there are ${contentRanges.length} Content-Range fields (RFC9110#15.3.7.1)`;
    const range = readRange(contentRanges[0] ?? '', content, known);
    return typeof range === 'string' ? range : [range];
  }
  if (!isSet) return 'a multipart answers a single range (RFC9110#15.3.7.2)';
  if (contentRanges.length > 0) return 'Content-Range stands beside a multipart (RFC9110#15.3.7.2)';
  const boundary = BOUNDARY.exec(type);
  if (boundary === null) return `Content-Type is "${type}", without a boundary (RFC9110#14.6)`;
  const parts = readMultipart(content, boundary[1] ?? boundary[2] ?? '', known);
  if (typeof parts === 'string') return parts;
  const sent = parts.reduce((sum, [first, last]) => sum + last - first + 1 + PART_BYTES, PART_BYTES);
  return content.length > sent ? 'there is more between the parts than their framing' : parts;
}

/** RFC9110#14.6: delimiters on lines of their own, a head in front of each part. */
function readMultipart(content: Buffer, boundary: string, known: Known): readonly Range[] | string {
  const delimiter = `\r\n--${boundary}`;
  const text = `\r\n${content.toString('latin1')}`;
  const parts: Range[] = [];
  let at = text.indexOf(delimiter);
  if (at === -1) return 'the boundary stands nowhere in the multipart (RFC9110#14.6)';
  for (;;) {
    at += delimiter.length;
    if (text.startsWith('--', at)) return parts.length === 0 ? 'the multipart has no part' : parts;
    const start = text.indexOf('\r\n\r\n', at);
    if (start === -1 || !/^[ \t]*\r\n/.test(text.slice(at, start + 2))) return 'the head of a part has no end';
    const lines = /\r\ncontent-range:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)/i.exec(text.slice(at, start + 2));
    if (lines === null) return 'a part has no Content-Range (RFC9110#15.3.7.2)';
    // A part is as long as its range says: the boundary could stand in a file that somebody made for that.
    const range = parseRange(lines[1] ?? '', known);
    if (typeof range === 'string') return range;
    const [first, last] = range;
    const end = start + 4 + last - first + 1;
    const complaint = readRange(lines[1] ?? '', Buffer.from(text.slice(start + 4, end), 'latin1'), known);
    if (typeof complaint === 'string') return complaint;
    if (!text.startsWith(delimiter, end)) return `no boundary follows the part ${first}-${last} (RFC9110#14.6)`;
    parts.push(range);
    at = end;
  }
}

function readRange(value: string, content: Buffer, known: Known): Range | string {
  const range = parseRange(value, known);
  if (typeof range === 'string') return range;
  const [first, last] = range;
  if (content.length !== last - first + 1) return `Content-Range is "${value}", and there are ${content.length} octets`;
  return content.equals(known.content.subarray(first, last + 1))
    ? range
    : `octets ${first}-${last} are not those of the file`;
}

function parseRange(value: string, known: Known): Range | string {
  const match = CONTENT_RANGE.exec(value);
  if (match === null) return `Content-Range is "${value}" (RFC9110#14.4)`;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const bytes = known.content.length;
  if (first > last || last >= bytes) return `Content-Range is "${value}", of a file of ${bytes} octets (RFC9110#14.4)`;
  if (match[3] !== '*' && match[3] !== String(bytes))
    return `Content-Range is "${value}", the file has ${bytes} octets`;
  return [first, last];
}

/** A part that was not asked for, not even to close a gap. */
function strangerAmong(parts: readonly Range[], asked: readonly Range[]): string | undefined {
  const allowed = merge(asked, asked.length > 1 ? GAP_BYTES : 1);
  const stranger = parts.find(([first, last]) => !allowed.some(([from, to]) => from <= first && to >= last));
  return stranger === undefined ? undefined : `octets ${stranger.join('-')} were not asked for`;
}

/** In ascending order, those as one that overlap or have a smaller gap than this between them. */
function merge(ranges: readonly Range[], gap: number): readonly Range[] {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1);
    if (previous === undefined || first > previous[1] + gap) merged.push([first, last]);
    else previous[1] = Math.max(previous[1], last);
  }
  return merged;
}

const octets = ([first, last]: Range) => CANNED.content.toString('latin1', first, last + 1);
const OTHERS = CANNED_FIELDS.filter((line) => !line.startsWith('Content-Type'));

/** 206 of the canned file; what is said of it, and what it holds, can be told apart. */
export function cannedPart(range: Range, holds: Range = range, contentRange?: string): string {
  const said = contentRange ?? `bytes ${range.join('-')}/${CANNED.content.length}`;
  return answer(206, octets(holds), [...CANNED_FIELDS, ...(said === '' ? [] : [`Content-Range: ${said}`])]);
}

/** 206 with a multipart of the canned file. */
export function cannedParts(ranges: readonly Range[], fields: readonly string[] = []): string {
  const parts = ranges.map(
    (range) =>
      `\r\n--limit\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${range.join('-')}/${CANNED.content.length}\r\n\r\n${octets(range)}`,
  );
  const content = `${parts.join('')}\r\n--limit--\r\n`;
  return answer(206, content, [...OTHERS, 'Content-Type: multipart/byteranges; boundary=limit', ...fields]);
}

/** 416 of the canned file. */
export function canned416(contentRange = `bytes */${CANNED.content.length}`): string {
  return answer(416, 'no', contentRange === '' ? [] : [`Content-Range: ${contentRange}`]);
}
