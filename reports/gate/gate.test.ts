import t from 'tap';
import { foldReport } from '../fold.ts';
import { ReportsError } from '../reports-error.ts';
import { caseEvent, findingEvent, fuzzStats, runEnd, runStart } from '../sample.test.data.ts';
import { type CaseEvent, type Level, ReportEvent, type RunStartEvent, type Verdict } from '../schema.ts';
import { formatDay, parseDay } from './calendar.ts';
import { classify, EXPECTED, TABLE } from './classify.ts';
import { decideGate, type GateOptions } from './decide.ts';
import { parseExpectations } from './expectations.ts';
import type { Gate } from './gate.ts';
import { type Observed, observeCase } from './observe.ts';

const ID = 'h1/framing/example';
const KEY = `${ID} @core`;

/** Decides one run of these events against these lines. */
function decide(
  events: readonly ReportEvent[],
  lines: readonly object[] = [],
  start = runStart(),
  options: GateOptions = {},
): Gate {
  const report = foldReport([{ name: 'results.ndjson', events: [start, ...events, runEnd()] }]);
  const text = lines.map((line) => JSON.stringify({ reason: 'because', ...line })).join('\n');
  return decideGate(report, parseExpectations(text, 'expected.jsonl'), { today: '2026-11-24', ...options });
}

const verdictCase = (...attempts: readonly Verdict[]): Partial<CaseEvent> => ({
  verdict: attempts.at(-1) ?? 'pass',
  attempts: [...attempts],
});

t.test('the table of classes is the one that the README prints', async (t) => {
  const cells = `
    crash              | new-crash fail            | known ok             | new-crash fail          | new-crash fail | expired fail
    unreproduced       | unreproduced warn         | unreproduced warn    | unreproduced warn       | unreproduced warn | unreproduced warn
    hang               | new-hang fail             | known ok             | changed-failure fail    | known-flaky ok | expired fail
    fail MUST          | new-failure fail          | known ok             | changed-failure fail    | known-flaky ok | expired fail
    fail SHOULD        | deviation warn            | known ok             | changed-failure warn    | known-flaky ok | expired warn
    flaky              | flaky warn                | flaky warn           | flaky warn              | known-flaky ok | expired warn
    error              | not-judged inconclusive   | not-judged inconclusive | not-judged inconclusive | not-judged inconclusive | not-judged inconclusive
    inconclusive MUST  | not-judged inconclusive   | known ok             | not-judged inconclusive | known-flaky ok | expired inconclusive
    inconclusive SHOULD| not-judged warn           | known ok             | not-judged warn         | known-flaky ok | expired warn
    ok, full run       | pass ok                   | unexpected-pass fail | unexpected-pass fail    | pass ok        | expired warn
    ok, filtered run   | pass ok                   | unexpected-pass warn | unexpected-pass warn    | pass ok        | expired warn
    skip               | skip ok                   | skip ok              | skip ok                 | skip ok        | skip ok`
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  t.same(
    cells.map(([row]) => row),
    Object.keys(TABLE),
    'a row for each row',
  );
  const observedOf: Record<string, Observed> = {
    'fail MUST': 'fail',
    'fail SHOULD': 'fail',
    'inconclusive MUST': 'inconclusive',
    'inconclusive SHOULD': 'inconclusive',
    'ok, full run': 'ok',
    'ok, filtered run': 'ok',
    crash: 'crash',
    unreproduced: 'unreproduced',
    hang: 'hang',
    flaky: 'flaky',
    error: 'error',
    skip: 'skip',
  };
  for (const [row = '', ...classes] of cells) {
    const levels: readonly Level[] = row.endsWith('MUST')
      ? ['MUST']
      : row.endsWith('SHOULD')
        ? ['SHOULD', 'MAY']
        : ['MUST', 'SHOULD', 'MAY'];
    for (const level of levels) {
      const about = { level, full: row !== 'ok, filtered run' };
      const got = EXPECTED.map((expected) => classify(observedOf[row] ?? 'error', expected, about));
      t.same(
        got.map((cell) => `${cell.class} ${cell.effect}`),
        classes,
        `${row} (${level})`,
      );
    }
  }
});

