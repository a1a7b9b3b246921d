/**
 * What a command of `aeronet` is, and what the frame lends to it.
 *
 * A command is one file `scripts/cli/<name>.ts` that exports one `CommandModule`. It is loaded by every `aeronet --help`,
 * so it imports nothing heavy at its top: an action loads its room with `await import('../../conformance/run/run.ts')`.
 */
import type { Command } from 'commander';
import type { ErrWriter, OutWriter, Progress } from './output.ts';

/** One command: adds itself to the program; its action is wrapped by `context.action`. */
export interface CommandModule {
  register(program: Command, context: CliContext): void;
}

/** What the frame lends to an action. Writers and `color` follow the global flags, so read them inside the action. */
export interface CliContext {
  /** stdout: data and nothing else. */
  readonly out: OutWriter;
  /** stderr: messages for a person. */
  readonly err: ErrWriter;
  /** Progress on stderr: live on a terminal, sparse plain lines elsewhere, none with --quiet. */
  readonly progress: Progress;
  /** Aborted by the first SIGINT or SIGTERM: stop early, write what there is, return. A second signal ends the process. */
  readonly signal: AbortSignal;
  /** Whether text for stdout may carry colour. */
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** aeronet's own version. */
  readonly version: string;
  /** The command line that started this run, as one would type it: `npx aeronet conform http://127.0.0.1:8080`. */
  readonly commandLine: string;
  /**
   * Wraps an action, whose number is the process's exit code (DESIGN.md's table).
   *
   *     program.command('list').action(context.action(async (options: ListOptions) => 0));
   */
  action<A extends readonly unknown[]>(run: Action<A>): (...args: A) => Promise<void>;
  /** Says that a signal is this command's ordinary end (`serve`): its own exit code stands in place of 130 and 143. */
  endsBySignal(): void;
}

/** Arguments as commander passes them (operands, options, the command); the result is the exit code. */
export type Action<A extends readonly unknown[]> = (...args: A) => number | Promise<number>;

/** A mistake in the command line that commander cannot see; ends the process with 2. Name the thing and the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exit = 2;
}
