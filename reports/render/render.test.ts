import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { foldReport } from '../fold.ts';
import { decideGate } from '../gate/decide.ts';
import { parseExpectations } from '../gate/expectations.ts';
import type { Gate } from '../gate/gate.ts';
import type { Report } from '../report.ts';
import { caseEvent, runEnd, runStart, SAMPLE_EXPECTATIONS, sampleEvents } from '../sample.test.data.ts';
import type { ReportEvent, Verdict } from '../schema.ts';
import { visible } from '../visible.ts';
import { FORMATS } from './formats.ts';
import { escapeGithub, renderGithub } from './github.ts';
import { renderHtml } from './html.ts';
import { renderIssues } from './issues.ts';
import { escapeJson, renderGateJson, renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { code, prose, renderMarkdown } from './markdown.ts';
import { escapeMarkup } from './markup.ts';
import { renderTable } from './table.ts';
import { escapeTerminal, renderTerminal } from './terminal.ts';

/** What a renderer must never let through, whatever the format. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;
const HOSTILE = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  ']]> --> <!-- <![CDATA[',
  '\u001b[2J\u001b]0;title\u0007\u009b31m',
  'NUL \0 BEL \u0007 DEL \u007f',
  'user\u202Egnp.exe\u2066 \u200b\ufeff',
  'lone \ud800 and \udfff surrogates \uffff',
  '\n::set-output name=x::y\n::error::z\r\n##[add-mask]secret ##[stop-commands]x',
  '`a` ``b`` | c \\| d \\',
  '@everyone #1 GH-1 :smile: www.example.com https://example.com <b>*x*_y_~z~[l](u)![i](u)$m$',
  '&#64;me &lt; &amp; %0A%25',
  '{{constructor}} __proto__',
];

function judge(events: readonly ReportEvent[], lines = ''): { readonly report: Report; readonly gate: Gate } {
  const report = foldReport([{ name: 'results.ndjson', events }]);
  return { report, gate: decideGate(report, parseExpectations(lines, 'expected.jsonl')) };
}

const SORTED_BY = new Set(['id', 'target', 'area', 'signature']);

/** The sample with a payload in every text that a producer can fill. */
function poisoned(payload: string): ReturnType<typeof judge> {
  const keep = new Set([
    'kind',
    'verdict',
    'level',
    'status',
    'startedAt',
    'producer',
    'connection',
    'failure',
    'reproduced',
  ]);
  let count = 0;
  const poison = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') {
      count += 1;
      if (keep.has(key)) return value;
      // What results are sorted by begins alike, so that every payload makes the same order.
      return SORTED_BY.has(key) ? `x${1_000 + count}${payload}` : `${payload}${count}${payload}`;
    }
    if (Array.isArray(value)) return key === 'attempts' ? value : value.map((item) => poison(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, name)]));
  };
  return judge(sampleEvents().map((event) => poison(event) as ReportEvent));
}

const html = ({ report, gate }: ReturnType<typeof judge>): string => renderHtml(report, gate);
const sample = judge(sampleEvents(), SAMPLE_EXPECTATIONS);

t.test('every format says the same verdict, and fails on nothing', async (t) => {
  const cases = [
    ['fail', sample],
    ['pass', judge([runStart(), caseEvent('h1/a/b'), runEnd()])],
    ['inconclusive', judge([runStart(), caseEvent('h1/a/b')])],
    ['inconclusive', judge([runStart(), runEnd()])],
  ] as const;
  for (const [verdict, { report, gate }] of cases) {
    t.equal(gate.verdict, verdict);
    for (const [name, format] of Object.entries(FORMATS)) {
      const text = format.render(report, gate);
      if (name === 'json') t.match(JSON.parse(text), { gate: { verdict } });
      else if (name === 'sarif') t.equal(JSON.parse(text).runs[0].properties.verdict, verdict);
      else if (name === 'badge') t.match(JSON.parse(text).message, new RegExp(`^${verdict}`));
      else if (name === 'junit') t.equal(verdict === 'pass', !/<(failure|error) /.test(text), `junit: ${verdict}`);
      else if (name === 'issues') t.equal(text !== '', gate.classes['new-crash'] > 0, `issues: ${verdict}`);
      else t.match(text, verdict.toUpperCase(), `${name}: ${verdict}`);
      if (name !== 'issues') t.match(text, /[^\n]\n$/, `${name} ends with one line feed`);
    }
  }
});

