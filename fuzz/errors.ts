/** A mistake of the caller or of a file, said in one line that names the thing and the fix; `exit` is the process's code. */
export class FuzzError extends Error {
  override readonly name = 'FuzzError';
  /** 2: usage, target or corpus invalid. 3: what was to be fuzzed did not start. 5: nothing could be judged. */
  readonly exit: 2 | 3 | 5;

  constructor(exit: 2 | 3 | 5, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}

/** A target compares with a package that is not installed here: its entries cannot be judged, and that is no failure. */
export class MissingPackageError extends FuzzError {
  constructor(target: string, missing: string) {
    super(3, `fuzz target ${target} compares with ${missing}, which is not installed: npm install ${missing}`);
  }
}

/** Longest message that has text of a file in it, in UTF-16 units. */
const MAX_MESSAGE = 500;

/** A message with text of somebody else's in it: one line that is not long, and that cannot drive a terminal. */
export function oneLine(message: string, most = MAX_MESSAGE): string {
  const text = message.length <= most ? message : `${message.slice(0, most - 1)}…`;
  return text.replace(/\p{Cc}/gu, (unit) => `\\x${unit.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
