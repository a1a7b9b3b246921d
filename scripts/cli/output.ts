/**
 * stdout and stderr of a command. stdout is data, stderr is messages; a closed pipe ends the writing, never the command;
 * the live progress line gives way to every other line.
 */
import { styleText } from 'node:util';
import { type Clock, createProgress, type Progress } from './progress.ts';

export type { Progress, ProgressLine, ProgressView } from './progress.ts';

/** What a writer needs of a stream: `process.stdout` and `process.stderr` have it, and so has a test's array. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
  on(event: 'error', listener: (error: Error & { code?: string }) => void): unknown;
}

/** Formats that `style` knows: `red`, `bold`, `dim`, … of `node:util`. */
export type Format = Parameters<typeof styleText>[0];

export interface OutWriter {
  readonly isTty: boolean;
  /** Width of the terminal, 80 where there is none. */
  readonly columns: number;
  /** Whether `style` adds colour. */
  readonly color: boolean;
  write(text: string): void;
  /** Writes the text and a line feed. */
  line(text?: string): void;
  /** The text in a format, or as it is where colour is off. */
  style(format: Format, text: string): string;
}

export interface ErrWriter extends OutWriter {
  /** A line that --quiet suppresses. */
  note(text: string): void;
  /** A line that only --verbose prints. */
  detail(text: string): void;
}

/** What the global flags decide. */
export interface OutputFlags {
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface Output {
  readonly out: OutWriter;
  readonly err: ErrWriter;
  readonly progress: Progress;
  readonly flags: OutputFlags;
  /** The first error of stdout that is no closed pipe, e.g. a full disk. */
  readonly failure: Error | undefined;
  configure(flags: OutputFlags): void;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Makes the writers of one run; `configure` is called once the global flags are known. */
export function createOutput(stdout: TextStream, stderr: TextStream, env: Environment, clock: Clock): Output {
  let flags: OutputFlags = { color: true, quiet: false, verbose: false };
  let failure: Error | undefined;

  const outPipe = openPipe(stdout, (error) => {
    failure ??= error;
  });
  const errPipe = openPipe(stderr, () => undefined);
  const progress = createProgress(errPipe.write, {
    live: isTerminal(stderr, env),
    columns: () => stderr.columns ?? 80,
    rows: () => stderr.rows ?? 24,
    quiet: () => flags.quiet,
    ci: isSet(env['CI']),
    clock,
  });

  const writer = (stream: TextStream, pipe: Pipe): OutWriter => {
    const write = (text: string): void => progress.above(() => pipe.write(text));
    const color = (): boolean => flags.color && wantsColor(stream, env);
    return {
      isTty: stream.isTTY === true,
      get columns() {
        return stream.columns ?? 80;
      },
      get color() {
        return color();
      },
      write,
      line: (text = '') => write(`${text}\n`),
      style: (format, text) => (color() ? styleText(format, text, { validateStream: false }) : text),
    };
  };

  const errWriter = writer(stderr, errPipe);
  const err: ErrWriter = Object.assign(errWriter, {
    note: (text: string) => (flags.quiet ? undefined : errWriter.line(text)),
    detail: (text: string) => (flags.verbose ? errWriter.line(text) : undefined),
  });
  return {
    out: writer(stdout, outPipe),
    err,
    progress,
    get flags() {
      return flags;
    },
    get failure() {
      return failure;
    },
    configure(next) {
      flags = next;
    },
  };
}

/** NO_COLOR wins over FORCE_COLOR, both over the terminal's own answer; an empty variable says nothing. */
export function wantsColor(stream: TextStream, env: Environment): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  const force = env['FORCE_COLOR'];
  if (isSet(force)) return force !== '0' && force !== 'false';
  return isTerminal(stream, env);
}

interface Pipe {
  write(text: string): void;
}

/** `aeronet list | head -1` closes the pipe under us: what follows is dropped, and the verdict stays the command's. */
function openPipe(stream: TextStream, failed: (error: Error) => void): Pipe {
  let open = true;
  stream.on('error', (error) => {
    open = false;
    if (error.code !== 'EPIPE') failed(error);
  });
  return {
    write(text) {
      if (open && text !== '') stream.write(text);
    },
  };
}

function isTerminal(stream: TextStream, env: Environment): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
