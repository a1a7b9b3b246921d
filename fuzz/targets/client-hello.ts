// INVARIANT: octets, however cut, are one ClientHello as a plain reading of RFC8446#4.1.2 finds it, or none; an error stands at the
// same octet for every cut, and no more of a message is held than the limit allows.
import { CODES } from '../../core/sans-io.ts';
import { defineTarget } from '../define.ts';
import { tellHello } from '../events/tls.ts';
import { assertHello, readHello } from '../oracles/client-hello.ts';
import { OracleError } from '../oracles/oracle-error.ts';
import { assertSameForEveryCut } from '../oracles/segmentation.ts';

export const target = defineTarget({
  name: 'client-hello',
  subject: ['client-hello', 'cursor', 'extensions', 'farewell', 'hello-reader', 'host-name', 'ja4'].map(
    (file) => `core/tls/${file}`,
  ),
  dictionary: [
    String.raw`record="\x16\x03\x01"`,
    String.raw`hello="\x01\x00"`,
    String.raw`name="\x00\x00\x00\x0b\x00\x09\x00\x00\x06a.test"`,
    String.raw`alpn="\x00\x10\x00\x05\x00\x03\x02h2"`,
    String.raw`versions="\x00\x2b\x00\x03\x02\x03\x04"`,
    String.raw`ticket="\x00\x23\x00\x00"`,
    String.raw`psk="\x00\x29"`,
    String.raw`shares="\x00\x33\x00\x02\x00\x00"`,
    'request="GET / HTTP/1.1"',
    String.raw`ssl2="\x80\x2e\x01\x03\x01"`,
  ].join('\n'),
  grammar: 'client-hello',
  maxLength: 4_096,
  fuzz(octets) {
    const told = assertSameForEveryCut(octets, readHello);
    assertHello(octets, told);
    const [record] = told;
    if (record === undefined || record.kind === 'hello') return;
    if (!Object.hasOwn(CODES, record.kind))
      throw new OracleError('typed-errors', 'an error has no code of the registry');
    if (record.offset > octets.length) throw new OracleError('offset', `"${record.offset}" lies beyond the octets`);
  },
  events: tellHello,
});
