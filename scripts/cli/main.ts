/**
 * The frame of the CLI: global flags, signals, and the one place where an outcome becomes an exit code.
 *
 *     0 gate passed · 1 gate failed · 2 usage, config or baseline · 3 target unreachable · 4 a bug of aeronet's own
 *     5 inconclusive · 130 SIGINT · 143 SIGTERM
 */
import { inspect } from 'node:util';
import { Command, CommanderError, Option } from 'commander';
import { benchCommand } from './bench.ts';
import type { CliContext, CommandModule } from './command.ts';
import { conformCommand } from './conform.ts';
import { corpusCommand } from './corpus.ts';
import { diffCommand } from './diff.ts';
import { explainCommand } from './explain.ts';
import { fuzzCommand } from './fuzz.ts';
import { gateCommand } from './gate.ts';
import { listCommand } from './list.ts';
import { mergeCommand } from './merge.ts';
import { minCommand } from './min.ts';
import { createOutput, type Environment, type Output, type TextStream } from './output.ts';
import { packageVersion } from './package-version.ts';
import type { Clock } from './progress.ts';
import { replayCommand } from './replay.ts';
import { reportCommand } from './report.ts';
import { serveCommand } from './serve.ts';
import { shellWord } from './shell-word.ts';

/** Every command, in the order of `aeronet --help`. */
const COMMANDS: readonly CommandModule[] = [
  conformCommand,
  listCommand,
  diffCommand,
  explainCommand,
  fuzzCommand,
  replayCommand,
  minCommand,
  corpusCommand,
  mergeCommand,
  reportCommand,
  gateCommand,
  benchCommand,
  serveCommand,
];

/** What the frame takes from the process; tests pass their own. */
export interface Host {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Environment;
  readonly clock: Clock;
  /** Calls the listener at each SIGINT and SIGTERM, until the returned function is called. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Ends the process now, with nothing flushed. */
  exitNow(code: number): void;
  /** Settles when what was written to stdout has left, or could not. */
  flush(): Promise<void>;
}

/** Runs one command line (`process.argv` in full) and returns the exit code; it throws nothing. */
export async function main(
  argv: readonly string[],
  host: Host,
  commands: readonly CommandModule[] = COMMANDS,
): Promise<number> {
  const output = createOutput(host.stdout, host.stderr, host.env, host.clock);
  const abort = new AbortController();
  let interruptedBy: 'SIGINT' | 'SIGTERM' | undefined;
  let signalIsEnd = false;

  const ignoreSignals = host.onSignal((signal) => {
    if (interruptedBy !== undefined) return host.exitNow(SIGNAL_EXIT[signal]);
    interruptedBy = signal;
    if (!signalIsEnd) output.err.note(`aeronet: ${signal}: stopping, partial results are kept (again: stop at once)`);
    abort.abort(new DOMException(`interrupted by ${signal}`, 'AbortError'));
  });

  let code = 0;
  const args = argv.slice(2);
  const context: CliContext = {
    out: output.out,
    err: output.err,
    progress: output.progress,
    signal: abort.signal,
    get color() {
      return output.out.color;
    },
    get quiet() {
      return output.flags.quiet;
    },
    get verbose() {
      return output.flags.verbose;
    },
    version: packageVersion(),
    commandLine: ['npx aeronet', ...args.map(shellWord)].join(' '),
    action:
      (run) =>
      async (...actionArgs) => {
        code = await run(...actionArgs);
      },
    endsBySignal() {
      signalIsEnd = true;
    },
  };

  const program = buildProgram(context, output, commands);
  try {
    await program.parseAsync([...argv.slice(0, 2), ...(namesUnknown(program, args) ? withoutHelp(args) : args)]);
  } catch (error) {
    code = reportFailure(error, output, abort.signal.aborted, helpFor(program, args));
  }
  await host.flush();
  if (output.failure !== undefined) {
    code = reportFailure(new StdoutError(output.failure), output, false, '');
  }
  ignoreSignals();
  return interruptedBy !== undefined && !signalIsEnd ? SIGNAL_EXIT[interruptedBy] : code;
}

const SIGNAL_EXIT = { SIGINT: 130, SIGTERM: 143 } as const;

