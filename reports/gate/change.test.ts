/** What a change is judged by besides its own results: rules, the base, what it did to the expectations, shards, coverage, speed. */
import t from 'tap';
import { foldReport } from '../fold.ts';
import type { Report } from '../report.ts';
import { ReportsError } from '../reports-error.ts';
import { benchEvent, caseEvent, coverageEvent, findingEvent, runEnd, runStart } from '../sample.test.data.ts';
import type { CaseEvent, ReportEvent, Shard, Verdict } from '../schema.ts';
import { decideGate, type GateOptions } from './decide.ts';
import { type Expectations, parseExpectations } from './expectations.ts';
import { parseRule, parseRules } from './rules.ts';

const ID = 'h1/framing/example';
const KEY = `${ID} @core`;
const OTHER = caseEvent('h1/sanity/other');

const report = (...events: readonly ReportEvent[]): Report =>
  foldReport([{ name: 'r.ndjson', events: [runStart(), ...events, runEnd()] }]);
const known = (...lines: readonly object[]): Expectations =>
  parseExpectations(lines.map((line) => JSON.stringify({ reason: 'because', ...line })).join('\n'), 'expected.jsonl');
const judged = (...attempts: readonly Verdict[]): Partial<CaseEvent> => ({
  verdict: attempts.at(-1) ?? 'pass',
  attempts: [...attempts],
});
const said = (results: Report, expectations: Expectations, options: GateOptions) => {
  const gate = decideGate(results, expectations, { today: '2026-11-24', ...options });
  return { gate, first: `${gate.findings[0]?.class} ${gate.findings[0]?.effect} ${gate.exit}` };
};

t.test('rules by level, area and kind make of a finding an error, a warning or nothing', async (t) => {
  const should = { ...judged('fail'), level: 'SHOULD' } as const;
  const rows: readonly (readonly [string, Partial<CaseEvent>, readonly string[], string])[] = [
    ['no rule', should, [], 'deviation warn 0'],
    ['a level, raised', should, ['should=error'], 'deviation fail 1'],
    ['another level', should, ['may=error'], 'deviation warn 0'],
    ['a level, lowered', judged('fail'), ['must=warn'], 'new-failure warn 0'],
    ['a level, off', judged('fail'), ['must=off'], 'new-failure ok 0'],
    ['an area', judged('fail'), ['area:framing=warn'], 'new-failure warn 0'],
    ['areas by a glob', judged('fail'), ['area:fra*=off'], 'new-failure ok 0'],
    ['areas by stars', judged('fail'), ['area:*f**r*m*=off'], 'new-failure ok 0'],
    ['its end is not its middle too', judged('fail'), ['area:fram*aming=off'], 'new-failure fail 1'],
    ['stars out of their order', judged('fail'), ['area:*m*r*=off'], 'new-failure fail 1'],
    ['a dot is a dot', judged('fail'), ['area:f.*=off'], 'new-failure fail 1'],
    ['another area', judged('fail'), ['area:host=off'], 'new-failure fail 1'],
    ['the area goes before the level', judged('fail'), ['area:framing=error', 'must=off'], 'new-failure fail 1'],
    ['the kind goes before both', judged('fail'), ['kind:new-failure=warn', 'area:framing=off'], 'new-failure warn 0'],
    ['of two alike the later', judged('fail'), ['must=off', 'must=warn'], 'new-failure warn 0'],
    ['a flaky case', judged('fail', 'pass'), ['kind:flaky=error'], 'flaky fail 1'],
    ['a level says nothing of flaky cases', judged('fail', 'pass'), ['must=error'], 'flaky warn 0'],
    [
      'what could not be judged did not fail',
      judged('inconclusive'),
      ['kind:not-judged=error'],
      'not-judged inconclusive 5',
    ],
    ['but may be let off', judged('inconclusive'), ['kind:not-judged=warn'], 'not-judged warn 0'],
    ['a crash stays one', judged('crash', 'pass'), ['must=off', 'area:framing=off'], 'new-crash fail 1'],
  ];
  for (const [name, over, rules, expected] of rows) {
    const options = { rules: rules.map((text) => parseRule(text)) };
    const { gate, first } = said(report(caseEvent(ID, over), OTHER), known(), options);
    t.equal(first, expected, name);
    t.equal(gate.findings.length, 1, `${name}: it is still listed`);
  }
  const excused = said(report(caseEvent(ID, judged('fail')), OTHER), known({ key: KEY, expect: 'fail' }), {
    rules: [parseRule('must=error'), parseRule('area:*=error')],
  });
  t.equal(excused.first, 'known ok 0', 'no rule takes an excuse away');
  const { gate } = said(report(caseEvent(ID, should), OTHER), known(), { rules: [parseRule('should=error')] });
  t.equal(gate.findings[0]?.rule, 'should=error', 'the finding names the rule');
});

