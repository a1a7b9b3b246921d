import type { Effect, Gate, GateFinding, GateVerdict } from '../gate/gate.ts';
import type { Report } from '../report.ts';
import { LEVELS, VERDICTS } from '../report.ts';
import { visible } from '../visible.ts';
import {
  CLASS_WORDS,
  clauseOf,
  EFFECT_SYMBOLS,
  excuse,
  findingsOf,
  runFacts,
  usageWords,
  VERDICT_SYMBOLS,
  VERDICT_WORDS,
} from './labels.ts';

export interface TerminalOptions {
  /** Whether escape sequences for colour may be written. */
  readonly color: boolean;
  /** Lists known failures, every warning and what the targets used too. @defaultValue false */
  readonly verbose?: boolean;
  /** Folder that evidence is named relative to, put in front of it. @defaultValue '' */
  readonly folder?: string;
}

/** Failures that are shown in full; the report has the others. */
const MAX_FAILURES = 50;
const MAX_WARNINGS = 15;

/**
 * Text for a terminal or a CI log: failures first, each with the one command that runs it again, the verdict last.
 * Ends with a line feed.
 */
export function renderTerminal(report: Report, gate: Gate, options: TerminalOptions): string {
  const paint = options.color ? PAINT : PLAIN;
  const { folder = '' } = options;
  const warnings = findingsOf(gate, 'warn');
  const known = findingsOf(gate, 'ok');
  const lines = [
    ...section(paint, findingsOf(gate, 'fail'), MAX_FAILURES, folder),
    ...section(paint, findingsOf(gate, 'inconclusive'), MAX_FAILURES, folder),
    ...section(paint, warnings, options.verbose === true ? warnings.length : MAX_WARNINGS, folder),
    ...(options.verbose === true ? section(paint, known, known.length, folder) : []),
    ...counts(report),
    ...fuzzLines(report),
    ...(options.verbose === true ? usageLines(report) : []),
    ...[...report.notes, ...gate.notes].map((note) => `note: ${escapeTerminal(note)}`),
    `gate: ${paint[gate.verdict](`${VERDICT_SYMBOLS[gate.verdict]} ${VERDICT_WORDS[gate.verdict]}`)}  ${gate.summary}  [${runFacts(report)}]`,
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Makes any text harmless for a terminal and for a CI runner that reads logs: one line, no control characters, and no
 * `##[`, which the runner of GitHub takes for a command anywhere in a line.
 */
export function escapeTerminal(text: string, limit = 300): string {
  return visible(text, limit).replaceAll('##[', '#\\x23[');
}

type Paint = Readonly<Record<Effect | GateVerdict | 'dim', (text: string) => string>>;

const sgr = (code: number) => (text: string) => `\x1b[${code}m${text}\x1b[0m`;
const plain = (text: string): string => text;
const PAINT: Paint = { fail: sgr(31), inconclusive: sgr(35), warn: sgr(33), ok: sgr(36), pass: sgr(32), dim: sgr(2) };
const PLAIN: Paint = { fail: plain, inconclusive: plain, warn: plain, ok: plain, pass: plain, dim: plain };

function section(paint: Paint, findings: readonly GateFinding[], limit: number, folder: string): string[] {
  const shown = findings.slice(0, limit).flatMap((finding) => block(paint, finding, folder));
  const hidden = findings.length - limit;
  return hidden > 0 ? [...shown, paint.dim(`  … and ${hidden} more; the report lists them`), ''] : shown;
}

function block(paint: Paint, finding: GateFinding, folder: string): string[] {
  const { evidence } = finding;
  const got = finding.got ?? finding.now;
  const head = [finding.key, clauseOf(finding), CLASS_WORDS[finding.class]].filter(Boolean);
  const row = (label: string, text: string | undefined): string[] =>
    text === undefined || text === '' ? [] : [`    ${paint.dim(label.padEnd(6))} ${escapeTerminal(text)}`];
  return [
    `${paint[finding.effect](EFFECT_SYMBOLS[finding.effect])} ${head.map((part) => escapeTerminal(part)).join('  ')}`,
    // Of a run that broke off the reason says it all.
    ...row('got', got !== undefined && finding.why.endsWith(got) ? undefined : got),
    ...row('want', finding.want),
    ...row('why', finding.why),
    ...row('entry', excuse(finding)),
    ...row('bytes', evidence === undefined || folder === '' ? evidence : `${folder.replace(/\/$/, '')}/${evidence}`),
    // A command is no use when it is cut.
    ...(finding.repro === undefined ? [] : [`    ${paint.dim('repro ')} ${escapeTerminal(finding.repro, 4_000)}`]),
    '',
  ];
}

/** `MUST  3 fail · 140 pass · 2 skip`, one line a level. */
function counts(report: Report): string[] {
  return LEVELS.filter((level) => VERDICTS.some((verdict) => report.levels[level][verdict] > 0)).map((level) => {
    const parts = VERDICTS.filter((verdict) => report.levels[level][verdict] > 0);
    return `${level.padEnd(6)} ${parts.map((verdict) => `${report.levels[level][verdict]} ${verdict}`).join(' · ')}`;
  });
}

function fuzzLines(report: Report): string[] {
  return report.fuzz.map((stats) => {
    const rate = stats.elapsedMs > 0 ? Math.round((stats.executions * 1_000) / stats.elapsedMs) : 0;
    const facts = [
      `${stats.executions} executions (${rate}/s)`,
      `${stats.edgesHit}/${stats.edgesTotal} edges`,
      `${stats.corpusEntries} corpus entries`,
      `${stats.replayed} replayed`,
    ];
    return `fuzz   ${escapeTerminal(stats.target)}: ${facts.join(' · ')}`;
  });
}

function usageLines(report: Report): string[] {
  const used = report.runs.flatMap(({ usage = {} }) => Object.entries(usage));
  return used.map(([target, usage]) => `used   ${escapeTerminal(target)}: ${usageWords(usage)}`);
}
