import type { FieldList, Response } from '../model.ts';
import { readChunked } from './chunked-reader.ts';

/** `more`: the octets so far are the beginning of a response. `response`: it took `bytes` octets off the front. */
export type Reading =
  | { readonly kind: 'more' }
  | { readonly kind: 'response'; readonly response: Response; readonly bytes: number };

/** A head longer than this is no head. */
const MAX_HEAD_BYTES = 256 * 1024;

/**
 * Reads one response off the front of `octets`, leniently: what it forgives is listed in `problems`.
 * Octets that are no response come back as status 0, up to the next `HTTP/`.
 * @param method of the request that it answers: HEAD and CONNECT change the framing (RFC9112#6.3)
 * @param over the connection ended (`end`) or the deadline came (`deadline`): what is there is all there is
 */
export function readResponse(octets: Buffer, method: string, over?: 'end' | 'deadline'): Reading {
  if (octets.length === 0) return { kind: 'more' };
  const start = leadingEmptyLines(octets);
  const opening = octets.toString('latin1', start, start + 5);
  if (!'HTTP/'.startsWith(opening)) return garbage(octets);
  const headEnd = findHeadEnd(octets, start);
  if (headEnd === undefined) {
    if (over === undefined && octets.length <= MAX_HEAD_BYTES) return { kind: 'more' };
    return partial(octets, start);
  }
  const head = parseHead(octets.toString('latin1', start, headEnd));
  if (start > 0) head.problems.push('empty line before the status line');
  const body = readBody(octets, headEnd, head, method, over);
  if (body === undefined) return { kind: 'more' };
  const { bytes, ...rest } = body;
  return {
    kind: 'response',
    bytes,
    response: { ...head, ...rest, problems: [...head.problems, ...rest.problems], interim: [] },
  };
}

/** Values of a field in order, by lower-case name. */
export function fieldValues(fields: FieldList, name: string): string[] {
  return fields.filter(([own]) => own.toLowerCase() === name).map(([, value]) => value);
}

/** Members of a comma-separated field, lower-cased, over all its lines. */
export function listMembers(fields: FieldList, name: string): string[] {
  return fieldValues(fields, name)
    .flatMap((value) => value.split(','))
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '');
}

interface Head {
  version: string;
  status: number;
  reason: string;
  fields: [string, string][];
  problems: string[];
}

type Body = Pick<Response, 'content' | 'trailers' | 'framing' | 'complete' | 'problems'> & { bytes: number };

function parseHead(text: string): Head {
  const problems: string[] = [];
  if (/(?:^|[^\r])\n/.test(text)) problems.push('line ended by a bare LF');
  const [statusLine = '', ...lines] = text.split(/\r?\n/);
  const match = /^HTTP\/([0-9]\.[0-9]) ([0-9]{3})(?: (.*))?$/.exec(statusLine);
  if (match === null) problems.push(`malformed status line ${JSON.stringify(statusLine.slice(0, 64))}`);
  else if (match[3] === undefined) problems.push('no space after the status code');
  const head: Head = {
    version: match?.[1] ?? '',
    status: Number(match?.[2] ?? 0),
    reason: match?.[3] ?? '',
    fields: [],
    problems,
  };
  for (const line of lines) if (line !== '') parseField(line, head);
  return head;
}

function parseField(line: string, head: Head): void {
  const last = head.fields.at(-1);
  if (/^[ \t]/.test(line) && last !== undefined) {
    head.problems.push(`folded field ${last[0]}`);
    last[1] = `${last[1]} ${line.trim()}`;
    return;
  }
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) head.problems.push(`malformed field name ${JSON.stringify(name)}`);
  head.fields.push([name.trimEnd(), colon < 0 ? '' : line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')]);
}

/** RFC9112#6.3, in its order. */
function readBody(octets: Buffer, at: number, head: Head, method: string, over?: 'end' | 'deadline'): Body | undefined {
  const empty = Buffer.alloc(0);
  const { status } = head;
  const tunnel = method === 'CONNECT' && status >= 200 && status < 300;
  if (method === 'HEAD' || tunnel || status < 200 || status === 204 || status === 304) {
    return { content: empty, trailers: [], framing: 'none', complete: true, problems: [], bytes: at };
  }
  if (fieldValues(head.fields, 'transfer-encoding').length > 0) {
    if (listMembers(head.fields, 'transfer-encoding').at(-1) === 'chunked') {
      const read = readChunked(octets, at, over !== undefined);
      return read === undefined ? undefined : { ...read, framing: 'chunked' };
    }
    return untilClose(octets, at, over);
  }
  const lengths = [...new Set(fieldValues(head.fields, 'content-length'))];
  if (lengths.length === 0) return untilClose(octets, at, over);
  const [length = ''] = lengths;
  const problems = lengths.length > 1 ? ['differing Content-Length fields'] : [];
  if (!/^[0-9]+$/.test(length)) {
    return {
      ...(untilClose(octets, at, 'end') ?? endless(octets, at)),
      problems: [`invalid Content-Length "${length}"`],
    };
  }
  const end = at + Number(length);
  const complete = octets.length >= end;
  if (!complete && over === undefined) return undefined;
  const stop = Math.min(end, octets.length);
  const content = octets.subarray(at, stop);
  return { content, trailers: [], framing: 'content-length', complete, problems, bytes: stop };
}

function untilClose(octets: Buffer, at: number, over?: 'end' | 'deadline'): Body | undefined {
  return over === undefined ? undefined : { ...endless(octets, at), complete: over === 'end' };
}

function endless(octets: Buffer, at: number): Body {
  const content = octets.subarray(at);
  return { content, trailers: [], framing: 'close', complete: true, problems: [], bytes: octets.length };
}

function garbage(octets: Buffer): Reading {
  const next = octets.indexOf('HTTP/', 1, 'latin1');
  const bytes = next < 0 ? octets.length : next;
  return { kind: 'response', bytes, response: { ...NOTHING, content: octets.subarray(0, bytes) } };
}

function partial(octets: Buffer, start: number): Reading {
  const head = parseHead(octets.toString('latin1', start, Math.min(octets.length, start + MAX_HEAD_BYTES)));
  const response: Response = { ...NOTHING, ...head, complete: false, problems: [...head.problems, 'head not ended'] };
  return { kind: 'response', bytes: octets.length, response };
}

const NOTHING: Response = {
  version: '',
  status: 0,
  reason: '',
  fields: [],
  content: Buffer.alloc(0),
  trailers: [],
  framing: 'none',
  complete: true,
  interim: [],
  problems: ['octets that are no HTTP response'],
};

function leadingEmptyLines(octets: Buffer): number {
  let at = 0;
  while (octets[at] === 0x0d || octets[at] === 0x0a) at++;
  return at === octets.length ? 0 : at;
}

/** Index behind the empty line that ends the head. */
function findHeadEnd(octets: Buffer, start: number): number | undefined {
  let lineStart = start;
  for (;;) {
    const lf = octets.indexOf(0x0a, lineStart);
    if (lf < 0) return undefined;
    const length = lf - lineStart - (octets[lf - 1] === 0x0d ? 1 : 0);
    if (length <= 0 && lf > start) return lf + 1;
    lineStart = lf + 1;
  }
}
