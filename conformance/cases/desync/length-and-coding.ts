import {
  answer,
  type Case,
  chunked,
  defineCases,
  echo,
  echoes,
  type Outcome,
  pass,
  post,
  refusal,
  refuses,
  replies,
  request,
  status,
  warn,
} from '../../define.ts';
import { HIDDEN, spills } from './hidden.ts';

/**
 * RFC9112#6.1 and RFC9112#11.2: two framings in one head, a request in between. Whoever stands in front of the target may
 * read the other framing; so the target must not answer what that other reading hides.
 */
const CL_TE = `0\r\n\r\n${HIDDEN}`;
const LENGTH = `Content-Length: ${CL_TE.length}`;

/** Transfer-Encoding wins and the connection ends, or the request is refused. */
const codingRefused: readonly Outcome[] = [
  ...refusal({ or: [501] }),
  warn(status('4xx'), 'closed', 'refused, though not by the status that is asked for'),
  warn(status('5xx'), 'closed', "refused, though the fault is the client's"),
];
const codingWins: readonly Outcome[] = [...codingRefused, pass(echo(''), 'closed')];
const emptyThenCloses = replies(answer(200, '', ['Connection: close']), 'close');

interface Form {
  readonly slug: string;
  readonly title: string;
  readonly fields: readonly string[];
  readonly allow: readonly Outcome[];
  readonly rfc?: Case['rfc'];
  readonly why?: string;
}

const CHUNKED = 'Transfer-Encoding: chunked';

const FORMS: readonly Form[] = [
  {
    slug: 'cl-te',
    title: 'A request behind the last chunk is not answered, though Content-Length includes it',
    fields: [LENGTH, CHUNKED],
    allow: codingWins,
  },
  {
    slug: 'te-before-cl',
    title: 'The order of Transfer-Encoding and Content-Length makes no difference',
    fields: [CHUNKED, LENGTH],
    allow: codingWins,
  },
  {
    slug: 'cl-te-upper-case',
    title: 'Chunked beside Content-Length is recognised in any case',
    fields: [LENGTH, 'TRANSFER-ENCODING: Chunked'],
    allow: codingWins,
    why: 'Names of fields and of transfer codings are case-insensitive; a filter that misses one frames by length.',
  },
  {
    slug: 'cl-te-tab',
    title: 'Chunked beside Content-Length is recognised behind a tab',
    fields: [LENGTH, 'Transfer-Encoding:\tchunked\t'],
    allow: codingWins,
  },
  {
    slug: 'cl-te-empty-member',
    title: 'Chunked beside Content-Length is recognised behind an empty list member',
    fields: [LENGTH, 'Transfer-Encoding: , chunked'],
    allow: codingWins,
  },
  {
    slug: 'cl-te-folded',
    title: 'Chunked on a folded line beside Content-Length is refused or recognised',
    fields: [LENGTH, 'Transfer-Encoding:\r\n chunked'],
    allow: codingWins,
    rfc: 'RFC9112#5.2',
  },
  {
    slug: 'cl-te-unknown',
    title: 'An unknown coding beside Content-Length does not fall back to the length',
    fields: [LENGTH, 'Transfer-Encoding: xchunked'],
    allow: codingRefused,
    rfc: 'RFC9112#6.3',
    why: 'Transfer-Encoding is present and chunked is not its final coding: the length cannot be known.',
  },
  {
    slug: 'cl-te-then-identity',
    title: 'Chunked and then another coding, on two lines beside Content-Length, is refused',
    fields: [LENGTH, CHUNKED, 'Transfer-Encoding: identity'],
    allow: codingRefused,
    rfc: 'RFC9112#6.3',
    why: 'Together the lines say "chunked, identity": whoever reads the first alone sees chunked content, whoever reads the last alone does not.',
  },
  {
    slug: 'cl-te-vertical-tab',
    title: 'A vertical tab in front of chunked, beside Content-Length, is refused',
    fields: [LENGTH, 'Transfer-Encoding: \x0bchunked'],
    allow: codingRefused,
    rfc: 'RFC9112#6.3',
  },
  {
    slug: 'cl-te-connection-lists-te',
    title: 'Transfer-Encoding counts even where Connection lists it',
    fields: [LENGTH, CHUNKED, 'Connection: transfer-encoding'],
    allow: codingWins,
    why: 'What Connection lists is removed before forwarding, not before reading.',
  },
];

