/** Structured fields (RFC9651): what is read, what is refused and where, and that what was written is read as it was. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { CallerError } from '../../errors/caller-error.ts';
import { CODES } from '../../errors/protocol-error.ts';
import { structuredLimits } from '../../limits/structured-limits.ts';
import { isFailure, valueError } from '../failure.ts';
import { formatDictionary, formatItem, formatList } from './format.ts';
import { parseDictionary, parseItem, parseList } from './parse.ts';
import { type BareItem, type Item, isInnerList, type Member, NO_PARAMETERS, type Parameters } from './types.ts';

const SEED = 20_261_125;

/** A value as JSON can say it: numbers with their kind, lists in arrays, parameters behind them. */
function plain(member: Member): unknown {
  const parameters = [...member.parameters].map(([key, value]) => [key, bare(value)]);
  const value = isInnerList(member) ? member.items.map(plain) : bare(member.bare);
  return parameters.length === 0 ? value : [value, Object.fromEntries(parameters)];
}

function bare({ kind, value }: BareItem): unknown {
  return kind === 'bytes' ? `bytes ${[...value]}` : `${kind} ${value}`;
}

t.test('items: every type, with parameters (RFC9651#3.3)', async (t) => {
  const rows: [text: string, expected: unknown, canonical?: string][] = [
    ['5', 'integer 5'],
    ['  5  ', 'integer 5', '5'],
    ['5; foo=bar', ['integer 5', { foo: 'token bar' }], '5;foo=bar'],
    ['-0', 'integer 0', '0'],
    ['0042', 'integer 42', '42'],
    ['999999999999999', 'integer 999999999999999'],
    ['-999999999999999', 'integer -999999999999999'],
    ['4.5', 'decimal 4.5'],
    ['1.0', 'decimal 1'],
    ['-0002.50', 'decimal -2.5', '-2.5'],
    ['123456789012.125', 'decimal 123456789012.125'],
    ['"hello world"', 'string hello world'],
    ['"a\\"b\\\\c"', 'string a"b\\c'],
    ['""', 'string '],
    ['foo123/456', 'token foo123/456'],
    ['*a:b', 'token *a:b'],
    [
      ':cHJldGVuZCB0aGlzIGlzIGJpbmFyeSBjb250ZW50Lg==:',
      `bytes ${[...new TextEncoder().encode('pretend this is binary content.')]}`,
    ],
    [':YQ:', 'bytes 97', ':YQ==:'],
    [':YR==:', 'bytes 97', ':YQ==:'],
    ['::', 'bytes '],
    ['?1', 'boolean true'],
    ['?0;a', ['boolean false', { a: 'boolean true' }]],
    ['@1659578233', 'date 1659578233'],
    ['@-62135596800', 'date -62135596800'],
    ['%"This is intended for display to %c3%bcsers."', 'display This is intended for display to üsers.'],
    ['%"%22%25"', 'display "%'],
    ['1; a; b=?0', ['integer 1', { a: 'boolean true', b: 'boolean false' }], '1;a;b=?0'],
    ['1;a=1;b=2;a=3', ['integer 1', { a: 'integer 3', b: 'integer 2' }], '1;a=3;b=2'],
    [
      '2; foourl="https://foo.example.com/"',
      ['integer 2', { foourl: 'string https://foo.example.com/' }],
      '2;foourl="https://foo.example.com/"',
    ],
  ];
  for (const [text, expected, canonical = text] of rows) {
    const item = parseItem(text);
    if (isFailure(item)) throw new Error(`${text}: ${item.failure}`);
    t.same(plain(item), expected, text);
    t.equal(formatItem(item), canonical, `${text} is written in one form`);
  }
});

