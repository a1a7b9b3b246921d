import { readFileSync } from 'node:fs';
import type { Gate, HtmlExtras, Report } from '../../reports/index.ts';
import { UsageError } from './command.ts';
import { foldResults } from './judged-results.ts';

export interface ExtraOptions {
  readonly matrix?: string;
  readonly history?: string;
  readonly compare?: readonly string[];
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
  const failing = gate.findings.filter(({ about }) => about === 'case' || about === 'crash').map(({ key }) => key);
  return {
    evidence,
    history: history.map(({ startedAt, label, verdict, figures }) => ({ startedAt, label, verdict, figures })),
    since: reports.failingSince(failing, history),
    ...(options.compare === undefined
      ? {}
      : { compare: reports.compareReports(report, await foldResults(options.compare), options.compare.join(', ')) }),
    fuzz: reports.readFuzzSeries(report),
    ...(options.matrix === undefined
      ? {}
      : { matrix: reports.parseMatrix(readText(options.matrix, 'the matrix'), options.matrix) }),
  };
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot read ${what} "${path}" (${why}): correct the path`);
  }
}
