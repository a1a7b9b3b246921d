/** Requests written for this project as seeds of the HTTP/1.1 fuzz targets; `gen-corpus.ts` writes them into the corpus. */

/** A named set of inputs with its reason for being there. */
export interface ExampleSet {
  readonly target: string;
  readonly set: string;
  readonly origin: string;
  /** Octets as latin1 text. */
  readonly inputs: readonly string[];
}

const HOST = 'Host: localhost:8080\r\n';

/** What ordinary clients send. */
const CLIENTS: readonly string[] = [
  `GET / HTTP/1.1\r\n${HOST}User-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n`,
  `HEAD /file.bin HTTP/1.1\r\n${HOST}User-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n`,
  `POST /echo HTTP/1.1\r\n${HOST}User-Agent: curl/8.5.0\r\nAccept: */*\r\nContent-Length: 7\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=1&b=2`,
  `PUT /upload HTTP/1.1\r\n${HOST}User-Agent: curl/8.5.0\r\nAccept: */*\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  `GET /file.bin HTTP/1.1\r\n${HOST}Range: bytes=0-1023\r\nIf-Range: "abc"\r\n\r\n`,
  `GET /a/b.html?q=1&r=%20x HTTP/1.1\r\n${HOST}Connection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Example/1.0\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8\r\nSec-Fetch-Site: none\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: en,de;q=0.5\r\nCookie: a=b; c="d"\r\n\r\n`,
  `GET http://localhost:8080/path?query HTTP/1.1\r\n${HOST}Proxy-Connection: close\r\n\r\n`,
  `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`,
  'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
  'GET / HTTP/1.0\r\nConnection: keep-alive\r\nHost: a\r\n\r\n',
  `GET /chat HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  `DELETE /item/7 HTTP/1.1\r\nHost: [::1]:8080\r\nIf-Match: W/"x"\r\nX-Empty:\r\nX-High: \xe9\xff\r\n\r\n`,
];

/** Content and its ends: lengths, chunks, extensions, trailers, several requests on one connection. */
const FRAMING: readonly string[] = [
  `POST /echo HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`,
  `POST /echo HTTP/1.1\r\n${HOST}Content-Length: 5, 5\r\nContent-Length: 5\r\n\r\nhello`,
  `POST /echo HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b;c="d \\" e"\r\n world\r\n0;last\r\n\r\n`,
  `POST /echo HTTP/1.1\r\n${HOST}Trailer: X-Checksum\r\nTransfer-Encoding: chunked\r\n\r\n000A\r\n0123456789\r\n0\r\nX-Checksum: abc\r\nX-Two: \t \r\n\r\n`,
  `POST /a HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\n${HOST}\r\nPOST /c HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nGET /d HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
  `GET /1 HTTP/1.1\r\n${HOST}\r\nGET /2 HTTP/1.1\r\n${HOST}\r\nHEAD /3 HTTP/1.1\r\n${HOST}\r\n`,
  `POST /echo HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nshort`,
  `POST /echo HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nfff\r\ncut`,
  `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Expect:\r\nContent-Length: 2\r\n\r\nok`,
  `POST / HTTP/1.1\r\n${HOST}Expect: 100-continue, 100-Continue\r\nContent-Length: 2\r\n\r\nok`,
];

/** Where the C++ library that came before went wrong: escapes and repeated fields across segments, chunk lines, Expect. */
const ANCESTOR: readonly string[] = [
  `GET /a%20b/c HTTP/1.1\r\n${HOST}\r\n`,
  `POST /%25xx/%252e%252e?x=%2520 HTTP/1.1\r\n${HOST}Content-Length: 4\r\n\r\nbody`,
  `GET / HTTP/1.1\r\n${HOST}Accept: a\r\nX-Long: 0123456789\r\nAccept: b\r\nCookie: k: v\r\nAccept: c\r\n\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n\r\nGET /x HTTP/1.1\r\n${HOST}\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n;x\r\n\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1;${'e'.repeat(300)}\r\nx\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 6\r\n\r\nabcdef`,
  `POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n`,
  `BREW / HTTP/1.1\r\n${HOST}\r\n`,
  `\r\nGET / HTTP/1.1\r\n${HOST}\r\n\r\n\r\nGET /2 HTTP/1.1\r\n${HOST}\r\n`,
  `GET / HTTP/1.1\r\n${HOST}Connection: close, x\r\n\r\nGET /never HTTP/1.1\r\n${HOST}\r\n`,
  `GET / HTTP/1.1\r\n${HOST}X-Text: caf\xe9 \x80\xff\r\n\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\rx`,
  `POST /1 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: one\r\n\r\nPOST /2 HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\nok`,
];

const SETS: readonly Omit<ExampleSet, 'target'>[] = [
  {
    set: 'clients',
    origin: 'scripts/corpus-examples.ts: requests as curl, browsers and proxies write them',
    inputs: CLIENTS,
  },
  {
    set: 'framing',
    origin: 'scripts/corpus-examples.ts: content with lengths, chunks, trailers, pipelining',
    inputs: FRAMING,
  },
  {
    set: 'ancestor',
    origin: 'scripts/corpus-examples.ts: inputs for the known defects of the C++ aeronet',
    inputs: ANCESTOR,
  },
];

/** What a handler says: method and version, then a command a line. */
const PROGRAMS: readonly string[] = [
  'G1\nh200 5 Via:x\nc :hello\ne',
  'G1\nh200\nc :hello\nc :\ne X-Sum:1',
  'G1\ni103 Link:</a>\nw200 5',
  'H1\nh200 5\nc :hello\ne',
  'G0\nh200\nc :hello\ne',
  'G1\nh204\ne',
  'G1\nh205\ne',
  'G1\nh304 5\ne',
  'G1\nw304 0',
  'G1\nh200 5\nc :hell\ne\nc :o\ne',
  'G1\nw200 5 X:a\r\nB: c',
  'G1\nw200 5 Transfer-Encoding:chunked\nw101\nw600\nw200',
  'G1\nh200\ne Content-Length:1\ne',
];

/** One for each mistake that a handler can make, where the programs above make none of it. */
const MISTAKES: readonly string[] = [
  'G1\nh200 3\nc :hello\nc :hel\ne',
  'G1\nh200 99999999999999999999\nh200 1e3\nw200',
  'G1\ni200\ni99\ni101\nw200',
  'G0\ni103\nh200\nc :x\ne',
  'G1\nh200 5\nc :hello\ne X-Sum:1\ne',
  'G1\nr200 :fine\x01\nr200 :very well\ne',
  'G1\nh200\nh200\ni103\nc :x\ne Content-Length:1\ne',
  'G1\nc :x\ne\nw200 3',
  'H1\nh200 5\nc :hello!\ne',
  'H1\nw200 7',
  'G1\nh200 Bad name:x\nh200 A:\x7f\nh200 :x\nw404 9 A: x \nw404 9 A:\xff',
  'G1\nh204 3\nw304 3 ETag:"x"',
  'G1\nh205 3\nw205 3',
  'G0\nh200 3\nc :abc\ne X:1\ne',
  'G1\nh204\nc :abc\ne',
  'G1\nh304\nc :abc\nc :\ne',
  `G1\n${[0, 1, 2, 3, 4, 5, 6].map((odd) => `x${odd}\n`).join('')}x9\nw200 5`,
];

const AUTHORITIES: readonly string[] = [
  'localhost:8080',
  'example.com',
  '[::1]:443',
  '[1:2:3:4:5:6:7:8]',
  '[::ffff:1.2.3.4]',
  '[1::2::3]',
  '[v1.a:b]:',
  '1.2.3.256',
  'user@host',
  'a%41:65536',
  '/path?query',
  'http://a/b?c',
  'HTTP://a:80?x',
  '*',
];

const HERE = 'scripts/corpus-examples.ts';

/** All sets; the targets that read requests begin with the same ones. */
export const EXAMPLE_SETS: readonly ExampleSet[] = [
  ...['http1-request', 'http1-connection', 'differential-http1', 'request-equivalence', 'field-lines'].flatMap(
    (target) => SETS.map((set) => ({ target, ...set })),
  ),
  { target: 'response-writer', set: 'programs', origin: `${HERE}: handlers, right and wrong`, inputs: PROGRAMS },
  {
    target: 'response-writer',
    set: 'mistakes',
    origin: `${HERE}: one for each mistake of a handler`,
    inputs: MISTAKES,
  },
  {
    target: 'target-host',
    set: 'authorities',
    origin: `${HERE}: authorities and request targets`,
    inputs: AUTHORITIES,
  },
];
