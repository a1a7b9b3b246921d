/**
 * Forms held against a second reader, which has the whole form before it and divides it as RFC2046#5.1.1 says: at lines that
 * begin with the boundary. It knows no limits: inputs of targets are smaller than all of them but `outsideBytes`.
 */
import {
  CODES,
  formLimits,
  latin1,
  type MultipartEvent,
  type MultipartOptions,
  MultipartReader,
} from '../../core/sans-io.ts';
import type { Tell } from '../define.ts';
import { OracleError, quoted } from './oracle-error.ts';
import { assertSameForEveryCut, type EventRecord } from './segmentation.ts';

export const FORM_BOUNDARY = 'b';

/** One event; content that is told in several pieces is one. */
export interface FormRecord extends EventRecord {
  readonly kind: MultipartEvent['kind'];
  /** Of a part. */
  readonly name?: string;
  readonly filename?: string | undefined;
}

/** Runs the core's reader over pieces. @param tell hears each event when it happens */
export function readForm(
  pieces: Iterable<Uint8Array>,
  options: MultipartOptions = {},
  tell?: Tell,
): readonly FormRecord[] {
  const reader = new MultipartReader(FORM_BOUNDARY, options);
  const records: FormRecord[] = [];
  const hear = (event: MultipartEvent): void => {
    const last = records.at(-1);
    const record = recordOf(event);
    tell?.(record);
    if (record.kind === 'content' && last?.kind === 'content') {
      if (last.offset + last.text.length !== record.offset)
        broken('content', `content at ${record.offset} does not go on`);
      records[records.length - 1] = { ...last, text: last.text + record.text };
    } else records.push(record);
  };
  for (const piece of pieces) for (const event of reader.receive(piece)) hear(event);
  for (const event of reader.end()) hear(event);
  const isOver = reader.state === 'ended' || reader.state === 'failed';
  if (!isOver) broken('state', `behind the end of a form its reader is ${reader.state}`);
  return records;
}

function recordOf(event: MultipartEvent): FormRecord {
  switch (event.kind) {
    case 'part': {
      const { name, filename, fields } = event.head;
      return {
        kind: 'part',
        offset: event.offset,
        text: JSON.stringify([name, filename, [...fields]]),
        name,
        filename,
      };
    }
    case 'content':
      return { kind: 'content', offset: event.offset, text: latin1(event.bytes) };
    case 'error': {
      const { code, offset, message } = event.error;
      if (!Object.hasOwn(CODES, code)) broken('code', `${quoted(code)} is in no registry`);
      return { kind: 'error', offset, text: `${code} ${message}` };
    }
    default:
      return { kind: event.kind, offset: event.offset, text: '' };
  }
}

/** Demands that a form is told in every cut the same, in order, and as the second reader divides it. */
export function assertForm(octets: Uint8Array): void {
  const records = assertSameForEveryCut(octets, (pieces) => readForm(pieces));
  assertFormOrder(octets, records);
  assertFormReading(octets, records);
  assertFormLimits(octets);
}

/** Demands `part`, `content`, `part-end` in turn, offsets that never run back, and content that is the form's own octets. */
export function assertFormOrder(octets: Uint8Array, records: readonly FormRecord[]): void {
  let at = 0;
  let place: 'between' | 'part' | 'over' = 'between';
  for (const { kind, offset, text } of records) {
    if (place === 'over') broken('order', `${kind} behind the end`);
    if (offset < at || offset > octets.length) broken('offset', `${kind} at ${offset} behind ${at}`);
    at = kind === 'content' ? offset + text.length : offset;
    if ((kind === 'part' || kind === 'end') && place !== 'between') broken('order', `${kind} inside a part`);
    if ((kind === 'content' || kind === 'part-end') && place !== 'part') broken('order', `${kind} outside a part`);
    if (kind === 'content' && latin1(octets, offset, at) !== text) broken('octets', 'content is not what was received');
    if (kind === 'part') {
      place = 'part';
      const filename = records.find((record) => record.offset === offset)?.filename;
      if (filename !== undefined && /[/\\\p{Cc}]|^\.{1,2}$/u.test(filename)) broken('filename', quoted(filename));
    }
    if (kind === 'part-end') place = 'between';
    if (kind === 'end' || kind === 'error') place = 'over';
  }
  if (place !== 'over') broken('order', 'neither an end nor an error');
}

