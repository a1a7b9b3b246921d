/** An error for the user of the bench: its message names the thing and the fix, `exit` is the process's exit code. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
  readonly exit: 2 | 3 | 5;

  constructor(exit: 2 | 3 | 5, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}

/** The target took no connection: it is down, or it died. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}
