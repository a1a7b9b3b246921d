/** What field blocks are made of: fields of requests, the classic ways to spell them wrong, sizes and indices at borders. */

export type Field = readonly [name: string, value: string];

/** Pseudo-header fields that make a request, each in the value that most have. */
export const CONTROL: readonly Field[] = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'localhost'],
];

/** What may stand in their place. */
export const CONTROL_VALUES: Readonly<Record<string, readonly string[]>> = {
  ':method': ['POST', 'HEAD', 'OPTIONS', 'CONNECT', 'PUT', 'get', 'G T', '', 'M-SEARCH'],
  ':scheme': ['https', 'HTTP', 'ftp', '', 'a b', '1x'],
  ':path': ['/1', '/22', '/333', '/a/b?c=d', '*', '', 'a', '/a b', '//', '/#', '/%00', '/\xe9', 'http://a/'],
  ':authority': ['example.com:443', 'a', '', 'a b', 'u@a', '[::1]:80', 'a:b', 'LOCALHOST', ':80'],
};

export const FIELDS: readonly Field[] = [
  ['user-agent', 'curl/8.5.0'],
  ['accept', '*/*'],
  ['accept-encoding', 'gzip, deflate'],
  ['content-length', '0'],
  ['content-length', '5'],
  ['content-length', '05'],
  ['content-length', '5, 5'],
  ['content-length', '-1'],
  ['content-length', '999999999999999'],
  ['content-type', 'text/plain'],
  ['cookie', 'a=b'],
  ['cookie', 'c=d'],
  ['cookie', ''],
  ['authorization', 'Basic YTpi'],
  ['te', 'trailers'],
  ['te', 'gzip'],
  ['host', 'localhost'],
  ['host', 'other'],
  ['expect', '100-continue'],
  ['expect', 'else'],
  ['priority', 'u=0'],
  ['priority', 'u=7, i'],
  ['priority', 'u=1;x, i=?0, z'],
  ['priority', 'u=9'],
  ['connection', 'close'],
  ['keep-alive', 'timeout=5'],
  ['transfer-encoding', 'chunked'],
  ['upgrade', 'websocket'],
  ['proxy-connection', 'close'],
  ['trailer', 'x-sum'],
  ['x-sum', '1'],
  ['x', ''],
  ['X-Upper', 'y'],
  ['x y', 'z'],
  ['x', ' y'],
  ['x', 'y\t'],
  ['x', 'a\r\nb'],
  ['x', '\x00'],
  ['x', '\x7f\xff'],
  ['', 'empty'],
  ['x:', 'y'],
  [':status', '200'],
  [':protocol', 'websocket'],
  [':', ''],
  [':path', '/late'],
];

export const TRAILERS: readonly Field[] = [
  ['x-sum', '1'],
  ['x', ''],
  ['content-length', '5'],
  ['host', 'a'],
  [':path', '/'],
  ['te', 'trailers'],
  ['cookie', 'a=b'],
  ['X', 'y'],
];

/** Sizes of the dynamic table (RFC7541#4.1 counts 32 octets for each entry). */
export const TABLE_SIZES: readonly number[] = [
  0,
  1,
  31,
  32,
  33,
  64,
  100,
  255,
  256,
  4_095,
  4_096,
  4_097,
  65_536,
  2 ** 28,
];

/** Indices at borders of the tables and of the prefixes that they are written with. */
export const INDICES: readonly number[] = [
  0,
  1,
  2,
  14,
  15,
  16,
  30,
  31,
  32,
  60,
  61,
  62,
  63,
  64,
  65,
  66,
  80,
  126,
  127,
  128,
  190,
  255,
  2 ** 14,
  2 ** 28,
  2 ** 32,
];
