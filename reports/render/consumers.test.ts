/** The formats, read by what reads them: a strict XML parser, a Markdown renderer, and the rules of GitHub's code scanning. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import MarkdownIt from 'markdown-it';
import t from 'tap';
import { z } from 'zod';
import { foldReport } from '../fold.ts';
import { decideGate } from '../gate/decide.ts';
import { parseExpectations } from '../gate/expectations.ts';
import { caseEvent, findingEvent, runEnd, runStart, SAMPLE_EXPECTATIONS, sampleEvents } from '../sample.test.data.ts';
import type { ReportEvent } from '../schema.ts';
import { renderBadge } from './badge.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif } from './sarif.ts';

function judge(events: readonly ReportEvent[], lines = '', source = 'conformance/expected.jsonl') {
  const report = foldReport([{ name: 'results.ndjson', events }]);
  return [report, decideGate(report, parseExpectations(lines, source))] as const;
}

const HOSTILE = '</script>\u001b[2J\u202e\0 ::set-output name=x::y ##[error] ]]> <b> | ` @all \\';
/** Events whose texts are all hostile, where a text may be. */
const hostile: readonly ReportEvent[] = [
  runStart({ version: HOSTILE, command: HOSTILE }),
  caseEvent('h1/a/b', {
    verdict: 'fail',
    title: HOSTILE,
    reason: HOSTILE,
    actual: HOSTILE,
    expected: HOSTILE,
    rfc: HOSTILE,
    repro: HOSTILE,
  }),
  caseEvent(`h1/${HOSTILE}`, { verdict: 'fail', area: HOSTILE }),
  findingEvent({ frames: [`../../etc/passwd:${HOSTILE}`, `/etc/passwd.ts:x`], message: HOSTILE, target: HOSTILE }),
  runEnd({ complete: false, note: HOSTILE }),
];

/** What code scanning reads, requires and bounds; a field that it does not know is refused here, so that a slip shows. */
const words = (max: number) => z.string().min(1).max(max);
const Level = z.enum(['error', 'warning', 'note']);
const insideOnly = words(2_000).regex(/^(?!\/|[a-z]+:)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\\u0000-\u001f]+$/i);
const Sarif = z.strictObject({
  $schema: words(200),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.literal('aeronet'),
            semanticVersion: z
              .string()
              .regex(/^\d+\.\d+\.\d+$/)
              .optional(),
            rules: z
              .array(
                z.strictObject({
                  id: words(255),
                  name: words(255),
                  shortDescription: z.strictObject({ text: words(1_024) }),
                  fullDescription: z.strictObject({ text: words(1_024) }),
                  help: z.strictObject({ text: words(4_096), markdown: words(65_536) }),
                  helpUri: z.url().optional(),
                  defaultConfiguration: z.strictObject({ level: Level }),
                  properties: z.strictObject({
                    tags: z.array(words(128)).max(20),
                    precision: z.enum(['very-high', 'high', 'medium', 'low']),
                    'problem.severity': z.enum(['error', 'warning', 'recommendation']),
                  }),
                }),
              )
              .max(25_000),
          }),
        }),
        automationDetails: z.strictObject({ id: z.string().regex(/^aeronet\/[\w.-]+\/$/) }),
        columnKind: z.literal('utf16CodeUnits'),
        invocations: z.array(z.looseObject({ executionSuccessful: z.boolean() })),
        results: z
          .array(
            z.strictObject({
              ruleId: words(255),
              level: Level,
              message: z.strictObject({ text: words(4_096) }),
              locations: z
                .array(
                  z.strictObject({
                    physicalLocation: z.strictObject({
                      artifactLocation: z.strictObject({ uri: insideOnly, uriBaseId: z.literal('%SRCROOT%') }),
                      region: z.strictObject({
                        startLine: z.number().int().min(1),
                        startColumn: z.number().int().min(1),
                        endLine: z.number().int().min(1),
                        endColumn: z.number().int().min(1),
                      }),
                    }),
                  }),
                )
                .length(1),
              partialFingerprints: z.strictObject({ primaryLocationLineHash: z.string().regex(/^[0-9a-f]{16}:\d+$/) }),
              properties: z.strictObject({ class: words(40) }),
            }),
          )
          .max(5_000),
        properties: z.strictObject({ verdict: z.enum(['pass', 'fail', 'inconclusive']), summary: z.string() }),
      }),
    )
    .length(1),
});

