/** Cookies, media types and what a client accepts: what is read, what is refused and where, what is written. */
import t from 'tap';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { decodeUtf8, decodeUtf8Lossy, encodeUtf8 } from '../bytes/utf8.ts';
import { CODES } from '../errors/protocol-error.ts';
import { parseAccept, preferredType } from './accept.ts';
import { preferredLanguage } from './accept-language.ts';
import { Cookies, parseCookies } from './cookie.ts';
import { isFailure } from './failure.ts';
import { splitList } from './list.ts';
import { formatMediaType, parseMediaType } from './media-type.ts';
import { type CookieAttributes, formatClearCookie, formatSetCookie } from './set-cookie.ts';

t.test('parseCookies() reads what browsers send (RFC6265#4.2.1)', async (t) => {
  const rows: [text: string, pairs: [string, string][]][] = [
    ['', []],
    ['a=1', [['a', '1']]],
    [
      'a=1; b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'a=1;b=2;;',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      ' a = 1 ;\tb=2\t',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=', [['a', '']]],
    ['a=b=c', [['a', 'b=c']]],
    ['a="x, y"', [['a', '"x, y"']]],
    [
      'a="b; c=d"',
      [
        ['a', '"b'],
        ['c', 'd"'],
      ],
    ],
    ['a=%20\xe9', [['a', '%20\xe9']]],
    [
      'a=1; A=2; a=3',
      [
        ['a', '1'],
        ['A', '2'],
        ['a', '3'],
      ],
    ],
    [
      '__proto__=1; constructor=2',
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    ],
    ['list[0]=x y', [['list[0]', 'x y']]],
  ];
  for (const [text, pairs] of rows) {
    const cookies = parseCookies(text);
    t.same([...cookies], pairs, text);
    t.same(cookies.failures, [], text);
    t.equal(cookies.size, pairs.length, text);
  }
  const cookies = parseCookies('a=1; __proto__=2; a=3');
  t.same([cookies.get('a'), cookies.all('a'), cookies.has('a')], ['1', ['1', '3'], true]);
  t.same([cookies.get('b'), cookies.all('b'), cookies.has('toString')], [undefined, [], false]);
  t.same([...new Cookies()], []);
});

t.test('what is no cookie is left out by itself, and said', async (t) => {
  const rows: [text: string, names: string[], code: string, at: number][] = [
    ['__Host-sid', [], 'COOKIE_PAIR', 0],
    ['a=1; b; c=2', ['a', 'c'], 'COOKIE_PAIR', 5],
    ['=__Host-sid=1; a=1', ['a'], 'COOKIE_NAME_EMPTY', 0],
    [' \t=1', [], 'COOKIE_NAME_EMPTY', 2],
    ['a=1\x00; b=2', ['b'], 'COOKIE_OCTET', 3],
    ['a\x7f=1', [], 'COOKIE_OCTET', 1],
    ['a=1; '.repeat(257), Array(256).fill('a'), 'COOKIE_COUNT', 1_280],
  ];
  for (const [text, names, failure, at] of rows) {
    const cookies = parseCookies(text);
    t.same(
      [...cookies].map(([name]) => name),
      names,
      text.slice(0, 40),
    );
    t.same(cookies.failures, [{ failure, at }], text.slice(0, 40));
  }
  t.equal(parseCookies('a;'.repeat(300)).failures.length, 257, 'failures have the same limit');
  const own = Object.keys(CODES).filter((code) => code.startsWith('COOKIE_'));
  t.same(
    own.filter((code) => !rows.some((row) => row[2] === code)),
    [],
    'every code has its row',
  );
});

