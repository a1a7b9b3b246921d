/** Validators, conditions, ranges and their layout: what decides how a representation is sent (RFC9110#8.8, RFC9110#13, RFC9110#14). */
import fc from 'fast-check';
import t from 'tap';
import { preferredCoding } from './accept-encoding.ts';
import { contentRange, layOutMultipart } from './byteranges.ts';
import { allowsRange, evaluatePreconditions, type Precondition } from './conditional.ts';
import { imfFixdate, parseHttpDate } from './date.ts';
import { formatEntityTag, matchesStrongly, matchesWeakly, parseEntityTag, parseEntityTags } from './entity-tag.ts';
import { FieldLines } from './field.ts';
import { type ByteRange, planRanges } from './range.ts';

const SEED = 20_261_125;
const NOW = Date.UTC(2026, 10, 25, 12);
const tag = (opaque: string, isWeak = false) => ({ opaque, isWeak });
const fieldsOf = (fields: Readonly<Record<string, string>>) =>
  FieldLines.fromList(Object.entries(fields).map(([name, value]) => ({ name, value })));

t.test('parseEntityTag() reads one tag and nothing else (RFC9110#8.8.3)', async (t) => {
  const rows: [text: string, expected: object | undefined][] = [
    ['"a"', tag('a')],
    ['""', tag('')],
    ['W/"a"', tag('a', true)],
    ['"!#~\x80\xff"', tag('!#~\x80\xff')],
    ['"a\\"', tag('a\\')],
    ['w/"a"', undefined],
    ['W/ "a"', undefined],
    ['a', undefined],
    ['"a', undefined],
    ['a"', undefined],
    ['"a" ', undefined],
    ['"a b"', undefined],
    ['"a""', undefined],
    ['"\x7f"', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of rows) t.same(parseEntityTag(text), expected, text);
  t.equal(formatEntityTag(tag('a', true)), 'W/"a"');
});

t.test('parseEntityTags() reads a list, with commas inside tags and empty elements (RFC9110#5.6.1.2)', async (t) => {
  const rows: [text: string, expected: unknown][] = [
    ['*', '*'],
    ['"a"', [tag('a')]],
    ['"a","b"', [tag('a'), tag('b')]],
    ['"a" \t,\t W/"b"', [tag('a'), tag('b', true)]],
    [', ,"a",, "b", ,', [tag('a'), tag('b')]],
    ['"a,b"', [tag('a,b')]],
    ['"a" "b"', undefined],
    ['"a",*', undefined],
    ['*, "a"', undefined],
    ['"a", b', undefined],
    ['', undefined],
    [',', undefined],
  ];
  for (const [text, expected] of rows) t.same(parseEntityTags(text), expected, text);
});

t.test('a list of tags is read in linear time', async (t) => {
  const long = `${'"a" ,'.repeat(20_000)}x`;
  t.equal(parseEntityTags(long), undefined);
  t.equal(parseEntityTags(`${','.repeat(100_000)}x`), undefined);
});

t.test('tags are compared as RFC9110#8.8.3.2 tabulates', async (t) => {
  const rows: [a: string, b: string, strong: boolean, weak: boolean][] = [
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
  ];
  for (const [a, b, strong, weak] of rows) {
    const [x, y] = [parseEntityTag(a) ?? tag('?'), parseEntityTag(b) ?? tag('!')];
    t.equal(matchesStrongly(x, y), strong, `${a} ${b} strongly`);
    t.equal(matchesWeakly(x, y), weak, `${a} ${b} weakly`);
  }
});

t.test('parseHttpDate() reads the three formats (RFC9110#5.6.7)', async (t) => {
  const time = Date.UTC(1994, 10, 6, 8, 49, 37);
  const rows: [text: string, expected: number | undefined][] = [
    ['Sun, 06 Nov 1994 08:49:37 GMT', time],
    ['Sunday, 06-Nov-94 08:49:37 GMT', time],
    ['Sun Nov  6 08:49:37 1994', time],
    ['Sun, 06 Nov 1994 08:49:60 GMT', time + 22_000],
    ['Tue, 29 Feb 2000 00:00:00 GMT', Date.UTC(2000, 1, 29)],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Wednesday, 25-Nov-76 12:00:00 GMT', Date.UTC(2076, 10, 25, 12)],
    ['Wednesday, 25-Nov-76 12:00:01 GMT', Date.UTC(1976, 10, 25, 12, 0, 1)],
    ['Friday, 31-Dec-77 23:59:59 GMT', Date.UTC(1977, 11, 31, 23, 59, 59)],
    ['Mon, 29 Feb 2100 00:00:00 GMT', undefined],
    ['Sun, 31 Apr 1994 08:49:37 GMT', undefined],
    ['Sun, 00 Nov 1994 08:49:37 GMT', undefined],
    ['Sun, 06 Nov 1994 24:00:00 GMT', undefined],
    ['Sun, 06 Nov 1994 08:60:00 GMT', undefined],
    ['Sun, 06 Nov 1994 08:49:61 GMT', undefined],
    ['Sun, 6 Nov 1994 08:49:37 GMT', undefined],
    ['Sun, 06 nov 1994 08:49:37 GMT', undefined],
    ['Sun, 06 Nov 1994 08:49:37 UTC', undefined],
    ['Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT', undefined],
    ['784111777', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of rows) t.equal(parseHttpDate(text, NOW), expected, text);
  const newYear = 'Saturday, 01-Jan-00 00:00:00 GMT';
  t.equal(parseHttpDate(newYear, Date.UTC(2099, 11, 31)), Date.UTC(2100, 0, 1), 'tomorrow, in the next century');
  t.equal(parseHttpDate(newYear, Date.UTC(2049, 11, 31)), Date.UTC(2000, 0, 1), 'more than 50 years ahead, else');
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (second) => {
      return parseHttpDate(imfFixdate(second * 1_000), NOW) === second * 1_000;
    }),
    { seed: SEED },
  );
});

