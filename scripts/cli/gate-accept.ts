import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import type { Acceptance, GateFinding } from '../../reports/index.ts';
import { type CliContext, UsageError } from './command.ts';
import { keySelector } from './gate-selector.ts';
import { type JudgeOptions, judgeResults } from './judged-results.ts';
import { list } from './option-values.ts';
import { writeFiles } from './write-files.ts';

interface AcceptOptions extends Pick<JudgeOptions, 'expectations' | 'today'> {
  readonly case?: readonly string[];
  readonly all?: boolean;
  readonly reason: string;
  readonly issue?: string;
  readonly owner?: string;
  readonly expires: string;
  readonly dryRun?: boolean;
}

/** Longest time for which something may be excused, in days; what is meant to stay says `never`. */
const MAX_DAYS = 366;

/** `aeronet gate accept`: adds lines to expectations files, and never changes or takes one away. */
export function addAccept(gate: Command, context: CliContext): void {
  gate
    .command('accept')
    .description('excuse failures of these results: only adds lines to the file of known failures')
    .argument('<results...>', 'results files, or folders of them')
    .option('-c, --case <key>', 'a case, a crash, or a glob of them: "h1/host/*", "crash v1:*"; may be repeated', list)
    .option('--all', 'everything that could be excused')
    .requiredOption('--reason <text>', 'why this is known and left')
    .requiredOption('--expires <day>', `YYYY-MM-DD, within ${MAX_DAYS} days, or never`)
    .option('--issue <text>', 'where it is worked on; a crash needs one')
    .option('--owner <text>', 'who will answer for it')
    .option('--dry-run', 'print the lines and write nothing')
    .addHelpText('after', '\nThe file is that of --expectations, else the one of the tested subject.')
    .action(
      context.action((paths: readonly string[], _: unknown, self: Command) =>
        accept(paths, self.optsWithGlobals(), context),
      ),
    );
}

async function accept(paths: readonly string[], options: AcceptOptions, context: CliContext): Promise<number> {
  const selects = options.all === true ? () => true : keySelector(options.case);
  const existing = options.expectations?.filter((file) => existsSync(file));
  const { report, gate } = await judgeResults(
    paths,
    { ...options, ...(existing === undefined ? {} : { expectations: existing }) },
    context,
  );
  const { acceptance, addEntries } = await import('../../reports/index.ts');
  await demandDay(options.expires, gate.today);
  const { reason, issue, owner, expires } = options;
  const accepted = acceptance(report, gate, selects, {
    reason,
    expires,
    ...(issue === undefined ? {} : { issue }),
    ...(owner === undefined ? {} : { owner }),
  });
  for (const finding of accepted.byHand) context.err.line(byHand(finding));
  if (accepted.entries.length === 0)
    throw new UsageError('No failure without an entry is named; "aeronet gate check" lists them');
  const crash = accepted.entries.find(({ entry }) => entry.expect === 'crash');
  if (crash !== undefined && (issue === undefined || expires === 'never')) {
    throw new UsageError(`"${crash.entry.key}" is a crash: it needs --issue, and a day in --expires`);
  }
  // All files are made before the first is written.
  const files = await perFile(accepted, options.expectations);
  const texts = [...files].map(([file, entries]) => ({ file, entries, text: addEntries(textOf(file), file, entries) }));
  for (const { file, entries, text } of texts) {
    if (options.dryRun !== true) await writeFiles(dirname(file), [{ name: basename(file), text }]);
    for (const entry of entries) context.out.line(JSON.stringify(entry));
    context.err.note(`${options.dryRun === true ? 'would be added to' : 'added to'} ${file}: ${entries.length}`);
  }
  return 0;
}

type Entries = Acceptance['entries'][number]['entry'][];

/** Which entries go into which file: the one that is named, or that of the subject. */
async function perFile({ entries }: Acceptance, named: readonly string[] | undefined): Promise<Map<string, Entries>> {
  const { findSubject } = await import('../../conformance/subjects/index.ts');
  if (named !== undefined && named.length !== 1) throw new UsageError('Name one file to add to with --expectations');
  const files = new Map<string, Entries>();
  for (const { entry, target } of entries) {
    const file = named?.[0] ?? (target === undefined ? undefined : findSubject(target)?.expectations);
    if (file === undefined)
      throw new UsageError(`"${entry.key}" is of no subject with a file: give --expectations <file>`);
    files.set(file, [...(files.get(file) ?? []), entry]);
  }
  return files;
}

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const byHand = ({ key, expectation }: GateFinding): string =>
  `${key}: has an entry at ${expectation?.source}:${expectation?.line}, which only a person may change`;

async function demandDay(expires: string, today: string): Promise<void> {
  const { parseDay } = await import('../../reports/index.ts');
  if (expires === 'never') return;
  const [last, now] = [parseDay(expires), parseDay(today)];
  if (last === undefined) throw new UsageError(`--expires "${expires}" is no day: write YYYY-MM-DD, or never`);
  const left = last - (now ?? last);
  if (left < 0) throw new UsageError(`--expires ${expires} is over on ${today}`);
  if (left > MAX_DAYS) throw new UsageError(`--expires ${expires} is ${left} days away: at most ${MAX_DAYS}, or never`);
}
