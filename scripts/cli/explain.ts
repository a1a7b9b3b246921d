import type { Command } from 'commander';
import type { CliContext, CommandModule } from './command.ts';

/** `aeronet explain <case>`: what a case sends, what it lets pass, and why. */
export const explainCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('explain')
      .description('show what a conformance case sends and what it lets pass')
      .argument('<case>', 'a case id or a selector, e.g. h1/sanity/get')
      .action(context.action((selector: string) => explain(selector, context)));
  },
};

async function explain(selector: string, context: CliContext): Promise<number> {
  const { allCases, explainCase, selectCases } = await import('../../conformance/index.ts');
  const texts = selectCases(allCases, [selector]).map(explainCase);
  context.out.write(texts.join('\n'));
  return 0;
}