const forms: readonly Case[] = FORMS.map(({ slug, title, fields, allow, rfc, why }) => ({
  id: `h1/desync/${slug}`,
  title,
  rfc: rfc ?? 'RFC9112#6.1',
  level: 'MUST',
  needs: ['echo'],
  tags: ['smuggling'],
  ...(why === undefined ? {} : { why }),
  send: post(fields, CL_TE),
  allow,
  controls: {
    pass: allow === codingRefused ? [refuses(), refuses(501), refuses(422)] : [refuses(), emptyThenCloses],
    fail: [spills(), echoes(CL_TE), replies(answer(200, CL_TE), 'close')],
  },
}));

/** A chunk that is a request, under a Content-Length that ends behind its size line. */
const CHUNKED_HIDDEN = chunked([HIDDEN]);
const SIZE_LINE = CHUNKED_HIDDEN.slice(0, CHUNKED_HIDDEN.indexOf('\r\n') + 2);

export default defineCases([
  ...forms,
  {
    id: 'h1/desync/te-cl',
    title: 'A request inside a chunk is not answered, though Content-Length ends in front of it',
    rfc: 'RFC9112#6.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post([`Content-Length: ${SIZE_LINE.length}`, CHUNKED], CHUNKED_HIDDEN),
    allow: [...refusal(), pass(echo(HIDDEN), 'closed')],
    controls: {
      pass: [refuses(), replies(answer(200, HIDDEN, ['Connection: close']), 'close')],
      fail: [spills(SIZE_LINE), echoes(HIDDEN), echoes(SIZE_LINE)],
    },
  },
  {
    id: 'h1/desync/te-cl-http10',
    title: 'An HTTP/1.0 request with both framings is answered once, and the connection ends',
    rfc: 'RFC9112#6.1',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'Transfer-Encoding in HTTP/1.0 is faulty framing, even beside a Content-Length.',
    send: request('POST /echo HTTP/1.0', ['Connection: keep-alive', LENGTH, CHUNKED], CL_TE),
    allow: [...refusal({ or: [501] }), pass(echo(''), 'closed'), pass(echo(CL_TE), 'closed')],
    controls: { pass: [refuses(), emptyThenCloses], fail: [spills(), echoes(CL_TE)] },
  },
  {
    id: 'h1/desync/zero-then-length',
    title: 'Content-Length 0 and then another does not let what follows be answered',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post(['Content-Length: 0', `Content-Length: ${HIDDEN.length}`], HIDDEN),
    allow: refusal(),
    controls: { pass: refuses(), fail: [spills(), echoes(HIDDEN)] },
  },
  {
    id: 'h1/desync/length-then-zero',
    title: 'A Content-Length and then 0 does not let what follows be answered',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    send: post([`Content-Length: ${HIDDEN.length}`, 'Content-Length: 0'], HIDDEN),
    allow: refusal(),
    controls: { pass: refuses(), fail: [spills(), echoes(HIDDEN)] },
  },
  {
    id: 'h1/desync/bare-lf-before-te',
    title: 'Transfer-Encoding behind a bare LF does not let a request be answered',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'A lone LF may end the line, be refused, or be replaced by SP (RFC9110#5.5): three framings, each without a second answer.',
    send: post([LENGTH, `X-Note: a\n${CHUNKED}`], CL_TE),
    allow: [...codingWins, pass(echo(CL_TE))],
    controls: { pass: [refuses(), emptyThenCloses, echoes(CL_TE)], fail: [spills(), spills(CL_TE)] },
  },
  {
    id: 'h1/desync/bare-cr-before-te',
    title: 'Transfer-Encoding behind a bare CR is no field',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'A bare CR ends no line: the field is refused, or the CR replaced by SP and the content framed by length.',
    send: post([LENGTH, `X-Note: a\r${CHUNKED}`], CL_TE),
    allow: [...refusal({ stays: 'any' }), pass(echo(CL_TE))],
    controls: { pass: [refuses(), echoes(CL_TE)], fail: [spills(), emptyThenCloses] },
  },
  {
    id: 'h1/desync/connection-lists-length',
    title: 'Content-Length counts even where Connection lists it',
    rfc: 'RFC9112#6.3',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'What Connection lists is removed before forwarding, not before reading.',
    send: post([`Content-Length: ${HIDDEN.length}`, 'Connection: content-length'], HIDDEN),
    allow: [...refusal({ stays: 'any' }), pass(echo(HIDDEN))],
    controls: { pass: [refuses(), echoes(HIDDEN)], fail: [spills(), echoes('')] },
  },
]);