t.test('an observation and an entry meet in the right cell', async (t) => {
  const known = { key: KEY, expect: 'fail' };
  const rows: readonly (readonly [string, Partial<CaseEvent>, object | undefined, string, number])[] = [
    ['a new failure fails', verdictCase('fail'), undefined, 'new-failure fail', 1],
    ['a new SHOULD failure warns', { ...verdictCase('fail'), level: 'SHOULD' }, undefined, 'deviation warn', 0],
    ['a new MAY failure warns', { ...verdictCase('fail'), level: 'MAY' }, undefined, 'deviation warn', 0],
    ['a known failure is fine', verdictCase('fail'), known, 'known ok', 0],
    ['it fails in another way: a hang', verdictCase('hang'), known, 'changed-failure fail', 1],
    ['it fails in another way: a crash', verdictCase('crash'), known, 'new-crash fail', 1],
    ['a known crash of a case', verdictCase('crash'), { key: KEY, expect: 'crash' }, 'known ok', 0],
    [
      'the pinned words are there',
      { ...verdictCase('fail'), actual: '206, kept' },
      { ...known, signature: '206' },
      'known ok',
      0,
    ],
    [
      'the pinned words are not whole',
      { ...verdictCase('fail'), actual: '2065, kept' },
      { ...known, signature: '206' },
      'changed-failure fail',
      1,
    ],
    [
      'the pinned short form is there',
      { ...verdictCase('fail'), signature: '206 open' },
      { ...known, signature: '206 open' },
      'known ok',
      0,
    ],
    [
      'the pinned short form is another',
      { ...verdictCase('fail'), signature: '206 open' },
      { ...known, signature: '206' },
      'changed-failure fail',
      1,
    ],
    ['an unexpected pass fails', verdictCase('pass'), known, 'unexpected-pass fail', 1],
    ['a weak answer is a pass', verdictCase('weak'), known, 'unexpected-pass fail', 1],
    ['a flaky case warns', verdictCase('fail', 'pass'), undefined, 'flaky warn', 0],
    ['a flaky case under a hard entry warns', verdictCase('fail', 'pass'), known, 'flaky warn', 0],
    ['a known flaky case', verdictCase('fail', 'pass'), { ...known, expect: ['pass', 'fail'] }, 'known-flaky ok', 0],
    [
      'a known flaky case that always fails',
      verdictCase('fail', 'fail'),
      { ...known, expect: ['pass', 'fail'] },
      'known-flaky ok',
      0,
    ],
    [
      'a hang is not in the flaky list',
      verdictCase('hang', 'pass'),
      { ...known, expect: ['pass', 'fail'] },
      'flaky warn',
      0,
    ],
    ['one crash is a crash', verdictCase('crash', 'pass'), { ...known, expect: ['pass', 'fail'] }, 'new-crash fail', 1],
    ['two ways to fail are no flake', verdictCase('hang', 'fail'), undefined, 'new-failure fail', 1],
    ['it could not be judged', verdictCase('inconclusive'), undefined, 'not-judged inconclusive', 5],
    [
      'a SHOULD could not be judged',
      { ...verdictCase('inconclusive'), level: 'SHOULD' },
      undefined,
      'not-judged warn',
      0,
    ],
    ['known not to be judgeable', verdictCase('inconclusive'), { ...known, expect: 'inconclusive' }, 'known ok', 0],
    ['an error is no known failure', verdictCase('error'), known, 'not-judged inconclusive', 5],
    ['the last day holds', verdictCase('fail'), { ...known, expires: '2026-11-24' }, 'known ok', 0],
    ['the day after does not', verdictCase('fail'), { ...known, expires: '2026-11-23' }, 'expired fail', 1],
    ['expired, and in order now', verdictCase('pass'), { ...known, expires: '2026-11-23' }, 'expired warn', 0],
    [
      'expired, a SHOULD',
      { ...verdictCase('fail'), level: 'SHOULD' },
      { ...known, expires: '2026-11-23' },
      'expired warn',
      0,
    ],
    [
      'conditions that hold',
      verdictCase('fail'),
      { ...known, when: { node: ['18', '20'], os: 'Linux' } },
      'known ok',
      0,
    ],
    ['another Node', verdictCase('fail'), { ...known, when: { node: '22' } }, 'new-failure fail', 1],
    ['another system', verdictCase('fail'), { ...known, when: { os: 'darwin' } }, 'new-failure fail', 1],
  ];
  for (const [name, over, entry, expected, exit] of rows) {
    // A second case, so that there is always something that was judged.
    const gate = decide([caseEvent(ID, over), caseEvent('h1/sanity/other')], entry === undefined ? [] : [entry]);
    const [first] = gate.findings;
    t.equal(`${first?.class} ${first?.effect}`, expected, name);
    t.equal(gate.exit, exit, `${name}: exit`);
    t.equal(gate.findings.length, 1, `${name}: nothing else is said`);
  }
});

