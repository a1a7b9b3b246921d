import { type Command, Option } from 'commander';
import type { CliContext, CommandModule } from './command.ts';
import { list } from './option-values.ts';

interface ListOptions {
  readonly case: readonly string[];
  readonly subjects?: boolean;
  readonly json?: boolean;
}

/** `aeronet list`: every conformance case with its level and clause, or every server that is known by name. */
export const listCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('list')
      .description('list the conformance cases, or the servers that are known by name')
      .addOption(new Option('-c, --case <selector>', 'only these; as in conform').argParser(list).default([], 'all'))
      .option('--subjects', 'the servers instead, with the version of each that is installed')
      .option('--json', 'one JSON object a line')
      .action(
        context.action((options: ListOptions) =>
          options.subjects === true ? listSubjects(options, context) : listCases(options, context),
        ),
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