t.test('lists and inner lists (RFC9651#3.1)', async (t) => {
  const rows: [text: string, expected: unknown, canonical?: string | undefined][] = [
    ['sugar, tea, rum', ['token sugar', 'token tea', 'token rum']],
    ['sugar,tea \t,\t rum', ['token sugar', 'token tea', 'token rum'], 'sugar, tea, rum'],
    [
      '("foo" "bar"), ("baz"), ("bat" "one"), ()',
      [['string foo', 'string bar'], ['string baz'], ['string bat', 'string one'], []],
    ],
    [
      '("foo"; a=1;b=2);lvl=5, ("bar" "baz");lvl=1',
      [
        [[['string foo', { a: 'integer 1', b: 'integer 2' }]], { lvl: 'integer 5' }],
        [['string bar', 'string baz'], { lvl: 'integer 1' }],
      ],
      '("foo";a=1;b=2);lvl=5, ("bar" "baz");lvl=1',
    ],
    [
      'abc;a=1;b=2; cde_456, (ghi;jk=4 l);q="9";r=w',
      [
        ['token abc', { a: 'integer 1', b: 'integer 2', cde_456: 'boolean true' }],
        [[['token ghi', { jk: 'integer 4' }], 'token l'], { q: 'string 9', r: 'token w' }],
      ],
      'abc;a=1;b=2;cde_456, (ghi;jk=4 l);q="9";r=w',
    ],
    ['(  1   2  )', [['integer 1', 'integer 2']], '(1 2)'],
    ['', [], undefined],
    ['   ', [], undefined],
  ];
  for (const [text, expected, ...canonical] of rows) {
    const list = parseList(text);
    if (isFailure(list)) throw new Error(`${text}: ${list.failure}`);
    t.same(list.map(plain), expected, text);
    t.equal(formatList(list), canonical.length === 0 ? text : canonical[0], `${text} is written in one form`);
  }
});

t.test('dictionaries keep their order, and the last of a key counts (RFC9651#3.2)', async (t) => {
  const rows: [text: string, expected: [string, unknown][], canonical?: string | undefined][] = [
    [
      'en="Applepie", da=:w4ZibGV0w6ZydGU=:',
      [
        ['en', 'string Applepie'],
        ['da', `bytes ${[...new TextEncoder().encode('Æbletærte')]}`],
      ],
    ],
    [
      'a=?0, b, c; foo=bar',
      [
        ['a', 'boolean false'],
        ['b', 'boolean true'],
        ['c', ['boolean true', { foo: 'token bar' }]],
      ],
      'a=?0, b, c;foo=bar',
    ],
    [
      'rating=1.5, feelings=(joy sadness)',
      [
        ['rating', 'decimal 1.5'],
        ['feelings', ['token joy', 'token sadness']],
      ],
    ],
    [
      'a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid',
      [
        ['a', ['integer 1', 'integer 2']],
        ['b', 'integer 3'],
        ['c', ['integer 4', { aa: 'token bb' }]],
        ['d', [['integer 5', 'integer 6'], { valid: 'boolean true' }]],
      ],
    ],
    [
      'foo=1, bar=2, foo=3',
      [
        ['foo', 'integer 3'],
        ['bar', 'integer 2'],
      ],
      'foo=3, bar=2',
    ],
    ['a=?1', [['a', 'boolean true']], 'a'],
    ['__proto__=1', [], ''],
    ['', [], undefined],
  ];
  for (const [text, expected, ...canonical] of rows) {
    const dictionary = parseDictionary(text);
    if (isFailure(dictionary)) {
      t.same([text, dictionary], ['__proto__=1', { failure: 'SF_KEY', at: 0 }], 'no key begins with "_"');
      continue;
    }
    t.same(
      [...dictionary].map(([key, member]) => [key, plain(member)]),
      expected,
      text,
    );
    t.equal(formatDictionary(dictionary), canonical.length === 0 ? text : canonical[0], `${text} in one form`);
  }
});

const PARSERS = { item: parseItem, list: parseList, dict: parseDictionary };