function buildProgram(context: CliContext, output: Output, commands: readonly CommandModule[]): Command {
  const program = new Command('aeronet')
    .description('A test bench for HTTP servers with a server inside.')
    .usage('<command> [options]')
    .version(context.version, '--version', 'print the version')
    .option('--no-color', 'no colour (NO_COLOR and FORCE_COLOR are heard too)')
    .addOption(new Option('-q, --quiet', 'no progress, no notes: data, errors and the exit code').conflicts('verbose'))
    .option('-v, --verbose', 'more about what is done')
    .helpOption('-h, --help', 'show help for a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => output.out.write(text),
      writeErr: (text) => output.err.write(text),
      // Said by reportFailure, as one line in the form of all other errors.
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText('after', EXAMPLES)
    .hook('preAction', (_, actionCommand) => {
      const { color, quiet, verbose } = actionCommand.optsWithGlobals();
      output.configure({ color: color !== false, quiet: quiet === true, verbose: verbose === true });
    });
  for (const command of commands) command.register(program, context);
  return program;
}

const EXAMPLES = `
Examples:
  aeronet serve ./site --port 8080        the core as a server
  aeronet conform http://127.0.0.1:8080   does that server keep to the RFCs?
  aeronet fuzz http1-request --budget 60s a campaign with a budget
  aeronet report .aeronet/results.ndjson  what happened, for a reader
  aeronet gate .aeronet/results.ndjson    decide; the exit code is the verdict

Exit codes: 0 gate passed, 1 gate failed, 2 usage or config, 3 target unreachable, 4 a bug of aeronet,
            5 inconclusive, 130 and 143 interrupted`;

/** Says what went wrong on stderr and returns the exit code it means. */
function reportFailure(error: unknown, output: Output, aborted: boolean, help: string): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // `aeronet` alone: commander has already written the help to stderr, a message would only repeat it.
    if (error.code !== 'commander.help') output.err.line(`aeronet: ${usageMessage(error.message, help)}`);
    return 2;
  }
  // The abort itself, thrown through the command; the signal is what there is to say, and it was said.
  if (aborted && error instanceof Error && error.name === 'AbortError') return 0;
  const exit = error instanceof Error && 'exit' in error ? error.exit : undefined;
  if (error instanceof Error && (exit === 2 || exit === 3 || exit === 5)) {
    output.err.line(`aeronet: ${oneLine(error.message)}`);
    if (error.cause !== undefined) output.err.detail(inspect(error.cause));
    return exit;
  }
  const fix =
    error instanceof Error && 'syscall' in error && 'code' in error ? SYSTEM_FIXES[String(error.code)] : undefined;
  if (error instanceof Error && fix !== undefined) {
    output.err.line(`aeronet: ${oneLine(error.message)}: ${fix}`);
    return 2;
  }
  output.err.line(`aeronet: a bug of aeronet's own, please report it: ${inspect(error)}`);
  return 4;
}

/** What the machine lacks is no bug of ours, wherever in a run it shows; results so far are kept. */
const SYSTEM_FIXES: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space, or give another folder with --out',
  EDQUOT: 'free some space, or give another folder with --out',
  EROFS: 'give another folder with --out',
  EACCES: 'give yourself the right to it, or name another place',
  EMFILE: 'allow more open files (ulimit -n), or fewer at once with --jobs',
  ENFILE: 'allow more open files, or fewer at once with --jobs',
};

/** What a command has to say cannot be said: its pipe is no closed one, its disk is full. */
class StdoutError extends Error {
  override readonly name = 'StdoutError';
  readonly exit = 2;

  constructor(cause: Error) {
    super(`Cannot write to stdout (${cause.message}): send it to another place`, { cause });
  }
}

/**
 * `error: unknown option '--lvel'⏎(Did you mean --level?)` → `unknown option '--lvel'; did you mean --level?`, and
 * `… argument 'x' is invalid. Give a port.` → `… argument 'x' is invalid: give a port`
 */
function usageMessage(message: string, help: string): string {
  const text = oneLine(
    message
      .replace(/^error: /, '')
      .replace(/\n\(Did you mean (.*)\)$/, '; did you mean $1')
      .replace(
        / is invalid\. ([A-Z])(.*)\.$/,
        (_, first: string, rest: string) => ` is invalid: ${first.toLowerCase()}${rest}`,
      ),
  );
  return text.includes('; did you mean ') ? text : `${text}; see ${help}`;
}

/** The help that answers for this command line. */
function helpFor(program: Command, args: readonly string[]): string {
  return ['aeronet', ...namedCommands(program, args).names, '--help'].join(' ');
}

/** Whether the line names a command that there is not; commander would show a help for it, and call that a success. */
function namesUnknown(program: Command, args: readonly string[]): boolean {
  const { last, next } = namedCommands(program, args);
  return next !== undefined && last.commands.length > 0 && last.registeredArguments.length === 0;
}

function withoutHelp(args: readonly string[]): string[] {
  const rest = args.filter((arg) => arg !== '-h' && arg !== '--help');
  return rest[rest.findIndex((arg) => !arg.startsWith('-'))] === 'help' ? rest.filter((arg) => arg !== 'help') : rest;
}

/** The commands that a line names, one within the other, and the first word behind them. */
function namedCommands(program: Command, args: readonly string[]) {
  const names: string[] = [];
  let last = program;
  for (const word of args) {
    if (word.startsWith('-') || (word === 'help' && last.commands.length > 0)) continue;
    const found = last.commands.find((command) => command.name() === word);
    if (found === undefined) return { names, last, next: word };
    names.push(word);
    last = found;
  }
  return { names, last, next: undefined };
}

/** A message may quote a peer or a file: no line feed, no escape sequence of theirs reaches the terminal. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, (octet) => {
    return `\\x${octet.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
