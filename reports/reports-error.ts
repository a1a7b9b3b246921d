import { visible } from './visible.ts';

/**
 * A problem of the input that its owner can fix: a results file, an expectations file, an option.
 *
 * `exit` is the process's exit code: 2 when the input is invalid, 5 when it holds nothing that could be judged.
 * The message is one line that names the thing and the fix; what it quotes of the input cannot drive a terminal.
 */
export class ReportsError extends Error {
  override readonly name = 'ReportsError';
  readonly exit: 2 | 5;

  constructor(exit: 2 | 5, message: string) {
    super(visible(message));
    this.exit = exit;
  }
}
