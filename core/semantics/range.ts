import { trimSpace } from './list.ts';

/** Range requests (RFC9110#14): what a Range field asks for, and what of it is sent. */

/** One member of a byte-range set; offsets are octets. */
export type RangeSpec =
  | { readonly kind: 'from'; readonly first: number; readonly last: number | undefined }
  | { readonly kind: 'suffix'; readonly bytes: number };

/** Octets `first` to `last`, both inside. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** What a request for ranges of a representation leads to. */
export type RangePlan =
  /** Range is ignored: 200 with everything. */
  | { readonly kind: 'whole' }
  /** 206 with these octets; more than one leave as `multipart/byteranges`. */
  | { readonly kind: 'parts'; readonly ranges: readonly ByteRange[] }
  /** 416: none of the ranges lies in the representation. */
  | { readonly kind: 'unsatisfiable' };

const WHOLE: RangePlan = { kind: 'whole' };
const MEMBER = /^(\d*)-(\d*)$/;

/**
 * Plans the answer to a Range field (RFC9110#14.2).
 *
 * Ranges that overlap or touch are sent as one (RFC9110#15.3.7.2), so that no octet is sent twice; they keep the order in
 * which they were asked for. A field is ignored, which RFC9110#14.2 leaves to the server, where its
 * unit is not `bytes`, it is malformed, or it has more than `maxRanges` members: asking for much can never cost more
 * than asking for everything.
 * @param bytes length of the representation
 */
export function planRanges(field: string, bytes: number, maxRanges: number): RangePlan {
  const specs = parseRanges(field, maxRanges);
  if (specs === undefined) return WHOLE;
  const asked = specs.flatMap((spec) => resolve(spec, bytes));
  if (asked.length === 0) return { kind: 'unsatisfiable' };
  const ranges = coalesce(asked.filter(({ first, last }) => first <= last));
  // RFC9110#14.1.2: a suffix of an empty representation is satisfiable, and no Content-Range can say it
  return ranges.length === 0 ? WHOLE : { kind: 'parts', ranges };
}

/** Members of a `bytes` range set; undefined where the field is to be ignored. */
export function parseRanges(field: string, maxRanges: number): readonly RangeSpec[] | undefined {
  const equals = field.indexOf('=');
  // RFC9110#14.1: range units are compared without regard to case
  if (equals === -1 || field.slice(0, equals).toLowerCase() !== 'bytes') return undefined;
  const specs: RangeSpec[] = [];
  for (let at = equals + 1; at <= field.length; ) {
    const comma = field.indexOf(',', at);
    const end = comma === -1 ? field.length : comma;
    const text = trimSpace(field.slice(at, end));
    at = end + 1;
    // RFC9110#5.6.1.2 MUST: empty elements are let pass
    if (text === '') continue;
    const spec = parseSpec(text);
    if (spec === undefined || specs.length === maxRanges) return undefined;
    specs.push(spec);
  }
  return specs.length === 0 ? undefined : specs;
}

function parseSpec(text: string): RangeSpec | undefined {
  const match = MEMBER.exec(text);
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') return last === '' ? undefined : { kind: 'suffix', bytes: Number(last) };
  if (last === '') return { kind: 'from', first: Number(first), last: undefined };
  // RFC9110#14.1.1: invalid where the last position is before the first
  return isLess(last, first) ? undefined : { kind: 'from', first: Number(first), last: Number(last) };
}

/** Of two decimal numerals of any length, whether `a` is less: as numbers, large ones would become equal. */
function isLess(a: string, b: string): boolean {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length === y.length ? x < y : x.length < y.length;
}

/** The octets that are meant; none where they all lie behind the end, an empty range for a suffix of nothing. */
function resolve(spec: RangeSpec, bytes: number): readonly ByteRange[] {
  if (spec.kind === 'suffix') {
    return spec.bytes === 0 ? [] : [{ first: Math.max(0, bytes - spec.bytes), last: bytes - 1 }];
  }
  const { first, last = Number.POSITIVE_INFINITY } = spec;
  return first < bytes ? [{ first, last: Math.min(last, bytes - 1) }] : [];
}

/** Neighbours become one, at the place of whichever was asked for first. */
function coalesce(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const ascending = ranges.map((range, index) => ({ ...range, index })).sort((a, b) => a.first - b.first);
  const merged: { first: number; last: number; index: number }[] = [];
  for (const range of ascending) {
    const previous = merged.at(-1);
    if (previous === undefined || range.first > previous.last + 1) {
      merged.push(range);
      continue;
    }
    previous.last = Math.max(previous.last, range.last);
    previous.index = Math.min(previous.index, range.index);
  }
  return merged.sort((a, b) => a.index - b.index).map(({ first, last }) => ({ first, last }));
}