t.test('the terminal shows failures first, one command each, the verdict last', async (t) => {
  const lines = renderTerminal(sample.report, sample.gate, { color: false }).split('\n');
  t.match(lines[0], /^✖ .* new crash$/);
  t.match(lines.at(-2), /^gate: ✖ FAIL {2}2 new crashes · .*\[68\.3 s, seed 8841\]$/);
  t.equal(lines.filter((line) => line.startsWith('    repro ')).length, 10);
  t.notMatch(lines.join('\n'), /host\/duplicate/, 'known failures are counted');
  t.match(renderTerminal(sample.report, sample.gate, { color: false, verbose: true }), /host\/duplicate/, 'or listed');
  t.match(renderTerminal(sample.report, sample.gate, { color: true }), '\u001b[31m✖ FAIL\u001b[0m');
});

t.test('lists are cut, and say so', async (t) => {
  const many = judge([
    runStart(),
    ...Array.from({ length: 5_000 }, (_, index) =>
      caseEvent(`h1/a/${index}`, { verdict: 'fail', reason: '<@'.repeat(300), actual: '`'.repeat(500) }),
    ),
    runEnd(),
  ]);
  const markdown = renderMarkdown(many.report, many.gate);
  t.ok(Buffer.byteLength(markdown) <= 60_000, `Markdown of ${Buffer.byteLength(markdown)} octets`);
  t.match(markdown, /…and \d+ more/);
  t.match(renderTerminal(many.report, many.gate, { color: false }), '… and 4950 more; the report lists them');
  const annotations = renderGithub(many.report, many.gate).trimEnd().split('\n');
  t.equal(annotations.filter((line) => line.startsWith('::error')).length, 10);
  t.match(annotations[9], 'and 4991 more');
});

t.test('JUnit XML is well-formed and counts right', async (t) => {
  const root = readXml(renderJunit(sample.report, sample.gate));
  t.match(root, { name: 'testsuites', attributes: { tests: '56', failures: '7', errors: '1', skipped: '2' } });
  const tests = root.children.flatMap((suite) => suite.children);
  const count = (name: string) => tests.filter((test) => test.children.some((child) => child.name === name)).length;
  t.same([tests.length, count('failure'), count('error'), count('skipped')], [56, 7, 1, 2]);
  const ids = tests.map((test) => `${test.attributes['classname']} ${test.attributes['name']}`);
  t.equal(new Set(ids).size, ids.length, 'classname and name are unique together');
  const known = tests.find((test) => test.attributes['name'] === 'h1/host/duplicate @node-http');
  t.match(
    known?.children.at(-1)?.attributes['message'],
    /^known failure: node:http takes .*expires 2026-11-30, 6 d left/,
  );
  const flaky = tests.find((test) => test.attributes['name'] === 'h1/chunked/trailer-flaky @core');
  t.equal(flaky?.children.at(-1)?.name, 'flakyFailure');
  const failed = tests.find((test) => test.attributes['name'] === 'h1/framing/cl-duplicate-differs @core');
  t.equal(failed?.attributes['time'], '0.013', 'seconds');
  t.match(failed?.children.at(-1)?.text, /got: 200 echo.*\nwant: 400.*\n.*\nrepro: npx aeronet conform core --case h1/);
});

t.test('the HTML page lets exactly its own style and script run', async (t) => {
  const html = renderHtml(sample.report, sample.gate);
  const policy = /content="(default-src 'none'[^"]*)"/.exec(html)?.[1] ?? '';
  for (const [element, directive] of [
    ['style', 'style-src'],
    ['script', 'script-src'],
  ] as const) {
    const text = new RegExp(`<${element}>([^]*?)</${element}>`).exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(text).digest('base64');
    t.match(policy, `${directive} 'sha256-${hash}';`, directive);
    t.equal(html.split(`<${element}>`).length, 2, `one ${element}`);
  }
  t.equal(html.split('<script').length, 3, 'besides the script, its data');
  t.notMatch(policy, /unsafe|https?:|\*/);
  t.notMatch(html, /\s(style|on[a-z]+|src)=/, 'no inline style, handler or source');
  const data = dataOf(html);
  const names = new Set([
    ...data.cases.map(([id, target]: number[]) => `${data.strings[id ?? -1]} @${data.strings[target ?? -1]}`),
    ...data.crashes.map(({ key }: { readonly key: string }) => key),
  ]);
  const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '');
  t.ok(links.length > 5 && links.every((link) => link.startsWith('#tab=')), 'links stay in the page');
  t.same(
    links.filter((link) => !names.has(new URLSearchParams(link.slice(1).replaceAll('&#38;', '&')).get('open'))),
    [],
    'and lead somewhere',
  );
});

