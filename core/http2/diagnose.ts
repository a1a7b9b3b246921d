import { fromLatin1 } from '../bytes/latin1.ts';
import { FIELD_VALUE, LOWER_TOKEN } from '../bytes/octets.ts';
import { dumpOf, type Excerpt, excerptOf } from '../errors/escape.ts';
import type { ErrorPlace } from '../errors/protocol-error.ts';
import type { HpackFailure } from '../hpack/decoder.ts';
import type { HeaderField } from '../hpack/field-entry.ts';
import { locateField } from '../hpack/locate.ts';
import type { FieldBlock } from './block.ts';
import { type Frame, HEAD_BYTES } from './frame/head.ts';
import type { MalformedRequest } from './request.ts';

/** The place of a frame that is refused, or, where it is known, of the octet of its payload that is to blame. */
export function placeOfFrame(frame: Frame, at: number | undefined): ErrorPlace {
  const { bytes, from, to, offset, streamId, type } = frame;
  const place = { streamId, frameType: type, frameOffset: offset };
  const head = from - HEAD_BYTES;
  if (at === undefined) return { ...place, offset, dump: dumpOf(bytes, head, head, to) };
  return { ...place, offset: frame.offsetOf(from + at), dump: dumpOf(bytes, from + at, head, to) };
}

/** The place of the octet at which a block cannot be decoded. */
export function placeOfFailure(block: FieldBlock, { at }: HpackFailure): ErrorPlace {
  const { bytes, from, to } = block;
  const place = { ...block.placeOf(at), dump: dumpOf(bytes, at, from, to) };
  const octet = at < to ? bytes[at] : undefined;
  return octet === undefined ? place : { ...place, octet };
}

/**
 * The place where the field that makes a request malformed is represented; the excerpt is the field itself. `undefined`
 * where it is one that is missing.
 */
export function placeOfField(block: FieldBlock, { code, index, field }: MalformedRequest): ErrorPlace | undefined {
  if (field === undefined) return undefined;
  const { bytes, from, to } = block;
  return { ...block.placeOf(locateField(bytes, from, to, index)), excerpt: excerptOfField(code, field) };
}

function excerptOfField(code: MalformedRequest['code'], { name, value }: HeaderField): Excerpt {
  const text = fromLatin1(`${name}: ${value}`);
  const valueAt = name.length + 2;
  switch (code) {
    case 'H2_FIELD_NAME':
      return excerptOf(text, firstNot(name, LOWER_TOKEN));
    case 'H2_FIELD_VALUE':
      return excerptOf(text, valueAt + firstUnfit(value));
    case 'H2_FIELD_CONNECTION':
    case 'H2_PSEUDO_LATE':
    case 'H2_PSEUDO_TRAILER':
    case 'H2_PSEUDO_TWICE':
    case 'H2_PSEUDO_UNKNOWN':
    case 'H2_TRAILER_FORBIDDEN':
      return excerptOf(text, 0);
    default:
      return excerptOf(text, valueAt);
  }
}

/** Index of the first unit that is no octet of `table`; the length of `text` where all are. */
function firstNot(text: string, table: Uint8Array): number {
  let at = 0;
  while (at < text.length && table[text.charCodeAt(at)] === 1) at++;
  return at;
}

/** Index of what a field value must not have: a control, else white space at its begin, else at its end. */
function firstUnfit(value: string): number {
  const control = firstNot(value, FIELD_VALUE);
  if (control < value.length) return control;
  return /^[ \t]/.test(value) ? 0 : value.length - 1;
}
