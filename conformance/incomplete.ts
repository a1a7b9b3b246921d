import { answer, plays, replies } from './controls/replies.ts';
import type { Case } from './model.ts';
import { halfClose, post, response } from './octets.ts';
import { echo, pass, status, warn } from './outcomes.ts';

/**
 * The parts of a case whose request is never completed: our FIN comes before its end. A request before it on the same
 * connection proves that the target is at work, so that the bare close that is right here is no close out of hand.
 * @param request octets of the request, cut short; whoever takes it as whole answers 200
 */
export function neverCompleted(request: string): Pick<Case, 'methods' | 'needs' | 'send' | 'allow' | 'controls'> {
  const first = answer(200, '{nonce}');
  return {
    needs: ['echo'],
    methods: ['POST', 'POST'],
    send: [post(['Content-Length: 7'], '{nonce}'), response, request, halfClose],
    allow: [
      pass([echo(), status('4xx')], 'closed'),
      pass([echo()], 'closed', 'an incomplete request may be dropped without an answer (RFC9112#8)'),
      warn([echo(), status('5xx')], 'closed', "the fault is the client's"),
    ],
    controls: {
      pass: [replies([first, answer(400)], 'close'), waits],
      fail: [replies([first, first], 'close'), replies([first, answer(200)], 'close')],
    },
  };
}

const waits = plays('answers the first request and closes at the end of the second', async (peer) => {
  await peer.part();
  peer.say(answer(200, '{nonce}'));
  await peer.part();
  peer.close();
});
