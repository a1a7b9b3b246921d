import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { ReportEvent } from '../../reports/schema.ts';
import { runInProcess } from './in-process.test.data.ts';
import { reportCommand } from './report.ts';

const run = (...args: readonly string[]) => runInProcess([reportCommand], ['report', ...args]);

function results(verdict: 'pass' | 'fail', day: number): string {
  const events: readonly ReportEvent[] = [
    {
      kind: 'run-start',
      schema: 1,
      producer: 'conformance',
      version: '0.1.0',
      node: 'v20.20.2',
      os: 'linux',
      startedAt: `2026-11-0${day}T03:00:00.000Z`,
      seed: 1,
      command: 'npx aeronet conform url',
    },
    {
      kind: 'case',
      id: 'h1/host/missing',
      target: 'url',
      area: 'host',
      title: 'A request without Host is refused',
      level: 'MUST',
      rfc: 'RFC9112#3.2',
      verdict,
      connection: 'closed',
      reason: 'because',
      expected: '400',
      actual: '200',
      durationMs: 1,
      attempts: [verdict],
      evidence: 'cases/url/h1-host-missing',
      repro: 'npx aeronet conform url --case h1/host/missing',
    },
    { kind: 'run-end', elapsedMs: 5, complete: true },
  ];
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** What the page's script reads. */
const dataOf = (path: string) => JSON.parse(/id="data">(.*)<\/script>/.exec(readFileSync(path, 'utf8'))?.[1] ?? '');

t.test(
  'the HTML report carries evidence, history, another run and the matrix; other formats are as before',
  async (t) => {
    const out = t.testdir({
      'before.ndjson': results('pass', 1),
      'now.ndjson': results('fail', 2),
      'matrix.ndjson':
        '{"kind":"coverage","rfc":"rfc9112","level":"MUST","sentences":9,"server":6,"observable":5,"byCase":4,"byCheck":1,"byReason":1}\n',
    });
    mkdirSync(join(out, 'cases/url/h1-host-missing'), { recursive: true });
    const entries = [{ atMs: 1, direction: 'sent', base64: Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('base64') }];
    writeFileSync(join(out, 'cases/url/h1-host-missing/transcript.json'), JSON.stringify({ entries }));
    const at = (name: string): string => join(out, name);
    const history = ['--history', at('history')];
    t.equal((await run(at('before.ndjson'), '-f', 'md', ...history)).exit, 0);
    const { exit, err } = await run(
      ...[at('now.ndjson'), '-f', 'html,md', '-o', at('site'), ...history, '--compare', at('before.ndjson')],
      ...['--matrix', at('matrix.ndjson')],
    );
    t.equal(exit, 0, err);
    t.equal(readdirSync(at('history')).length, 2);
    t.match(dataOf(at('site/report.html')), {
      evidence: [{ entries: [[1, 'sent', entries[0]?.base64]] }],
      matrix: [{ rfc: 'rfc9112', byCase: 4 }],
      history: [{ verdict: 'pass' }, { verdict: 'fail' }],
      since: [
        [
          'h1/host/missing @url',
          { first: '2026-11-02T03:00:00.000Z', lastGood: '2026-11-01T03:00:00.000Z', command: '' },
        ],
      ],
      compare: {
        rows: [{ key: 'h1/host/missing @url', before: 'pass', after: 'fail, 200', change: 'worse' }],
        same: 0,
      },
    });
  },
);

t.test('a file that is named and is not there ends with 2, and nothing is written', async (t) => {
  const out = t.testdir({ 'now.ndjson': results('fail', 2), 'odd.ndjson': 'nonsense' });
  const at = (name: string): string => join(out, name);
  for (const [args, message] of [
    [['--matrix', at('none')], /Cannot read the matrix/],
    [['--matrix', at('odd.ndjson')], /odd\.ndjson:1: this line is no JSON/],
    [['--compare', at('none')], /Cannot read/],
    [['--history', at('now.ndjson')], /Cannot write the history/],
  ] as const) {
    const { exit, err } = await run(at('now.ndjson'), '-f', 'html', '-o', at('site'), ...args);
    t.equal(exit, 2, args[0]);
    t.match(err, message);
    t.notOk(existsSync(at('site')), 'no folder');
  }
});
