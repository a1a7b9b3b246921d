import t from 'tap';
import type { H2Case } from '../h2/model.ts';
import { allowed } from '../h2/outcomes.ts';
import { FLAG, FRAME } from '../wire/h2/frames.ts';
import { Received } from '../wire/h2/received.ts';
import { Transcript } from '../wire/transcript.ts';
import { isEverywhere, LintBook } from './lint-book.ts';

const PLAIN: H2Case = {
  id: 'h2/test/plain',
  title: 'A case',
  rfc: 'RFC9113#6.7',
  level: 'MUST',
  needs: [],
  frames: [],
  allow: [allowed({ kind: 'ignored' })],
  controls: { pass: [], fail: [] },
};
const RULE: H2Case = { ...PLAIN, id: 'h2/test/rule', everywhere: ({ problems }) => problems[0] };

/** What was seen of a server that sent one frame of this type on stream 1. */
function seenOf(type: number) {
  const received = new Received();
  const frame = { stream: 0, reserved: false, flags: 0, payload: Buffer.alloc(0) };
  received.take({ ...frame, type: FRAME.SETTINGS });
  received.take({ ...frame, type, flags: FLAG.ACK, stream: 1, payload: Buffer.alloc(8) });
  return received.observe('open');
}

t.test('a rule over HTTP/2 is held against all that any case has got, and the first fault is kept', async (t) => {
  const book = new LintBook([PLAIN, RULE]);
  t.same([PLAIN, RULE].filter(isEverywhere), [RULE]);
  const [clean, first, second] = [new Transcript(), new Transcript(), new Transcript()];
  book.lookH2(PLAIN, seenOf(0x42), clean);
  t.equal(book.sighting(RULE), undefined, 'a frame that nobody knows is none');
  book.lookH2(PLAIN, seenOf(FRAME.PING), first);
  book.lookH2({ ...PLAIN, id: 'h2/test/other' }, seenOf(FRAME.PING), second);
  t.match(book.sighting(RULE), { witness: PLAIN, complaint: /PING names stream 1/ });
  t.equal(book.sighting(RULE)?.transcript, first);
  t.equal(book.times(RULE), 1);
  book.lookH2(PLAIN, seenOf(FRAME.PING), second);
  t.equal(book.times(RULE), 2, 'it was asked again, and has shown the fault again');
  t.equal(book.sighting(PLAIN), undefined);
});
