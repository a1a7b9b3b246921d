import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { CaseEvent, ReportEvent } from '../../reports/schema.ts';
import { parseTarget } from '../run/target.ts';
import { findH2spec } from './binary.ts';
import { H2SPEC_CASES, selectH2spec } from './catalogue.ts';
import { FAKE_H2SPEC, FAKE_TARGET, junit, type Script } from './fake.test.data.ts';
import { interpret } from './interpret.ts';
import { type Reported, readJunit } from './junit.ts';
import { runH2spec } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'aeronet-h2spec-test-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

t.test('the catalogue has every case of h2spec once, each with a clause of today', async (t) => {
  const count = (group: string) => H2SPEC_CASES.filter((one) => one.section.startsWith(`${group}/`)).length;
  t.same([count('generic'), count('http2'), count('hpack')], [44, 95, 8]);
  t.equal(new Set(H2SPEC_CASES.map((one) => one.id)).size, H2SPEC_CASES.length);
  for (const one of H2SPEC_CASES) {
    t.match(one.rfc, /^RFC(?:9113|7541)#\d+(?:\.\d+)*$/, one.id);
    if (one.edition !== 'same') t.ok(one.note, `${one.id} says what changed`);
    if (one.edition === 'gone') t.not(one.level, 'MUST', `${one.id} binds nobody`);
  }
});

t.test('selectH2spec() takes ids, globs and exclusions, and refuses what names nothing', async (t) => {
  const ids = (...selectors: string[]) => selectH2spec(selectors).map((one) => one.id);
  t.equal(ids().length, 147);
  t.same(ids('h2spec/http2/6.9/2'), ['h2spec/http2/6.9/2']);
  t.same(ids('h2spec/http2/6.9/*', '!h2spec/http2/6.9/1'), ['h2spec/http2/6.9/2', 'h2spec/http2/6.9/3']);
  t.equal(selectH2spec([], 'SHOULD').length, H2SPEC_CASES.filter((one) => one.level !== 'MAY').length);
  t.throws(() => ids('h2spec/http2/6.99/*'), {
    exit: 5,
    message: /names no case of h2spec; groups are .*http2\/6\.9\//,
  });
  t.throws(() => ids('h2spec/hpack/*', '!h2spec/*'), { exit: 5, message: /Nothing is left/ });
});

t.test('readJunit() reads what h2spec writes, defects and all', async (t) => {
  const cut = (reported: ReturnType<typeof readJunit>) =>
    typeof reported === 'string' ? reported : reported.map(({ durationMs: _, ...rest }) => rest);
  const one = (outcome: string, expected: string[] = [], actual = '') => ({
    section: 'http2/6.9',
    outcome,
    expected,
    actual,
  });
  const rows: readonly [name: string, body: string, reading: unknown][] = [
    ['a pass', '', one('passed')],
    ['a skip without its reason', '\n      <skipped></skipped>\n    ', one('skipped')],
    [
      'a failure that is called an error, without captions',
      '\n      <error>GOAWAY Frame (Error Code: PROTOCOL_ERROR)\nConnection closed\nTimeout</error>\n    ',
      one('failed', ['GOAWAY Frame (Error Code: PROTOCOL_ERROR)', 'Connection closed'], 'Timeout'),
    ],
    [
      'a failure with captions',
      '\n      <failure>Expect:\nConnection closed\nActual:\nTimeout</failure>\n    ',
      one('failed', ['Connection closed'], 'Timeout'),
    ],
    [
      'an error of its own, unescaped',
      '\n      <error>read tcp 127.0.0.1:4->127.0.0.1:5: a < b & "c"</error>\n    ',
      one('failed', [], 'read tcp 127.0.0.1:4->127.0.0.1:5: a < b & "c"'),
    ],
    [
      'a message with a closing tag and control characters in it',
      '\n      <error>Stream closed\n\x00\x01</error>\x7f</testcase></error>\n    ',
      one('failed', ['Stream closed'], '\x00\x01</error>\x7f</testcase>'),
    ],
  ];
  for (const [name, body, reading] of rows) t.same(cut(readJunit(junit('http2/6.9', [body]))), [reading], name);
  t.same(cut(readJunit(junit('http2/6.9', ['', rows[2]?.[1] ?? '', '']))), [rows[0]?.[2], rows[2]?.[2], rows[0]?.[2]]);
  t.match(readJunit(junit('http2/6.9', [''])), [{ durationMs: 12.3 }]);

  const refused: readonly [name: string, text: string, why: RegExp][] = [
    ['nothing', '', /no <testsuites>/],
    ['a file cut short', junit('http2/6.9', ['', '']).slice(0, -30), /cut short/],
    [
      'fewer cases than announced',
      junit('http2/6.9', ['']).replace('tests="1"', 'tests="2"'),
      /announces 2 cases and has 1/,
    ],
    [
      'a case that a peer has forged',
      junit('http2/6.9', ['\n<error>x\n<testcase package="p">\n</error>']),
      /announces 1/,
    ],
    ['a file too large', `<testsuites>${' '.repeat(4 * 1024 * 1024)}`, /larger than/],
  ];
  for (const [name, text, why] of refused) t.match(readJunit(text), why, name);
});

t.test('interpret() holds a report against the rules of today', async (t) => {
  const failed = (expected: readonly string[], actual: string): Reported => ({
    section: '',
    outcome: 'failed',
    expected,
    actual,
    durationMs: 1,
  });
  const error = ['GOAWAY Frame (Error Code: PROTOCOL_ERROR)', 'Connection closed'];
  const rows: readonly [selector: string, reported: Reported, verdict: string, reason: RegExp][] = [
    ['http2/6.9/1', { ...failed([], ''), outcome: 'passed' }, 'pass', /content/],
    ['http2/5.1.2/1', { ...failed([], ''), outcome: 'skipped' }, 'skip', /SETTINGS_MAX_CONCURRENT_STREAMS/],
    ['http2/6.9.1/1', { ...failed([], ''), outcome: 'skipped' }, 'skip', /too short/],
    ['http2/6.9/1', failed(error, 'Timeout'), 'fail', /did not change the rule/],
    ['http2/6.9/1', failed(error, 'Error: read tcp: read: connection reset by peer'), 'pass', /was closed/],
    ['http2/3.5/2', failed(['Connection closed'], 'Error: unexpected EOF'), 'pass', /was closed/],
    ['http2/6.7/1', failed(['PING Frame (flags:0x01)'], 'Error: unexpected EOF'), 'fail', /did not come/],
    ['http2/6.9/1', failed([], 'Timeout'), 'hang', /handshake/],
    ['http2/6.9/1', failed([], 'write tcp: write: broken pipe'), 'inconclusive', /before it could judge/],
    ['http2/5.3.1/1', failed(error, 'Timeout'), 'warn', /left the dependencies/],
    ['http2/5.1/12', failed(error, 'Timeout'), 'warn', /discard/],
    ['http2/8.1.2/1', failed(error, 'HEADERS Frame (length:5, flags:0x05, stream_id:1)'), 'warn', /400/],
    ['http2/8.1.2/1', failed(error, 'Timeout'), 'fail', /8\.1\.1/],
  ];
  for (const [selector, reported, verdict, reason] of rows) {
    const one = H2SPEC_CASES.find((other) => other.selector === selector);
    if (one === undefined) throw new Error(`no case ${selector}`);
    t.match(interpret(one, reported), { verdict, reason }, `${selector} ${reported.actual} → ${verdict}`);
  }
});

t.test('findH2spec() looks at $H2SPEC, the PATH and the cache, and names what is wrong', async (t) => {
  const program = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), 0o755);
    return join(folder, path);
  };
  const tells = (version: string) => `#!/bin/sh\necho 'Version: ${version} ((Unknown))'\n`;
  await t.rejects(findH2spec({}, folder), { exit: 2, message: /npm run setup:h2spec/ });
  const cached = program('.aeronet/tools/h2spec', tells('1.0'));
  t.same(await findH2spec({ PATH: '/nowhere' }, folder), { path: cached, version: '1.0' });
  const inPath = program('bin/h2spec', tells('2.0'));
  t.same(await findH2spec({ PATH: `/nowhere:${join(folder, 'bin')}` }, folder), { path: inPath, version: '2.0' });
  const named = program('mine', tells('3.0'));
  t.same(await findH2spec({ H2SPEC: 'mine', PATH: join(folder, 'bin') }, folder), { path: named, version: '3.0' });
  await t.rejects(findH2spec({ H2SPEC: 'none' }, folder), { exit: 2, message: /none, which is no program/ });
  const wrong = program('wrong', '#!/bin/sh\necho curl 8\n');
  await t.rejects(findH2spec({ H2SPEC: wrong }, folder), { exit: 2, message: /is not h2spec: .*"curl 8"/ });
});

