// INVARIANT: octets, however cut, are read as the frames that they hold, with true offsets; each is understood or refused as
// RFC9113 reads it, is written again as it came, and no more than one frame is ever held.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { HTTP2_DICTIONARY } from '../grammar/http2-dictionary.ts';
import { parseConversation } from '../grammar/http2-frames.ts';
import { assertFrames, readFrames } from '../oracles/http2-frames.ts';
import { assertSameForEveryCut } from '../oracles/segmentation.ts';

export const target = defineTarget({
  name: 'http2-frames',
  subject: ['core/http2/frame'],
  dictionary: HTTP2_DICTIONARY,
  grammar: 'http2',
  maxLength: 2_048,
  fuzz(octets) {
    const lead = leadOf(octets);
    const frames = octets.subarray(lead);
    const records = assertSameForEveryCut(frames, (pieces) => readFrames(pieces, lead));
    assertFrames(inputOf(frames), records, lead);
  },
  events(octets, cut, tell) {
    const lead = leadOf(octets);
    readFrames(cut(octets.subarray(lead)), lead, tell);
  },
});

/** The preface is no frame. */
function leadOf(octets: Uint8Array): number {
  return parseConversation(inputOf(octets)).lead.length;
}
