import type { Command } from 'commander';
import { type CliContext, type CommandModule, UsageError } from './command.ts';

/** `aeronet explain <case|requirement>`: what a case sends, what it lets pass, and why; or what answers for a sentence. */
export const explainCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('explain')
      .description('show what a conformance case sends and what it lets pass, or what answers for a requirement')
      .argument('<case|requirement>', 'a case id or a selector, e.g. h1/sanity/get; or a sentence, e.g. rfc9112:6.1:7')
      .action(context.action((selector: string) => explain(selector, context)));
  },
};

async function explain(selector: string, context: CliContext): Promise<number> {
  const { allCases, explainCase, explainRequirement, readRegistry, selectCases } = await import(
    '../../conformance/index.ts'
  );
  if (selector.startsWith('rfc')) {
    const text = explainRequirement(readRegistry(), allCases, selector);
    if (text === undefined) throw new UsageError(`${selector} is no requirement: see aeronet list --matrix --json`);
    context.out.write(text);
    return 0;
  }
  const texts = selectCases(allCases, [selector]).map(explainCase);
  context.out.write(texts.join('\n'));
  return 0;
}
