/**
 * Range fields held against a plain second reading of RFC9110#14: what is sent is the union of what was asked for, no octet of it
 * twice, in the order of the asking; and a writer of multipart/byteranges against a reader that knows nothing of it.
 */
import { type ByteRange, contentRange, layOutMultipart, planRanges } from '../../core/sans-io.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** Octets first to last, both inside. */
type Span = readonly [first: bigint, last: bigint];

/** Demands that the plan for a Range field is the one that the text of the standard has. */
export function assertPlan(field: string, bytes: number, maxRanges: number): readonly ByteRange[] {
  const plan = planRanges(field, bytes, maxRanges);
  const asked = readField(field, BigInt(bytes), maxRanges);
  const expected =
    asked === undefined || (asked.length > 0 && asked.every(isEmpty))
      ? 'whole'
      : asked.length === 0
        ? 'unsatisfiable'
        : 'parts';
  if (plan.kind !== expected) broken('kind', `${quoted(field)} of ${bytes} octets: ${plan.kind}, not ${expected}`);
  if (plan.kind !== 'parts' || asked === undefined) return [];
  const wanted = asked.filter((span) => !isEmpty(span));
  assertParts(plan.ranges, bytes, field);
  assertUnion(plan.ranges, wanted, field);
  assertOrder(plan.ranges, wanted, field);
  return plan.ranges;
}

/** In the representation, apart from one another, and so never more than all of it. */
function assertParts(ranges: readonly ByteRange[], bytes: number, field: string): void {
  const ascending = [...ranges].sort((a, b) => a.first - b.first);
  for (const [index, { first, last }] of ascending.entries()) {
    if (!(first >= 0 && first <= last && last < bytes)) broken('bounds', `${quoted(field)} gives ${first}-${last}`);
    const before = ascending[index - 1];
    if (before !== undefined && before.last + 1 >= first) broken('apart', `${quoted(field)} gives neighbours`);
  }
}

/** Every end and what is beside it: between two of these neither side changes. */
function assertUnion(ranges: readonly ByteRange[], asked: readonly Span[], field: string): void {
  const given: Span[] = ranges.map(({ first, last }) => [BigInt(first), BigInt(last)]);
  const holds = (spans: readonly Span[], at: bigint): boolean =>
    spans.some(([first, last]) => at >= first && at <= last);
  for (const end of [...given, ...asked].flat()) {
    for (const at of [end - 1n, end, end + 1n]) {
      if (holds(given, at) !== holds(asked, at)) broken('union', `${quoted(field)}: octet ${at} is sent or left out`);
    }
  }
}

/** RFC9110#15.3.7.2: parts stand in the order in which what is in them was asked for first. */
function assertOrder(ranges: readonly ByteRange[], asked: readonly Span[], field: string): void {
  const firsts = ranges.map(({ first, last }) =>
    asked.findIndex(([from, to]) => from >= BigInt(first) && to <= BigInt(last)),
  );
  if (firsts.some((index, at) => at > 0 && index <= (firsts[at - 1] ?? -1))) broken('order', `${quoted(field)}`);
}

/** What a field asks for; undefined where it is to be ignored. A suffix of nothing at all is an empty span. */
function readField(field: string, bytes: bigint, maxRanges: number): readonly Span[] | undefined {
  const [, set] = /^bytes=(.*)$/is.exec(field) ?? [];
  if (set === undefined) return undefined;
  const members = set
    .split(',')
    .map((member) => member.replace(/^[ \t]+/, '').replace(/^(.*[^ \t])[ \t]+$/s, '$1'))
    .filter((member) => member !== '');
  if (members.length === 0 || members.length > maxRanges) return undefined;
  const spans: Span[] = [];
  for (const member of members) {
    const [, first = '', last = ''] = /^(?:([0-9]+)-([0-9]*)|-([0-9]+))$/.exec(member) ?? [];
    const [, suffix] = /^-([0-9]+)$/.exec(member) ?? [];
    if (suffix !== undefined) {
      const length = BigInt(suffix);
      if (length > 0n) spans.push([length > bytes ? 0n : bytes - length, bytes - 1n]);
    } else if (first === '' || (last !== '' && BigInt(last) < BigInt(first))) {
      return undefined;
    } else if (BigInt(first) < bytes) {
      spans.push([BigInt(first), last === '' || BigInt(last) >= bytes ? bytes - 1n : BigInt(last)]);
    }
  }
  return spans;
}

function isEmpty([first, last]: Span): boolean {
  return first > last;
}

const BOUNDARY = 'aeronet-boundary-0123456789';
/** What a part costs above its octets: its delimiter, its head and two numbers. */
const PART_BYTES = 256;

/** Demands that a multipart of these ranges is read back as they are, and that its length is told to the octet. */
export function assertMultipart(ranges: readonly ByteRange[], content: string, type: string): void {
  const multipart = layOutMultipart(ranges, content.length, type, BOUNDARY);
  const wire =
    multipart.parts.map(({ head, range }) => head + content.slice(range.first, range.last + 1)).join('') +
    multipart.closing;
  if (wire.length !== multipart.bytes) broken('length', `${wire.length} octets are told as ${multipart.bytes}`);
  if (wire.length > content.length + (ranges.length + 1) * (PART_BYTES + type.length))
    broken('amplification', `${ranges.length} parts of ${content.length} octets are ${wire.length}`);
  const [, boundary] = /^multipart\/byteranges; boundary=([\w'()+,\-./:=?]{1,70})$/.exec(multipart.type) ?? [];
  if (boundary === undefined) return broken('type', `${quoted(multipart.type)} names no boundary`);
  const parts = readMultipart(wire, boundary);
  if (parts.length !== ranges.length) broken('parts', `${ranges.length} parts are read as ${parts.length}`);
  for (const [index, { first, last }] of ranges.entries()) {
    const { fields, body } = parts[index] ?? { fields: [], body: '' };
    const expected = [`Content-Type: ${type}`, `Content-Range: bytes ${first}-${last}/${content.length}`];
    if (fields.join('\n') !== expected.join('\n')) broken('head', `a part has ${quoted(fields.join('; '))}`);
    if (body !== content.slice(first, last + 1)) broken('body', `a part has ${body.length} octets that are others`);
    if (contentRange({ first, last }, content.length) !== `bytes ${first}-${last}/${content.length}`)
      broken('content-range', `of ${first}-${last}`);
  }
}

interface Part {
  readonly fields: readonly string[];
  readonly body: string;
}

/** RFC9110#14.6: parts stand between delimiter lines, the last of which ends in two hyphens. */
function readMultipart(wire: string, boundary: string): readonly Part[] {
  const [preamble, ...rest] = `\r\n${wire}`.split(`\r\n--${boundary}`);
  const close = rest.pop();
  if (preamble !== '' || close !== '--\r\n') broken('delimiter', `the multipart ends with ${quoted(String(close))}`);
  return rest.map((text) => {
    const end = text.indexOf('\r\n\r\n');
    if (!text.startsWith('\r\n') || end === -1) broken('delimiter', `a part begins with ${quoted(text.slice(0, 40))}`);
    return { fields: text.slice(2, end).split('\r\n'), body: text.slice(end + 4) };
  });
}

function broken(state: string, message: string): never {
  throw new OracleError('ranges', message, { state });
}
