/**
 * States of the server's side of one HTTP/1.1 connection.
 *
 *   open ──last──▶ closing ──flushed──▶ lingering ──eof, late──▶ closed
 *    ├──cut──▶ ending ──eof, last──▶ half-closed
 *    └──eof───────────────────────▶ half-closed ──flushed──▶ closed
 *                                                            any ──gone──▶ closed, any ──abort──▶ aborted
 *
 * I1  Requests are read in `open`, and in `ending`: the peer has ended its side, but octets of it still wait here.
 * I2  `closing` and `half-closed` still write every response that was begun. `lingering` has written all, has ended its
 *     side, and only throws away what still comes, so that a reset cannot eat the last response (RFC9112#9.6).
 * I3  `closed` reads and answers nothing more: the transport ends once it has written what it was given.
 * I4  `aborted` is final: the transport is destroyed at once, because the response must not look whole, or because the
 *     peer does not take it.
 */
export const CONNECTION_NEXT = {
  open: { last: 'closing', cut: 'ending', eof: 'half-closed', gone: 'closed', abort: 'aborted' },
  ending: { last: 'half-closed', cut: 'ending', eof: 'half-closed', gone: 'closed', abort: 'aborted' },
  'half-closed': {
    last: 'half-closed',
    cut: 'half-closed',
    eof: 'half-closed',
    flushed: 'closed',
    gone: 'closed',
    abort: 'aborted',
  },
  closing: {
    last: 'closing',
    cut: 'half-closed',
    eof: 'half-closed',
    flushed: 'lingering',
    gone: 'closed',
    abort: 'aborted',
  },
  lingering: { last: 'lingering', cut: 'closed', eof: 'closed', late: 'closed', gone: 'closed', abort: 'aborted' },
  closed: { last: 'closed', cut: 'closed', eof: 'closed', gone: 'closed', abort: 'aborted' },
  aborted: { last: 'aborted', cut: 'aborted', eof: 'aborted', gone: 'aborted', abort: 'aborted' },
} as const satisfies Record<string, Partial<Record<ConnectionInput, string>>>;

export type ConnectionState = keyof typeof CONNECTION_NEXT;

export const CONNECTION_INPUTS = ['last', 'cut', 'eof', 'flushed', 'late', 'gone', 'abort'] as const;

export type ConnectionInput = (typeof CONNECTION_INPUTS)[number];

/** The state after `input`, or `undefined` where the table has no way on. */
export function nextConnectionState(state: ConnectionState, input: ConnectionInput): ConnectionState | undefined {
  const row: Partial<Record<ConnectionInput, ConnectionState>> = CONNECTION_NEXT[state];
  return row[input];
}