const LINE = /^[ \t]*\r\n/;
const CLOSE = /^--[ \t]*(?:$|\r\n)/;
const FIELDS = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n/;
const DISPOSITION = /^content-disposition:[ \t]*form-data[ \t]*(?:;|\r)/im;

/** Demands that the parts of an accepted form are those of the second reader, and that what is plain is accepted. */
export function assertFormReading(octets: Uint8Array, records: readonly FormRecord[]): void {
  const expected = divide(latin1(octets));
  const last = records.at(-1);
  if (last?.kind === 'error') {
    if (expected?.isPlain === true) broken('refused', `a plain form is refused: ${quoted(last.text)}`);
    return;
  }
  if (expected === undefined) return broken('accepted', 'a form is accepted that is none');
  const told = records.flatMap(({ kind, text }, index) => {
    if (kind !== 'part') return [];
    const next = records[index + 1];
    return [{ fields: JSON.parse(text)[2], content: next?.kind === 'content' ? next.text : '' }];
  });
  if (told.length !== expected.parts.length) broken('parts', `${told.length} parts for ${expected.parts.length}`);
  for (const [index, part] of expected.parts.entries()) {
    if (JSON.stringify(told[index]?.fields) !== JSON.stringify(part.fields))
      broken('fields', 'a part has other fields');
    if (told[index]?.content !== part.content) broken('content', 'a part has another content');
  }
}

interface PlainPart {
  readonly fields: readonly [string, string][];
  readonly content: string;
}

/** The parts of a form by its lines; undefined for what is none. `isPlain`: every reader has to take it. */
function divide(form: string): { readonly parts: readonly PlainPart[]; readonly isPlain: boolean } | undefined {
  const delimiter = `\r\n--${FORM_BOUNDARY}`;
  const [preamble = '', ...pieces] = `\r\n${form}`.split(delimiter);
  const parts: PlainPart[] = [];
  let isPlain = preamble === '';
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index] ?? '';
    if (CLOSE.test(piece)) {
      const rest = piece.replace(/^--[ \t]*/, '') + pieces.slice(index + 1).join(delimiter);
      return { parts, isPlain: isPlain && rest.length < 9 };
    }
    const line = LINE.exec(piece)?.[0];
    if (line === undefined) return undefined;
    const body = piece.slice(line.length);
    // The CRLF that ends a head may be that of the delimiter: this part has no content then
    const head = FIELDS.exec(body)?.[0] ?? FIELDS.exec(`${body}\r\n`)?.[0];
    if (head === undefined || !DISPOSITION.test(head)) return undefined;
    const fields = head
      .split('\r\n')
      .slice(0, -2)
      .map((text): [string, string] => {
        const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*?)[ \t]*$/s.exec(text) ?? [];
        return [name, value];
      });
    parts.push({ fields, content: body.slice(head.length) });
    isPlain &&= fields.length === 1 && /^form-data; name="[a-z]*"(?:; filename="[a-z.]*")?$/.test(fields[0]?.[1] ?? '');
  }
  return undefined;
}

const TIGHT = {
  parts: 2,
  partHeadBytes: 64,
  partFieldCount: 2,
  valueBytes: 3,
  fileBytes: 5,
  totalBytes: 150,
  outsideBytes: 4,
};

/** Demands that tight limits hold, however a form is cut. */
export function assertFormLimits(octets: Uint8Array): void {
  const records = assertSameForEveryCut(octets, (pieces) =>
    readForm(pieces, { limits: TIGHT, extendedFilename: 'accept' }),
  );
  const limits = formLimits(TIGHT);
  let isFile = false;
  for (const { kind, text, filename, offset } of records) {
    if (kind === 'part') isFile = filename !== undefined;
    const most = isFile ? limits.fileBytes : limits.valueBytes;
    if (kind === 'content' && text.length > most) broken('limit', `content of ${text.length} octets for ${most}`);
    if (offset > limits.totalBytes) broken('limit', `${kind} at ${offset}`);
  }
  const parts = records.filter(({ kind }) => kind === 'part').length;
  if (parts > limits.parts) broken('limit', `${parts} parts`);
}

function broken(state: string, message: string): never {
  throw new OracleError('form', message, { state });
}
