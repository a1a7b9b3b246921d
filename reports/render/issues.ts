import type { Gate, GateFinding } from '../gate/gate.ts';
import { bisectCommand } from '../history/bisect.ts';
import type { Finding, Report } from '../report.ts';
import { visible } from '../visible.ts';
import type { HtmlExtras } from './html-extras.ts';
import { escapeJson } from './json.ts';
import { CLASS_WORDS } from './labels.ts';
import { code, prose } from './markdown.ts';

/** A night that finds more is one story, not a hundred. */
const MOST_ISSUES = 20;

/**
 * An issue for each signature that fails the gate, a JSON object a line: `key` is what a workflow looks for before it opens another
 * one, `title` holds it, `body` is Markdown. Nothing where no crash is new.
 */
export function renderIssues(report: Report, gate: Gate, extras: HtmlExtras = {}): string {
  const failing = new Map(
    gate.findings.filter(({ about, effect }) => about === 'crash' && effect === 'fail').map((one) => [one.key, one]),
  );
  const first = new Map<string, Finding>();
  for (const finding of report.findings) {
    if (failing.has(finding.key) && !first.has(finding.key)) first.set(finding.key, finding);
  }
  return [...first.values()]
    .slice(0, MOST_ISSUES)
    .map((finding) => {
      const decided = failing.get(finding.key);
      const body = decided === undefined ? '' : bodyOf(finding, decided, report, extras);
      return escapeJson(JSON.stringify({ key: visible(finding.key, 200), title: titleOf(finding), body }));
    })
    .join('');
}

const titleOf = ({ signature, target, errorClass, frames: [innermost = ''] }: Finding): string =>
  visible(`${signature} ${target}: ${errorClass}${innermost === '' ? '' : ` in ${innermost}`}`, 200);

function bodyOf(finding: Finding, decided: GateFinding, report: Report, { since = [] }: HtmlExtras): string {
  const known = since.find(({ key }) => key === finding.key);
  const bisect = known === undefined ? '' : bisectCommand(known, finding.repro);
  const run = report.runs[finding.run];
  const rows: readonly (readonly [label: string, text: string])[] = [
    ['what', `${prose(CLASS_WORDS[decided.class])}: ${prose(decided.why)}`],
    ['says', code(`${finding.errorClass}: ${finding.message}`, 600)],
    ['target', code(finding.target)],
    ['reproduced', prose(finding.reproduced)],
    [
      'frames',
      finding.frames
        .slice(0, 8)
        .map((frame) => code(frame))
        .join('<br>'),
    ],
    ['input', `${finding.minimisedBytes ?? finding.inputBytes} octets: ${code(finding.excerpt)}`],
    ['run again', code(finding.repro, 1_000)],
    [
      'found by',
      code(`${run?.start.command ?? ''} (seed ${run?.start.seed ?? 0}, ${run?.start.startedAt ?? ''})`, 600),
    ],
    [
      'since',
      known === undefined
        ? ''
        : prose(`${known.first}${known.lastGood === undefined ? '' : `; not seen on ${known.lastGood}`}`),
    ],
    ['bisect', code(bisect, 2_000)],
  ];
  const lines = rows.filter(([, text]) => text !== '').map(([label, text]) => `| ${label} | ${text} |`);
  return `<!-- aeronet:${finding.key.replace(/[^\w.:-]+/g, '-').slice(0, 100)} -->\n| | |\n| --- | --- |\n${lines.join('\n')}\n`;
}