t.test('a rule that cannot be meant is refused, with its place', async (t) => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['must', /^rule: "must": write <selector>=error, =warn or =off$/],
    ['must=loud', /write <selector>=error/],
    ['=warn', /write <selector>/],
    ['most=warn', /write must, should, may, area:<name> or kind:<class>/],
    ['kind:known=warn', /no such kind; there are new-crash, /],
    ['kind:new-crash=warn', /a crash is excused by its key/],
    ['kind:incomplete=off', /what did not run cannot pass/],
  ];
  for (const [text, message] of rows) t.throws(() => parseRule(text), { exit: 2, message }, text);
  t.same(
    parseRules('{"should":"error",\n"area:h2-*":"warn"}', 'rules.json').map(({ text }) => text),
    ['should=error', 'area:h2-*=warn'],
  );
  t.throws(() => parseRules('{', 'rules.json'), { exit: 2, message: /^rules\.json:1: not JSON/ });
  t.throws(() => parseRules('{"must":"loud"}', 'rules.json'), { exit: 2, message: /^rules\.json:1: field "must"/ });
  t.throws(() => parseRules('{"must":"warn",\n"most":"warn"}', 'rules.json'), {
    exit: 2,
    message: /^rules\.json:2: "most=warn"/,
  });
});

t.test('what the base has too is not new', async (t) => {
  const seen = (signature: string, ...attempts: readonly Verdict[]) => ({ ...judged(...attempts), signature });
  const rows: readonly (readonly [string, Partial<CaseEvent>, Partial<CaseEvent> | undefined, string])[] = [
    ['it passed there', judged('fail'), judged('pass'), 'new-failure fail 1'],
    ['it failed there alike', seen('200 open', 'fail'), seen('200 open', 'fail'), 'pre-existing warn 0'],
    ['it failed there otherwise', seen('200 open', 'fail'), seen('404 open', 'fail'), 'new-failure fail 1'],
    ['it hung there', judged('fail'), judged('hang'), 'new-failure fail 1'],
    ['it was flaky there', judged('fail'), judged('fail', 'pass'), 'new-failure fail 1'],
    ['it was not judged there', judged('fail'), judged('inconclusive'), 'new-failure fail 1'],
    ['it was not there', judged('fail'), undefined, 'new-failure fail 1'],
    ['it crashed there too', seen('x', 'crash'), seen('y', 'crash', 'pass'), 'pre-existing warn 0'],
    ['it failed there and crashes here', judged('crash'), judged('fail'), 'new-crash fail 1'],
  ];
  for (const [name, here, there, expected] of rows) {
    const base = report(OTHER, ...(there === undefined ? [] : [caseEvent(ID, there)]));
    t.equal(said(report(caseEvent(ID, here), OTHER), known(), { base }).first, expected, name);
  }
  const crash = report(findingEvent());
  t.equal(said(crash, known(), { base: report(findingEvent()) }).first, 'pre-existing warn 0', 'a crash');
  t.equal(
    said(crash, known(), { base: report(findingEvent({ status: 'fixed' })) }).first,
    'new-crash fail 1',
    'one that was fixed',
  );
  t.equal(said(crash, known(), { base: report(OTHER) }).first, 'new-crash fail 1', 'one that is new');
  const expired = known({ key: KEY, expect: 'fail', expires: '2026-11-01' });
  const failing = report(caseEvent(ID, judged('fail')), OTHER);
  t.equal(said(failing, expired, { base: failing }).first, 'expired fail 1', 'an expired entry is, on the base too');
  const missing = said(failing, known(), { base: 'missing' });
  t.match(
    [missing.first, missing.gate.base?.found],
    ['new-failure fail 1', false],
    'no base: as if none was asked for',
  );
  t.match(missing.gate.notes, [/no results of the base/], 'and it is said');
  t.equal(said(report(OTHER), known(), { base: 'missing' }).gate.exit, 0, 'which is neutral');
});

