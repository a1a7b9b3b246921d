import type { Gate, GateFinding } from '../gate/gate.ts';
import { LEVELS, type Report, VERDICTS } from '../report.ts';
import { visible } from '../visible.ts';
import {
  CLASS_WORDS,
  clauseOf,
  excuse,
  findingsOf,
  runFacts,
  targetNames,
  VERDICT_SYMBOLS,
  VERDICT_WORDS,
} from './labels.ts';

/** A comment holds 65,536 characters; the rest is for what a workflow adds. */
const MAX_BYTES = 60_000;
/** Rows of one table. */
const MAX_ROWS = 20;

/**
 * Markdown for a job summary and a comment on a pull request: the verdict, what fails, then counts and folded details.
 * At most 60,000 octets; what does not fit is counted.
 */
export function renderMarkdown(report: Report, gate: Gate): string {
  const page = new Page(MAX_BYTES);
  const targets = targetNames(report);
  page.line(
    `<!-- aeronet:${targets
      .join(',')
      .replace(/[^\w.,]+/g, '-')
      .slice(0, 100)} -->`,
  );
  page.line(`### ${VERDICT_SYMBOLS[gate.verdict]} aeronet: ${VERDICT_WORDS[gate.verdict]}`);
  page.line('');
  page.line(gate.summary);
  page.line('');
  page.line(
    `Tested: ${targets
      .slice(0, 10)
      .map((name) => code(name, 80))
      .join(', ')} (${runFacts(report)})`,
  );
  list(page, 'Fails the gate', 'open', FINDING_HEAD, findingsOf(gate, 'fail').map(findingRow));
  list(page, 'Could not be judged', 'open', FINDING_HEAD, findingsOf(gate, 'inconclusive').map(findingRow));
  countTable(page, report);
  list(page, 'Warnings', 'folded', FINDING_HEAD, findingsOf(gate, 'warn').map(findingRow));
  list(page, 'Known', 'folded', KNOWN_HEAD, findingsOf(gate, 'ok').map(knownRow));
  list(page, 'Fuzzing', 'folded', FUZZ_HEAD, report.fuzz.map(fuzzRow));
  for (const note of [...report.notes, ...gate.notes]) page.line(`\n_Note: ${prose(note)}_`);
  return page.text();
}

/**
 * Escapes any text for Markdown prose and table cells: each character that Markdown, HTML or GitHub's own filters
 * (mentions, references, emoji, links) give a meaning becomes a numeric reference, which none of them looks into.
 * An invisible break keeps `@name` and `#1` from being taken up after the references were resolved.
 */
export function prose(text: string, limit = 300): string {
  return references(visible(text, limit)).replace(/(&#(?:64|35);)(?=[\p{L}\p{N}&])/gu, '$1&#8203;');
}

/** Escapes any text as a piece of code: GitHub leaves what stands in a `code` element alone. */
export function code(text: string, limit = 160): string {
  return text === '' ? '' : `<code>${references(visible(text, limit))}</code>`;
}

const references = (text: string): string =>
  text
    .replace(/[&<>"'|`*_~\\[\]()!#@:$^=+{}]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/www\./gi, (match) => `${match.slice(0, 3)}&#46;`);

const FINDING_HEAD = ['what', 'clause', 'got → want', 'why', 'run again'];
const KNOWN_HEAD = ['what', 'clause', 'reason'];
const FUZZ_HEAD = ['target', 'executions', 'edges', 'corpus', 'replayed'];

const findingRow = (finding: GateFinding): readonly string[] => [
  `${CLASS_WORDS[finding.class]}<br>${code(finding.key)}`,
  code(clauseOf(finding)),
  `${code(finding.got ?? finding.now)}${finding.want === undefined ? '' : ` → ${code(finding.want)}`}`,
  prose(finding.why),
  code(finding.repro ?? '', 1_000),
];

const knownRow = (finding: GateFinding): readonly string[] => [
  `${CLASS_WORDS[finding.class]}<br>${code(finding.key)}`,
  code(clauseOf(finding)),
  prose(excuse(finding)),
];

const fuzzRow = (stats: Report['fuzz'][number]): readonly string[] => [
  code(stats.target),
  String(stats.executions),
  `${stats.edgesHit} / ${stats.edgesTotal}`,
  String(stats.corpusEntries),
  String(stats.replayed),
];

function countTable(page: Page, report: Report): void {
  const columns = VERDICTS.filter((verdict) => report.verdicts[verdict] > 0);
  const rows = LEVELS.filter((level) => VERDICTS.some((verdict) => report.levels[level][verdict] > 0)).map((level) => [
    level,
    ...columns.map((verdict) => String(report.levels[level][verdict])),
  ]);
  page.table('\n#### Cases\n', '', ['level', ...columns], columns.length === 0 ? [] : rows);
}

type Row = readonly string[];

/** A table with its count in the title, open or folded away. */
function list(page: Page, title: string, how: 'open' | 'folded', head: Row, rows: readonly Row[]): void {
  const name = `${title} (${rows.length})`;
  if (how === 'open') page.table(`\n#### ${name}\n`, '', head, rows);
  else page.table(`\n<details><summary>${name}</summary>\n`, '\n</details>', head, rows);
}

/** Collects lines within a budget of octets; a table that does not fit says how much of it is missing. */
class Page {
  readonly #lines: string[] = [];
  #left: number;

  constructor(bytes: number) {
    // Kept back for the ends of tables and folds.
    this.#left = bytes - 2_000;
  }

  line(text: string): boolean {
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    this.#lines.push(text);
    return true;
  }

  table(opening: string, closing: string, head: Row, rows: readonly Row[]): void {
    if (rows.length === 0) return;
    if (!this.line(`${opening}\n| ${head.join(' | ')} |\n|${head.map(() => ' --- |').join('')}`)) {
      this.#lines.push(`\n…and ${rows.length} rows more: see the report`);
      return;
    }
    let shown = 0;
    for (const row of rows.slice(0, MAX_ROWS)) {
      if (!this.line(`| ${row.join(' | ')} |`)) break;
      shown += 1;
    }
    if (shown < rows.length) this.#lines.push(`\n…and ${rows.length - shown} more`);
    if (closing !== '') this.#lines.push(closing);
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}
