import fc from 'fast-check';
import t from 'tap';
import { GRAMMARS } from '../../define.ts';
import { FuzzError } from '../../errors.ts';
import { grammarOf } from '../../grammar/grammar-of.ts';
import { parseBlock, serialiseBlock } from '../../grammar/hpack-representations.ts';
import { parseMessages, serialiseMessages } from '../../grammar/http1-message.ts';
import {
  FLAG,
  parseConversation,
  serialiseConversation,
  splitPayload,
  TYPE,
  wireFrame,
} from '../../grammar/http2-frames.ts';
import { failureOf } from '../failure.ts';
import { inputOf, octetsOf } from '../latin1-input.ts';
import { normaliseMessage, signatureOf } from '../signature.ts';
import { createTurns, overwork } from '../work.ts';
import { createComparisonFeedback } from './comparison.ts';
import { createCorpusStore } from './corpus-store.ts';
import { createDictionary, parseDictionary } from './dictionary.ts';
import { createEdgeMap } from './edge-map.ts';
import { createSolver, solveComparisons } from './input-to-state.ts';
import { instrument } from './instrument.ts';
import { minimise } from './minimise.ts';
import { createRandom, deriveSeed } from './prng.ts';
import { createSchedule } from './schedule.ts';
import { createWays, WAYS } from './ways.ts';

const SEED = 20_261;
const latin1 = fc.uint8Array({ maxLength: 200 }).map(inputOf);

t.test('a seed gives the same numbers, another seed others, and all of a range', async (t) => {
  const draw = (seed: number): number[] => Array.from({ length: 50 }, createRandom(seed).next);
  t.same(draw(1), draw(1));
  t.notSame(draw(1), draw(2));
  t.not(deriveSeed(1, 1), deriveSeed(1, 2));
  const random = createRandom(3);
  t.equal(new Set(Array.from({ length: 2_000 }, () => random.below(7))).size, 7);
  t.throws(() => random.pick([]), RangeError);
});

t.test('parseDictionary() reads AFL syntax and names the line that is none', async (t) => {
  t.same(parseDictionary('# words\n"GET "\nname="a\\x00\\"\\\\"\n\n', 'f'), ['GET ', 'a\x00"\\']);
  for (const line of ['GET', '"open', '"\\q"', '""', `"${'x'.repeat(65)}"`, '"\u0101"']) {
    t.throws(() => parseDictionary(`"ok"\n${line}`, 'words.dict'), { message: /^words\.dict:2: /, exit: 2 }, line);
  }
});

t.test('a dictionary hands out what it was given and what it learnt, and forgets the oldest of that', async (t) => {
  const dictionary = createDictionary(['given'], ['harvested']);
  for (let word = 0; word < 600; word++) dictionary.learn(`w${word}`);
  const random = createRandom(SEED);
  const drawn = new Set(Array.from({ length: 20_000 }, () => dictionary.pick(random)));
  t.ok(drawn.has('given') && drawn.has('harvested') && drawn.has('w599'));
  t.notOk(drawn.has('w0'));
  t.equal(createDictionary([], []).pick(random), '');
});

/** Every construct that is instrumented, each in the form that is easy to get wrong. */
const PROGRAM = `const log = [];
export function run(a, b) {
  if (a > 300) log.push('big'); else if (a === b) log.push('same')
  else log.push('other');
  if (b) if (a) log.push('both'); else log.push('only b');
  for (let i = 0; i < 2; i++) log.push(i);
  for (const key in { x: 1 }) log.push(key);
  for (const item of [a]) { log.push(item); }
  let n = 0; while (n < 2) n++; do n--; while (n > 0);
  const pick = (v) => (v ? { v } : [v]); const id = v => v;
  log.push(pick(a), id(b), a && b || null, a ?? b, (a) === (b), (a + 1) /* : === */ !== (b - 1));
  switch (typeof a === 'string' ? a : String(b)) { case 'GET': case "x:y": log.push('get'); break; default: log.push('none') }
  try { if (a === 'throw') throw new Error('thrown'); } catch (error) { log.push(error.message) } finally { log.push('end') }
  const def = (x = a > 1_000 ? 'huge' : 'small') => x; log.push(def());
  label: for (;;) { if (a) break label; else break }
  return class { get v() { return a } static s = () => b }, log.splice(0);
}`;