t.test('what is refused, by its code and place (RFC9651#4.2)', async (t) => {
  const rows: [kind: keyof typeof PARSERS, text: string, code: string, at: number][] = [
    ['item', '', 'SF_ITEM', 0],
    ['item', '5 6', 'SF_END', 2],
    ['item', '5\t', 'SF_END', 1],
    ['item', '\t5', 'SF_ITEM', 0],
    ['list', 'a b', 'SF_LIST_COMMA', 2],
    ['list', 'a,', 'SF_LIST_TRAILING', 1],
    ['list', 'a, \t', 'SF_LIST_TRAILING', 1],
    ['list', ',a', 'SF_ITEM', 0],
    ['list', 'a,,b', 'SF_ITEM', 2],
    ['list', '(a', 'SF_INNER_CUT', 0],
    ['list', '(a ', 'SF_INNER_CUT', 0],
    ['list', 'b, (', 'SF_INNER_CUT', 3],
    ['list', '("a""b")', 'SF_INNER_SPACE', 4],
    ['list', '((a))', 'SF_ITEM', 1],
    ['list', '(a,b)', 'SF_INNER_SPACE', 2],
    ['dict', 'A=1', 'SF_KEY', 0],
    ['dict', 'a=1;B', 'SF_KEY', 4],
    ['dict', 'a =1', 'SF_LIST_COMMA', 2],
    ['dict', 'a= 1', 'SF_ITEM', 2],
    ['dict', 'a,', 'SF_LIST_TRAILING', 1],
    ['dict', 'a=', 'SF_ITEM', 2],
    ['item', '-', 'SF_NUMBER_DIGIT', 1],
    ['item', '--1', 'SF_NUMBER_DIGIT', 1],
    ['item', '1000000000000000', 'SF_INTEGER_DIGITS', 15],
    ['item', '-1000000000000000', 'SF_INTEGER_DIGITS', 16],
    ['item', '1234567890123.0', 'SF_DECIMAL_DIGITS', 13],
    ['item', '1.2345', 'SF_DECIMAL_FRACTION', 5],
    ['item', '1.', 'SF_DECIMAL_CUT', 1],
    ['item', '1.x', 'SF_DECIMAL_CUT', 1],
    ['item', '.5', 'SF_ITEM', 0],
    ['item', '1e3', 'SF_END', 1],
    ['item', '"a', 'SF_STRING_CUT', 0],
    ['item', '"a\tb"', 'SF_STRING_OCTET', 2],
    ['item', '"\xe9"', 'SF_STRING_OCTET', 1],
    ['item', '"\\a"', 'SF_STRING_ESCAPE', 1],
    ['item', '"\\', 'SF_STRING_ESCAPE', 1],
    ['item', "'a'", 'SF_ITEM', 0],
    ['item', ':YQ', 'SF_BASE64_CUT', 0],
    ['item', ':Y_Q=:', 'SF_BASE64_OCTET', 2],
    ['item', ':Y Q=:', 'SF_BASE64_OCTET', 2],
    ['item', ':Y=Q=:', 'SF_BASE64_OCTET', 2],
    ['item', ':Y:', 'SF_BASE64_LENGTH', 2],
    ['item', ':YQ=:', 'SF_BASE64_LENGTH', 4],
    ['item', ':=:', 'SF_BASE64_LENGTH', 2],
    ['item', '?', 'SF_BOOLEAN', 0],
    ['item', '?2', 'SF_BOOLEAN', 0],
    ['item', '?true', 'SF_BOOLEAN', 0],
    ['item', '@1.5', 'SF_DATE_DECIMAL', 2],
    ['item', '@x', 'SF_NUMBER_DIGIT', 1],
    ['item', '%a', 'SF_DISPLAY_QUOTE', 0],
    ['item', '%"\t"', 'SF_DISPLAY_OCTET', 2],
    ['item', '%"%C3%BC"', 'SF_DISPLAY_HEX', 2],
    ['item', '%"%c"', 'SF_DISPLAY_HEX', 2],
    ['item', '%"%c3"', 'SF_DISPLAY_UTF8', 5],
    ['item', '%"%ed%a0%80"', 'SF_DISPLAY_UTF8', 11],
    ['item', '%"a', 'SF_DISPLAY_CUT', 0],
    ['item', 'a;', 'SF_KEY', 2],
    ['item', 'a ;b', 'SF_END', 2],
    ['item', 'a;b\t', 'SF_END', 3],
    ['item', '1'.padEnd(65_537), 'SF_BYTES', 65_536],
    ['list', Array(1_025).fill('a').join(), 'SF_MEMBERS', 2_048],
    ['dict', Array(1_025).fill('a').join(), 'SF_MEMBERS', 2_048],
    ['list', `(${Array(257).fill('a').join(' ')})`, 'SF_INNER_ITEMS', 513],
    ['item', `a${';b'.repeat(257)}`, 'SF_PARAMETERS', 513],
  ];
  for (const [kind, text, failure, at] of rows) {
    const read = PARSERS[kind](text);
    t.same(read, { failure, at }, `${kind} ${text.slice(0, 40)}`);
  }
  const codes = Object.keys(CODES).filter((code) => code.startsWith('SF_'));
  t.same(
    codes.filter((code) => !rows.some(([, , own]) => own === code)),
    [],
    'every code has its row',
  );
});

