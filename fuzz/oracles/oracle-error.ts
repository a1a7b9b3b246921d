/** What an oracle throws: the name of the rule that was broken, where in the input, and a message without the input in it. */
export class OracleError extends Error {
  override readonly name = 'OracleError';
  /** The oracle, e.g. `segmentation`. */
  readonly oracle: string;
  /** Octet of the input, where there is one. */
  readonly offset: number | undefined;
  /** State or code that tells two findings of one oracle apart. */
  readonly state: string | undefined;

  /** Text that differs from input to input belongs in quotes: signatures leave quoted text out. */
  constructor(oracle: string, message: string, place: { readonly offset?: number; readonly state?: string } = {}) {
    super(message);
    this.oracle = oracle;
    this.offset = place.offset;
    this.state = place.state;
  }
}

/** A piece of an input or event for a message, in quotes and short. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
