/** Slips in two places that only together do harm: where the core asks twice, or hands on what it has let pass. */
import type { Mutant } from './mutant.ts';

export const TWOFOLD: readonly Mutant[] = [
  {
    id: 'size-update-huge',
    says: 'takes a table as large as its client likes',
    edits: [
      { file: 'core/hpack/integer', changes: [['const MAX_CONTINUATION = 4;', 'const MAX_CONTINUATION = 5;']] },
      {
        file: 'core/hpack/decoder',
        changes: [
          ["return { code: 'HPACK_SIZE_UPDATE_VALUE', at };", ';'],
          ['if (least > this.#leastBytes)', 'if (least < 0)'],
        ],
      },
    ],
  },
  {
    id: 'acknowledgement-any',
    says: 'takes any acknowledgement, of anything, on any stream',
    edits: [
      {
        file: 'core/http2/frame/settings',
        changes: [
          ["return { code: 'H2_SETTINGS_STREAM' };", ';'],
          ["return payload.length === 0 ? 'ack' : { code: 'H2_SETTINGS_ACK_LENGTH' };", "return 'ack';"],
        ],
      },
      {
        file: 'core/http2/receiver',
        changes: [["return this.#context.failFrame(frame, 'H2_SETTINGS_ACK_STRAY');", 'return;']],
      },
    ],
  },
  {
    id: 'bare-lf-and-length',
    says: 'ends a field line with a bare LF, and prefers the Transfer-Encoding behind it to a Content-Length',
    edits: [
      {
        file: 'core/http1/field-section',
        changes: [['this.#acceptsBareLf = acceptsBareLf;', 'this.#acceptsBareLf = true;']],
      },
      {
        file: 'core/http1/framing',
        changes: [["return sectionFailure('H1_CODING_AND_LENGTH', end);", ';']],
      },
    ],
  },
  {
    id: 'preface-counted',
    says: 'counts the octets of the preface and does not compare them',
    edits: [
      {
        file: 'core/connection/negotiated',
        changes: [
          [
            'return this.#decide(isWhole, before, bytes);',
            'return this.#decide(isWhole || before + at > 3 || bytes[0] === 0, before, bytes);',
          ],
        ],
      },
      {
        file: 'core/http2/connection',
        changes: [['if (octet !== PREFACE[this.#prefaceBytes]) {', 'if (octet > 256) {']],
      },
    ],
  },
];
