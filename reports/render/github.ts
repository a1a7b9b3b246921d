import type { Effect, Gate } from '../gate/gate.ts';
import type { Report } from '../report.ts';
import { visible } from '../visible.ts';
import { CLASS_WORDS, clauseOf, findingsOf, VERDICT_WORDS } from './labels.ts';

/** GitHub shows ten errors and ten warnings of a step; the last of each says how many are left out. */
const MAX_EACH = 10;

/** Workflow commands for a log of GitHub Actions: what fails as errors, the rest as warnings, the verdict as a notice. */
export function renderGithub(_report: Report, gate: Gate): string {
  const lines = [
    ...annotations(gate, 'fail', 'error'),
    ...annotations(gate, 'inconclusive', 'error'),
    ...annotations(gate, 'warn', 'warning'),
    command('notice', `aeronet: ${VERDICT_WORDS[gate.verdict]}`, gate.summary),
  ];
  return `${lines.join('\n')}\n`;
}

function annotations(gate: Gate, effect: Effect, kind: 'error' | 'warning'): string[] {
  const findings = findingsOf(gate, effect);
  const shown = findings.length > MAX_EACH ? findings.slice(0, MAX_EACH - 1) : findings;
  const lines = shown.map((finding) => {
    const title = [CLASS_WORDS[finding.class], finding.key].join(': ');
    const got = finding.got === undefined ? '' : ` got: ${finding.got}`;
    const want = finding.want === undefined ? '' : ` · want: ${finding.want}`;
    const clause = clauseOf(finding);
    return command(kind, title, `${finding.why}${clause === '' ? '' : ` (${clause})`}${got}${want}`);
  });
  const hidden = findings.length - shown.length;
  return hidden === 0 ? lines : [...lines, command(kind, 'aeronet', `and ${hidden} more; see the report`)];
}

const command = (kind: string, title: string, message: string): string =>
  `::${kind} title=${escapeProperty(title)}::${escapeGithub(message)}`;

/** Escapes any text for the message of a workflow command; it cannot begin a line or another command. */
export function escapeGithub(text: string): string {
  return visible(text, 1_000).replaceAll('%', '%25').replaceAll('##[', '#%23[');
}

const escapeProperty = (text: string): string =>
  escapeGithub(visible(text, 200)).replaceAll(':', '%3A').replaceAll(',', '%2C');