t.test('evaluatePreconditions() keeps the order of RFC9110#13.2.2', async (t) => {
  const lastModifiedMs = NOW - 3_600_000 + 250;
  const then = imfFixdate(lastModifiedMs);
  const before = imfFixdate(lastModifiedMs - 1_000);
  const after = imfFixdate(lastModifiedMs + 1_000);
  const both = { entityTag: tag('a'), lastModifiedMs };
  const weak = { entityTag: tag('a', true), lastModifiedMs: undefined };
  const rows: [
    method: string,
    fields: Record<string, string>,
    selected: typeof both | typeof weak | undefined,
    Precondition,
  ][] = [
    ['GET', {}, both, 'proceed'],
    ['GET', { 'If-Match': '"a"' }, both, 'proceed'],
    ['GET', { 'If-Match': '"b", "a"' }, both, 'proceed'],
    ['GET', { 'If-Match': '*' }, both, 'proceed'],
    ['GET', { 'If-Match': '"b"' }, both, 'failed'],
    ['PUT', { 'If-Match': '"b"' }, both, 'failed'],
    ['PUT', { 'If-Match': '*' }, undefined, 'failed'],
    ['PUT', { 'If-Match': 'W/"a"' }, both, 'failed'],
    ['PUT', { 'If-Match': '"a"' }, weak, 'failed'],
    ['PUT', { 'If-Match': 'a' }, both, 'failed'],
    ['GET', { 'If-Unmodified-Since': then }, both, 'proceed'],
    ['GET', { 'If-Unmodified-Since': after }, both, 'proceed'],
    ['GET', { 'If-Unmodified-Since': before }, both, 'failed'],
    ['PUT', { 'If-Unmodified-Since': before }, both, 'failed'],
    ['GET', { 'If-Unmodified-Since': before, 'If-Match': '"a"' }, both, 'proceed'],
    ['GET', { 'If-Unmodified-Since': 'yesterday' }, both, 'proceed'],
    ['GET', { 'If-Unmodified-Since': before }, weak, 'proceed'],
    ['GET', { 'If-None-Match': '"a"' }, both, 'not-modified'],
    ['HEAD', { 'If-None-Match': 'W/"a"' }, both, 'not-modified'],
    ['GET', { 'If-None-Match': '*' }, both, 'not-modified'],
    ['GET', { 'If-None-Match': '*' }, undefined, 'proceed'],
    ['GET', { 'If-None-Match': '"b"' }, both, 'proceed'],
    ['GET', { 'If-None-Match': 'a' }, both, 'proceed'],
    ['PUT', { 'If-None-Match': '"a"' }, both, 'failed'],
    ['PUT', { 'If-None-Match': '*' }, both, 'failed'],
    ['PUT', { 'If-None-Match': '*' }, undefined, 'proceed'],
    ['GET', { 'If-Modified-Since': then }, both, 'not-modified'],
    ['GET', { 'If-Modified-Since': after }, both, 'not-modified'],
    ['GET', { 'If-Modified-Since': before }, both, 'proceed'],
    ['POST', { 'If-Modified-Since': then }, both, 'proceed'],
    ['GET', { 'If-Modified-Since': `${then}, ${then}` }, both, 'proceed'],
    ['GET', { 'If-Modified-Since': then }, weak, 'proceed'],
    ['GET', { 'If-Modified-Since': then, 'If-None-Match': '"b"' }, both, 'proceed'],
    ['GET', { 'If-Modified-Since': before, 'If-None-Match': '"a"' }, both, 'not-modified'],
    ['GET', { 'If-Match': '"b"', 'If-None-Match': '"a"' }, both, 'failed'],
    ['GET', { 'If-Match': '"a"', 'If-None-Match': '"a"' }, both, 'not-modified'],
    ['OPTIONS', { 'If-Match': '"b"' }, both, 'proceed'],
    ['TRACE', { 'If-Match': '"b"' }, both, 'proceed'],
  ];
  for (const [method, fields, selected, expected] of rows) {
    const what = `${method} ${JSON.stringify(fields)}`;
    t.equal(evaluatePreconditions(method, fieldsOf(fields), selected, NOW), expected, what);
  }
});