t.test('what RFC9651 asks every parser to take is taken, and limits cannot be set below it', async (t) => {
  t.equal(isFailure(parseList(Array(1_024).fill('a').join())), false);
  t.equal(isFailure(parseItem(`"${'a'.repeat(1_024)}"`)), false);
  t.equal(isFailure(parseItem(`:${'AAAA'.repeat(16_384 / 3 + 1)}:`)), false);
  t.equal(isFailure(parseItem(`a;${'k'.repeat(64)}`)), false);
  t.throws(() => structuredLimits({ members: 1_023 }), RangeError);
  const wide = structuredLimits({ members: 2_000 });
  t.equal(isFailure(parseList(Array(2_000).fill('a').join(), wide)), false);
});

t.test('a failure becomes an error with its sentence, clause and place', async (t) => {
  const text = 'a=1, b=?2';
  const failure = parseDictionary(text);
  if (!isFailure(failure)) throw new Error('it was read');
  const error = valueError(failure, text);
  t.match(error, { code: 'SF_BOOLEAN', rfc: 'RFC9651#4.2.8', offset: 7, status: 400 });
  t.equal(
    error.message,
    'Cannot parse boolean "a=1, b=?2": octet 0x3f at byte 7 is a question mark before what is neither 0 nor 1',
  );
  t.equal(valueError({ failure: 'SF_ITEM', at: 0 }, '').offset, 0, 'also at the end');
});

const item = (bare: BareItem, parameters: Parameters = NO_PARAMETERS): Item => ({ bare, parameters });

t.test('decimals are rounded to the even digit (RFC9651#4.1.5)', async (t) => {
  const rows: [value: number, text: string][] = [
    [0, '0.0'],
    [0.001, '0.001'],
    [0.0015, '0.002'],
    [0.0025, '0.002'],
    [-0.0015, '-0.002'],
    [-0.0001, '0.0'],
    [9.9995, '10.0'],
    [1.5, '1.5'],
    [-12.25, '-12.25'],
    [999_999_999_999.999, '999999999999.999'],
  ];
  for (const [value, text] of rows) t.equal(formatItem(item({ kind: 'decimal', value })), text);
});

