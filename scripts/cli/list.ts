import { type Command, Option } from 'commander';
import type { CliContext, CommandModule } from './command.ts';
import { list } from './option-values.ts';

interface ListOptions {
  readonly case: readonly string[];
  readonly json?: boolean;
}

/** `aeronet list`: every conformance case with its level and clause. */
export const listCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('list')
      .description('list the conformance cases')
      .addOption(new Option('-c, --case <selector>', 'only these; as in conform').argParser(list).default([], 'all'))
      .option('--json', 'one JSON object a line')
      .action(context.action((options: ListOptions) => listCases(options, context)));
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