t.test('allowsRange() compares If-Range exactly and strongly (RFC9110#13.1.5)', async (t) => {
  const lastModifiedMs = NOW - 5_000;
  const selected = { entityTag: tag('a'), lastModifiedMs };
  const rows: [value: string | undefined, expected: boolean][] = [
    [undefined, true],
    ['"a"', true],
    ['W/"a"', false],
    ['"b"', false],
    ['"a", "b"', false],
    ['*', false],
    [imfFixdate(lastModifiedMs), true],
    [imfFixdate(lastModifiedMs + 1_000), false],
    [imfFixdate(lastModifiedMs - 1_000), false],
    ['yesterday', false],
  ];
  for (const [value, expected] of rows) {
    const fields = fieldsOf(value === undefined ? {} : { 'If-Range': value });
    t.equal(allowsRange(fields, selected, NOW), expected, String(value));
  }
  const now = fieldsOf({ 'If-Range': imfFixdate(NOW) });
  t.equal(allowsRange(now, { entityTag: undefined, lastModifiedMs: NOW }, NOW + 500), false, 'of this second');
  t.equal(allowsRange(now, { entityTag: undefined, lastModifiedMs: NOW }, NOW + 1_000), true, 'of the last');
  const weak = fieldsOf({ 'If-Range': 'W/"a"' });
  t.equal(allowsRange(weak, { entityTag: tag('a', true), lastModifiedMs }, NOW), false, 'weak on both sides');
});

t.test('a range set is read in linear time, whatever stands between its members', async (t) => {
  const blanks = ' '.repeat(300_000);
  t.same(planRanges(`bytes=0-1${blanks}x`, 10, 4), { kind: 'whole' });
  t.same(planRanges(`bytes=${blanks}0-1${blanks},${blanks}`, 10, 4), {
    kind: 'parts',
    ranges: [{ first: 0, last: 1 }],
  });
});

