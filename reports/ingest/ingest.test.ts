import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { foldReport } from '../fold.ts';
import { ReportsError } from '../reports-error.ts';
import { caseEvent, findingEvent, runEnd, runStart, sampleEvents } from '../sample.test.data.ts';
import type { ReportEvent } from '../schema.ts';
import { findResults } from './files.ts';
import { INGEST_LIMITS, parseResults, readResults } from './ndjson.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const ndjson = (events: readonly object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');

async function* chunks(octets: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  // One buffer for all chunks, as a stream may do: what is kept has to be copied.
  const buffer = new Uint8Array(size);
  for (let at = 0; at < octets.length; at += size) {
    const part = octets.subarray(at, at + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
}

const parse = (text: string | Uint8Array, limits = INGEST_LIMITS) =>
  parseResults(chunks(typeof text === 'string' ? bytes(text) : text, 64), 'f', limits);

t.test('parseResults() reads what was written, however it is cut into chunks', async (t) => {
  const events: ReportEvent[] = [...sampleEvents(), runStart(), caseEvent('h1/a/b', { reason: 'Grüße 🌍' })];
  for (const size of [1, 2, 3, 7, 64, 100_000]) {
    const source = await parseResults(chunks(bytes(ndjson(events)), size), 'f');
    t.same(source.events, events, `chunks of ${size}`);
    t.equal(source.lines?.at(-1), events.length);
  }
});

t.test('a run that was cut short is read, and is incomplete', async (t) => {
  const whole = ndjson([runStart(), caseEvent('h1/a/b', { reason: 'Grüße' }), runEnd()]);
  const octets = bytes(whole);
  const complete = octets.length - 1;
  for (let length = 1; length <= octets.length; length += 1) {
    const outcome = await parse(octets.subarray(0, length)).then(
      (source) => foldReport([source]).runs[0]?.complete,
      (error: unknown) => (error instanceof ReportsError ? error.exit : error),
    );
    const head = octets.indexOf(0x0a);
    const expected = length < head ? 5 : length >= complete;
    if (outcome !== expected) return t.same(outcome, expected, `cut after ${length} octets`);
  }
  return t.pass(`every cut of ${octets.length}`);
});

t.test('parseResults() refuses what is not a results file, with place and fix', async (t) => {
  const start = ndjson([runStart()]);
  const rows: readonly (readonly [string, string | Uint8Array, 2 | 5, RegExp])[] = [
    ['nothing', '', 5, /^f: holds no event/],
    ['blank lines', '\n\n', 5, /^f: holds no event/],
    ['another text', 'hello', 2, /^f:1: not JSON; is this/],
    ['another text with lines', 'hello\n', 2, /^f:1: not JSON; is this/],
    ['a torn line in the middle', `${start}{"kind":\n${ndjson([runEnd()])}`, 2, /^f:2: not JSON/],
    ['text after the last event', `${start}hello`, 2, /^f:2: not JSON/],
    ['another JSON', '{"name":"aeronet"}\n', 2, /^f:1: not a results event: field "kind": /],
    ['an array', '[]\n', 2, /^f:1: not a results event/],
    [
      'a later schema',
      ndjson([{ ...runStart(), schema: 2, more: 1 }]),
      2,
      /^f:1: results of schema version 2; this aeronet reads version 1/,
    ],
    ['mixed schemas', start + ndjson([{ ...runStart(), schema: 2 }]), 2, /^f:2: results of schema version 2/],
    [
      'an unknown field',
      ndjson([{ ...runStart(), colour: 'red' }]),
      2,
      /^f:1: not a results event: unknown field "colour"$/,
    ],
    [
      'an unknown verdict',
      start + ndjson([{ ...caseEvent('a'), verdict: 'meh' }]),
      2,
      /^f:2: not a results event: field "verdict"/,
    ],
    [
      'a negative time',
      start + ndjson([{ ...runEnd(), elapsedMs: -1 }]),
      2,
      /^f:2: not a results event: field "elapsedMs"/,
    ],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x0a]), 2, /^f:1: not UTF-8/],
    [
      'a prototype',
      `${start}{"kind":"run-end","elapsedMs":1,"complete":true,"__proto__":{"x":1}}\n`,
      2,
      /^f:2: not a results event/,
    ],
    ['deep nesting', `${'['.repeat(100_000)}\n`, 2, /^f:1: not JSON/],
    ['escape sequences', `${start}{"kind":"\\u001b[2J"}\n`, 2, /^f:2: [^\x1b]*$/],
  ];
  for (const [name, text, exit, message] of rows) await t.rejects(parse(text), { exit, message }, name);
});

