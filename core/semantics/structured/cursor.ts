import { HTAB, SP } from '../../bytes/octets.ts';
import type { ValueCode } from '../../errors/protocol-error.ts';
import type { StructuredLimits } from '../../limits/structured-limits.ts';
import type { Failure } from '../failure.ts';

/** A place in the text of a field, and what went wrong there. What reads from it answers undefined once it has failed. */
export class Cursor {
  readonly text: string;
  readonly limits: StructuredLimits;
  at = 0;
  failure: Failure | undefined;

  constructor(text: string, limits: StructuredLimits) {
    this.text = text;
    this.limits = limits;
  }

  /** The unit that comes, NaN at the end. */
  get unit(): number {
    return this.text.charCodeAt(this.at);
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  fail(failure: ValueCode, at = this.at): undefined {
    this.failure = { failure, at };
    return undefined;
  }

  /** Goes on behind `unit` if that comes. */
  take(unit: number): boolean {
    if (this.unit !== unit) return false;
    this.at++;
    return true;
  }

  skipSpaces(): void {
    while (this.unit === SP) this.at++;
  }

  /** Optional white space, which has tabs too: intermediaries may join lines with them. */
  skipWhiteSpace(): void {
    for (let unit = this.unit; unit === SP || unit === HTAB; unit = this.unit) this.at++;
  }
}