t.test('what this change does to the expectations is listed, and may not excuse what it breaks', async (t) => {
  const old = { key: KEY, expect: 'fail', signature: '200 open', expires: '2026-12-01', when: { node: ['20'] } };
  const rows: readonly (readonly [string, object | undefined, object | undefined, string | undefined, RegExp?])[] = [
    ['added', undefined, old, 'added', /^expected\.jsonl:1: because$/],
    ['removed', old, undefined, 'removed'],
    ['the same', old, old, undefined],
    ['other words', old, { ...old, reason: 'for another reason', owner: '@net' }, undefined],
    ['another verdict too', old, { ...old, expect: ['fail', 'hang'] }, 'loosened', /it expects hang too/],
    ['no signature', old, { ...old, signature: undefined }, 'loosened', /signature "200 open" → any/],
    ['another signature', old, { ...old, signature: '404 open' }, 'loosened', /→ "404 open"/],
    ['later', old, { ...old, expires: '2027-01-01' }, 'loosened', /expires 2026-12-01 → 2027-01-01/],
    ['for ever', old, { ...old, expires: undefined }, 'loosened', /→ never/],
    ['everywhere', old, { ...old, when: undefined }, 'loosened', /more Node versions/],
    ['sooner', old, { ...old, expires: '2026-11-30' }, 'tightened'],
    ['on fewer systems', old, { ...old, when: { node: ['20'], os: 'linux' } }, 'tightened'],
  ];
  for (const [name, before, after, change, how] of rows) {
    const [base, now] = [before, after].map((line) => known(...(line === undefined ? [] : [line])));
    const { gate } = said(report(OTHER), now ?? known(), base === undefined ? {} : { baseExpectations: base });
    t.equal(gate.expectationChanges?.[0]?.change, change, name);
    if (how !== undefined) t.match(gate.expectationChanges?.[0]?.how, how, `${name}: how`);
    const listed = gate.findings.some((finding) => finding.class === 'loosened');
    t.equal(listed, change === 'added' || change === 'loosened', `${name}: listed`);
  }

  const failing = report(caseEvent(ID, judged('fail')), OTHER);
  const passing = report(caseEvent(ID), OTHER);
  const excuse = known({ key: KEY, expect: 'fail' });
  const change = { baseExpectations: known() };
  t.equal(said(failing, excuse, change).first, 'loosened warn 0', 'without results of the base it is listed');
  t.equal(said(failing, excuse, { ...change, base: failing }).first, 'loosened warn 0', 'so where the base fails too');
  t.equal(
    said(failing, excuse, { ...change, base: passing }).first,
    'loosened fail 1',
    'where the base passes it fails',
  );
  t.equal(
    said(failing, excuse, { ...change, base: passing, allowLoosened: true }).first,
    'loosened warn 0',
    'unless allowed',
  );
});

