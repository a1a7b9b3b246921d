import { type Command, Option } from 'commander';
import type { CliContext, CommandModule } from './command.ts';
import { matrixLines } from './matrix-lines.ts';
import { list } from './option-values.ts';

interface ListOptions {
  readonly case: readonly string[];
  readonly subjects?: boolean;
  readonly matrix?: boolean;
  readonly json?: boolean;
}

/** `aeronet list`: every conformance case with its level and clause, every server that is known by name, or the requirement matrix. */
export const listCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('list')
      .description('list the conformance cases, the servers that are known by name, or the requirement matrix')
      .addOption(new Option('-c, --case <selector>', 'only these; as in conform').argParser(list).default([], 'all'))
      .option('--subjects', 'the servers instead, with the version of each that is installed')
      .option('--matrix', 'how many sentences of each RFC bind a server, and what answers for them')
      .option('--json', 'one JSON object a line')
      .action(
        context.action((options: ListOptions) => {
          if (options.matrix === true) return listMatrix(options, context);
          return options.subjects === true ? listSubjects(options, context) : listCases(options, context);
        }),
      );
  },
};

async function listCases(options: ListOptions, context: CliContext): Promise<number> {
  const { allCases, selectCases } = await import('../../conformance/index.ts');
  const cases = selectCases(allCases, options.case);
  const width = Math.max(...cases.map((one) => one.id.length));
  for (const one of cases) {
    const { id, title, level, rfc, needs, tags = [] } = one;
    if (options.json === true) context.out.line(JSON.stringify({ id, title, level, rfc, needs, tags }));
    else context.out.line(`${id.padEnd(width)}  ${level.padEnd(6)}  ${rfc.padEnd(16)}  ${title}`);
  }
  context.err.note(`${cases.length} cases`);
  return 0;
}

async function listSubjects(options: ListOptions, context: CliContext): Promise<number> {
  const { isInstalled, SUBJECTS } = await import('../../conformance/index.ts');
  const width = Math.max(...SUBJECTS.map(({ name }) => name.length));
  for (const subject of SUBJECTS) {
    const { name, about, expectations } = subject;
    const installed = isInstalled(subject);
    const version = installed ? subject.version?.() : undefined;
    if (options.json === true) context.out.line(JSON.stringify({ name, about, installed, version, expectations }));
    else context.out.line(`${name.padEnd(width)}  ${installed ? (version ?? '') : 'not installed'}: ${about}`);
  }
  if (!SUBJECTS.every(isInstalled)) context.err.note('those that are not installed: npm run setup:subjects');
  return 0;
}

/** The matrix as numbers; with `--json` these, and every requirement with its cases. */
async function listMatrix(options: ListOptions, context: CliContext): Promise<number> {
  if (options.json === true) {
    for (const line of await matrixLines()) context.out.line(line);
    return 0;
  }
  const { coverageOf, readRegistry } = await import('../../conformance/index.ts');
  const registry = readRegistry();
  const coverage = coverageOf(registry);
  const head = ['RFC', 'level', 'sentences', 'bind a server', 'observable', 'by a case', 'by a check', 'by a reason'];
  const rows = coverage.map((row) =>
    row.absent === undefined
      ? [row.rfc, row.level, row.sentences, row.server, row.observable, row.byCase, row.byCheck, row.byReason]
      : [row.rfc, row.level, row.sentences, '-', '-', '-', '-', '-'],
  );
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => String(row[column]).length)));
  const line = (cells: readonly unknown[]) =>
    cells
      .map((cell, column) =>
        column < 2 ? String(cell).padEnd(widths[column] ?? 0) : String(cell).padStart(widths[column] ?? 0),
      )
      .join('  ');
  context.out.line(context.out.style('bold', line(head)));
  for (const row of rows) context.out.line(line(row));
  for (const { id, why } of registry.absent) context.err.note(`${id}: ${why}`);
  context.err.note('one of them: aeronet explain rfc9112:6.1:7');
  return 0;
}