t.test('formatSetCookie() writes a cookie that is safe unless told otherwise (RFC6265#4.1)', async (t) => {
  const rows: [name: string, value: string, attributes: CookieAttributes, text: string][] = [
    ['a', '1', {}, 'a=1; Path=/; HttpOnly; SameSite=Lax'],
    ['a', '', { httpOnly: false, sameSite: 'Strict', path: '/x y' }, 'a=; Path=/x y; SameSite=Strict'],
    ['a', '1', { sameSite: 'None' }, 'a=1; Path=/; Secure; HttpOnly; SameSite=None'],
    ['a', '1', { partitioned: true }, 'a=1; Path=/; Secure; HttpOnly; SameSite=Lax; Partitioned'],
    [
      'a',
      '1',
      { domain: 'example.com', maxAgeSeconds: 60, expires: new Date(784_111_777_000), secure: true },
      'a=1; Domain=example.com; Path=/; Max-Age=60; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Secure; HttpOnly; SameSite=Lax',
    ],
    ['__Host-a', '1', {}, '__Host-a=1; Path=/; Secure; HttpOnly; SameSite=Lax'],
    [
      '__secure-a',
      '1',
      { domain: 'a.b', path: '/c' },
      '__secure-a=1; Domain=a.b; Path=/c; Secure; HttpOnly; SameSite=Lax',
    ],
  ];
  for (const [name, value, attributes, text] of rows) t.equal(formatSetCookie(name, value, attributes), text);
  t.equal(
    formatClearCookie('a', { path: '/x' }),
    'a=; Path=/x; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax',
  );
  t.match(formatClearCookie('__Host-a'), /Secure/, 'a browser takes it no other way');
});

