// INVARIANT: whoever comes in whatever order and time, no more handshakes are under way, or begin in any stretch of time, than the
// limits allow, of all and of each host or network; who is turned away met a limit; and no more addresses are remembered than allowed.
import { defineTarget } from '../define.ts';
import { assertAdmission } from '../oracles/tls-admission.ts';

export const target = defineTarget({
  name: 'tls-admission',
  subject: ['core/tls/admission'],
  dictionary: [
    String.raw`same="\x02\x00\x03\x01"`,
    String.raw`network="\x02\x03\x03\x04"`,
    String.raw`second="\x00\x08"`,
    String.raw`gone="\x01\x00"`,
  ].join('\n'),
  grammar: 'bytes',
  maxLength: 1_024,
  // Each address is looked for among all that are remembered.
  turnsPerOctet: 256,
  fuzz(octets) {
    assertAdmission(octets);
  },
  events: (octets, _cut, tell) => assertAdmission(octets, tell),
});
