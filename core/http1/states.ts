/**
 * States of a request parser.
 *
 *   start ──octet──▶ head ──no-content──────────────────────────▶ start
 *     │               ├──length──▶ length ──complete────────────▶ start
 *    eof              └──chunked─▶ chunked ──last──▶ trailers ──complete──▶ start
 *     ▼
 *   ended            any of the four in the middle ──eof, error──▶ failed
 *
 * A head that is known and has come whole is read at once: `start` then goes the way of `head`.
 *
 * I1  A message is read to its end before the next one begins: nothing leads from a state in the middle to `head`.
 * I2  `failed` and `ended` lead nowhere: after an error no octet is ever interpreted again.
 * I3  `eof` is clean only between messages (RFC9112#8).
 */
export const PARSER_NEXT = {
  start: {
    octet: 'head',
    'no-content': 'start',
    length: 'length',
    chunked: 'chunked',
    eof: 'ended',
    error: 'failed',
  },
  head: { 'no-content': 'start', length: 'length', chunked: 'chunked', eof: 'failed', error: 'failed' },
  length: { complete: 'start', eof: 'failed' },
  chunked: { last: 'trailers', eof: 'failed', error: 'failed' },
  trailers: { complete: 'start', eof: 'failed', error: 'failed' },
  failed: {},
  ended: {},
} as const satisfies Record<string, Partial<Record<ParserInput, string>>>;

export type ParserState = keyof typeof PARSER_NEXT;

export const PARSER_INPUTS = ['octet', 'no-content', 'length', 'chunked', 'last', 'complete', 'eof', 'error'] as const;

export type ParserInput = (typeof PARSER_INPUTS)[number];

/** The state after `input`, or `undefined` where the table has no way on. */
export function nextParserState(state: ParserState, input: ParserInput): ParserState | undefined {
  const row: Partial<Record<ParserInput, ParserState>> = PARSER_NEXT[state];
  return row[input];
}