t.test('the page carries every case, crash and figure as data', async (t) => {
  const data = dataOf(html(sample));
  t.equal(data.cases.length, sample.report.cases.length);
  t.equal(new Set(data.cases.map((row: number[]) => row.length)).size, 1, 'rows of one length');
  t.equal(data.strings[data.cases[0][6]], 'crash', 'what decides the gate comes first');
  t.match(data.benches, [{ says: 'in order', bar: 0.95, pairs: 12, counters: [{ value: 3, limit: 2 }] }]);
  t.match(data.coverage, [{ files: [{ hit: 400, total: 420 }, { hit: 600 }] }]);
  t.same(data.entries.map(({ key }: { readonly key: string }) => key).sort(), [
    'h1/fields/gone @core',
    'h1/host/duplicate @node-http',
    'h1/host/missing @node-http',
  ]);
  t.equal(data.crashes.length, 3);
});

t.test('the octets behind a case are in the page, with their frames, and are text there', async (t) => {
  const settings = Buffer.from('000006040000000000000300000064', 'hex');
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const goAway = Buffer.concat([
    Buffer.from('00000b07000000000000000001', 'hex'),
    Buffer.from('00000001</s', 'latin1'),
  ]);
  const page = renderHtml(sample.report, sample.gate, {
    evidence: new Map([
      [
        'h1/framing/cl-duplicate-differs @core',
        {
          entries: [
            { atMs: 0.5, direction: 'sent', octets: Buffer.concat([preface, settings]) },
            { atMs: 1, direction: 'note', octets: Buffer.alloc(0), note: 'closed </script>\u202e' },
            { atMs: 2, direction: 'received', octets: goAway },
          ],
          cut: 12,
          output: 'one\n\u001b[2Jtwo',
        },
      ],
    ]),
  });
  const { evidence, cases } = dataOf(page);
  t.equal(cases.filter((row: number[]) => row.at(-1) === 0).length, 1);
  t.match(evidence, [
    {
      cut: 12,
      output: ['one', '\\x1b[2Jtwo'],
      entries: [
        [0.5, 'sent', Buffer.concat([preface, settings]).toString('base64')],
        [1, 'note', 'closed </script>\\u{202e}'],
        [2, 'received', goAway.toString('base64')],
      ],
      frames: {
        sent: {
          rows: [
            [0, 'preface'],
            [24, 'SETTINGS', '', 0, 6, 'MAX_CONCURRENT_STREAMS = 100'],
          ],
          rest: 0,
        },
      },
    },
  ]);
  t.equal(page.split('</script>').length, 3);
});

t.test('each new crash is an issue with its key, and where a bisection begins', async (t) => {
  const [good, bad] = ['a'.repeat(40), 'b'.repeat(40)];
  const since = sample.report.findings.map(({ key }) => ({
    key,
    first: '2026-11-24T03:00:00.000Z',
    lastGood: '2026-11-23T03:00:00.000Z',
    lastGoodRevision: good,
    firstRevision: bad,
  }));
  const issues = renderIssues(sample.report, sample.gate, { since })
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.same(
    issues.map(({ key }) => key),
    sample.gate.findings.filter(({ about, effect }) => about === 'crash' && effect === 'fail').map(({ key }) => key),
  );
  const [{ key, title, body }] = issues;
  t.ok(`crash ${title}`.startsWith(key), 'a search for the signature finds it');
  t.match(body, /^<!-- aeronet:crash-v1:[0-9a-f]+ -->\n/);
  t.match(body, /\| run again \| <code>npx aeronet replay /);
  t.match(body, `git bisect start ${bad} ${good} &#38;&#38; git bisect run sh -c`);
  t.match(body, 'not seen on 2026-11-23');
});