t.test('more that comes and goes than is borne with fails, known or not', async (t) => {
  const known = { key: 'h1/sanity/known @core', expect: ['pass', 'fail'], reason: 'It comes and goes.' };
  const comesAndGoes = [
    caseEvent('h1/sanity/new', verdictCase('fail', 'pass')),
    caseEvent('h1/sanity/known', verdictCase('fail', 'pass')),
  ];
  for (const [maxFlaky, verdict] of [
    [undefined, 'pass'],
    [2, 'pass'],
    [1, 'fail'],
    [0, 'fail'],
  ] as const) {
    const gate = decide(
      [...comesAndGoes, caseEvent('h1/sanity/other')],
      [known],
      runStart(),
      maxFlaky === undefined ? {} : { maxFlaky },
    );
    t.equal(gate.classes['known-flaky'], 1, 'one of them is known');
    t.equal(gate.verdict, verdict, `of two at most ${maxFlaky}`);
    t.equal(
      gate.findings.every(({ effect, rule }) => effect !== 'fail' || rule === `max-flaky=${maxFlaky}, there are 2`),
      true,
    );
  }
});

t.test('crashes that fuzzing found', async (t) => {
  const entry = { key: `crash ${findingEvent().signature}`, expect: 'crash' };
  const rows: readonly (readonly [string, Parameters<typeof findingEvent>[0], object | undefined, string, number])[] = [
    ['new', {}, undefined, 'new-crash fail', 1],
    ['reproduced once', { reproduced: '1/5' }, undefined, 'new-crash fail', 1],
    ['a count that cannot be read', { reproduced: 'often' }, undefined, 'new-crash fail', 1],
    ['never reproduced', { reproduced: '0/5' }, undefined, 'unreproduced warn', 0],
    ['known', {}, entry, 'known ok', 0],
    ['known until yesterday', {}, { ...entry, expires: '2026-11-23' }, 'expired fail', 1],
    ['known and fixed', { status: 'fixed' }, entry, 'unexpected-pass fail', 1],
  ];
  for (const [name, over, line, expected, exit] of rows) {
    const gate = decide([findingEvent(over)], line === undefined ? [] : [line], runStart({ producer: 'fuzz' }));
    const [first] = gate.findings;
    t.equal(`${first?.class} ${first?.effect}`, expected, name);
    t.equal(gate.exit, exit, `${name}: exit`);
  }
  const fixed = decide([findingEvent({ status: 'fixed' })], [], runStart({ producer: 'replay' }));
  t.equal(fixed.exit, 0, 'a fixed entry passes');
  t.equal(decide([fuzzStats()], [], runStart({ producer: 'fuzz' })).exit, 0, 'a campaign without findings passes');
});

t.test('what is not about one case', async (t) => {
  const gone = { key: 'h1/framing/gone @core', expect: 'fail' };
  const ran = caseEvent(ID);
  t.equal(decide([ran], [gone]).findings[0]?.class, 'stale', 'a full run knows an entry without a case');
  t.equal(decide([ran], [gone]).exit, 1, 'and fails');
  t.equal(decide([ran], [gone], runStart({ scope: 'filtered' })).exit, 0, 'a filtered run cannot know');
  t.equal(decide([ran], [{ ...gone, key: 'h1/framing/gone @nginx' }]).exit, 0, 'nor a run of another target');
  t.equal(decide([ran], [{ ...gone, when: { os: 'darwin' } }]).exit, 0, 'nor a run on another system');
  t.equal(
    decide([ran], [{ key: KEY, expect: 'fail' }], runStart({ scope: 'filtered' })).exit,
    0,
    'an unexpected pass of a filtered run is only told',
  );
  t.equal(decide([]).exit, 5, 'no case at all');
  t.equal(decide([caseEvent(ID, verdictCase('skip'))]).exit, 5, 'skipped cases only');
  t.match(decide([caseEvent(ID, verdictCase('skip'))]).findings[0]?.why, /all 1 cases were skipped/);
  t.equal(decideGate(foldReport([])).exit, 5, 'no input at all');

  const cut = foldReport([{ name: 'a.ndjson', events: [runStart(), ran] }]);
  t.equal(decideGate(cut).exit, 5, 'a missing run-end');
  const short = foldReport([
    { name: 'a.ndjson', events: [runStart(), ran, runEnd({ complete: false, note: 'SIGINT' })] },
  ]);
  t.match(decideGate(short), { exit: 5, findings: [{ class: 'incomplete', now: 'SIGINT' }] }, 'an interrupted run');
  const bad = caseEvent('h1/framing/bad', verdictCase('fail'));
  t.equal(
    decideGate(foldReport([{ name: 'a.ndjson', events: [runStart(), bad] }])).exit,
    1,
    'a failure is certain, however the run ended',
  );
});