const sarifOf = (...args: Parameters<typeof renderSarif>) => Sarif.parse(JSON.parse(renderSarif(...args))).runs[0];

t.test('SARIF is what code scanning takes', async (t) => {
  const [report, gate] = judge(sampleEvents(), SAMPLE_EXPECTATIONS);
  const run = sarifOf(report, gate);
  const asked = gate.findings.filter(
    ({ effect, about }) => about !== 'run' && (effect === 'fail' || effect === 'warn'),
  );
  t.equal(run?.results.length, asked.length, 'what fails or warns, and nothing that is known');
  const ids = new Set(run?.tool.driver.rules.map(({ id }) => id));
  t.ok(
    run?.results.every(({ ruleId }) => ids.has(ruleId)),
    'each result has its rule',
  );
  t.equal(ids.size, run?.tool.driver.rules.length, 'each rule stands once');
  const prints = run?.results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
  t.equal(new Set(prints).size, prints?.length, 'each result has a fingerprint of its own');
  const uriOf = (part: string) =>
    run?.results.find(({ message }) => message.text.includes(part))?.locations[0]?.physicalLocation;
  t.match(
    uriOf('crash v1:4f1c'),
    { artifactLocation: { uri: 'core/http1/chunked.ts' }, region: { startLine: 1 } },
    'a crash: its own frame',
  );
  t.match(
    uriOf('host/missing'),
    { artifactLocation: { uri: 'conformance/expected.jsonl' }, region: { startLine: 3 } },
    'an entry: its line',
  );
  t.match(
    uriOf('cl-duplicate-differs'),
    { artifactLocation: { uri: 'conformance/expected.jsonl' }, region: { startLine: 1 } },
    'a new failure: the file',
  );
  const rule = run?.tool.driver.rules.find(({ id }) => id === 'h1/framing/cl-duplicate-differs');
  t.equal(rule?.helpUri, `https://www.rfc-editor.org/rfc/rfc${9112}#section-6.3`);

  for (const source of [
    '/etc/known.jsonl',
    '../known.jsonl',
    'node_modules/x/known.jsonl',
    'C:\\known.jsonl',
    'https://x/known.jsonl',
  ]) {
    const [other, decided] = judge(sampleEvents(), SAMPLE_EXPECTATIONS, source);
    const uris = new Set(
      sarifOf(other, decided)?.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri),
    );
    t.same([...uris].sort(), ['README.md', 'core/http1/chunked.ts'], `${source} is not inside`);
  }
  const again = [...sampleEvents()];
  const print = (events: readonly ReportEvent[]) =>
    sarifOf(...judge(events))?.results.map((result) => result.partialFingerprints);
  t.same(
    print(again),
    print(again.map((event) => (event.kind === 'case' ? { ...event, reason: 'other words' } : event))),
    'other words are the same alert',
  );
});

