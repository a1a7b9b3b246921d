/** One row of an error registry: a failure site, the clause it answers to and what the wire gets. */
export interface CodeSpec {
  /** `RFC9112#6.3`: where the rule stands; `-` for limits and timers, which are aeronet's own. */
  readonly rfc: `RFC${number}#${string}` | '-';
  /** Status answered before the connection closes; `close` where nothing may be answered any more. */
  readonly status: ErrorStatus | 'close';
  /** The thing that was being read or done, as in "Cannot parse chunk-size". */
  readonly what: string;
  /** What was wrong with it; reads on after "octet 0x78 at byte 41" when the code is about one octet. */
  readonly why: string;
}

export type ErrorStatus = 400 | 408 | 413 | 414 | 417 | 431 | 500 | 501 | 505;
