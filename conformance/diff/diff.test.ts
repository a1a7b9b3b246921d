import t from 'tap';
import { parseTarget } from '../run/target.ts';
import { SUBJECTS } from '../subjects/index.ts';
import { cluster, type Disagreement, disagreement, matters, worstOf } from './compare.ts';
import { type Comparison, compareTargets } from './diff.ts';
import { selectStimuli } from './stimuli.ts';
import type { Understanding, UnderstoodRequest } from './understanding.ts';

const POST: UnderstoodRequest = { method: 'POST', target: '/', authority: '{host}', content: 'a', fields: ['x: 1'] };

const one = (request: Partial<UnderstoodRequest> = {}): Understanding => ({
  accepted: [{ status: 200, request: { ...POST, ...request } }],
  connection: 'open',
});
const mute = (count: number, connection: Understanding['connection'] = 'open'): Understanding => ({
  accepted: Array.from({ length: count }, () => ({ status: 200 })),
  connection,
});
const REFUSED: Understanding = { accepted: [], refusal: 400, connection: 'closed' };
const WAITS: Understanding = { accepted: [], connection: 'waits' };

t.test('two understandings differ as they would mislead one server in front of the other', (t) => {
  const rows: (readonly [name: string, a: Understanding, b: Understanding, is: Disagreement | undefined])[] = [
    ['the same', one(), one(), undefined],
    ['who tells nothing agrees with any request', one(), mute(1), undefined],
    ['two requests and one', mute(2), one(), 'messages'],
    ['one waits for more', WAITS, one(), 'waiting'],
    ['one waits where the other refuses', WAITS, REFUSED, 'waiting'],
    ['both wait', WAITS, WAITS, undefined],
    ['one waits behind its answer', mute(1, 'waits'), mute(1), 'waiting'],
    ['another content', one(), one({ content: 'b' }), 'content'],
    ['another method', one(), one({ method: 'PUT' }), 'route'],
    ['another authority', one(), one({ authority: 'other.example' }), 'route'],
    [
      'the same authority in other letters',
      one({ authority: 'A.example' }),
      one({ authority: 'a.example' }),
      undefined,
    ],
    ['other fields', one(), one({ fields: ['x: 2'] }), 'fields'],
    ['a refusal', one(), REFUSED, 'refusal'],
    ['two refusals, by other statuses', REFUSED, { ...REFUSED, refusal: 501 }, undefined],
    ['a refusal behind the same request', one(), { ...one(), refusal: 400 }, 'refusal'],
  ];
  for (const [name, a, b, is] of rows) {
    t.equal(disagreement(a, b), is, name);
    t.equal(disagreement(b, a), is, `${name}, the other way round`);
  }
  t.same((['messages', 'waiting', 'content', 'route', 'fields', 'refusal', undefined] as const).filter(matters), [
    'messages',
    'waiting',
    'content',
    'route',
  ]);
  t.end();
});

t.test('servers are grouped by what they understood, and the worst disagreement of any two counts', (t) => {
  const groups = cluster(
    new Map([
      ['a', mute(1)],
      ['b', REFUSED],
      ['c', one()],
      ['d', one({ content: 'b' })],
    ]),
  );
  t.same(
    groups.map(({ targets }) => targets),
    [['c', 'a'], ['d'], ['b']],
  );
  t.equal(worstOf(groups), 'content');
  t.equal(worstOf(groups.slice(0, 1)), undefined);
  t.end();
});

t.test(
  'node:http believes Host where the core believes the absolute-form, and takes a second Host that the core refuses',
  async (t) => {
    t.ok(SUBJECTS.some(({ name }) => name === 'node-http'));
    const seen = new Map<string, Comparison>();
    await compareTargets(
      ['core', 'node-http'].map((name) => parseTarget(name)),
      selectStimuli([
        'h1/sanity/get',
        'h1/sanity/post-echo',
        'h1/target/absolute-form-over-host',
        'h1/host/twice-differing',
      ]),
      {
        seed: 1,
        timeoutMs: 2_000,
        parallel: 4,
        signal: new AbortController().signal,
        onQuirks: (target, { inspects }) => t.ok(inspects, `${target} tells what it understood`),
        onComparison: (comparison) => seen.set(comparison.stimulus, comparison),
      },
    );
    t.same(Object.fromEntries([...seen].map(([name, comparison]) => [name, comparison.disagreement])), {
      'h1/sanity/get': undefined,
      'h1/sanity/post-echo': undefined,
      'h1/target/absolute-form-over-host': 'route',
      'h1/host/twice-differing': 'refusal',
    });
  },
);