t.test('shards make one run, and a missing one leaves it open', async (t) => {
  const set = '0123456789abcdef';
  const shard = (index: number, ...events: readonly ReportEvent[]) => ({
    name: `shard-${index}.ndjson`,
    events: [
      runStart({ shard: { index, total: 2, set }, command: `npx aeronet conform core --shard ${index}/2` }),
      ...events,
      runEnd(),
    ],
  });
  const one = shard(1, caseEvent(ID));
  const two = shard(2, OTHER);
  const stale = known({ key: 'h1/framing/gone @core', expect: 'fail' });
  t.same(said(foldReport([one, two]), known(), {}).gate.verdict, 'pass', 'both');
  t.equal(said(foldReport([two, one]), stale, {}).first, 'stale fail 1', 'both are a full run');
  const half = said(foldReport([one]), stale, {});
  t.equal(half.first, 'incomplete inconclusive 5', 'one alone is inconclusive, and makes nothing stale');
  t.match(half.gate.findings[0], {
    why: /^No results of shard 2 of 2:/,
    repro: 'npx aeronet conform core --shard 2/2',
  });
  t.match(half.gate.shards, [{ set, total: 2, missing: [2] }]);
  t.equal(decideGate(foldReport([one]), known(), { aloneShard: true }).exit, 0, 'unless it is judged by itself');
  const failed = foldReport([shard(1, caseEvent(ID, judged('fail')))]);
  t.equal(decideGate(failed, known(), {}).exit, 1, 'a failure is certain');
  const cut = { ...two, events: two.events.slice(0, -1) };
  t.equal(said(foldReport([one, cut]), stale, {}).gate.exit, 5, 'one that was cut short');
  t.throws(
    () => foldReport([one, { ...one, name: 'again.ndjson', lines: [1, 2, 3] }]),
    new ReportsError(2, 'again.ndjson:1: shard 1/2 is already at shard-1.ndjson, event 1; keep one of the two'),
  );
  const otherSet: Shard = { index: 1, total: 2, set: 'f'.repeat(16) };
  const foreign = { name: 'f', events: [runStart({ shard: otherSet }), caseEvent('h1/a/b'), runEnd()] };
  t.match(
    said(foldReport([one, two, foreign]), known(), {}).gate.findings,
    [{ key: `shards ${otherSet.set}` }],
    'of another run',
  );
});

t.test('coverage is compared where the same was replayed in the same files', async (t) => {
  const files = (chunked: number, head = 600, digest = '11') => ({
    files: [
      { path: 'core/http1/chunked.ts', digest, hit: chunked, total: 420 },
      { path: 'core/http1/head.ts', digest: '22', hit: head, total: 640 },
    ],
  });
  const base = report(coverageEvent(), coverageEvent());
  const rows: readonly (readonly [string, readonly ReportEvent[], string])[] = [
    ['the same', [coverageEvent(), coverageEvent()], 'undefined undefined 0'],
    ['a little less', [coverageEvent(files(396)), coverageEvent(files(396))], 'undefined undefined 0'],
    ['less, twice', [coverageEvent(files(380)), coverageEvent(files(390))], 'coverage-loss fail 1'],
    ['less, once', [coverageEvent(files(380))], 'coverage-loss warn 0'],
    ['less in one of two', [coverageEvent(files(380)), coverageEvent()], 'undefined undefined 0'],
    [
      'less in a file that was edited',
      [coverageEvent(files(0, 600, '33')), coverageEvent(files(0, 600, '33'))],
      'undefined undefined 0',
    ],
    ['a file that was deleted', [coverageEvent({ files: [] }), coverageEvent({ files: [] })], 'undefined undefined 0'],
    ['other inputs', [coverageEvent({ ...files(0), corpus: 'else' })], 'undefined undefined 0'],
    ['another instrument', [coverageEvent({ ...files(0), instrument: 'else' })], 'undefined undefined 0'],
    [
      'less by another measure',
      [coverageEvent(files(380)), coverageEvent({ metric: 'lines' })],
      'coverage-loss warn 0',
    ],
    ['of a test run', [coverageEvent({ ...files(0), origin: 'tests' })], 'undefined undefined 0'],
  ];
  for (const [name, events, expected] of rows)
    t.equal(said(report(...events), known(), { base }).first, expected, name);
  const lost = said(report(coverageEvent(files(380)), coverageEvent(files(390))), known(), { base }).gate;
  t.match(
    lost.findings[0]?.why,
    /^10 of 1000 edges \(1\.0 %\) are no longer reached .*: core\/http1\/chunked\.ts −10$/,
  );
  t.match(
    said(report(coverageEvent({ corpus: 'else' })), known(), { base }).gate.notes,
    [/was not compared/],
    'and it is said',
  );
  t.equal(said(report(coverageEvent(files(0))), known(), {}).gate.exit, 0, 'no base is neutral');
  t.equal(said(report(coverageEvent(files(0))), known(), { base: 'missing' }).gate.exit, 0, 'nor one that is missing');
});

