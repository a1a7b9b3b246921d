import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { describeComparison } from './diff-text.ts';
import { integer, list, seed } from './option-values.ts';
import { shellWord } from './shell-word.ts';

interface DiffOptions {
  readonly case: readonly string[];
  readonly octets: readonly string[];
  readonly jobs: number;
  readonly timeout: number;
  readonly allowHost: readonly string[];
  readonly seed: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

const MAX_OCTETS = 1_048_576;

/** `aeronet diff <target…>`: the same octets to several servers, and where they understand them differently. */
export const diffCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('diff')
      .description('send the same octets to several servers and show where they understand them differently')
      .argument('<targets...>', 'two or more: a URL, "cmd:<start command with {port}>", or a subject: core, nginx, …')
      .addOption(
        new Option('-c, --case <selector>', 'the octets of these HTTP/1.1 cases; as in conform; may be repeated')
          .argParser(list)
          .default([], 'all'),
      )
      .addOption(
        new Option('--octets <file>', 'octets of a file instead; {host} in it is the server; may be repeated')
          .argParser(list)
          .default([], 'none'),
      )
      .option('-j, --jobs <n>', 'stimuli in flight at once', integer(1, 64), 8)
      .option('--timeout <ms>', 'upper bound of each single wait', integer(50, 600_000), 1_000)
      .addOption(
        new Option('--allow-host <host>', 'a host besides loopback that may be contacted; may be repeated')
          .argParser(list)
          .default([], 'none'),
      )
      .option('--seed <n>', 'makes nonces; the same seed sends the same octets', seed, 1)
      .option('--all', 'show what matters less, too: refusals and fields')
      .option('--json', 'print one JSON object a line for each stimulus')
      .addHelpText(
        'after',
        `
Examples:
  $ aeronet diff nginx core                          does nginx in front of the core agree with it on every message?
  $ aeronet diff node-http haproxy -c tag:smuggling  cases of one kind
  $ aeronet diff http://127.0.0.1:8080 http://127.0.0.1:9090 --octets request.bin

What matters is what one server in front of another could be misled by: another number of requests, one that waits where
the other has answered, other content, another method, target or authority. Exit code 1 where there is any, else 0.`,
      )
      .action(context.action((targets: readonly string[], options: DiffOptions) => diff(targets, options, context)));
  },
};

async function diff(given: readonly string[], options: DiffOptions, context: CliContext): Promise<number> {
  const bench = await import('../../conformance/index.ts');
  if (given.length < 2) throw new UsageError('One target has nobody to disagree with: name two or more');
  if (new Set(given).size !== given.length) throw new UsageError('A target is given twice');
  const targets = bench.distinctlyNamed(given.map((text) => bench.parseTarget(text, options.allowHost)));
  const stimuli = options.octets.length > 0 ? options.octets.map(readStimulus) : bench.selectStimuli(options.case);
  const line = context.progress.start('diff', stimuli.length);
  const again = `npx aeronet diff ${given.map(shellWord).join(' ')}`;
  const counts = { done: 0, matter: 0, differ: 0 };
  try {
    await bench.compareTargets(targets, stimuli, {
      seed: options.seed,
      timeoutMs: options.timeout,
      parallel: options.jobs,
      signal: context.signal,
      onQuirks: (target, quirks) => context.err.note(`${target}: ${bench.describeQuirks(quirks)}`),
      onComparison(comparison) {
        counts.done += 1;
        const isGrave = bench.matters(comparison.disagreement);
        if (isGrave) counts.matter += 1;
        else if (comparison.disagreement !== undefined) counts.differ += 1;
        line.update(counts.done, `${counts.matter} that matter`);
        if (options.json === true) context.out.line(JSON.stringify(comparison));
        else if (isGrave || (options.all === true && comparison.disagreement !== undefined)) {
          const name = options.octets.length > 0 ? '--octets' : '-c';
          const repro = `${again} ${name} ${shellWord(comparison.stimulus)}${isGrave ? '' : ' --all'}`;
          context.out.write(describeComparison(comparison, repro, context.out));
        }
      },
    });
  } finally {
    line.end();
  }
  const same = counts.done - counts.matter - counts.differ;
  const summary = `${counts.done} stimuli, ${targets.length} servers: ${counts.matter} disagreements that matter, ${counts.differ} others${options.all === true ? '' : ' (--all shows them)'}, ${same} understood alike`;
  if (options.json === true) context.err.note(summary);
  else context.out.line(summary);
  return counts.matter > 0 ? 1 : 0;
}

function readStimulus(file: string) {
  const octets = readOctets(file);
  if (octets.length === 0) throw new UsageError(`${file} is empty: nothing would be sent`);
  if (octets.length > MAX_OCTETS) throw new UsageError(`${file} has more than ${MAX_OCTETS} octets`);
  return { name: file, send: octets.toString('latin1') };
}

function readOctets(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`cannot read ${file} (${why}): correct the path given with --octets`);
  }
}
