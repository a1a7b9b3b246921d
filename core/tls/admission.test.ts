import t from 'tap';
import { type TlsLimits, tlsLimits } from '../limits/tls-limits.ts';
import { Admission, addressGroup } from './admission.ts';
import { isGoodForHttp2 } from './cipher-rules.ts';

const open = (limits: Partial<TlsLimits>): Admission => new Admission(tlsLimits(limits), 0);

t.test('handshakes at once are bounded, of all and of an address, and places become free', (t) => {
  const admission = open({ handshakes: 3, handshakesPerAddress: 2 });
  t.equal(admission.enter('192.0.2.1', 0), undefined);
  t.equal(admission.enter('192.0.2.1', 0), undefined);
  t.equal(admission.enter('192.0.2.1', 0), 'handshakesPerAddress');
  t.equal(admission.enter('192.0.2.2', 0), undefined);
  t.equal(admission.enter('192.0.2.3', 0), 'handshakes');
  t.equal(admission.open, 3);
  admission.leave('192.0.2.1');
  t.equal(admission.enter('192.0.2.3', 0), undefined);
  t.end();
});

t.test('their rate is bounded, and budgets fill up with time and no further', (t) => {
  const one = open({ addressBurst: 2, addressPerSecond: 10 });
  const at = (address: string, nowMs: number): string | undefined => {
    const refusal = one.enter(address, nowMs);
    if (refusal === undefined) one.leave(address);
    return refusal;
  };
  const rows: readonly (readonly [nowMs: number, refusal: string | undefined])[] = [
    [0, undefined],
    [0, undefined],
    [99, 'addressBurst'],
    [100, undefined],
    [100, 'addressBurst'],
    [100_000, undefined],
    [100_000, undefined],
    [100_000, 'addressBurst'],
  ];
  for (const [nowMs, refusal] of rows) t.equal(at('192.0.2.1', nowMs), refusal, `at ${nowMs}`);
  t.equal(at('192.0.2.2', 100_000), undefined, 'another address has a budget of its own');
  const all = open({ handshakeBurst: 2, handshakesPerSecond: 1 });
  const told = [1, 2, 3].map((host) => all.enter(`192.0.2.${host}`, 0));
  t.same(told, [undefined, undefined, 'handshakeBurst']);
  t.equal(all.enter('192.0.2.4', 1_000), undefined);
  t.end();
});

t.test('no more addresses are remembered than the limit says, and those at work are kept', (t) => {
  const admission = open({ addresses: 16, handshakesPerAddress: 1 });
  admission.enter('192.0.2.1', 0);
  for (let i = 0; i < 1_000; i++) {
    const address = `198.51.${i >> 8}.${i & 255}`;
    admission.enter(address, i);
    admission.leave(address);
  }
  t.equal(admission.addresses, 16);
  t.equal(admission.enter('192.0.2.1', 1_000), 'handshakesPerAddress');
  t.end();
});

t.test('an address of IPv6 counts as its network of 64 bits', (t) => {
  const rows: readonly (readonly [address: string, group: string])[] = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ];
  for (const [address, group] of rows) t.equal(addressGroup(address), group, address);
  t.end();
});

t.test('suites that HTTP/2 prohibits are known by name (RFC9113#A)', (t) => {
  const good = [
    'TLS_AES_128_GCM_SHA256',
    'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
    'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
    'TLS_DHE_RSA_WITH_AES_256_CCM_8',
  ];
  const bad = [
    'TLS_RSA_WITH_AES_128_GCM_SHA256',
    'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256',
    'TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256',
    'TLS_DH_anon_WITH_AES_128_GCM_SHA256',
    'TLS_PSK_WITH_AES_128_GCM_SHA256',
    'TLS_NULL_WITH_NULL_NULL',
  ];
  t.same([good.filter(isGoodForHttp2), bad.filter(isGoodForHttp2)], [good, []]);
  t.end();
});
