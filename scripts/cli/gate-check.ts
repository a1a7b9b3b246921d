import type { Command } from 'commander';
import type { Gate, GateFinding } from '../../reports/index.ts';
import { type CliContext, UsageError } from './command.ts';
import { keySelector } from './gate-selector.ts';
import { type JudgeOptions, judgeResults } from './judged-results.ts';
import { list } from './option-values.ts';

interface CheckOptions extends JudgeOptions {
  readonly case?: readonly string[];
}

/** `aeronet gate check`: holds expectations files to their form and their days, and explains what results make of them. */
export function addCheck(gate: Command, context: CliContext): void {
  gate
    .command('check')
    .description('check files of known failures; with results, explain each verdict')
    .argument('[results...]', 'results files, or folders of them')
    .option('-c, --case <key>', 'only this case or crash, or a glob of them; may be repeated', list)
    .action(
      context.action((paths: readonly string[], _: unknown, self: Command) => {
        const options: CheckOptions = self.optsWithGlobals();
        return paths.length === 0 ? checkFiles(options, context) : checkResults(paths, options, context);
      }),
    );
}

async function checkResults(paths: readonly string[], options: CheckOptions, context: CliContext): Promise<number> {
  const { gate } = await judgeResults(paths, options, context);
  const shown = await explain(gate, options.case === undefined ? () => true : keySelector(options.case), context);
  if (shown === 0) {
    context.out.line(
      options.case === undefined
        ? 'nothing to explain: all passed'
        : 'no finding of this name: it passed, was skipped, or did not run',
    );
  }
  context.out.line(`gate: ${gate.verdict.toUpperCase()}  ${gate.summary}`);
  return gate.exit;
}

/** Prints the explanation of each finding that is selected, and returns how many there were. */
export async function explain(
  gate: Gate,
  selects: (finding: GateFinding) => boolean,
  context: CliContext,
): Promise<number> {
  const { escapeTerminal, explainFinding } = await import('../../reports/index.ts');
  const findings = gate.findings.filter(selects);
  for (const finding of findings) {
    context.out.line(escapeTerminal(finding.key));
    for (const { label, text } of explainFinding(finding, gate)) {
      context.out.line(`    ${label.padEnd(6)} ${escapeTerminal(text)}`);
    }
    context.out.line('');
  }
  return findings.length;
}

/** Files alone: their form (exit 2), and what has expired (exit 1) on the given day, else today. */
async function checkFiles(options: CheckOptions, context: CliContext): Promise<number> {
  const { parseDay, readExpectations } = await import('../../reports/index.ts');
  const { findSubject, SUBJECTS } = await import('../../conformance/subjects/index.ts');
  const own = SUBJECTS.flatMap(({ name }) => findSubject(name)?.expectations ?? []);
  const { sources, byKey } = await readExpectations(options.expectations ?? [...new Set(own)]);
  const day = options.today ?? new Date().toISOString().slice(0, 10);
  const today = parseDay(day);
  if (today === undefined) throw new UsageError(`--today "${day}" is no day: write YYYY-MM-DD`);
  const entries = [...byKey.values()];
  const left = (expires: string | undefined): number => (parseDay(expires ?? '') ?? Number.POSITIVE_INFINITY) - today;
  const expired = entries.filter(({ expires }) => left(expires) < 0);
  const soon = entries.filter(({ expires }) => left(expires) >= 0 && left(expires) <= SOON_DAYS);
  for (const { key, source, line, expires } of expired) {
    context.out.line(`${source}:${line}: "${key}" ended on ${expires}: mend it, or renew the line with a reason`);
  }
  for (const { key, source, line, expires } of soon) {
    context.out.line(`${source}:${line}: "${key}" ends on ${expires}, in ${left(expires)} d`);
  }
  context.out.line(
    `${entries.length} entries in ${sources.length} files: ${expired.length} expired, ${soon.length} end within ${SOON_DAYS} d`,
  );
  return expired.length === 0 ? 0 : 1;
}

/** Days within which an end is worth a word. */
const SOON_DAYS = 14;
