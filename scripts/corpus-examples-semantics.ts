/** Field values, dates and paths as clients send them, and the odd ones: seeds of the targets of RFC 9110's semantics. */
import type { ExampleSet } from './corpus-examples.ts';

const DATES: readonly string[] = [
  '\x00\x6a\x00\x00\x00Sun, 06 Nov 1994 08:49:37 GMT',
  '\x00\x6a\x00\x00\x00Sunday, 06-Nov-94 08:49:37 GMT',
  '\x00\x6a\x00\x00\x00Sun Nov  6 08:49:37 1994',
  '\x00\x6a\x00\x00\x00Thu, 31 Dec 1998 23:59:60 GMT',
  '\x00\x6a\x00\x00\x00Tue, 29 Feb 2000 00:00:00 GMT',
  '\x00\x6a\x00\x00\x00Sun, 29 Feb 1900 00:00:00 GMT',
  '\x00\xf3\x00\x00\x00Friday, 01-Jan-00 00:00:00 GMT',
  '\x00\x6a\x00\x00\x00Sun, 06 Nov 1994 08:49:37 UTC',
  'Sun, 06 Nov 1994 08:49:37 GMT',
];

const RANGES: readonly string[] = [
  '1000\nbytes=0-499',
  '1000\nbytes=500-',
  '1000\nbytes=-500',
  '1000\nbytes=-1001',
  '1000\nbytes=0-0,-1',
  '1000\nbytes=500-600,601-999',
  '1000\nbytes=500-700,601-999, 0-1',
  '1000\nbytes=999-1000 ,\t0-0,,',
  '1000\nbytes=1000-',
  '1000\nbytes=5-2',
  '1000\nitems=0-1',
  '0\nbytes=-1',
  '0\nbytes=0-',
  '999999999999999\nBytes=0-18446744073709551616',
  '10\nbytes=0-0,2-2,4-4,6-6,8-8',
];

const MULTIPARTS: readonly string[] = [
  'bytes=0-1,4-5\ntext/plain; charset=utf-8\n0123456789',
  'bytes=-1,0-0\napplication/octet-stream\n\r\n--\r\n\r\n--aeronet-boundary',
  'bytes=0-\ntext/html\n<html></html>',
  'bytes=3-4,0-1\n\nabcdef',
];

const CODINGS: readonly string[] = [
  '\x07gzip, deflate, br, zstd',
  '\x07gzip;q=1.0, identity; q=0.5, *;q=0',
  '\x04x-gzip',
  '\x00identity;q=0',
  '\x07*',
  '\x07*;q=0',
  '\x05br;Q=0.001 , gzip ; q=0.002',
  '\x05br;q=1.001, gzip;q=.5, zstd;x=1',
  '\x07',
  '\xff',
];

const EXPECTATIONS: readonly string[] = [
  '100-continue',
  '100-Continue, 100-continue',
  '',
  ' , ',
  '200-ok',
  '100-continue;x',
];

const CONDITIONS: readonly string[] = [
  '\x09\x40n"a"',
  '\x09\x40n"b"\ns@5',
  '\x0d\x40nW/"a", "b"',
  '\x0d\x42m"a"',
  '\x0b\x42m"b" , "a,b"',
  '\x09\x42u@4',
  '\x09\x42u@6',
  '\x08\x40s@5',
  '\x08\x41s@4',
  '\x10\x42m*',
  '\x09\x42n*',
  '\x09\x40r"a"',
  '\x0d\x40rW/"a"',
  '\x08\x40r@5',
  '\x08\x08r@5',
  '\x09\x40m"a"\nu@4\nn"b"\ns@5',
  '\x09\x45m"x"',
];

const PATHS: readonly string[] = [
  '/index.html',
  '/a/b/',
  '/',
  '//',
  '/../../etc/passwd',
  '/%2e%2e/%2E%2e/etc/passwd',
  '/..%2f..%2fetc',
  '/..%5c..%5cwin.ini',
  '/a%00.html',
  '/%252e%252e/x',
  '/.git/config',
  '/.well-known/x',
  '/caf%C3%A9/%ff',
  '/%c0%ae%c0%ae/x',
  '/%zz',
  '/...',
  '/a/./b',
  'a',
];

const HERE = 'scripts/corpus-examples-semantics.ts';

export const SEMANTICS_EXAMPLE_SETS: readonly ExampleSet[] = [
  { target: 'dates', set: 'dates', origin: `${HERE}: the three formats, leap days and seconds`, inputs: DATES },
  { target: 'range', set: 'ranges', origin: `${HERE}: Range fields, most of them from RFC9110#14`, inputs: RANGES },
  { target: 'byteranges', set: 'multiparts', origin: `${HERE}: ranges of small contents`, inputs: MULTIPARTS },
  {
    target: 'accept',
    set: 'codings',
    origin: `${HERE}: Accept-Encoding as clients and tests send it`,
    inputs: CODINGS,
  },
  { target: 'expect', set: 'expectations', origin: `${HERE}: values of Expect`, inputs: EXPECTATIONS },
  { target: 'conditional', set: 'conditions', origin: `${HERE}: each step of RFC9110#13.2.2`, inputs: CONDITIONS },
  { target: 'file-path', set: 'paths', origin: `${HERE}: paths, and ways out of a root`, inputs: PATHS },
];