t.test('preferredCoding() takes what the client likes best of what there is (RFC9110#12.5.3)', async (t) => {
  const rows: [field: string | undefined, expected: string | undefined][] = [
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip, br', 'br'],
    ['gzip;q=0.9, br ; Q=0.8', 'gzip'],
    ['gzip;q=0.5, identity', 'identity'],
    ['gzip;q=0.5, identity;q=0.5', 'gzip'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['identity;q=0', undefined],
    ['*;q=0, identity', 'identity'],
    ['br;q=2, gzip;q=0.1234', 'identity'],
    ['gzip\xa0', 'identity'],
  ];
  for (const [field, expected] of rows) t.equal(preferredCoding(field, ['br', 'gzip']), expected, String(field));
});

t.test('planRanges() takes what lies in the representation (RFC9110#14.1.2, RFC9110#14.2)', async (t) => {
  const rows: [field: string, expected: string][] = [
    ['bytes=0-0', '0-0'],
    ['bytes=0-', '0-99'],
    ['bytes=99-', '99-99'],
    ['bytes=10-19', '10-19'],
    ['bytes=90-1000', '90-99'],
    ['bytes=-1', '99-99'],
    ['bytes=-1000', '0-99'],
    ['Bytes=0-0', '0-0'],
    ['bytes= 0-0 , -1', '0-0 99-99'],
    ['bytes=,,0-0,', '0-0'],
    ['bytes=50-59,0-9', '50-59 0-9'],
    ['bytes=0-9,10-19', '0-19'],
    ['bytes=0-50,40-60', '0-60'],
    ['bytes=40-60,0-50,80-81', '0-60 80-81'],
    ['bytes=0-9,11-19', '0-9 11-19'],
    ['bytes=0-99,5-6', '0-99'],
    ['bytes=200-300,5-6', '5-6'],
    ['bytes=0-18446744073709551616', '0-99'],
    ['bytes=-18446744073709551616', '0-99'],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=100-200,300-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=18446744073709551616-18446744073709551617', 'unsatisfiable'],
    ['bytes=18446744073709551617-18446744073709551616', 'whole'],
    ['bytes=5-4', 'whole'],
    ['bytes=0-1,5-4', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=', 'whole'],
    ['bytes', 'whole'],
    ['bytes=a-b', 'whole'],
    ['bytes=+1-2', 'whole'],
    ['bytes=0x1-2', 'whole'],
    ['bytes=1 -2', 'whole'],
    ['bytes=1--2', 'whole'],
    ['bytes =0-1', 'whole'],
    ['items=0-1', 'whole'],
    ['bytes=0-0,2-2,4-4,6-6', '0-0 2-2 4-4 6-6'],
    ['bytes=0-0,2-2,4-4,6-6,8-8', 'whole'],
  ];
  const shown = (field: string, bytes: number) => {
    const plan = planRanges(field, bytes, 4);
    return plan.kind === 'parts' ? plan.ranges.map(({ first, last }) => `${first}-${last}`).join(' ') : plan.kind;
  };
  for (const [field, expected] of rows) t.equal(shown(field, 100), expected, field);
  t.equal(shown('bytes=0-', 0), 'unsatisfiable', 'nothing to begin at');
  t.equal(shown('bytes=-5', 0), 'whole', 'a suffix of nothing');
});

t.test('planned ranges never overlap, stay inside, and cover exactly what was asked for', async (t) => {
  const bytes = 64;
  const spec = fc.oneof(
    fc.tuple(fc.nat(80), fc.nat(80)).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.nat(80).map((first) => `${first}-`),
    fc.nat(80).map((count) => `-${count}`),
  );
  const asked = (text: string, at: number) => {
    const [first = '', last = ''] = text.split('-');
    if (first === '') return at >= bytes - Number(last);
    return at >= Number(first) && (last === '' || at <= Number(last));
  };
  const property = fc.property(fc.array(spec, { minLength: 1, maxLength: 8 }), (specs) => {
    const plan = planRanges(`bytes=${specs.join(',')}`, bytes, 8);
    const ranges: readonly ByteRange[] = plan.kind === 'parts' ? plan.ranges : [];
    for (let at = 0; at < bytes; at++) {
      const times = ranges.filter(({ first, last }) => first <= at && at <= last).length;
      if (times !== (specs.some((text) => asked(text, at)) ? 1 : 0)) return false;
    }
    return ranges.every(({ last }) => last < bytes);
  });
  t.doesNotThrow(() => fc.assert(property, { seed: SEED }));
});

t.test('layOutMultipart() says the length that its pieces have (RFC9110#14.6)', async (t) => {
  const ranges = [
    { first: 0, last: 9 },
    { first: 50, last: 50 },
  ];
  const { type, bytes, parts, closing } = layOutMultipart(ranges, 100, 'text/plain', 'BOUNDARY');
  t.equal(type, 'multipart/byteranges; boundary=BOUNDARY');
  const whole = `${parts.map(({ head, range }) => head + 'x'.repeat(range.last - range.first + 1)).join('')}${closing}`;
  t.equal(bytes, whole.length);
  t.equal(
    whole,
    '--BOUNDARY\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-9/100\r\n\r\nxxxxxxxxxx' +
      '\r\n--BOUNDARY\r\nContent-Type: text/plain\r\nContent-Range: bytes 50-50/100\r\n\r\nx\r\n--BOUNDARY--\r\n',
  );
  t.equal(contentRange(undefined, 7), 'bytes */7');
});