t.test('the decision counts and sorts', async (t) => {
  const gate = decide(
    [
      caseEvent('h1/a/flaky', verdictCase('fail', 'pass')),
      caseEvent('h1/a/known', verdictCase('fail')),
      caseEvent('h1/a/new-b', verdictCase('fail')),
      caseEvent('h1/a/new-a', verdictCase('fail')),
      caseEvent('h1/a/pass'),
      caseEvent('h1/a/skip', verdictCase('skip')),
    ],
    [{ key: 'h1/a/known @core', expect: 'fail', expires: '2026-11-30', owner: '@net' }],
  );
  t.same(
    gate.findings.map((finding) => finding.key),
    ['h1/a/new-a @core', 'h1/a/new-b @core', 'h1/a/flaky @core', 'h1/a/known @core'],
  );
  t.equal(gate.summary, '2 new MUST failures · 1 flaky · 1 known (1 expires within 14 d) · 1 pass · 1 skipped');
  t.match(gate.findings.at(-1)?.expectation, { line: 1, owner: '@net', daysLeft: 6 });
  t.equal(gate.judged, 5);
  t.same(gate.expectations, { sources: ['expected.jsonl'], entries: 1, held: 1 });
});

t.test('the day is that of the latest run, or the one that is given', async (t) => {
  const report = foldReport([{ name: 'a', events: [runStart(), caseEvent(ID), runEnd()] }]);
  t.equal(decideGate(report).today, '2026-11-24');
  t.equal(decideGate(report, undefined, { today: '2027-01-01' }).today, '2027-01-01');
  t.throws(() => decideGate(report, undefined, { today: 'tomorrow' }), {
    exit: 2,
    message: '"tomorrow" is no day; write YYYY-MM-DD',
  });
  for (const text of ['2027-02-29', '2027-13-01', '2027-1-1', '20270101', '', '2027-01-01 ']) {
    t.equal(parseDay(text), undefined, `"${text}" is no day`);
  }
  t.equal(formatDay(parseDay('2028-02-29') ?? 0), '2028-02-29');
});

t.test('all attempts make one observation', async (t) => {
  const rows: readonly (readonly [readonly Verdict[], Observed])[] = [
    [['pass'], 'ok'],
    [['weak', 'pass'], 'ok'],
    [['inconclusive', 'pass'], 'ok'],
    [['error', 'fail'], 'fail'],
    [['pass', 'inconclusive'], 'inconclusive'],
    [['fail', 'skip'], 'flaky'],
    [['fail', 'error'], 'error'],
    [['fail', 'hang'], 'hang'],
    [['crash', 'error'], 'crash'],
  ];
  for (const [attempts, observed] of rows) {
    t.equal(
      observeCase({ attempts: [...attempts], verdict: attempts.at(-1) ?? 'pass' }),
      observed,
      attempts.join(', '),
    );
  }
});

