/**
 * States of a stream as a server sees it (RFC9113#5.1); it neither pushes nor is pushed to, so `reserved` is missing.
 *
 *                  idle ──recv headers──▶ open ──recv end──▶ half-closed-remote ──send end──┐
 *                   │                      └──send end──▶ half-closed-local ──recv end──────┤
 *                   └──recv headers+end──▶ half-closed-remote                               ▼
 *                                          any of the three ──send rst, recv rst──▶      closed
 *
 * I1  Nothing of the peer's leads from half-closed-remote anywhere but by a reset: it has said all it may say.
 * I2  `closed` leads nowhere, and nothing leads back to `idle`.
 * I3  A state is left for `closed` only when both sides have ended, or either has reset.
 */
export const STREAM_NEXT = {
  idle: { 'recv-headers': 'open', 'recv-headers-end': 'half-closed-remote' },
  open: {
    'recv-data': 'open',
    'recv-end': 'half-closed-remote',
    'send-headers': 'open',
    'send-data': 'open',
    'send-end': 'half-closed-local',
    'recv-rst': 'closed',
    'send-rst': 'closed',
  },
  'half-closed-remote': {
    'send-headers': 'half-closed-remote',
    'send-data': 'half-closed-remote',
    'send-end': 'closed',
    'recv-rst': 'closed',
    'send-rst': 'closed',
  },
  'half-closed-local': {
    'recv-data': 'half-closed-local',
    'recv-end': 'closed',
    'recv-rst': 'closed',
    'send-rst': 'closed',
  },
  closed: {},
} as const satisfies Record<string, Partial<Record<StreamInput, string>>>;

export type StreamState = keyof typeof STREAM_NEXT;

export const STREAM_INPUTS = [
  'recv-headers',
  'recv-headers-end',
  'recv-data',
  'recv-end',
  'recv-rst',
  'send-headers',
  'send-data',
  'send-end',
  'send-rst',
] as const;

export type StreamInput = (typeof STREAM_INPUTS)[number];

/** The state after `input`, or `undefined` where the table has no way on. */
export function nextStreamState(state: StreamState, input: StreamInput): StreamState | undefined {
  const row: Partial<Record<StreamInput, StreamState>> = STREAM_NEXT[state];
  return row[input];
}
