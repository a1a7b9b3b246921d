/**
 * A second, independent reading of where content is: the plain grammar of RFC9112 applied to the octets themselves, with
 * none of the parser's code. Whatever the parser accepted as a chunk, a length or an end has to be one here as well.
 */
import { latin1 } from '../../core/sans-io.ts';
import type { Http1Record } from './http1-events.ts';
import { OracleError, quoted } from './oracle-error.ts';

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*"';
const BWS = '[ \\t]*';
/** RFC9112#7.1 and RFC9112#7.1.1: chunk-size [ chunk-ext ] CRLF */
const CHUNK_LINE = new RegExp(
  `([0-9A-Fa-f]+)(?:${BWS};${BWS}${TOKEN}(?:${BWS}=${BWS}(?:${TOKEN}|${QUOTED}))?)*\\r\\n`,
  'y',
);
/** RFC9112#5: field-line CRLF, in a trailer section. */
const FIELD_LINE = new RegExp(`${TOKEN}:[\\t \\x21-\\x7e\\x80-\\xff]*\\r\\n`, 'y');

/** Demands that each accepted request is framed as the grammar says. */
export function assertFraming(octets: Uint8Array, records: readonly Http1Record[]): void {
  const input = latin1(octets, 0, octets.length);
  for (const [index, record] of records.entries()) {
    if (record.head === undefined) continue;
    const headEnd = input.indexOf('\r\n\r\n', record.offset) + 4;
    if (headEnd < 4) refuse(record.offset, 'head', 'a head without an end was accepted', '');
    const message = partsOf(records, index + 1);
    switch (record.head.framing.kind) {
      case 'none':
        checkNone(record, headEnd, message);
        break;
      case 'length':
        checkLength(record, headEnd, message);
        break;
      case 'chunked':
        checkChunks(input, headEnd, message);
        break;
      default:
        record.head.framing satisfies never;
    }
  }
}

interface Parts {
  readonly contents: readonly Http1Record[];
  readonly end: Http1Record | undefined;
}

/** What follows a request record up to the next one. */
function partsOf(records: readonly Http1Record[], from: number): Parts {
  const contents: Http1Record[] = [];
  for (let index = from; index < records.length; index++) {
    const record = records[index];
    if (record?.kind === 'content') contents.push(record);
    else return { contents, end: record?.kind === 'end' ? record : undefined };
  }
  return { contents, end: undefined };
}

/** RFC9112#6.3: a request with neither field has no content. */
function checkNone(request: Http1Record, headEnd: number, { contents, end }: Parts): void {
  const framed = request.head?.fields.has('transfer-encoding') ?? false;
  if (framed || contents.length > 0) refuse(headEnd, 'none', 'framing fields or content, yet framed as none', '');
  if (end?.offset !== headEnd) refuse(headEnd, 'none', 'ends elsewhere than at its head', '');
}

/** RFC9112#6.3: all members of Content-Length are one decimal number, and that many octets follow. */
function checkLength(request: Http1Record, headEnd: number, { contents, end }: Parts): void {
  const members = (request.head?.fields.all('content-length') ?? []).join(',').split(',');
  const digits = members.map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''));
  const [first = ''] = digits;
  if (!/^[0-9]+$/.test(first) || digits.some((member) => member !== first)) {
    refuse(headEnd, 'length', `Content-Length ${quoted(members.join(','))} was accepted`, first);
  }
  if (request.head?.fields.has('transfer-encoding')) refuse(headEnd, 'length', 'Transfer-Encoding was ignored', '');
  const received = contents.reduce((sum, content) => sum + content.text.length, 0);
  if (contents.some((content, index) => index > 0 || content.offset !== headEnd)) {
    refuse(headEnd, 'length', 'content does not follow its head', '');
  }
  // As text: a length past 2^53 must not be read as another one.
  if (end !== undefined && first.replace(/^0+(?=.)/, '') !== String(received)) {
    refuse(headEnd, 'length', `content has ${received} octets, Content-Length says ${quoted(first)}`, '');
  }
}

/** RFC9112#7.1: the chunks that the parser told are those that the grammar finds. */
function checkChunks(input: string, headEnd: number, { contents, end }: Parts): void {
  let at = headEnd;
  for (const content of contents) {
    const size = chunkSizeAt(input, at);
    if (size.dataAt !== content.offset) refuse(at, 'chunk-size', `chunk data begins at ${size.dataAt}`, '');
    const isLast = content === contents.at(-1) && end === undefined;
    const isCut = isLast && size.value > content.text.length && content.offset + content.text.length === input.length;
    if (size.value !== content.text.length && !isCut) {
      refuse(at, 'chunk-size', `a chunk of ${size.value} was read as ${content.text.length} octets`, '');
    }
    at = size.dataAt + content.text.length;
    if (isCut) return;
    if (input.startsWith('\r\n', at)) at += 2;
    else if (!isLast) refuse(at, 'chunk-data', 'chunk data ends without CRLF', '');
  }
  if (end === undefined) return;
  const last = chunkSizeAt(input, at);
  if (last.value !== 0) refuse(at, 'last-chunk', 'the content ends without a last chunk', '');
  for (at = last.dataAt; !input.startsWith('\r\n', at); at = FIELD_LINE.lastIndex) {
    FIELD_LINE.lastIndex = at;
    if (!FIELD_LINE.test(input)) refuse(at, 'trailer', 'a trailer line that is none was accepted', '');
  }
  if (at + 2 !== end.offset) refuse(at, 'trailer', 'the message ends elsewhere than its trailer section', '');
}

function chunkSizeAt(input: string, at: number): { readonly value: number; readonly dataAt: number } {
  CHUNK_LINE.lastIndex = at;
  const digits = CHUNK_LINE.exec(input)?.[1];
  if (digits === undefined) {
    return refuse(at, 'chunk-size', `${quoted(input.slice(at, at + 32))} was accepted as a chunk-size line`, '');
  }
  return { value: Number.parseInt(digits, 16), dataAt: CHUNK_LINE.lastIndex };
}

function refuse(offset: number, state: string, message: string, detail: string): never {
  throw new OracleError('framing', detail === '' ? message : `${message} (${quoted(detail)})`, { offset, state });
}
