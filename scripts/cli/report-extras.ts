import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { FieldReader, Format, Gate, HtmlExtras, Report } from '../../reports/index.ts';
import { UsageError } from './command.ts';
import { foldResults } from './judged-results.ts';
import { matrixLines } from './matrix-lines.ts';
import { list } from './option-values.ts';
import { headRevision } from './revision.ts';

export interface ExtraOptions {
  readonly matrix?: string | true;
  readonly history?: string;
  readonly compare?: readonly string[];
}

/** Adds the options of what the HTML report shows besides the events. */
export function addExtraOptions(command: Command): Command {
  return command
    .option('--history <dir>', 'add this run to the history in this folder, and show how the last runs went')
    .option('--compare <results>', 'show in the HTML report what these other results saw differently', list)
    .option(
      '--matrix [file]',
      'show the requirement matrix in the HTML report: that of this version, or what "aeronet list --matrix --json" wrote',
    );
}

/** Whether a format shows them. */
export const wantsExtras = ({ file }: Format): boolean => EXTRA_FILES.has(file);

/** The page, and the issues, which say where a bisection begins. */
const EXTRA_FILES: ReadonlySet<string> = new Set(['report.html', 'issues.ndjson']);

/** Adds this run to the history that the command line names. @throws ReportsError exit 2: it cannot be written */
export async function keepHistory(report: Report, gate: Gate, { history }: ExtraOptions): Promise<void> {
  if (history === undefined) return;
  const { addToHistory, historyEntry } = await import('../../reports/index.ts');
  addToHistory(history, historyEntry(report, gate, headRevision(process.cwd())));
}

/**
 * What the HTML report shows besides the events: the octets of what was not in order, how fuzzing came along, and what
 * the command line names.
 * @throws UsageError, ReportsError exit 2: a file that is named is not there or is something else
 */
export async function readExtras(
  report: Report,
  gate: Gate,
  options: ExtraOptions,
  note: (text: string) => void,
): Promise<HtmlExtras> {
  const reports = await import('../../reports/index.ts');
  const { evidence, note: left } = reports.readEvidence(report, gate, process.cwd());
  if (left !== '') note(left);
  const history = options.history === undefined ? [] : reports.readHistory(options.history);
  const failing = gate.findings.filter(({ about }) => about === 'case' || about === 'crash');
  return {
    evidence,
    fieldReader: await fieldReaders(),
    history: history.map(({ startedAt, label, verdict, figures }) => ({ startedAt, label, verdict, figures })),
    since: reports.failingSince(failing, history),
    ...(options.compare === undefined
      ? {}
      : { compare: reports.compareReports(report, await foldResults(options.compare), options.compare.join(', ')) }),
    fuzz: reports.readFuzzSeries(report),
    ...(options.matrix === undefined ? {} : await readMatrix(options.matrix)),
  };
}

/** The bench's own HPACK, which reads what a case sent, broken as it may be. */
async function fieldReaders(): Promise<() => FieldReader> {
  const { readBlocks } = await import('../../conformance/index.ts');
  return readBlocks;
}

async function readMatrix(file: string | true): Promise<Pick<HtmlExtras, 'matrix' | 'requirements'>> {
  const { parseMatrix } = await import('../../reports/index.ts');
  if (file === true) return parseMatrix((await matrixLines()).join('\n'), 'the matrix');
  return parseMatrix(readText(file, 'the matrix'), file);
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot read ${what} "${path}" (${why}): correct the path`);
  }
}
