// INVARIANT: octets are at most one of a certificate, an OCSP response and a CRL, whole to the last octet; whatever else they are is
// refused with a code and a place within them, and less room never lets more pass.
import { defineTarget } from '../define.ts';
import { tellDocuments } from '../events/tls.ts';
import { assertPki } from '../oracles/pki.ts';

export const target = defineTarget({
  name: 'pki',
  subject: ['core/tls/der', 'core/tls/x509', 'core/tls/ocsp', 'core/tls/crl', 'core/tls/signed', 'core/tls/serial-set'],
  dictionary: [
    String.raw`sequence="\x30\x82"`,
    String.raw`basic="\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01"`,
    String.raw`ecdsa="\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"`,
    String.raw`time="\x18\x0f20260101000000Z"`,
    String.raw`utc="\x17\x0d260101000000Z"`,
    String.raw`critical="\x01\x01\xff"`,
    String.raw`extensions="\xa3\x82"`,
    String.raw`indefinite="\x30\x80"`,
  ].join('\n'),
  grammar: 'bytes',
  maxLength: 8_192,
  fuzz(octets) {
    assertPki(octets);
  },
  events: (octets, _cut, tell) => tellDocuments(octets, tell),
});
