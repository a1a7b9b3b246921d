/**
 * States of the response to one request.
 *
 *   waiting ──interim──▶ waiting
 *      ├──head──▶ content ──content──▶ content
 *      │             └──end──▶ done
 *      └──whole──▶ done
 *
 * I1  There is exactly one final head: `head` and `whole` lead away from `waiting` for good.
 * I2  Interim responses come before it (RFC9110#15.2).
 * I3  `done` takes nothing more.
 */
export const RESPONSE_NEXT = {
  waiting: { interim: 'waiting', head: 'content', whole: 'done' },
  content: { content: 'content', end: 'done' },
  done: {},
} as const satisfies Record<string, Partial<Record<ResponseInput, string>>>;

export type ResponseState = keyof typeof RESPONSE_NEXT;

export const RESPONSE_INPUTS = ['interim', 'head', 'whole', 'content', 'end'] as const;

export type ResponseInput = (typeof RESPONSE_INPUTS)[number];

/** The state after `input`, or `undefined` where the table has no way on. */
export function nextResponseState(state: ResponseState, input: ResponseInput): ResponseState | undefined {
  const row: Partial<Record<ResponseInput, ResponseState>> = RESPONSE_NEXT[state];
  return row[input];
}
