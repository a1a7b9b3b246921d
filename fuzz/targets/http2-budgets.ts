// INVARIANT: whatever a peer sends, and however long it does not read, a connection keeps no more than its limits say, lets no
// more of any costly frame pass than its budgets do, and sends no more than a bounded multiple of what it got.
import { http2Limits } from '../../core/sans-io.ts';
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { tellConnection } from '../events/http2.ts';
import { HTTP2_DICTIONARY } from '../grammar/http2-dictionary.ts';
import { Bounds } from '../oracles/http2-bounds.ts';
import { Http2Owner } from '../oracles/http2-owner.ts';
import { readScript } from '../oracles/http2-script.ts';
import { uncut } from '../oracles/segmentation.ts';

/** So small that a short input spends them. */
const LIMITS = http2Limits({
  concurrentStreams: 4,
  headerTableBytes: 256,
  headerListBytes: 1_024,
  fieldCount: 12,
  continuations: 2,
  blockBytes: 1_024,
  connectionWindowBytes: 65_535,
  streamWindowBytes: 1_024,
  settingsEntries: 8,
  resetBurst: 4,
  resetsPerSecond: 1,
  selfResetBurst: 3,
  selfResetsPerSecond: 1,
  controlBurst: 12,
  controlPerSecond: 2,
  emptyFrames: 4,
  emptyFramesPerSecond: 1,
  unknownFrames: 4,
  unknownFramesPerSecond: 1,
  lateFrames: 6,
  lateFramesPerSecond: 1,
  queuedControlBytes: 1_024,
  requestsPerConnection: 24,
});

export const target = defineTarget({
  name: 'http2-budgets',
  subject: ['core/http2', 'core/hpack'],
  dictionary: HTTP2_DICTIONARY,
  grammar: 'http2',
  maxLength: 8_192,
  fuzz(octets) {
    const script = readScript(octets, inputOf(octets));
    const owner = new Http2Owner({ limits: LIMITS });
    owner.run(script, uncut, new Bounds(script, LIMITS, owner));
  },
  events: (octets, cut, tell) => tellConnection(octets, cut, tell, { limits: LIMITS }),
});