async function evaluate(code: string): Promise<{ run(a: unknown, b: unknown): unknown }> {
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

t.test('instrumented code does the same on the same lines, and counts what it does', async (t) => {
  const result = instrument(PROGRAM, 0, 0);
  const edges = createEdgeMap(result.edges);
  const comparisons = createComparisonFeedback(result.comparisons);
  Reflect.set(globalThis, '__aeronetFuzz', { c: edges.counters, p: comparisons.probes, w: createTurns() });
  const plain = await evaluate(PROGRAM);
  const counted = await evaluate(result.code);
  t.equal(result.code.split('\n').length, PROGRAM.split('\n').length);
  t.ok(result.words.includes('GET') && result.words.includes('300'));
  const values = [0, 1, 301, 'GET', 'x:y', 'throw', undefined, null, 2_000];
  for (const a of values) for (const b of values) t.same(counted.run(a, b), plain.run(a, b), `${a}, ${b}`);
  edges.fold();
  t.ok(edges.hit > result.edges * 0.8, `${edges.hit} of ${result.edges} edges`);
});

t.test('an edge map tells new edges from new counts, and equal behaviour by its digest', async (t) => {
  const map = createEdgeMap(20);
  const run = (...hits: number[]) => {
    map.reset();
    for (const edge of hits) map.counters[edge] = (map.counters[edge] ?? 0) + 1;
    return map.fold();
  };
  t.match(run(1, 5), { newEdges: 2, newBuckets: 2, cost: 2 });
  t.match(run(1, 5, 5), { newEdges: 0, newBuckets: 1 });
  t.match(run(1, 5, 5), { newEdges: 0, newBuckets: 0 });
  t.equal(run(1, 5).digest, run(1, 5).digest);
  t.not(run(1, 5).digest, run(1, 6).digest);
  for (let hit = 0; hit < 1_000; hit++) map.counters[7] = (map.counters[7] ?? 0) + 1;
  t.equal(map.counters[7], 255, 'a hot edge never looks unreached');
  t.same([...map.edges()], [1, 6, 7]);
  t.throws(() => createEdgeMap(70_000), RangeError);
});

t.test('comparisons report progress and, when traced, operands that solve them', async (t) => {
  const feedback = createComparisonFeedback(2);
  const closer = (compare: () => void): boolean => {
    feedback.reset();
    compare();
    return feedback.advance();
  };
  t.ok(closer(() => feedback.probes.eq(0, 'GQQX', 'GETX')));
  t.ok(
    closer(() => feedback.probes.eq(0, 'GEXX', 'GETX')),
    'a longer common prefix',
  );
  t.notOk(
    closer(() => feedback.probes.eq(0, 'GQQX', 'GETX')),
    'a step back',
  );
  t.ok(closer(() => feedback.probes.lt(1, 10, 1_000)));
  t.ok(
    closer(() => feedback.probes.lt(1, 900, 1_000)),
    'a smaller distance',
  );
  t.notOk(
    closer(() => feedback.probes.ne(1, {}, Number.NaN)),
    'what has no order',
  );
  feedback.beginTrace();
  feedback.probes.eq(0, 'abc', 'magic');
  feedback.probes.eq(1, 0x0102_0304, 0x2fc0_ffee);
  const traced = feedback.endTrace();
  t.ok(solveComparisons('x abc y', traced).includes('x magic y'));
  t.ok(solveComparisons('\x01\x02\x03\x04', traced).includes('\x2f\xc0\xff\xee'));
});

t.test(
  'what a comparison wants is tried where a new edge was reached first, a few times only, and the oldest give way',
  async (t) => {
    const solver = createSolver();
    const asks = (seen: string, wanted: string) => [{ site: 1, a: seen, b: wanted }];
    solver.add('.one.', asks('one', 'uno'), false);
    solver.add('.two.', asks('two', 'due'), true);
    t.same([solver.next(), solver.next(), solver.next()], ['.due.', '.uno.', undefined]);
    let tried = 0;
    for (let input = 0; input < 100; input++) {
      solver.add(`${input}.tre`, asks('tre', 'three'), false);
      if (solver.next() !== undefined) tried++;
    }
    t.equal(tried, 16, 'a want that is not met by then is not met by another place');
    for (let input = 0; input < 2_000; input++) solver.add(`${input}!`, asks('!', `w${input}`), false);
    t.equal(solver.waiting, 512);
    t.equal(solver.next(), '1999w1999');
  },
);

t.test(
  'every way of making inputs keeps a share; the one that yields for its cost gets the rest, while it does',
  async (t) => {
    const random = createRandom(SEED);
    const ways = createWays();
    const live = (rounds: number, yields: (way: string) => number) => {
      const made = new Map<string, number>(WAYS.map((way) => [way, 0]));
      for (let round = 0; round < rounds; round++) {
        const way = ways.next(random);
        made.set(way, (made.get(way) ?? 0) + 1);
        ways.note(way, yields(way), false, 1_000);
      }
      return (way: string) => (made.get(way) ?? 0) / rounds;
    };
    const dry = live(20_000, () => 0);
    const solving = live(20_000, (way) => (way === 'solve' ? 1 : 0));
    const stretching = live(20_000, (way) => (way === 'stretch' ? 1 : 0));
    const again = live(20_000, () => 0);
    for (const way of WAYS) {
      for (const share of [dry, solving, stretching, again]) t.ok(share(way) > 0.02, `${way} has ${share(way)}`);
    }
    t.ok(
      solving('solve') > 2 * dry('solve') && solving('solve') < 0.6,
      `solve: ${dry('solve')} to ${solving('solve')}`,
    );
    t.ok(stretching('stretch') > 5 * dry('stretch'), `stretch: ${dry('stretch')} to ${stretching('stretch')}`);
    t.ok(Math.abs(again('solve') - dry('solve')) < 0.05, `solve again: ${again('solve')}`);
    t.ok(Math.abs(ways.shares().reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  },
);

t.test('a store keeps the shorter of two inputs that do the same, unless it was given', async (t) => {
  const store = createCorpusStore(8);
  const coverage = { newEdges: 0, newBuckets: 0, digest: 1, cost: 1 };
  store.add({ input: 'long', edges: Uint16Array.of(1, 2), cost: 1, origin: 'found' }, 1);
  store.add({ input: 'given', edges: Uint16Array.of(2), cost: 1, origin: 'seed' }, 2);
  t.equal(store.larger('abc', coverage), 0);
  t.equal(store.larger('longer', coverage), -1);
  t.equal(store.larger('abc', { ...coverage, digest: 2 }), -1);
  t.same([...store.reach].slice(0, 3), [0, 1, 2]);
  const random = createRandom(SEED);
  const schedule = createSchedule(store);
  const taken = [0, 0];
  for (let pick = 0; pick < 3_000; pick++) taken[schedule.next(random)] = (taken[schedule.next(random)] ?? 0) + 1;
  t.ok(
    taken.every((count) => count > 100),
    `${taken}`,
  );
});

t.test('the HTTP/1.1 grammar reads any octets and writes them back (seed printed by fast-check)', async () => {
  const grammar = grammarOf('http1-request', { maxLength: 1_024 });
  const random = createRandom(SEED);
  const dictionary = createDictionary(['x'], []);
  const requests = latin1.map((noise) =>
    grammar.mutate(grammar.generate(random, dictionary), noise, random, dictionary),
  );
  fc.assert(
    fc.property(fc.oneof(latin1, requests), (input) => {
      const joined = grammar.cuts(input).every((pieces) => pieces.join('') === input);
      return serialiseMessages(parseMessages(input)) === input && joined;
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

t.test('the loose readings of frames and of field blocks keep every octet, whatever they are given', async () => {
  const random = createRandom(SEED);
  const dictionary = createDictionary([':path'], ['\x82']);
  for (const name of ['http2', 'hpack'] as const) {
    const grammar = grammarOf(name, { maxLength: 4_096 });
    const generated = fc.constant(0).map(() => grammar.generate(random, dictionary));
    const cut = fc.tuple(generated, fc.nat(400)).map(([input, length]) => input.slice(0, length));
    fc.assert(
      fc.property(fc.oneof(latin1, generated, cut), (input) => {
        const joined = grammar.cuts(input).every((pieces) => pieces.join('') === input);
        return joined && serialiseConversation(parseConversation(input)) === input;
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  }
  fc.assert(
    fc.property(latin1, (block) => serialiseBlock(parseBlock(block)) === block),
    { seed: SEED, numRuns: 2_000 },
  );
});

t.test('mutators of all grammars make octets and nothing else', async (t) => {
  for (const name of GRAMMARS) {
    const grammar = grammarOf(name, { maxLength: 256 });
    const random = createRandom(SEED);
    const dictionary = createDictionary(['Host', '\r\n'], ['0x5']);
    let input = '';
    for (let round = 0; round < 5_000; round++) {
      input =
        round % 50 === 0 ? grammar.generate(random, dictionary) : grammar.mutate(input, input, random, dictionary);
      input = input.slice(0, 1_024);
      if (/[^\0-\xff]/.test(input)) t.fail(`${name}: round ${round} of seed ${SEED} left latin1`);
    }
    t.equal(inputOf(octetsOf(input)), input);
  }
});

t.test('minimise() keeps the failure and drops everything else, announced lengths too', async (t) => {
  const cutter = grammarOf('http1-request', { maxLength: 4_096 });
  const noise = 'GET /a HTTP/1.1\r\nHost: one\r\nAccept: */*\r\n\r\n';
  const guilty =
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 26\r\nX-Bad: \x00 here\r\n\r\nabcdefghijklmnopqrstuvwxyz';
  const fails = (input: string): boolean => {
    const message = parseMessages(input).find((one) => one.fields.some((field) => field.text.includes('\x00')));
    const length = Number(/Content-Length:\s*(\d+)/i.exec(input)?.[1] ?? Number.NaN);
    return message !== undefined && message.content.length === length;
  };
  const { input, executions } = await minimise(noise + guilty + noise, fails, cutter);
  t.ok(fails(input));
  t.ok(input.length < 40, `${JSON.stringify(input)} after ${executions} executions`);
  const capped = await minimise(guilty, fails, cutter, { executions: 3, timeMs: 1_000 });
  t.ok(capped.executions <= 3 && fails(capped.input));
  let asked = 0;
  const deep = {
    cuts() {
      asked++;
      return Array.from({ length: 100 }, () => ['a', 'b', 'c']);
    },
    simpler: () => [],
  };
  await minimise('abc', () => false, deep, { executions: 2, timeMs: 60_000 });
  t.ok(asked <= 4, 'once enough is tried, the input is taken apart no more');
});

t.test('minimise() shortens padding together with the octet that tells its length', async (t) => {
  const data = wireFrame(TYPE.DATA, FLAG.PADDED, 1, `\x61${'x'.repeat(40)}${'\0'.repeat(0x61)}`);
  const input = serialiseConversation({ lead: '', frames: [data], tail: '' });
  const isPadded = (candidate: string): boolean =>
    parseConversation(candidate).frames.some((frame) => {
      const { pad, padding } = splitPayload(frame);
      return frame.type === TYPE.DATA && frame.declared === undefined && pad !== undefined && padding.length === pad;
    });
  const { input: smallest } = await minimise(input, isPadded, grammarOf('http2', { maxLength: 4_096 }));
  t.equal(smallest.length, 10, JSON.stringify(smallest));
});

t.test(
  'a signature does not see numbers, quotes and lines, but sees kind, class, message, frames and state',
  async (t) => {
    const base = { kind: 'exception', errorClass: 'Error', message: 'bad "x" at 12 (0xff)', frames: ['core/a.ts:f'] };
    t.equal(normaliseMessage(base.message), 'bad S at N (N)');
    // Bundles on disk are found by these: another digest needs another version in front of it.
    t.equal(signatureOf(base), 'v1:27aa56c467f3f588');
    const deep = { ...base, state: 's', frames: ['core/a.ts:f', 'b.ts:g', 'c.ts:h', 'd.ts:i'] };
    t.equal(signatureOf(deep), 'v1:ca0b41eb0cf2039b');
    t.equal(signatureOf(base), signatureOf({ ...base, message: 'bad "yy" at 3 (0x1)' }));
    for (const change of [
      { kind: 'late' },
      { errorClass: 'TypeError' },
      { message: 'worse' },
      { frames: ['core/a.ts:g'] },
      { state: 's' },
    ]) {
      t.not(signatureOf(base), signatureOf({ ...base, ...change }), JSON.stringify(change));
    }
  },
);

t.test('failureOf() names own frames only, and survives what is no error', async (t) => {
  const error = new TypeError('no');
  error.stack = [
    'TypeError: no',
    '    at Parser.receive (file:///x/core/http1/parser.js:1:2)',
    '    at new Reader (/x/core/http1/reader.ts:3:4)',
    '    at Object.fuzz (/x/fuzz/targets/t.js:1:1)',
    '    at node:internal/x:1:1',
  ].join('\n');
  const modules = ['core/http1/parser.js', 'core/http1/reader.js', 'fuzz/targets/t.js'];
  t.match(failureOf(error, modules, false), {
    kind: 'exception',
    frames: ['core/http1/parser.ts:receive', 'core/http1/reader.ts:Reader'],
    stack:
      /^at Parser\.receive \(core\/http1\/parser\.js:1:2\)\nat new Reader \(core\/http1\/reader\.ts:3:4\)\nat Object\.fuzz [^\n]+$/,
  });
  for (const thrown of [undefined, null, 'text', 7, {}]) t.match(failureOf(thrown, modules, true), { kind: 'late' });
  t.match(new FuzzError(5, 'm'), { exit: 5 });
});

t.test('overwork() allows work in proportion to the octets, and nothing above', async (t) => {
  t.equal(overwork({ name: 'x' }, 4_096 + 64 * 100, 100), undefined);
  t.match(overwork({ name: 'x' }, 4_097 + 64 * 100, 100), {
    kind: 'oracle',
    errorClass: 'OracleError work',
    state: 'x',
  });
  const turns = createTurns();
  const { code } = instrument(
    'export function run(n) { for (let i = 0; i < n; i++) log(i); while (n > 0) { n--; } }',
    0,
    0,
  );
  Reflect.set(globalThis, '__aeronetFuzz', {
    c: new Uint8ClampedArray(8),
    p: createComparisonFeedback(8).probes,
    w: turns,
  });
  Reflect.set(globalThis, 'log', () => undefined);
  (await evaluate(code)).run(10, 0);
  t.equal(turns[0], 20, 'each turn of each loop counts');
});
