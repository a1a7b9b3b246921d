/** Texts of fields and forms, as RFCs, browsers and curl write them and as they must be refused: seeds of the targets that read them. */
import type { ExampleSet } from './corpus-examples.ts';

const STRUCTURED: readonly string[] = [
  'u=1, i',
  'sugar, tea, rum',
  '("foo";a=1;b=2);lvl=5, ("bar" "baz");lvl=1, ()',
  'abc;a=1;b=2; cde_456, (ghi;jk=4 l);q="9";r=w',
  'en="Applepie", da=:w4ZibGV0w6ZydGU=:',
  'a=?0, b, c; foo=bar',
  'rating=1.5, feelings=(joy sadness)',
  'a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid',
  '2; foourl="https://foo.example.com/"',
  '@1659578233',
  '%"This is intended for display to %c3%bcsers."',
  '"a\\"b\\\\c";x=-0.125',
  '-999999999999999',
  'a=1,a=2;b;b=3',
  '%"%f0%9f%98%80"',
  'a, b,',
  '(1 2',
  '1234567890123.1',
  ':Y=Q:',
];

const DISPOSITION = 'Content-Disposition: form-data; name=';

/** As curl and browsers write them, but for the boundary. */
const FORMS: readonly string[] = [
  '--b--\r\n',
  `--b\r\n${DISPOSITION}"text"\r\n\r\na value\r\n--b--\r\n`,
  `--b\r\n${DISPOSITION}"text"\r\n\r\n1\r\n--b\r\n${DISPOSITION}"file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n--\r\n--\r\n--b--\r\n`,
  `--b\r\n${DISPOSITION}"empty"\r\n\r\n--b\r\n${DISPOSITION}"none"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--b--\r\n`,
  `--b\r\n${DISPOSITION}"a%22b%0D%0A"; filename="C:\\dir\\na\xc3\xafve \\"x\\".txt"\r\n\r\n1\r\n--b--`,
  `--b\r\n${DISPOSITION}a; filename="../../x"; filename*=utf-8''%e2%82%ac\r\n\r\n1\r\n--b--`,
  `preamble\r\n--b \t\r\n${DISPOSITION}a\r\nX: y\r\n\r\n\r\n--b-- \r\nepilogue`,
  `--b\r\n${DISPOSITION}a\r\n\r\n1\r\n--bc\r\n`,
  `--b\r\n${DISPOSITION}a\r\n\r\n1\r\n--b\r\r\n`,
  `--b\r\n${DISPOSITION}"a\r\n\r\n1\r\n--b--`,
  `--b\r\n${DISPOSITION}a\r\n--b: x\r\n\r\n1\r\n--b--`,
  `--b\r\n fold: x\r\n\r\n1\r\n--b--`,
  `--b\r\n${DISPOSITION}a\n\n1\n--b--`,
  `--b\r\n${DISPOSITION}a; filename="."\r\n\r\n--b\r\n${DISPOSITION}a; filename="a/.."\r\n\r\n--b--`,
  `--b\r\n${DISPOSITION}a; filename="\xff\xe2\x80\xaegpj.exe"\r\n\r\n123456\r\n--b--`,
];

/** Values of Cookie, and programs that set one: name, value, attributes. */
const COOKIES: readonly string[] = [
  'sid=a1; lang=en; theme="dark"',
  'a=1; b; =__Host-c=2; __proto__=3; a=4',
  'a\n1',
  '__Host-sid\na1\nsecure',
  '__Secure-sid\na1\ndomain=example.com\npath=/a\nage=3600',
  'sid\na1\nexpires=784111777000\nhttp=no\nstrict',
  'embedded\n1\nnone\npartitioned',
  'sid\na1\npath=/;HttpOnly',
  '__Host-x\n1\ndomain=a.b',
  'a b\n1',
  ...['__Host-x\n1\nsecure=no', '__Host-x\n1\npath=/a', '__Http-x\n1\nhttp=no', 'x\n1\nnone\nsecure=no'],
  ...['x\n1\ndomain=.b', 'x\n1\nage=0', 'x\n1\nexpires=x', 'x\n1\npartitioned\nsecure=no'],
  ...['x\n1\nunknown', 'x\n1\nword', 'x\n1\ncase', 'x\n1\nstamp'],
];

const MEDIA_TYPES: readonly string[] = [
  'text/html; charset=utf-8',
  'multipart/form-data; boundary="a b=?"',
  'application/vnd.api+json;profile="https://example.com/\\"x\\""',
  'text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5',
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'text/plain, text/plain;format=flowed;q=0.2',
  'image/png;a="1,2";q=0.1, application/json;q=0, */*;q=0.001',
  'da, en-gb;q=0.8, en;q=0.7',
  'a/b;c=1;c=2',
  'a/b;c="d',
  '*/html',
  'text/html/charset/utf-8',
  'text/html/title/a "b"',
  'text//',
  'a b/c',
  'text/html/a/\x01',
  'da-DK, fr-CA;q=0.5',
];

export const VALUE_EXAMPLE_SETS: readonly ExampleSet[] = [
  {
    target: 'structured-fields',
    set: 'values',
    origin: 'scripts/corpus-examples-values.ts: items, lists and dictionaries of every type, and what is none',
    inputs: STRUCTURED,
  },
  {
    target: 'multipart-form',
    set: 'forms',
    origin: 'scripts/corpus-examples-values.ts: forms as curl and browsers write them, and what is none',
    inputs: FORMS,
  },
  {
    target: 'cookies',
    set: 'cookies',
    origin: 'scripts/corpus-examples-values.ts: cookies as browsers send them, and as programs set them',
    inputs: COOKIES,
  },
  {
    target: 'media-types',
    set: 'types',
    origin: 'scripts/corpus-examples-values.ts: media types, and what clients accept',
    inputs: MEDIA_TYPES,
  },
];