t.test('SARIF keeps within the limits, and hostile texts within their fields', async (t) => {
  const many = Array.from({ length: 6_000 }, (_, at) =>
    caseEvent(`h1/a/${at}`, { verdict: 'fail', reason: 'x"<\u0007'.repeat(500), title: `${at} ${'y'.repeat(3_000)}` }),
  );
  const [report, gate] = judge([runStart(), ...many, runEnd()]);
  const text = renderSarif(report, gate);
  t.ok(Buffer.byteLength(text) < 20_000_000, `${Buffer.byteLength(text)} octets before they are compressed`);
  const run = Sarif.parse(JSON.parse(text)).runs[0];
  t.ok((run?.results.length ?? 0) > 1_000);
  t.match(
    run?.invocations[0]?.['toolExecutionNotifications'],
    [{ message: { text: /^\d+ results more/ } }],
    'and it is said',
  );
  const [other, decided] = judge(hostile);
  t.equal(sarifOf(other, decided)?.results.length, 3);
  const uris = sarifOf(other, decided)?.results.map(
    ({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri,
  );
  t.same(new Set(uris), new Set(['conformance/expected.jsonl']), 'no path outside is named');
});

t.test(
  'JUnit is read by a strict parser, and every test has the name that GitLab and Jenkins tell it by',
  async (t) => {
    for (const [name, events] of [
      ['sample', sampleEvents()],
      ['hostile', hostile],
    ] as const) {
      const [report, gate] = judge(events, name === 'sample' ? SAMPLE_EXPECTATIONS : '');
      const xml = renderJunit(report, gate);
      t.equal(XMLValidator.validate(xml), true, `${name}: well-formed`);
      const parser = new XMLParser({
        ignoreAttributes: false,
        attributeNamePrefix: '',
        isArray: (tag) => tag === 'testsuite' || tag === 'testcase',
      });
      const suites = z
        .object({
          testsuites: z.object({
            tests: z.coerce.number(),
            testsuite: z.array(
              z.object({
                testcase: z.array(
                  z.object({ classname: words(1_000), name: words(4_000), time: z.string().regex(/^\d+\.\d{3}$/) }),
                ),
              }),
            ),
          }),
        })
        .parse(parser.parse(xml)).testsuites;
      const tests = suites.testsuite.flatMap(({ testcase }) => testcase);
      t.equal(tests.length, suites.tests, `${name}: as many as it says`);
      t.equal(
        new Set(tests.map((one) => `${one.classname}\n${one.name}`)).size,
        tests.length,
        `${name}: no two are the same`,
      );
    }
  },
);

t.test('Markdown is rendered as tables and folds, and hostile texts stay within their cells', async (t) => {
  const markdown = new MarkdownIt({ html: true, linkify: true });
  const [plain, gate] = judge(sampleEvents(), SAMPLE_EXPECTATIONS);
  const html = markdown.render(renderMarkdown(plain, gate));
  t.equal(html.match(/<table>/g)?.length, 6, 'failures, open ones, counts, warnings, known, fuzzing');
  t.equal(html.match(/<details>/g)?.length, html.match(/<\/details>/g)?.length, 'folds are closed');
  t.match(html, /^<!-- aeronet:/, 'the mark by which a comment is found again');
  t.ok(html.indexOf('Fails the gate') < html.indexOf('Cases'), 'failures first');

  const [report, decided] = judge(hostile);
  const rendered = markdown.render(renderMarkdown(report, decided));
  const tags = new Set([...rendered.matchAll(/<(\/?[a-z0-9]+)/gi)].map(([, tag = '']) => tag.replace('/', '')));
  const own = new Set([
    'h3',
    'h4',
    'p',
    'em',
    'code',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'br',
    'details',
    'summary',
  ]);
  t.same(
    [...tags].filter((tag) => !own.has(tag)),
    [],
    'no element but ours, and no link',
  );
  t.notMatch(rendered, /<[^>]+\s(?:href|src|on\w+)=/);
});

t.test('a badge says the verdict and how many MUSTs hold', async (t) => {
  const Badge = z.strictObject({
    schemaVersion: z.literal(1),
    label: words(40),
    message: words(80),
    color: words(20),
    isError: z.boolean(),
  });
  const of = (...events: readonly ReportEvent[]) => Badge.parse(JSON.parse(renderBadge(...judge(events))));
  const bad = caseEvent('h1/a/bad', { verdict: 'fail' });
  t.match(of(runStart(), caseEvent('h1/a/b'), runEnd()), { message: 'pass · 1 of 1 MUST', color: 'brightgreen' });
  t.match(of(runStart(), caseEvent('h1/a/b'), bad, runEnd()), {
    message: 'fail · 1 of 2 MUST',
    color: 'red',
    isError: true,
  });
  t.match(of(runStart(), caseEvent('h1/a/b')), { message: 'inconclusive · 1 of 1 MUST', color: 'yellow' });
  t.match(of(runStart(), runEnd()), { message: 'inconclusive' });
});