/** What the page's script reads. */
const dataOf = (html: string) =>
  JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(html)?.[1] ?? '');

t.test('JSON is the report and the gate again', async (t) => {
  const { report, gate } = sample;
  t.same(JSON.parse(renderJson(report, gate)), JSON.parse(JSON.stringify({ gate, report })));
  t.same(JSON.parse(renderGateJson(gate)), JSON.parse(JSON.stringify(gate)));
});

t.test('hostile text stays text in every format', async (t) => {
  const reference = tagsOf(html(poisoned('plain')));
  for (const payload of [...HOSTILE, HOSTILE.join(' ')]) {
    const name = visible(payload, 40);
    const { report, gate } = poisoned(payload);
    for (const [format, { render }] of Object.entries(FORMATS)) {
      const text = render(report, gate).replaceAll('\n', '');
      t.notOk(UNSAFE.test(text), `${format}: no control, hidden or broken character: ${name}`);
    }
    t.same(tagsOf(html({ report, gate })), reference, `html: the same elements: ${name}`);
    t.equal(readXml(renderJunit(report, gate)).attributes['tests'], '55', `junit: the same tests: ${name}`);

    const markdown = renderMarkdown(report, gate);
    t.notMatch(
      markdown,
      /<(?!\/?(?:code|details|summary)>|br>|!-- aeronet:[\w.,-]* -->)/,
      `markdown: own elements: ${name}`,
    );
    t.notMatch(
      markdown.replaceAll(/<code>.*?<\/code>|<!--.*?-->/g, ''),
      /[@`\\[\]]|&#64;(?!&#8203;)[\w&]|www\.|:\/\//,
      `markdown: no mention, code or link: ${name}`,
    );
    const tables = markdown.split('\n\n').filter((block) => block.startsWith('|'));
    for (const table of tables) {
      const rows = table
        .trimEnd()
        .split('\n')
        .filter((row) => row.startsWith('|'));
      t.equal(new Set(rows.map((row) => row.split('|').length)).size, 1, 'markdown: as many cells in each row');
    }

    const terminal = renderTerminal(report, gate, { color: false, verbose: true });
    t.notMatch(terminal, /^\s*::|##\[/m, `terminal: no workflow command: ${name}`);
    for (const line of renderIssues(report, gate).trimEnd().split('\n')) {
      const { body } = JSON.parse(line);
      t.notMatch(
        body.replaceAll(/<code>.*?<\/code>|<!--.*?-->|<br>/g, ''),
        /[<@`\\[\]]|&#64;(?!&#8203;)[\w&]|www\.|:\/\//,
        `issues: own elements: ${name}`,
      );
    }
    const annotations = renderGithub(report, gate).trimEnd().split('\n');
    t.notMatch(
      annotations.filter((line) => !/^::(error|warning|notice) title=[^:,]*::/.test(line)),
      [/./],
      `github: own commands: ${name}`,
    );
    t.notMatch(annotations.join('\n'), /##\[/);
  }
});

t.test('every escape is total: any UTF-16 text becomes one harmless line', async (t) => {
  const anyText = fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units));
  const mixed = fc
    .array(fc.oneof(anyText, fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })))
    .map((parts) => parts.join(''));
  const seed = 8841;
  t.comment(`seed ${seed}`);
  const escapes = { visible, escapeTerminal, escapeGithub, escapeMarkup, prose, code };
  for (const [name, escaped] of Object.entries(escapes)) {
    fc.assert(
      fc.property(mixed, (text) => !UNSAFE.test(escaped(text))),
      { seed, numRuns: 300 },
    );
    t.pass(name);
  }
  fc.assert(
    fc.property(mixed, (text) => {
      const json = escapeJson(JSON.stringify({ text }));
      return (
        !UNSAFE.test(json.trimEnd()) &&
        !json.includes('<') &&
        JSON.stringify(JSON.parse(json)) === JSON.stringify({ text })
      );
    }),
    { seed, numRuns: 300 },
  );
  fc.assert(
    fc.property(
      mixed,
      (text) => readXml(`<a b="${escapeMarkup(text)}">${escapeMarkup(text)}</a>`).text === visible(text),
    ),
    { seed, numRuns: 300 },
  );
  t.equal(visible('a\u{1f30d}b', 2), 'a… (3 more)', 'a pair is not cut in two');
  t.equal(visible('Grüße 🌍 "<&>"'), 'Grüße 🌍 "<&>"', 'plain text stays as it is');
});

