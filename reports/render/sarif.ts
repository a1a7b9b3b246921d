/**
 * SARIF 2.1.0 as GitHub's code scanning takes it: one run, a rule a case, a result for each finding that asks for
 * something, each with a location inside the repository and a fingerprint of its own. Known failures are left out: they
 * have their place in the expectations, and a scanner's list would show them as open.
 */
import { createHash } from 'node:crypto';
import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import type { Gate, GateFinding } from '../gate/gate.ts';
import type { Report } from '../report.ts';
import { visible } from '../visible.ts';
import { escapeJson } from './json.ts';
import { CLASS_WORDS, clauseOf, targetNames } from './labels.ts';

/** GitHub keeps the first 5,000 results of a run. */
const MAX_RESULTS = 5_000;
/** GitHub takes 10 MB, compressed; what is smaller as it is, is so compressed. */
const MAX_BYTES = 9_000_000;
/** Where nothing better is known: every repository has such a page, and a result without a place is refused whole. */
const FALLBACK = 'README.md';

export function renderSarif(report: Report, gate: Gate): string {
  const wanted = gate.findings.filter(
    ({ effect, about }) => (effect === 'fail' || effect === 'warn') && about !== 'run',
  );
  const rules = new Map<string, ReportingDescriptor>();
  const results: Result[] = [];
  let bytes = 0;
  for (const finding of wanted.slice(0, MAX_RESULTS)) {
    const rule = ruleOf(finding);
    const result = resultOf(finding, gate, report);
    bytes +=
      Buffer.byteLength(JSON.stringify(result)) + (rules.has(rule.id) ? 0 : Buffer.byteLength(JSON.stringify(rule)));
    if (bytes > MAX_BYTES) break;
    if (!rules.has(rule.id)) rules.set(rule.id, rule);
    results.push(result);
  }
  const left = wanted.length - results.length;
  const version = report.runs[0]?.start.version ?? '';
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'aeronet',
            ...(/^\d+\.\d+\.\d+$/.test(version) ? { semanticVersion: version } : {}),
            rules: [...rules.values()],
          },
        },
        automationDetails: { id: categoryOf(report) },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: gate.verdict !== 'inconclusive',
            toolExecutionNotifications:
              left === 0 ? [] : [{ level: 'warning', message: { text: `${left} results more are in the report` } }],
          },
        ],
        results,
        properties: { verdict: gate.verdict, summary: gate.summary },
      },
    ],
  };
  return escapeJson(JSON.stringify(log, null, 1));
}

/** `aeronet/core/`: two uploads of one category replace each other, so that it names the targets. */
const categoryOf = (report: Report): string =>
  `aeronet/${targetNames(report)
    .join('-')
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 100)}/`;

/** A case is a rule; crashes are one rule for each way to die, and the gate's own findings one for each class. */
function ruleOf(finding: GateFinding): ReportingDescriptor {
  const id = ruleId(finding);
  const title = cut(finding.about === 'case' ? (finding.title ?? id) : CLASS_WORDS[finding.class], 1_000);
  const clause = clauseOf(finding);
  const want = finding.want === undefined ? '' : ` Allowed: ${finding.want}.`;
  const text = `${title}.${clause === '' ? '' : ` ${clause}.`}${cut(want, 500)}`;
  const link = linkOf(finding.rfc);
  return {
    id,
    name: cut(id, 250),
    shortDescription: { text: title },
    fullDescription: { text: cut(text, 1_000) },
    help: {
      text: cut(text, 2_000),
      markdown: `${plain(cut(text, 1_000))}${link === undefined ? '' : `\n\n[${plain(finding.rfc ?? '')}](${link})`}`,
    },
    ...(link === undefined ? {} : { helpUri: link }),
    defaultConfiguration: { level: finding.level === 'SHOULD' || finding.level === 'MAY' ? 'warning' : 'error' },
    properties: {
      tags: [
        'http',
        finding.about,
        ...(finding.level === undefined ? [] : [finding.level]),
        ...(finding.area === undefined ? [] : [cut(finding.area, 100)]),
      ],
      precision: 'high',
      'problem.severity': finding.level === 'SHOULD' || finding.level === 'MAY' ? 'warning' : 'error',
    },
  };
}

const ruleId = ({ about, key, class: name, title = '' }: GateFinding): string => {
  if (about === 'case') return cut(key.split(' @', 1)[0] ?? key, 250);
  return about === 'crash' ? `fuzz/${/: ([a-z-]+)/.exec(title)?.[1] ?? 'crash'}` : `gate/${name}`;
};

/** The clause on the web, made of digits alone. */
function linkOf(rfc: string | undefined): string | undefined {
  const [, number, section] = /^RFC(\d{4,5})#(\d+(?:\.\d+)*)$/.exec(rfc ?? '') ?? [];
  return number === undefined ? undefined : `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`;
}

function resultOf(finding: GateFinding, gate: Gate, report: Report): Result {
  const got = finding.got === undefined ? '' : ` Got: ${finding.got}.`;
  const repro = finding.repro === undefined ? '' : ` Run again: ${finding.repro}`;
  const digest = createHash('sha256')
    .update(`${finding.key}\n${finding.target ?? ''}`)
    .digest('hex');
  return {
    ruleId: ruleId(finding),
    level: finding.effect === 'fail' ? 'error' : 'warning',
    message: {
      text: cut(`${CLASS_WORDS[finding.class]}: ${finding.key}: ${finding.why}${got}`, 1_500) + cut(repro, 1_000),
    },
    locations: [locationOf(finding, gate, report)],
    // Only this name is read; without it the text of a source line would be taken, which says nothing here.
    partialFingerprints: { primaryLocationLineHash: `${digest.slice(0, 16)}:1` },
    properties: { class: finding.class },
  };
}

/** The innermost own frame of a crash, the line of the entry, the file of known failures, or the fallback. */
function locationOf(finding: GateFinding, gate: Gate, report: Report): Location {
  const frames = finding.about === 'crash' ? framesOf(finding, report) : [];
  const { source, line = 1 } = finding.expectation ?? {};
  const place =
    frames.map((frame) => ({ path: frame.slice(0, Math.max(0, frame.lastIndexOf(':'))), line: 1 })).find(isInside) ??
    [{ path: source ?? '', line }].find(isInside) ??
    gate.expectations.sources.map((path) => ({ path, line: 1 })).find(isInside);
  const { path, line: startLine } = place ?? { path: FALLBACK, line: 1 };
  return {
    physicalLocation: {
      artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' },
      region: { startLine, startColumn: 1, endLine: startLine, endColumn: 2 },
    },
  };
}

const framesOf = (finding: GateFinding, report: Report): readonly string[] =>
  report.findings.find(({ key, target }) => key === finding.key && target === finding.target)?.frames ?? [];

/** A path below the root of the repository that git may know. */
const isInside = ({ path }: { readonly path: string }): boolean =>
  /^[\w@+-][\w@+.-]*(?:\/[\w@+.-]+)*\.\w+$/.test(path) &&
  path.length <= 500 &&
  !path.split('/').some((part) => part === '..' || part === '.' || part === 'node_modules');

const cut = (text: string, limit: number): string => visible(text, limit - 30);

/** Text for Markdown: every character that could mean something becomes a reference. */
const plain = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N} .,;:/-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll('://', ':&#47;&#47;');
