import { type Case, chunked, defineCases, request } from '../../define.ts';
import { answeredOnce, HIDDEN, onceControls } from './hidden.ts';

/**
 * RFC9112#9.3: a server reads the whole content of a request or closes behind its answer. Here the answer is known before
 * the content is looked at, which is where servers forget it.
 */
interface Situation {
  readonly slug: string;
  readonly title: string;
  readonly startLine: string;
  readonly fields?: readonly string[];
  readonly needs?: Case['needs'];
  readonly why?: string;
}

const MISSING = '/no-such-{nonce}';

const SITUATIONS: readonly Situation[] = [
  {
    slug: 'missing',
    title: 'Content for a missing resource is not answered',
    startLine: `POST ${MISSING} HTTP/1.1`,
  },
  {
    slug: 'missing-head',
    title: 'Content of a HEAD for a missing resource is not answered',
    startLine: `HEAD ${MISSING} HTTP/1.1`,
    needs: ['head'],
  },
  {
    slug: 'missing-delete',
    title: 'Content of a DELETE is not answered',
    startLine: `DELETE ${MISSING} HTTP/1.1`,
  },
  {
    slug: 'trace',
    title: 'Content of a TRACE is not answered',
    startLine: 'TRACE / HTTP/1.1',
    why: 'A TRACE must not have content, so a server may well refuse it; it must not take the content for a request.',
  },
  {
    slug: 'file',
    title: 'Content of a GET for a static file is not answered',
    startLine: 'GET /file.bin HTTP/1.1',
    needs: ['file'],
    why: 'Code that serves files seldom thinks of content.',
  },
  {
    slug: 'file-not-modified',
    title: 'Content of a conditional GET is not answered',
    startLine: 'GET /file.bin HTTP/1.1',
    fields: ['If-None-Match: *'],
    needs: ['file'],
  },
  {
    slug: 'file-no-such-range',
    title: 'Content of a GET for a range beyond the file is not answered',
    startLine: 'GET /file.bin HTTP/1.1',
    fields: ['Range: bytes=99999999-'],
    needs: ['file'],
  },
  {
    slug: 'expectation-failed',
    title: 'Content behind an unknown expectation is not answered',
    startLine: 'POST / HTTP/1.1',
    fields: ['Expect: x-unknown'],
  },
  {
    slug: 'upgrade',
    title: 'Content of a request that asks for an unknown protocol is not answered',
    startLine: 'POST / HTTP/1.1',
    fields: ['Connection: upgrade', 'Upgrade: x-unknown/1'],
  },
  {
    slug: 'upgrade-websocket',
    title: 'Content of a WebSocket handshake without a key is not answered',
    startLine: 'GET / HTTP/1.1',
    fields: ['Connection: upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  },
  {
    slug: 'http10-keep-alive',
    title: 'Content of an HTTP/1.0 request that is kept alive is not answered',
    startLine: `POST ${MISSING} HTTP/1.0`,
    fields: ['Connection: keep-alive'],
  },
];

function toCase(situation: Situation, framing: 'length' | 'chunks'): Case {
  const { slug, title, startLine, fields = [], needs = ['get'], why } = situation;
  const content = framing === 'length' ? HIDDEN : chunked([HIDDEN]);
  const field = framing === 'length' ? `Content-Length: ${HIDDEN.length}` : 'Transfer-Encoding: chunked';
  return {
    id: framing === 'length' ? `h1/desync/unread-${slug}` : `h1/desync/unread-chunked-${slug}`,
    title: framing === 'length' ? title : title.replace('Content', 'Chunked content'),
    rfc: 'RFC9112#9.3',
    level: 'MUST',
    needs,
    tags: ['smuggling'],
    ...(why === undefined ? {} : { why }),
    send: request(startLine, [...fields, field], content),
    allow: answeredOnce,
    controls: onceControls,
  };
}

const CHUNKED_TOO = ['missing', 'file', 'expectation-failed', 'upgrade'];

/** The beginning of a request whose last field would take in the next request's first line. */
const PREFIX = 'GET /prefix HTTP/1.1\r\nHost: localhost\r\nX-Ignore: ';

export default defineCases([
  ...SITUATIONS.map((situation) => toCase(situation, 'length')),
  ...SITUATIONS.filter(({ slug }) => CHUNKED_TOO.includes(slug)).map((situation) => toCase(situation, 'chunks')),
  {
    id: 'h1/desync/prefix-left-behind',
    title: 'Content that begins a request does not swallow the next request',
    rfc: 'RFC9112#9.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: "The next request's first line would become a field value: whoever sent it gets an answer to a request that somebody else began.",
    send: request(`POST ${MISSING} HTTP/1.1`, [`Content-Length: ${PREFIX.length}`], PREFIX),
    allow: answeredOnce,
    controls: onceControls,
  },
]);
