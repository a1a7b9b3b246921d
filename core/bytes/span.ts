/**
 * Octets that a machine puts in their place among others without having them: whoever writes to the transport knows
 * where they are. They take no memory while they wait.
 */
export interface Span {
  /** How many. More than 0. */
  readonly bytes: number;
}