t.test('a results file has limits', async (t) => {
  const text = ndjson([runStart(), caseEvent('h1/a/b'), runEnd()]);
  const long = `${ndjson([runStart()])}{"kind":"${'x'.repeat(5_000)}`;
  await t.rejects(parse(long, { ...INGEST_LIMITS, lineBytes: 4_096 }), {
    exit: 2,
    message: /^f:2: a line of more than 4096/,
  });
  await t.rejects(parse(`${long}"}\n`, { ...INGEST_LIMITS, lineBytes: 4_096 }), {
    exit: 2,
    message: /^f:2: a line of more/,
  });
  await t.rejects(parse(text, { ...INGEST_LIMITS, events: 2 }), { exit: 2, message: /^f:3: more than 2 events/ });
  await t.rejects(parse(`${ndjson([runStart()])}{"kind":"${'x'.repeat(10_000_000)}"}\n`), {
    exit: 2,
    message: /^f:2: a line of more than 1048576/,
  });
  const path = join(t.testdir({ 'r.ndjson': text }), 'r.ndjson');
  await t.rejects(readResults(path, { ...INGEST_LIMITS, fileBytes: 10 }), { exit: 2, message: /has at most 10$/ });
  t.equal((await readResults(path)).events.length, 3, 'the file itself is fine');
});

t.test('findResults() and readResults() name what they cannot read', async (t) => {
  const folder = t.testdir({
    'b.ndjson': '',
    'a.ndjson': '',
    'c.txt': '',
    empty: {},
    shards: { 2: { 'r.ndjson': '' }, 1: { 'r.ndjson': '', 3: { 'deep.ndjson': '' } }, none: {} },
  });
  t.same(await findResults([folder, join(folder, 'a.ndjson')]), [join(folder, 'a.ndjson'), join(folder, 'b.ndjson')]);
  t.same(
    await findResults([join(folder, 'shards')]),
    ['1', '2'].map((name) => join(folder, 'shards', name, 'r.ndjson')),
    'folders of a folder without results',
  );
  await t.rejects(findResults([join(folder, 'empty')]), { exit: 5, message: /holds no \.ndjson results/ });
  await t.rejects(findResults([join(folder, 'none')]), {
    exit: 2,
    message: /^Cannot read ".*none" \(ENOENT.*\): correct/,
  });
  await t.rejects(readResults(folder), { exit: 2, message: /is not a file/ });
  writeFileSync(join(folder, 'c.txt'), '\0'.repeat(100));
  await t.rejects(readResults(join(folder, 'c.txt')), { exit: 2, message: /c\.txt:1: not JSON/ });
});

t.test('foldReport() puts runs together', async (t) => {
  const run = (...events: readonly ReportEvent[]) => [runStart(), ...events, runEnd()];
  const first = { name: 'a', events: run(caseEvent('h1/x/1', { verdict: 'fail' }), caseEvent('h1/x/2')) };
  const second = { name: 'b', events: run(caseEvent('h1/x/1'), caseEvent('h1/x/1', { target: 'node-http' })) };
  const report = foldReport([first, second]);
  t.same(
    report.cases.map((result) => [result.key, result.verdict, result.run]),
    [
      ['h1/x/1 @core', 'pass', 1],
      ['h1/x/1 @node-http', 'pass', 1],
      ['h1/x/2 @core', 'pass', 0],
    ],
    'the later input counts',
  );
  t.same(report.notes, ['1 case was judged in more than one input: the later one counts']);
  t.same(report.runs[1]?.targets, ['core', 'node-http']);
  t.throws(
    () => foldReport([{ ...first, lines: [1, 2, 5, 6], events: run(caseEvent('h1/x/1'), caseEvent('h1/x/1')) }]),
    new ReportsError(2, 'a:5: case "h1/x/1 @core" was already judged at a:2; attempts belong into one event'),
    'twice in one input is a mistake',
  );
  t.throws(() => foldReport([{ name: 'a', events: [caseEvent('x')] }]), {
    exit: 2,
    message: /^a, event 1: "case" outside a run/,
  });
  t.throws(() => foldReport([{ name: 'a', events: [...run(), runEnd()] }]), {
    exit: 2,
    message: /"run-end" outside a run/,
  });

  const open = findingEvent();
  const fixed = findingEvent({ status: 'fixed' });
  for (const pair of [
    [open, fixed],
    [fixed, open],
  ]) {
    const findings = foldReport([{ name: 'a', events: run(...pair) }]).findings;
    t.same(
      findings.map((finding) => finding.status),
      ['open'],
      'one finding, open as soon as one is',
    );
  }
});

t.test('foldReport() sorts and counts by area and level', async (t) => {
  const events = [runStart(), ...['h1/b/2', 'h1/b/1', 'h1/a/3'].map((id) => caseEvent(id)), runEnd()];
  const report = foldReport([
    { name: 'a', events: [...events.slice(0, -1), caseEvent('h1/a/0', { level: 'MAY', verdict: 'skip' }), runEnd()] },
  ]);
  t.same(
    report.cases.map((result) => result.id),
    ['h1/a/3', 'h1/a/0', 'h1/b/1', 'h1/b/2'],
  );
  t.match(report.areas, [
    { area: 'a', total: 2, levels: { MUST: { pass: 1 }, MAY: { skip: 1 } } },
    { area: 'b', total: 2, levels: { MUST: { pass: 2 } } },
  ]);
  t.match(report.verdicts, { pass: 3, skip: 1, fail: 0 });
});
