import t from 'tap';
import { defineCases } from '../define.ts';
import type { Case, Observation, Outcome, Response } from '../model.ts';
import { aborted, echo, inspected, none, pass, refusal, status, warn, weak } from '../outcomes.ts';
import { describeAllowed, escapeOctets } from './describe.ts';
import { judge } from './judge.ts';

const VALUES = { scheme: 'http', host: '127.0.0.1:80', nonce: 'n0nce42', sentinel: '' };

/** A response as the reader gives it. */
function answer(code: number, content = '', more: Partial<Response> = {}): Response {
  return {
    version: '1.1',
    status: code,
    reason: '',
    fields: [],
    content: Buffer.from(content, 'latin1'),
    trailers: [],
    framing: 'content-length',
    complete: true,
    interim: [],
    problems: [],
    ...more,
  };
}

const seen = (connection: Observation['connection'], ...responses: Response[]): Observation => ({
  responses,
  connection,
});

const SEEN_BY_INSPECT = JSON.stringify({
  method: 'POST',
  target: '/inspect',
  protocol: 'HTTP/1.1',
  fields: [
    ['Host', '127.0.0.1:80'],
    ['X-Two', 'a'],
    ['x-two', 'b'],
  ],
  content: Buffer.from('n0nce42').toString('base64'),
  trailers: [['X-T', 'n0nce42']],
});

interface Row {
  readonly name: string;
  readonly allow: readonly Outcome[];
  readonly seen: Observation;
  readonly verdict: string;
  readonly reason?: RegExp;
}

const CUT = answer(200, 'par', { complete: false });
const inspects = (match: Parameters<typeof inspected>[0]) => [pass(inspected(match))];

const ROWS: readonly Row[] = [
  { name: 'a status of the set', allow: [pass(status(400, 501))], seen: seen('open', answer(501)), verdict: 'pass' },
  { name: 'a status of the class', allow: [pass(status('4xx'))], seen: seen('closed', answer(431)), verdict: 'pass' },
  {
    name: 'another status',
    allow: [pass(status(400, '5xx'))],
    seen: seen('open', answer(200)),
    verdict: 'fail',
    reason: /status 200 where 400 or 5xx was due/,
  },
  {
    name: 'the best grade that matches, whatever the order',
    allow: [warn(status(200)), weak(status(200)), pass(status(200), 'closed')],
    seen: seen('open', answer(200)),
    verdict: 'weak',
  },
  {
    name: 'RST where a close is due',
    allow: [pass(status(400), 'closed')],
    seen: seen('reset', answer(400)),
    verdict: 'pass',
  },
  {
    name: 'the right answer on a connection that lives on where a close is due',
    allow: refusal(),
    seen: seen('open', answer(400)),
    verdict: 'fail',
    reason: /the connection stayed in use/,
  },
  {
    name: 'the right answer on a closed connection where it has to live on',
    allow: [pass(echo(), 'open')],
    seen: seen('closed', answer(200, 'n0nce42')),
    verdict: 'fail',
    reason: /the connection was closed/,
  },
  { name: 'a close without an answer', allow: refusal(), seen: seen('closed'), verdict: 'weak' },
  { name: 'a close inside the answer', allow: refusal(), seen: seen('reset', CUT), verdict: 'weak' },
  { name: 'a broken answer where none is allowed', allow: [pass(none)], seen: seen('closed', CUT), verdict: 'fail' },
  { name: 'no answer where a broken one is allowed', allow: [pass(aborted)], seen: seen('closed'), verdict: 'fail' },
  {
    name: 'a broken answer where a whole one is due',
    allow: [pass(status(200))],
    seen: seen('closed', CUT),
    verdict: 'fail',
    reason: /broken off/,
  },
  {
    name: 'two answers where one is due',
    allow: [pass(status(200))],
    seen: seen('open', answer(200), answer(200)),
    verdict: 'fail',
    reason: /2 responses where 1 response was due/,
  },
  {
    name: 'answers in the order that is due',
    allow: [pass([echo('a'), status(400)], 'closed')],
    seen: seen('closed', answer(200, 'a'), answer(400)),
    verdict: 'pass',
  },
  {
    name: 'answers in another order',
    allow: [pass([echo('a'), status(400)], 'closed')],
    seen: seen('closed', answer(400), answer(200, 'a')),
    verdict: 'fail',
    reason: /response 1: status 400/,
  },
  {
    name: 'an echo of other content',
    allow: [pass(echo())],
    seen: seen('open', answer(200, 'n0nce4')),
    verdict: 'fail',
    reason: /content is "n0nce4"/,
  },
  { name: 'silence without an answer', allow: [pass(none)], seen: seen('silent'), verdict: 'hang' },
  {
    name: 'silence behind an answer that was right',
    allow: [pass(status(200), 'any')],
    seen: seen('silent', answer(200)),
    verdict: 'hang',
  },
  {
    name: 'silence behind an answer that was wrong',
    allow: [pass(status(400), 'any')],
    seen: seen('silent', answer(200)),
    verdict: 'fail',
  },
  {
    name: 'an interim response where none is allowed',
    allow: [pass({ status: [200], interim: [] })],
    seen: seen('open', answer(200, '', { interim: [answer(100)] })),
    verdict: 'fail',
    reason: /interim responses were 100/,
  },
  {
    name: 'fields that are as they are due',
    allow: [pass({ fields: { date: true, 'content-length': false, server: 'x', allow: /GET/ } })],
    seen: seen(
      'open',
      answer(200, '', {
        fields: [
          ['Date', 'now'],
          ['SERVER', 'x'],
          ['Allow', 'HEAD'],
          ['Allow', 'GET'],
        ],
      }),
    ),
    verdict: 'pass',
  },
  ...[
    { fields: { date: true }, reason: /date is missing/ },
    { fields: { server: false }, reason: /server is present/ },
    { fields: { server: 'y' }, reason: /server is "x"/ },
    { fields: { server: /^y/ }, reason: /server is "x"/ },
    { fields: { allow: /GET/ }, reason: /allow is missing/ },
  ].map(({ fields, reason }) => ({
    name: `a field that is not as it is due: ${reason}`,
    allow: [pass({ fields })],
    seen: seen('open', answer(200, '', { fields: [['Server', 'x']] })),
    verdict: 'fail',
    reason,
  })),
  {
    name: 'a request understood as it was meant',
    allow: inspects({
      method: 'POST',
      content: '{nonce}',
      fields: { host: ['{host}'], 'x-two': ['a', 'b'], 'x-none': [] },
      trailers: { 'x-t': ['{nonce}'] },
    }),
    seen: seen('open', answer(200, SEEN_BY_INSPECT)),
    verdict: 'pass',
  },
  ...[
    { match: { target: '/' }, reason: /target was taken as "\/inspect"/ },
    { match: { content: 'other' }, reason: /content was taken as "n0nce42"/ },
    { match: { authority: 'a' }, reason: /does not tell the authority/ },
    { match: { fields: { 'x-two': ['a'] } }, reason: /fields had x-two = \["a","b"\]/ },
    { match: { trailers: { 'x-t': [] } }, reason: /trailers had x-t/ },
  ].map(({ match, reason }) => ({
    name: `a request understood otherwise: ${reason}`,
    allow: inspects(match),
    seen: seen('open', answer(200, SEEN_BY_INSPECT)),
    verdict: 'fail',
    reason,
  })),
  {
    name: 'an /inspect that answers no JSON',
    allow: inspects({ method: 'GET' }),
    seen: seen('open', answer(200, '<html>')),
    verdict: 'fail',
    reason: /did not answer with its JSON/,
  },
  {
    name: 'a complaint of the case itself',
    allow: [
      pass({ where: { says: 'of a good kind', complaint: ({ reason }) => (reason === '' ? 'no reason' : undefined) } }),
    ],
    seen: seen('open', answer(200)),
    verdict: 'fail',
    reason: /no reason/,
  },
];