t.test('a text of ten megabytes is cut, but never a command', async (t) => {
  const long = '<@|`\u0000\ud800\u202e'.repeat(1_250_000);
  const repro = `npx aeronet conform core --case ${'x'.repeat(3_000)}`;
  const events = [runStart(), caseEvent('h1/a/b', { verdict: 'fail', reason: long, actual: long, repro }), runEnd()];
  const { report, gate } = judge(events);
  for (const [name, { render }] of Object.entries(FORMATS)) {
    // The report as data is whole; it is nobody's page.
    if (name === 'json') continue;
    const text = render(report, gate);
    t.ok(text.length < 120_000, `${name}: ${text.length}`);
    if (['html', 'junit', 'text'].includes(name)) t.match(text, repro, `${name} has the whole command`);
  }
});

/** Names and structural attributes of all elements, in order: what a browser would build, without its texts. */
function tagsOf(html: string): readonly string[] {
  const body = html.slice(html.indexOf('<body>'), html.indexOf('<script>'));
  return [...body.matchAll(/<(\/?[a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)>/g)].map(
    ([, name, attributes]) =>
      `${name}${[...(attributes ?? '').matchAll(/([a-z-]+)="/g)].map((match) => ` ${match[1]}`).join('')}`,
  );
}

interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

/** Reads XML 1.0 as strictly as these files need: any octet that is not allowed, any tag that does not match, throws. */
function readXml(xml: string): Element {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml)) throw new Error('not an XML character');
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const token = /<\?xml [^?]*\?>|<(\/?)([A-Za-z][\w-]*)((?: [A-Za-z]\w*="[^"<]*")*)(\/?)>|([^<]+)/y;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) throw new Error(`no XML at ${at}: ${xml.slice(at, at + 40)}`);
    const [, closing, name, attributes = '', empty, text] = match;
    const parent = open.at(-1) ?? top;
    if (text !== undefined) parent.text += decodeXml(text);
    if (name === undefined) continue;
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> at ${at} closes another element`);
      continue;
    }
    const pairs = [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      decodeXml(value),
    ]);
    const element: Element = { name, attributes: Object.fromEntries(pairs), children: [], text: '' };
    parent.children.push(element);
    if (empty !== '/') open.push(element);
  }
  const [root] = top.children;
  if (open.length !== 1 || top.children.length !== 1 || root === undefined) throw new Error('not one root');
  return root;
}

function decodeXml(text: string): string {
  if (/&(?!#\d+;)/.test(text)) throw new Error(`a bare ampersand: ${text}`);
  return text.replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)));
}

t.test('the table counts every case of every target once: known failures are not others', async (t) => {
  const at = (target: string, id: string, verdict: Verdict) => caseEvent(id, { target, verdict });
  const { report, gate } = judge(
    [
      runStart(),
      { kind: 'target', target: 'a', address: 'http://127.0.0.1:1', capabilities: [], serverVersion: 'A|1' },
      at('a', 'h1/host/x', 'pass'),
      at('a', 'h1/host/y', 'fail'),
      at('a', 'h1/host/z', 'hang'),
      at('a', 'h1/limits/x', 'weak'),
      at('b', 'h1/host/x', 'warn'),
      at('b', 'h1/host/y', 'inconclusive'),
      at('b', 'h1/host/z', 'skip'),
      runEnd(),
    ],
    '{"key":"h1/host/y @a","expect":"fail","reason":"RFC9112#3.2: none is looked at"}\n',
  );
  const text = renderTable(report, gate);
  t.match(text, '2026-11-24, aeronet 0.1.0 on Node v20.20.2');
  t.match(text, '| <code>a</code> | A&#124;1 | 1 | 1 |  | 1 | 1 |  |  |');
  t.match(text, '| <code>b</code> |  |  |  | 1 |  |  | 1 | 1 |');
  t.match(text, '| <code>host</code> | 1/3 | 1/1 |');
  t.match(text, '| <code>limits</code> | 1/1 | – |');
  t.equal(text, renderTable(report, gate), 'the same results make the same octets');
});