t.test('every case has its event, whatever happens to target and h2spec', async (t) => {
  const binary = join(folder, 'fake-h2spec');
  writeFileSync(binary, FAKE_H2SPEC);
  chmodSync(binary, 0o755);
  const server = join(folder, 'target.mjs');
  writeFileSync(server, FAKE_TARGET);

  async function run(script: Script, ...selectors: string[]): Promise<readonly ReportEvent[]> {
    const events: ReportEvent[] = [];
    writeFileSync(`${binary}.json`, JSON.stringify(script));
    await runH2spec([parseTarget(`cmd:${process.execPath} ${server} {port}`)], selectH2spec(selectors), {
      binary: { path: binary, version: 'fake' },
      timeoutMs: 500,
      seed: 1,
      out: join(folder, 'out'),
      version: '0',
      command: 'test',
      emit: (event) => events.push(event),
    });
    return events;
  }
  const judged = (events: readonly ReportEvent[]) =>
    events
      .filter((event): event is CaseEvent => event.kind === 'case')
      .map(({ id, verdict, attempts }) => `${id.replace('h2spec/http2/', '')} ${verdict} ${attempts.join()}`);

  const calm = await run(
    { '6.9/2': ['fail', 'fail'], '6.9/3': ['fail', 'pass', 'pass'], '6.8/1': ['absent', 'absent'] },
    'h2spec/http2/6.8/*',
    'h2spec/http2/6.9/*',
  );
  t.same(judged(calm), ['6.8/1 skip skip', '6.9/1 pass pass', '6.9/2 fail fail,fail', '6.9/3 pass fail,pass,pass']);
  t.match(calm[0], { kind: 'run-start', version: '0, h2spec fake' });
  t.match(calm.at(-1), { kind: 'run-end', complete: true });
  const failure = calm.find((event) => event.kind === 'case' && event.verdict === 'fail');
  t.match(failure, { area: 'h2spec', repro: /--suite h2spec --case h2spec\/http2\/6\.9\/2$/ });
  const evidence = failure?.kind === 'case' ? (failure.evidence ?? '') : '';
  t.match(readFileSync(join(folder, 'out', evidence, 'h2spec.txt'), 'utf8'), /http2\/6\.9\/2 --verbose/);

  const killed = await run({ '6.9/2': ['kill', 'kill'] }, 'h2spec/http2/6.9/*', 'h2spec/http2/7/*');
  t.same(judged(killed), ['6.9/1 pass pass', '6.9/2 crash crash', '6.9/3 pass pass', '7/1 pass pass', '7/2 pass pass']);
  t.match(killed.at(-1), { kind: 'run-end', complete: true }, 'it was started again each time');

  const broken = await run(
    { '6.8/1': ['break', 'break'], '7/1': ['break', 'pass'] },
    'h2spec/http2/6.8/*',
    'h2spec/http2/7/*',
  );
  t.same(judged(broken), ['6.8/1 error error', '7/1 pass pass', '7/2 pass pass']);

  const gone = await run({ '6.9/1': ['kill-for-good'] }, 'h2spec/http2/6.9/*', 'h2spec/http2/7/*');
  t.same(judged(gone), ['6.9/1 crash crash', ...['6.9/2', '6.9/3', '7/1', '7/2'].map((id) => `${id} error error`)]);
  t.match(gone.at(-1), { kind: 'run-end', complete: false, note: /died and did not come back/ });
});
