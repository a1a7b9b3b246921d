import {
  answer,
  type Case,
  type Control,
  message,
  type Outcome,
  pass,
  refuses,
  replies,
  status,
} from '../../define.ts';

/**
 * A whole request that no server may answer where these cases put it: inside what another request claims as its own.
 * Its method gets no 2xx, so that its answer cannot be taken for that of the sentinel, which is a GET where nothing echoes.
 */
export const HIDDEN = message('HIDDEN /aeronet HTTP/1.1', ['Host: localhost']);

const SPILLED = answer(501);

/** One answer of any kind, and no second one: the connection stays in step, or ends. */
export const answeredOnce: readonly Outcome[] = [pass(status('2xx', '3xx', '4xx', '5xx'))];

/** Controls for `answeredOnce`; the bad ones answer the hidden request, or choke on what they left unread. */
export const onceControls: Case['controls'] = {
  pass: [replies(answer(404)), refuses(404)],
  fail: [
    replies(answer(404) + SPILLED),
    replies(answer(404) + answer(400, '', ['Connection: close']), 'close'),
    replies(answer(404) + SPILLED, 'close'),
  ],
};

/** A server that takes `content` and then answers the hidden request as well. */
export function spills(content = ''): Control {
  return replies(answer(200, content) + SPILLED);
}