t.test('what no field can say is refused by the writer', async (t) => {
  const rows: [item: Item, code: string][] = [
    [item({ kind: 'integer', value: 1e15 }), 'STRUCTURED_NUMBER'],
    [item({ kind: 'integer', value: 0.5 }), 'STRUCTURED_NUMBER'],
    [item({ kind: 'date', value: Number.NaN }), 'STRUCTURED_NUMBER'],
    [item({ kind: 'decimal', value: 1e12 }), 'STRUCTURED_NUMBER'],
    [item({ kind: 'decimal', value: 999_999_999_999.9999 }), 'STRUCTURED_NUMBER'],
    [item({ kind: 'decimal', value: Number.NaN }), 'STRUCTURED_NUMBER'],
    [item({ kind: 'string', value: 'é' }), 'STRUCTURED_TEXT'],
    [item({ kind: 'string', value: 'a\r\nSet-Cookie: b' }), 'STRUCTURED_TEXT'],
    [item({ kind: 'string', value: 'a\n' }), 'STRUCTURED_TEXT'],
    [item({ kind: 'display', value: '\ud800' }), 'STRUCTURED_TEXT'],
    [item({ kind: 'token', value: '' }), 'STRUCTURED_TOKEN'],
    [item({ kind: 'token', value: '1a' }), 'STRUCTURED_TOKEN'],
    [item({ kind: 'token', value: 'a,b' }), 'STRUCTURED_TOKEN'],
    [item({ kind: 'token', value: 'a\n' }), 'STRUCTURED_TOKEN'],
    [item({ kind: 'boolean', value: true }, new Map([['A', { kind: 'boolean', value: true }]])), 'STRUCTURED_KEY'],
    [item({ kind: 'boolean', value: true }, new Map([['a\n', { kind: 'boolean', value: true }]])), 'STRUCTURED_KEY'],
    [item({ kind: 'nothing', value: 1 } as never), 'STRUCTURED_KIND'],
  ];
  for (const [value, code] of rows) {
    t.throws(() => formatItem(value), { name: 'CallerError', code }, code);
  }
  t.throws(() => formatDictionary(new Map([['a b', item({ kind: 'integer', value: 1 })]])), CallerError);
});

t.test('what is written is read as it was', async (t) => {
  const key = fc.stringMatching(/^[a-z*][a-z0-9_.*-]{0,8}$/);
  const bareItem: fc.Arbitrary<BareItem> = fc.oneof(
    fc.record({
      kind: fc.constantFrom('integer' as const, 'date' as const),
      value: fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 }),
    }),
    fc
      .integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 })
      .map((n) => ({ kind: 'decimal' as const, value: n / 1_000 })),
    fc.record({ kind: fc.constant('string' as const), value: fc.stringMatching(/^[\x20-\x7e]*$/) }),
    fc.record({
      kind: fc.constant('token' as const),
      value: fc.stringMatching(/^[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*$/),
    }),
    fc.record({ kind: fc.constant('bytes' as const), value: fc.uint8Array() }),
    fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
    fc.record({ kind: fc.constant('display' as const), value: fc.string({ unit: 'binary' }) }),
  );
  const parameters = fc.array(fc.tuple(key, bareItem), { maxLength: 4 }).map((pairs): Parameters => new Map(pairs));
  const anItem: fc.Arbitrary<Item> = fc.record({ bare: bareItem, parameters });
  const member: fc.Arbitrary<Member> = fc.oneof(
    anItem,
    fc.record({ items: fc.array(anItem, { maxLength: 4 }), parameters }),
  );
  const result = fc.check(
    fc.property(fc.array(fc.tuple(key, member), { minLength: 1, maxLength: 5 }), (pairs) => {
      const dictionary = new Map(pairs);
      const read = parseDictionary(formatDictionary(dictionary) ?? '');
      if (isFailure(read)) throw new Error(read.failure);
      const [left, right] = [read, dictionary].map((one) => [...one].map(([k, v]) => [k, plain(v)]));
      return isDeepStrictEqual(left, right);
    }),
    { seed: SEED, numRuns: 300 },
  );
  t.equal(result.failed, false, `seed ${SEED}: ${fc.defaultReportMessage(result) ?? ''}`);
});
