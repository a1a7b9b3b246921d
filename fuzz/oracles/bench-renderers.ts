/** Whatever text a target, a peer or a file puts into a report, every format shows it as text and nothing else. */
import {
  decideGate,
  type EventSource,
  FORMATS,
  foldReport,
  type HtmlExtras,
  type ReportEvent,
} from '../../reports/index.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** What drives a terminal, hides text or turns it round; line feeds are the formats' own. */
const UNSAFE = /[^\P{Cc}\n\t]|[\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
/** Elements of HTML that run or load something; the format has a script and a style of its own. */
const ACTIVE = /<(?:script|style|iframe|object|embed|img|link|meta|svg|form|base)\b/gi;

/** The report without a payload, in every format. */
let plain: ReadonlyMap<string, string> | undefined;

/** Demands that a payload in every text of every event changes no format's structure. */
export function assertShownAsText(payload: string): void {
  plain ??= renderAll('x');
  const poisoned = renderAll(payload);
  for (const [name, text] of poisoned) {
    const unsafe = UNSAFE.exec(text)?.[0];
    if (unsafe !== undefined) broken(name, `U+${unsafe.codePointAt(0)?.toString(16)} comes through`, 'unsafe');
    const before = plain.get(name) ?? '';
    if (shape(name, text) !== shape(name, before))
      broken(name, `the payload ${quoted(payload)} changes the structure`, 'shape');
  }
}

/** What must be the same whatever the texts are: elements, lines that are commands, or what a parser sees. */
function shape(format: string, text: string): string {
  switch (format) {
    case 'html': {
      const [, data = ''] = /<script type="application\/json" id="data">(.*)<\/script>/.exec(text) ?? [];
      return `${tagsOf(text.replace(data, ''))} ${(text.match(ACTIVE) ?? []).length} ${formOf(data)}`;
    }
    case 'junit':
      return tagsOf(text);
    case 'json':
    case 'sarif':
    case 'badge':
      return JSON.stringify(JSON.parse(text), (_, value) => (typeof value === 'string' ? '' : value));
    case 'github':
      return text
        .split('\n')
        .map((line) => /^::\w+/.exec(line)?.[0] ?? line.length.toString())
        .join();
    case 'issues':
      return text.trimEnd().split('\n').map(issueShape).join();
    case 'text':
      return '';
    default:
      return String((text.match(/^::\w+|<(?!br>|\/?(?:details|summary|sub|code|b|kbd)\b)[a-z/!]/gim) ?? []).length);
  }
}

/** An issue's names and, of its Markdown, the elements. */
function issueShape(line: string): string {
  const { body, ...rest } = JSON.parse(line);
  return `${Object.keys(rest)} ${tagsOf(body)} ${body.split('\n').length}`;
}

/** The data that the page's script reads: its lists and names, not what they hold; equal texts stand in it once. */
function formOf(data: string): string {
  const value = JSON.parse(data, (key, one) => (key === 'strings' ? 0 : typeof one === 'string' ? '' : one));
  return JSON.stringify(value, (_, one) => (typeof one === 'number' ? 0 : one));
}

/** Elements in their order, with the names of their attributes; well-formed as far as each that opens is closed. */
function tagsOf(text: string): string {
  const names: string[] = [];
  for (const [, tag = '', attributes = ''] of text.matchAll(/<([/!?]?[A-Za-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)/g)) {
    names.push(tag + attributes.replace(/="[^"]*"/g, ''));
  }
  return names.join(' ');
}

function renderAll(payload: string): ReadonlyMap<string, string> {
  const report = foldReport([sourceOf(payload)]);
  const gate = decideGate(report, undefined, { today: '2026-11-24' });
  const extras = extrasOf(`a${payload}`, report.cases[0]?.key ?? '');
  return new Map(Object.entries(FORMATS).map(([name, format]) => [name, format.render(report, gate, extras)]));
}

/** A preface and an empty field block, which the reader below fills. */
const HEADERS = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x01\x05\0\0\0\x01', 'latin1');

/** What the page shows besides events, with the payload in it too. */
const extrasOf = (text: string, key: string): HtmlExtras => ({
  evidence: new Map([
    [
      key,
      {
        entries: [
          { atMs: 0, direction: 'sent', octets: HEADERS },
          { atMs: 1, direction: 'note', octets: new Uint8Array(0), note: text },
        ],
        cut: 0,
        output: text.replaceAll('\n', ' '),
      },
    ],
  ]),
  matrix: [
    {
      rfc: text,
      level: text,
      sentences: 1,
      server: 1,
      observable: 1,
      byCase: 1,
      byCheck: 1,
      byReason: 1,
      absent: text,
    },
  ],
  requirements: [
    { id: text, level: text, says: text, binds: text, answer: text, cases: [text], checks: [text], why: text },
  ],
  fieldReader: () => () => ({ fields: [[text, text]], problem: text }),
  since: [{ key: `crash ${text}`, first: text, lastGood: text }],
  history: [{ startedAt: text, label: text, verdict: text, figures: { failures: 1 } }],
  compare: { name: text, rows: [{ key: text, before: text, after: text, change: 'worse' }], same: 1 },
});

/** One run that has something of everything, with the payload in each text; the sort keys keep their order. */
function sourceOf(payload: string): EventSource {
  const text = `a${payload}`;
  const events: ReportEvent[] = [
    {
      kind: 'run-start',
      schema: 1,
      producer: 'conformance',
      version: text,
      node: text,
      os: text,
      startedAt: '2026-11-24T03:00:00.000Z',
      seed: 1,
      command: text,
    },
    { kind: 'target', target: text, address: text, capabilities: [text], serverVersion: text },
  ];
  for (const [index, verdict] of (['fail', 'pass', 'warn', 'skip', 'inconclusive'] as const).entries()) {
    events.push({
      kind: 'case',
      id: `${index}${payload}`,
      target: text,
      area: text,
      title: text,
      level: 'MUST',
      rfc: text,
      verdict,
      connection: 'closed',
      reason: text,
      expected: text,
      actual: text,
      signature: text,
      durationMs: 1,
      attempts: [verdict],
      evidence: text,
      repro: text,
    });
  }
  events.push(
    {
      kind: 'finding',
      target: text,
      signature: text,
      failure: 'exception',
      errorClass: text,
      message: text,
      frames: [text],
      reproduced: '5/5',
      status: 'open',
      inputBytes: 1,
      excerpt: text,
      bundle: text,
      repro: text,
    },
    {
      kind: 'coverage',
      target: text,
      origin: 'replay',
      metric: 'edges',
      instrument: text,
      corpus: text,
      files: [{ path: text, digest: text, hit: 1, total: 2 }],
    },
    {
      kind: 'bench',
      scenario: text,
      subject: text,
      reference: text,
      compares: 'base',
      unit: text,
      better: 'higher',
      pairs: [[1, 1]],
      counters: [{ name: text, value: 2, limit: 1 }],
      repro: text,
    },
    { kind: 'run-end', elapsedMs: 1, complete: true, note: text },
  );
  return { name: text, events };
}

function broken(format: string, message: string, state: string): never {
  throw new OracleError('renderers', `${format}: ${message}`, { state: `${format} ${state}` });
}