t.test('judge()', async (t) => {
  for (const row of ROWS) {
    const judgement = judge(caseOf(row.allow), row.seen, VALUES);
    t.equal(judgement.verdict, row.verdict, `${row.name}: ${judgement.reason}`);
    if (row.reason !== undefined) t.match(judgement.reason, row.reason, row.name);
  }
});

t.test('a judgement says what is allowed, what was seen, and both for a reader in a hurry', async (t) => {
  const judgement = judge(
    caseOf([...refusal({ or: [501] }), pass(echo(), 'closed')]),
    seen('reset', answer(200, 'a\x00b', { interim: [answer(100)] }), CUT),
    VALUES,
  );
  t.equal(
    judgement.expected,
    '400/501 and closed, or 200 with content "n0nce42" and closed; weak: a close without a whole response',
  );
  t.equal(judgement.actual, '100, 200 "a\\x00b" then 200 "par" (broken off); reset');
  t.equal(judgement.signature, '200,200-cut closed');
  t.equal(judge(caseOf([pass(none)]), seen('silent'), VALUES).signature, 'none silent');
  t.equal(judge(caseOf([pass(none)]), seen('open', answer(200)), VALUES).signature, '200 open');
});

t.test('describeAllowed() orders by grade and keeps what stands alone', async (t) => {
  t.equal(
    describeAllowed(caseOf([warn(status(404)), weak(none, 'closed'), pass([status(200), status(400)], 'open')])),
    '200 then 400 and the connection in use; weak: a close without a whole response; warn: 404',
  );
});

t.test('escapeOctets() prints nothing that a terminal would obey', async (t) => {
  t.equal(escapeOctets('a\\\r\n\t\x1b[2J\xff'), 'a\\\\\\r\\n\\t\\x1b[2J\\xff');
  t.equal(escapeOctets('abcdef', 3), 'abc…');
});

function caseOf(allow: readonly Outcome[]): Case {
  const controls = { pass: [], fail: [] };
  const [one] = defineCases([
    {
      id: 'h1/test/case',
      title: 'x',
      rfc: 'RFC9112#6',
      level: 'MUST',
      needs: [],
      send: 'x',
      allow: allow.some(({ grade }) => grade === 'pass') ? allow : [...allow, pass(status(299))],
      controls,
    },
  ]);
  if (one === undefined) throw new Error('No case');
  return one;
}