t.test('parseExpectations() refuses what cannot be meant, with place and fix', async (t) => {
  const line = (over: object): string => JSON.stringify({ key: KEY, expect: 'fail', reason: 'because', ...over });
  const rows: readonly (readonly [string, string])[] = [
    ['{', 'f:1: not a JSON object; an expectations file has one object a line'],
    ['[]', 'f:1: Invalid input: expected object, received array'],
    [line({ reason: ' ' }), 'f:1: field "reason": must not be empty'],
    [line({ reasons: 'x' }), 'f:1: unknown field "reasons"'],
    [line({ '\u001b[2J': 1 }), 'f:1: unknown field "\\x1b[2J"'],
    [line({ when: { cpu: 'x' } }), 'f:1: unknown field "cpu" in "when"'],
    [line({ expires: '2027-02-29' }), 'f:1: field "expires": no such day; write YYYY-MM-DD'],
    [line({ added: '24.11.2026' }), 'f:1: field "added": no such day; write YYYY-MM-DD'],
    [line({ key: 'h1/host/duplicate' }), 'f:1: field "key": write "<case id> @<target>" or "crash v1:<hash>"'],
    [line({ expect: ['pass', 'weak'] }), `f:1: "${KEY}" expects nothing that would fail; delete the line`],
    [
      line({ expect: ['pass', 'crash'] }),
      'f:1: a crash is never flaky: expect "crash" alone, or take "pass" out of the list',
    ],
    [line({ key: 'crash v1:00ff', expect: 'fail' }), 'f:1: a crash key expects "crash" and nothing else'],
    [`${line({})}\n\n${line({})}`, `f:3: "${KEY}" stands already at f:1; keep one of the two`],
    [
      `${line({ key: 'b @x' })}\n${line({ key: 'a @x' })}`,
      'f:2: "a @x" is out of order; sort by key: it goes before "b @x"',
    ],
  ];
  for (const [text, message] of rows) {
    t.throws(() => parseExpectations(text, 'f'), new ReportsError(2, message), message);
  }
  for (const expect of ['error', 'skip', [], 'nonsense']) {
    t.throws(() => parseExpectations(line({ expect }), 'f'), { exit: 2, message: /^f:1: field "expect"/ });
  }
});

t.test(
  'drills are cases of a suite of their own: judged by the same table, stale only where drills ran in full',
  async (t) => {
    const lines = [
      '{"key":"drill/slow-head/thousand @core","expect":"fail","reason":"its timer is coarse"}',
      '{"key":"h1/host/missing @core","expect":"fail","reason":"known"}',
    ].join('\n');
    const drill = (verdict: Verdict, id = 'drill/slow-head/thousand'): CaseEvent =>
      caseEvent(id, {
        area: 'drill-slow-head',
        verdict,
        evidence: 'drills/core/slow-head',
        title: 'A thousand slow heads',
      });
    const usage = { rssFirstBytes: 1, rssPeakBytes: 3, rssLastBytes: 2, cpuMs: 40, socketsPeak: 1_000 };
    const decided = (start: Partial<RunStartEvent>, ...events: readonly ReportEvent[]) => {
      const all = [runStart(start), ...events, runEnd({ usage: { core: usage } })];
      const report = foldReport([{ name: 'drills.ndjson', events: all.map((event) => ReportEvent.parse(event)) }]);
      const { verdict, findings } = decideGate(report, parseExpectations(lines, 'expected.jsonl'));
      return [verdict, ...findings.map(({ key, class: name }) => `${name}: ${key.replace(' @core', '')}`)];
    };
    const drills = { producer: 'drill' } as const;
    const [known, other] = ['known: drill/slow-head/thousand', 'drill/rapid-reset/flood'];
    for (const [start, events, expected] of [
      [drills, [drill('fail')], ['pass', known]],
      [drills, [drill('fail'), drill('crash', other)], ['fail', `new-crash: ${other}`, known]],
      [drills, [drill('pass')], ['fail', 'unexpected-pass: drill/slow-head/thousand']],
      [{ ...drills, scope: 'filtered' }, [drill('pass')], ['pass', 'unexpected-pass: drill/slow-head/thousand']],
      [drills, [drill('pass', other)], ['fail', 'stale: drill/slow-head/thousand']],
      [{ ...drills, scope: 'filtered' }, [drill('pass', other)], ['pass']],
      [{}, [caseEvent('h1/host/missing', { verdict: 'fail' })], ['pass', 'known: h1/host/missing']],
      [{}, [caseEvent('h1/host/other')], ['fail', 'stale: h1/host/missing']],
    ] as const) {
      t.same(decided(start, ...events), expected, JSON.stringify([start, expected]));
    }
  },
);
