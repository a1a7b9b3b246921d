/** The oracles of TLS can fail: each is shown a subject that is wrong in one way. */
import t from 'tap';
import { Admission, PolicyNames, type TlsLimits, tlsLimits } from '../../core/sans-io.ts';
import { assertRequest, assertSerials } from './pki.ts';
import { assertPolicyNames } from './policy-names.ts';
import { ADMISSION_LIMITS, assertAdmission } from './tls-admission.ts';

const pairs = (...octets: readonly number[]): Uint8Array => Uint8Array.from(octets);
const comes = (count: number, from = 20): number[] => Array.from({ length: count }, (_, i) => [2, from + i]).flat();
const again = (count: number): number[] => Array.from({ length: count }, () => [2, 0, 1, 0]).flat();

t.test('handshakes: a door with any other limit is told', async (t) => {
  const rows: [name: string, wrong: Partial<TlsLimits>, program: Uint8Array, state: string][] = [
    ['one more at once', { handshakes: 7 }, pairs(...comes(7)), 'entered'],
    ['one less at once', { handshakes: 5 }, pairs(...comes(6)), 'handshakes'],
    ['one more of an address', { handshakesPerAddress: 4 }, pairs(2, 0, 2, 1, 2, 0, 2, 1), 'entered'],
    ['one less of a network', { handshakesPerAddress: 2 }, pairs(2, 3, 2, 4, 2, 4), 'handshakesPerAddress'],
    [
      'a burst that is too long',
      { handshakeBurst: 9 },
      pairs(...comes(5), ...Array(5).fill([1, 0]).flat(), ...comes(4, 40)),
      'entered',
    ],
    ['a budget that fills up too fast', { addressPerSecond: 3 }, pairs(...again(4), 0, 3, ...again(1)), 'entered'],
    [
      'a budget that fills up too slowly',
      { addressPerSecond: 1 },
      pairs(...again(4), 0, 4, ...again(1)),
      'addressBurst',
    ],
    ['too long a memory', { addresses: 17 }, pairs(...comes(24)), 'addresses'],
  ];
  for (const [name, wrong, program, state] of rows) {
    t.doesNotThrow(() => assertAdmission(program), `sound: ${name}`);
    const door = new Admission(tlsLimits({ ...ADMISSION_LIMITS, ...wrong }), 0);
    const expected = { name: 'OracleError', oracle: 'admission', state };
    t.throws(() => assertAdmission(program, undefined, door), expected, name);
  }
  const deaf = new Admission(ADMISSION_LIMITS, 0);
  deaf.leave = () => undefined;
  t.throws(
    () => assertAdmission(pairs(2, 0, 1, 0), undefined, deaf),
    { name: 'OracleError', state: 'open' },
    'a leave that is not counted',
  );
});

t.test('policies: one that is found for another name is told', async (t) => {
  type Made = Pick<PolicyNames, 'find'>;
  const input = 'a.test *.b.test\n \n\nA.test\nx.b.test\nx.y.b.test';
  const rows: [name: string, input: string, state: string, make: (policies: readonly (readonly string[])[]) => Made][] =
    [
      [
        'all are refused',
        input,
        'refused',
        () => {
          throw new RangeError('no');
        },
      ],
      ['a name twice', 'a.test\nA.test.', 'accepted', () => new PolicyNames([['a.test'], ['b.test']])],
      ['two for the rest', ' \n ', 'accepted', () => new PolicyNames([['a.test'], []])],
      [
        'no wildcards',
        input,
        'found',
        (policies) => ({ find: (name) => new PolicyNames(policies).find(name?.replace('x.b', 'b')) }),
      ],
      [
        'wildcards for two labels',
        input,
        'found',
        (policies) => ({ find: (name) => new PolicyNames(policies).find(name?.replace('x.y', 'x')) }),
      ],
      [
        'nobody for the nameless',
        input,
        'nameless',
        (policies) => ({ find: (name) => (name === undefined ? undefined : new PolicyNames(policies).find(name)) }),
      ],
    ];
  t.doesNotThrow(() => assertPolicyNames(input));
  for (const [name, given, state, make] of rows) {
    t.throws(() => assertPolicyNames(given, make), { name: 'OracleError', oracle: 'policy-names', state }, name);
  }
});

t.test(
  'certificates: a set that loses or adds serials, and a request that is written otherwise, are told',
  async (t) => {
    const bytes = pairs(7, 1, 0, 8);
    const places = [
      [0, 1],
      [1, 3],
      [0, 1],
    ] as const;
    const crl = {
      count: 3,
      bytes,
      forEachSerial: (take: (from: number, to: number) => void) => {
        for (const [from, to] of places) take(from, to);
      },
    };
    const rows: [name: string, state: string, set: { readonly size: number; has(serial: Uint8Array): boolean }][] = [
      ['one too many', 'size', { size: 3, has: () => true }],
      ['all are revoked', 'has', { size: 2, has: () => true }],
      ['none is revoked', 'has', { size: 2, has: () => false }],
      ['by their first octets', 'has', { size: 2, has: ([first]) => first === 7 || first === 1 }],
    ];
    t.doesNotThrow(() => assertSerials(crl));
    for (const [name, state, set] of rows)
      t.throws(() => assertSerials(crl, () => set), { name: 'OracleError', oracle: 'serials', state }, name);
    const id = { nameHash: pairs(1), keyHash: pairs(2), serial: pairs(3) };
    t.doesNotThrow(() => assertRequest(id));
    const wrong = { name: 'OracleError', oracle: 'pki', state: 'request' };
    t.throws(() => assertRequest(id, ({ serial }) => serial), wrong, 'a request that is none');
  },
);
