/** Slips in two places that only together do harm: where the core asks twice, or hands on what it has let pass. */
import type { Mutant } from './mutant.ts';

export const TWOFOLD: readonly Mutant[] = [
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