t.test('what would inject or be dropped by browsers is refused', async (t) => {
  const wrong = (attributes: object): CookieAttributes => attributes;
  const rows: [name: string, value: string, attributes: CookieAttributes, code: string][] = [
    ['', '1', {}, 'COOKIE_NAME'],
    ['a b', '1', {}, 'COOKIE_NAME'],
    ['a=b', '1', {}, 'COOKIE_NAME'],
    ['a;b', '1', {}, 'COOKIE_NAME'],
    ['a\r\nX', '1', {}, 'COOKIE_NAME'],
    ['a', 'b c', {}, 'COOKIE_VALUE'],
    ['a', 'b;c', {}, 'COOKIE_VALUE'],
    ['a', 'b,c', {}, 'COOKIE_VALUE'],
    ['a', '"b"', {}, 'COOKIE_VALUE'],
    ['a', 'b\\c', {}, 'COOKIE_VALUE'],
    ['a', 'é', {}, 'COOKIE_VALUE'],
    ['a', 'b\r\nSet-Cookie: c=d', {}, 'COOKIE_VALUE'],
    ['a', 'b\n', {}, 'COOKIE_VALUE'],
    ['a', 1 as never, {}, 'COOKIE_VALUE'],
    ['a', 'b'.repeat(4_096), {}, 'COOKIE_BYTES'],
    ['a', '1', { domain: '.a.b' }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { domain: '' }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { domain: 'a;b' }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { domain: 'a-' }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { domain: 'a\n' }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { path: '' }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { path: 'a' }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { path: '/;HttpOnly' }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { path: '/\r\n' }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { path: `/${'a'.repeat(1_024)}` }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { maxAgeSeconds: 0 }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { maxAgeSeconds: 1.5 }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { maxAgeSeconds: Number.POSITIVE_INFINITY }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { expires: new Date(Number.NaN) }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { expires: new Date(Date.UTC(10_000, 0)) }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', wrong({ expires: '2030' }), 'COOKIE_ATTRIBUTE'],
    ['a', '1', wrong({ sameSite: 'none' }), 'COOKIE_ATTRIBUTE'],
    ['a', '1', wrong({ secure: 'no' }), 'COOKIE_ATTRIBUTE'],
    ['a', '1', wrong({ maxAge: 5 }), 'COOKIE_ATTRIBUTE'],
    ['a', '1', { sameSite: 'None', secure: false }, 'COOKIE_ATTRIBUTE'],
    ['a', '1', { partitioned: true, secure: false }, 'COOKIE_ATTRIBUTE'],
    ['__Host-a', '1', { secure: false }, 'COOKIE_PREFIX'],
    ['__host-a', '1', { domain: 'a.b' }, 'COOKIE_PREFIX'],
    ['__HOST-a', '1', { path: '/x' }, 'COOKIE_PREFIX'],
    ['__Secure-a', '1', { secure: false }, 'COOKIE_PREFIX'],
    ['__Http-a', '1', { httpOnly: false }, 'COOKIE_PREFIX'],
    ['__Host-Http-a', '1', { httpOnly: false }, 'COOKIE_PREFIX'],
    ['__Host-Http-a', '1', { path: '/x' }, 'COOKIE_PREFIX'],
  ];
  for (const [name, value, attributes, code] of rows) {
    t.throws(
      () => formatSetCookie(name, value, attributes),
      { name: 'CallerError', code },
      `${name} ${JSON.stringify(attributes)}`,
    );
  }
});

t.test('parseMediaType() reads a type with its parameters (RFC9110#8.3.1)', async (t) => {
  const rows: [text: string, type: string, parameters: [string, string][], canonical?: string][] = [
    ['text/html', 'text/html', []],
    ['Text/HTML;Charset="utf-8"', 'text/html', [['charset', 'utf-8']], 'text/html;charset=utf-8'],
    ['text/html; charset=UTF-8', 'text/html', [['charset', 'UTF-8']], 'text/html;charset=UTF-8'],
    ['a/b \t;; c="d\\"e, f;" ;', 'a/b', [['c', 'd"e, f;']], 'a/b;c="d\\"e, f;"'],
    ['a/b;c=""', 'a/b', [['c', '']]],
    ['a/b;c="\\d"', 'a/b', [['c', 'd']], 'a/b;c=d'],
    ['a/b;__proto__=1', 'a/b', [['__proto__', '1']]],
    ['*/*', '*/*', []],
  ];
  for (const [text, name, parameters, canonical = text] of rows) {
    const type = parseMediaType(text);
    if (isFailure(type)) throw new Error(`${text}: ${type.failure}`);
    t.same([`${type.type}/${type.subtype}`, [...type.parameters]], [name, parameters], text);
    t.equal(formatMediaType(type), canonical, text);
  }
  const refused: [text: string, code: string, at: number][] = [
    ['', 'MEDIA_TYPE', 0],
    ['/a', 'MEDIA_TYPE', 0],
    ['text', 'MEDIA_SUBTYPE', 4],
    ['text/', 'MEDIA_SUBTYPE', 5],
    ['text /html', 'MEDIA_SUBTYPE', 4],
    ['text/html charset', 'PARAMETER_SEMICOLON', 10],
    ['text/html, a/b', 'PARAMETER_SEMICOLON', 9],
    ['a/b;=c', 'PARAMETER_NAME', 4],
    ['a/b;c', 'PARAMETER_EQUALS', 5],
    ['a/b;c =d', 'PARAMETER_EQUALS', 5],
    ['a/b;c= d', 'PARAMETER_VALUE', 6],
    ['a/b;c="\x00"', 'PARAMETER_OCTET', 7],
    ['a/b;c="d', 'PARAMETER_CUT', 6],
    ['a/b;c="d\\', 'PARAMETER_CUT', 6],
    ['a/b;c=1;C=2', 'PARAMETER_TWICE', 8],
    [`a/b${Array.from({ length: 33 }, (_, i) => `;p${i}=1`).join('')}`, 'PARAMETER_COUNT', 186],
  ];
  for (const [text, failure, at] of refused) t.same(parseMediaType(text), { failure, at }, text.slice(0, 40));
  t.throws(() => formatMediaType({ type: 'a', subtype: 'b', parameters: new Map([['c', 'd\r\n']]) }), {
    code: 'MEDIA_TYPE',
  });
  t.throws(() => formatMediaType({ type: 'a b', subtype: 'b', parameters: new Map() }), { code: 'MEDIA_TYPE' });
});

t.test('preferredType() weighs as RFC9110#12.5.1 tabulates', async (t) => {
  const table = 'text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed,text/plain;format=fixed;q=0.4, */*;q=0.5';
  const order = ['text/plain;format=flowed', 'text/plain', 'image/jpeg', 'text/plain;format=fixed', 'text/html'];
  for (let from = 0; from < order.length; from++) {
    t.equal(preferredType(table, order.slice(from).reverse()), order[from], `${order[from]} before those behind it`);
  }
  t.equal(preferredType(table, ['text/html', 'text/html;level=3']), 'text/html', 'the first of equals');
  const rows: [field: string | undefined, available: string[], best: string | undefined][] = [
    [undefined, ['a/b', 'c/d'], 'a/b'],
    ['', ['a/b'], 'a/b'],
    ['nonsense', ['a/b'], 'a/b'],
    ['a/b', [], undefined],
    ['text/html', ['application/json'], undefined],
    ['application/json;q=0', ['application/json'], undefined],
    ['*/*, application/json;q=0', ['application/json', 'text/html'], 'text/html'],
    ['text/html;q=0.001', ['text/html'], 'text/html'],
    ['text/html;q=1.001, a/b;q=0.5', ['text/html', 'a/b'], 'a/b'],
    ['text/html;q=0.5;level=1, a/b;q=0.4', ['a/b', 'text/html;level=1'], 'text/html;level=1'],
    ['TEXT/HTML;CHARSET=UTF-8', ['text/html; charset=utf-8'], 'text/html; charset=utf-8'],
    ['a/b;x="1,2", c/d;q=0.1', ['c/d', 'a/b;x="1,2"'], 'a/b;x="1,2"'],
    ['*/html, a/b;q=0.1', ['text/html', 'a/b'], 'a/b'],
    [
      'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8',
      ['application/json', 'text/html'],
      'text/html',
    ],
    ['a/b;q=0.1, a/b;q=0.9, c/d;q=0.5', ['c/d', 'a/b'], 'a/b'],
  ];
  for (const [field, available, best] of rows)
    t.equal(preferredType(field, available), best, `${field} of ${available}`);
  t.throws(() => preferredType('a/b', ['html']), { name: 'CallerError', code: 'MEDIA_TYPE' });
  t.equal(parseAccept('a/b,'.repeat(100)).length, 64, 'no more than this are looked at');
});

t.test('preferredLanguage() takes what fits a range, or else what is more general (RFC4647#3)', async (t) => {
  const rows: [field: string | undefined, available: string[], best: string | undefined][] = [
    [undefined, ['de', 'en'], 'de'],
    ['en', ['de', 'en-GB'], 'en-GB'],
    ['en-GB', ['de', 'en'], 'en'],
    ['en-GB, de;q=0.5', ['en', 'de'], 'de'],
    ['da, en-gb;q=0.8, en;q=0.7', ['en', 'en-GB'], 'en-GB'],
    ['en;q=0.5, en-GB;q=0', ['en-GB', 'en-US'], 'en-US'],
    ['*;q=0.1, fr', ['de', 'FR-ca'], 'FR-ca'],
    ['*', ['de', 'en'], 'de'],
    ['fr', ['de'], undefined],
    ['en-GB, en;q=0', ['en'], undefined],
    ['en-GB, *;q=0', ['en'], undefined],
    ['languages, e_n', ['de'], 'de'],
    ['xx-yy-zz-, de;q=2', ['de'], 'de'],
    ['zh-Hant-TW', ['zh-Hans', 'zh-Hant'], 'zh-Hant'],
  ];
  for (const [field, available, best] of rows)
    t.equal(preferredLanguage(field, available), best, `${field} of ${available}`);
});

t.test('splitList() divides at commas that are not in quotes', async (t) => {
  const rows: [list: string, members: string[]][] = [
    ['', []],
    [', ,\t', []],
    ['a, b ,c', ['a', 'b', 'c']],
    ['"a,b",c', ['"a,b"', 'c']],
    ['"a\\",b",c', ['"a\\",b"', 'c']],
    ['"a,b', ['"a,b']],
    ['a\\,b', ['a\\', 'b']],
  ];
  for (const [list, members] of rows) t.same(splitList(list, 9), members, list);
  t.same(splitList('a,b,c', 2), ['a', 'b']);
});

t.test('UTF-8 and base64 are what the platform takes them for', async (t) => {
  const lossy = new TextDecoder('utf-8', { ignoreBOM: true });
  const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
  const tails = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
  let same = 0;
  for (let first = 0; first < 256; first++) {
    for (const a of tails) {
      for (const b of tails) {
        const bytes = Uint8Array.of(first, a, b, 0x80);
        let expected: string | undefined;
        try {
          expected = strict.decode(bytes);
        } catch {}
        const read = decodeUtf8(bytes);
        if (
          decodeUtf8Lossy(bytes) === lossy.decode(bytes) &&
          (typeof read === 'string' ? read : undefined) === expected
        )
          same++;
        else t.fail(`${[...bytes]}`);
      }
    }
  }
  t.equal(same, 256 * tails.length * tails.length);
  t.same(encodeUtf8('aé漢😀'), new TextEncoder().encode('aé漢😀'));
  t.equal(encodeUtf8('a\udc00'), undefined);
  for (let length = 0; length < 9; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => 251 * i);
    const text = Buffer.from(bytes).toString('base64');
    t.equal(encodeBase64(bytes), text);
    t.same(decodeBase64(text, 0, text.length), bytes);
    t.same(decodeBase64(text.replace(/=/g, ''), 0, text.replace(/=/g, '').length), bytes);
  }
});
