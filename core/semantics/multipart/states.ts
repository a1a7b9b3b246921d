/**
 * States of a reader of `multipart/form-data` (RFC2046#5.1.1, RFC7578).
 *
 *   preamble ──delimiter──▶ boundary ──cr──▶ line-end ──lf──▶ head ──head──▶ content ──delimiter──▶ boundary
 *                            │  └space▶ padding ──cr─▲
 *                            └dash▶ dash ──dash──▶ close ──cr──▶ close-line-end ──lf──▶ epilogue
 *                                                   └──────────────eof──────▶ ended ◀──eof──┘
 *
 * I1  A delimiter stands at the start of a line: behind CRLF, or where the form or the content of a part begins.
 * I2  Behind a boundary there is nothing but white space and CRLF, or "--": what merely begins like a delimiter is refused.
 * I3  A part has a head before its content, and ends before the next begins.
 * I4  The form ends behind its last delimiter alone; anywhere else `eof` is a failure.
 * I5  `failed` and `ended` lead nowhere.
 */
export const MULTIPART_NEXT = {
  preamble: { delimiter: 'boundary', eof: 'failed', error: 'failed' },
  boundary: { dash: 'dash', space: 'padding', cr: 'line-end', eof: 'failed', error: 'failed' },
  dash: { dash: 'close', eof: 'failed', error: 'failed' },
  padding: { space: 'padding', cr: 'line-end', eof: 'failed', error: 'failed' },
  'line-end': { lf: 'head', eof: 'failed', error: 'failed' },
  head: { head: 'content', eof: 'failed', error: 'failed' },
  content: { delimiter: 'boundary', eof: 'failed', error: 'failed' },
  close: { space: 'close', cr: 'close-line-end', eof: 'ended', error: 'failed' },
  'close-line-end': { lf: 'epilogue', eof: 'failed', error: 'failed' },
  epilogue: { eof: 'ended', error: 'failed' },
  failed: {},
  ended: {},
} as const satisfies Record<string, Partial<Record<MultipartInput, string>>>;

export type MultipartState = keyof typeof MULTIPART_NEXT;

export const MULTIPART_INPUTS = ['delimiter', 'dash', 'space', 'cr', 'lf', 'head', 'eof', 'error'] as const;

export type MultipartInput = (typeof MULTIPART_INPUTS)[number];

/** The state after `input`, or `undefined` where the table has no way on. */
export function nextMultipartState(state: MultipartState, input: MultipartInput): MultipartState | undefined {
  const row: Partial<Record<MultipartInput, MultipartState>> = MULTIPART_NEXT[state];
  return row[input];
}