t.test('a scenario is slower where every measurement is sure of it', async (t) => {
  const noisy = {
    control: Array.from({ length: 12 }, (_, at): [number, number] => [1_000 * (at % 2 === 0 ? 1.3 : 0.7), 1_000]),
  };
  const few = { pairs: benchEvent(0.5).pairs.slice(0, 9) };
  const other = { reference: 'node:http', compares: 'other' } as const;
  const rows: readonly (readonly [string, readonly ReportEvent[], string])[] = [
    ['as fast', [benchEvent(1), benchEvent(1)], 'undefined undefined 0'],
    ['four per cent slower', [benchEvent(0.96), benchEvent(0.96)], 'undefined undefined 0'],
    ['a fifth slower, twice', [benchEvent(0.8), benchEvent(0.8)], 'slower fail 1'],
    ['a fifth slower, once', [benchEvent(0.8)], 'slower warn 0'],
    ['a fifth slower, once of twice', [benchEvent(0.8), benchEvent(1)], 'undefined undefined 0'],
    ['ten times slower', [benchEvent(0.1), benchEvent(0.1)], 'slower fail 1'],
    ['a fifth slower, in noise', [benchEvent(0.8, noisy), benchEvent(0.8, noisy)], 'undefined undefined 0'],
    ['too few pairs', [benchEvent(0.5, few), benchEvent(0.5, few)], 'undefined undefined 0'],
    [
      'more time is less',
      [benchEvent(1.25, { better: 'lower' }), benchEvent(1.25, { better: 'lower' })],
      'slower fail 1',
    ],
    ['less beside another server', [benchEvent(1, other), benchEvent(1, other)], 'slower fail 1'],
    ['as much beside it', [benchEvent(1.27, other), benchEvent(1.27, other)], 'undefined undefined 0'],
  ];
  const base = report(benchEvent(1.3, other));
  for (const [name, events, expected] of rows)
    t.equal(said(report(...events), known(), { base }).first, expected, name);
  t.equal(said(report(benchEvent(0.1, other)), known(), {}).gate.exit, 0, 'beside another server, no base is neutral');
  t.equal(
    said(report(benchEvent(0.8), benchEvent(0.8)), known(), {}).first,
    'slower fail 1',
    'beside the base itself, none is needed',
  );
  t.match(said(report(benchEvent(1, few)), known(), {}).gate.notes, [/fewer than 10 pairs/]);
});

t.test('counters are limits', async (t) => {
  const counted = (value: number, limit?: number) =>
    benchEvent(1, { counters: [{ name: 'writes', value, ...(limit === undefined ? {} : { limit }) }] });
  const base = report(counted(100));
  t.equal(said(report(counted(2, 2)), known(), {}).gate.exit, 0, 'at the limit');
  t.equal(said(report(counted(2.01, 2)), known(), {}).first, 'over-limit fail 1', 'above it');
  t.equal(said(report(counted(101)), known(), { base }).gate.exit, 0, 'one per cent more than the base');
  t.equal(said(report(counted(102)), known(), { base }).first, 'over-limit fail 1', 'two per cent more');
  t.match(said(report(counted(102)), known(), { base }).gate.findings[0], {
    key: 'bench h1-keepalive core/base writes',
    was: 'at most 100',
    now: '102',
  });
});
