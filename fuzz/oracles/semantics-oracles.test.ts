/** The oracles of RFC 9110's semantics pass the core, and do not pass it with one part that is broken. */
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import * as core from '../../core/sans-io.ts';
import * as errors from '../errors.ts';
import { assertPrototypes } from './prototypes.ts';

const NOW = Date.UTC(2026, 10, 25);
const SELECTED = { entityTag: { opaque: 'a', isWeak: true }, lastModifiedMs: NOW - 3_600_000 };
const MODIFIED = core.imfFixdate(SELECTED.lastModifiedMs);

/** A case in which the core is right, and a core in which it is not. */
type Row = readonly [
  name: string,
  module: string,
  oracle: string,
  given: readonly unknown[],
  broken: Partial<Record<keyof typeof core, unknown>>,
  state: string,
];

const dates = './http-dates.ts';
const ranges = './ranges.ts';
const negotiation = './negotiation.ts';
const preconditions = './preconditions.ts';
const paths = './file-paths.ts';
const pki = './pki.ts';
/** One of the seeds. */
const CERTIFICATE = readdirSync('corpus/pki/seed')
  .map((name) => readFileSync(`corpus/pki/seed/${name}`))
  .find((octets) => !('failure' in core.parseCertificate(octets, core.pkiLimits())));

const rows: readonly Row[] = [
  [
    'a day that does not exist',
    dates,
    'assertDateReads',
    ['Mon, 30 Feb 2026 00:00:00 GMT', NOW],
    { parseHttpDate: (text: string) => Date.parse(text) },
    'read',
  ],
  [
    'a century that is never the last',
    dates,
    'assertDateReads',
    ['Saturday, 06-Nov-94 08:49:37 GMT', NOW],
    { parseHttpDate: (text: string, now: number) => core.parseHttpDate(text.replace('-94', '-95'), now) },
    'read',
  ],
  [
    'a month that is off by one',
    dates,
    'assertDateRoundTrip',
    [NOW, NOW],
    { imfFixdate: (time: number) => core.imfFixdate(time).replace('Nov', 'Dec') },
    'write',
  ],
  [
    'a last octet that is left out',
    ranges,
    'assertPlan',
    ['bytes=0-4', 10, 4],
    { planRanges: () => ({ kind: 'parts', ranges: [{ first: 0, last: 3 }] }) },
    'union',
  ],
  [
    'overlapping ranges sent twice',
    ranges,
    'assertPlan',
    ['bytes=0-4,2-6', 10, 4],
    {
      planRanges: () => ({
        kind: 'parts',
        ranges: [
          { first: 0, last: 4 },
          { first: 2, last: 6 },
        ],
      }),
    },
    'apart',
  ],
  [
    'an octet behind the end',
    ranges,
    'assertPlan',
    ['bytes=5-', 10, 4],
    { planRanges: () => ({ kind: 'parts', ranges: [{ first: 5, last: 10 }] }) },
    'bounds',
  ],
  [
    'ranges in another order',
    ranges,
    'assertPlan',
    ['bytes=8-9,0-1', 10, 4],
    {
      planRanges: () => ({
        kind: 'parts',
        ranges: [
          { first: 0, last: 1 },
          { first: 8, last: 9 },
        ],
      }),
    },
    'order',
  ],
  [
    'more ranges than may be',
    ranges,
    'assertPlan',
    ['bytes=0-0,2-2,4-4', 10, 2],
    { planRanges: (field: string, bytes: number) => core.planRanges(field, bytes, 99) },
    'kind',
  ],
  [
    'a multipart that is longer than it is told to be',
    ranges,
    'assertMultipart',
    [
      [
        { first: 0, last: 1 },
        { first: 4, last: 5 },
      ],
      '0123456789',
      'text/plain',
    ],
    { layOutMultipart: later((multipart) => ({ ...multipart, bytes: multipart.bytes - 2 })) },
    'length',
  ],
  [
    'a part without its delimiter',
    ranges,
    'assertMultipart',
    [
      [
        { first: 0, last: 1 },
        { first: 4, last: 5 },
      ],
      '0123456789',
      'text/plain',
    ],
    {
      layOutMultipart: later((multipart) => ({
        ...multipart,
        bytes: multipart.bytes - 2,
        parts: multipart.parts.map(({ head, range }) => ({ head: head.replace(/^\r\n/, ''), range })),
      })),
    },
    'parts',
  ],
  [
    'a part that names another place',
    ranges,
    'assertMultipart',
    [
      [
        { first: 0, last: 1 },
        { first: 4, last: 5 },
      ],
      '0123456789',
      'text/plain',
    ],
    {
      layOutMultipart: later((multipart) => ({
        ...multipart,
        parts: multipart.parts.map(({ head, range }) => ({ head: head.replace('0-1', '0-2'), range })),
      })),
    },
    'head',
  ],
  [
    'a weight that is not looked at',
    negotiation,
    'assertCoding',
    ['br;q=0.1, gzip', ['br', 'gzip']],
    { preferredCoding: () => 'br' },
    'coding',
  ],
  [
    'a coding that is compared with regard to case',
    negotiation,
    'assertCoding',
    ['br', ['br']],
    { preferredCoding: (field: string) => (field.includes('br') ? 'br' : 'identity') },
    'spelling',
  ],
  [
    'an expectation among others',
    negotiation,
    'assertExpectation',
    ['100-continue, x'],
    { parseExpectation: () => 'continue' },
    'expect',
  ],
  [
    'a weak tag that matches strongly',
    preconditions,
    'assertPreconditions',
    ['PUT', [['If-Match', 'W/"a"']], SELECTED, NOW],
    { evaluatePreconditions: () => 'proceed' },
    'outcome',
  ],
  [
    'If-Modified-Since before If-None-Match',
    preconditions,
    'assertPreconditions',
    [
      'GET',
      [
        ['If-None-Match', '"b"'],
        ['If-Modified-Since', MODIFIED],
      ],
      SELECTED,
      NOW,
    ],
    { evaluatePreconditions: () => 'not-modified' },
    'outcome',
  ],
  [
    'a weak tag in If-Range',
    preconditions,
    'assertPreconditions',
    ['GET', [['If-Range', 'W/"a"']], SELECTED, NOW],
    { allowsRange: () => true },
    'if-range',
  ],
  [
    'a path that leads out',
    paths,
    'assertConfined',
    ['/a/%2e%2e/%2e%2e/etc', 'allow'],
    { parseFilePath: () => ({ names: ['a', '..', '..', 'etc'], isFolder: false }) },
    'names',
  ],
  [
    'an escape that is read twice',
    paths,
    'assertConfined',
    ['/%2541', 'ignore'],
    { parseFilePath: () => ({ names: ['A'], isFolder: false }) },
    'names',
  ],
  [
    'a name that is not escaped',
    paths,
    'assertConfined',
    ['/a%25b', 'ignore'],
    { encodeOctets: (name: string) => name },
    'plain',
  ],
  ['a document with octets behind it', pki, 'assertPki', [CERTIFICATE], { parseCertificate: () => ({}) }, 'longer'],
  ['two documents in one', pki, 'assertPki', [CERTIFICATE], { parseCrl: core.parseCertificate }, 'two'],
  [
    'a refusal that points behind the octets',
    pki,
    'assertPki',
    [Uint8Array.of(0x30)],
    { parseCrl: () => ({ failure: 'DER_CUT', at: 2 }) },
    'DER_CUT',
  ],
];

t.test('each oracle passes the core, and finds the bug of a broken one', async (t) => {
  for (const [name, module, oracle, given, broken, state] of rows) {
    const real: Oracles = await import(module);
    t.doesNotThrow(() => real[oracle]?.(...given), `${oracle} passes the core: ${name}`);
    const mocked: Oracles = await t.mockImport(module, { '../../core/sans-io.ts': { ...core, ...broken } });
    t.match(
      thrownBy(() => mocked[oracle]?.(...given)),
      { state },
      `${oracle} finds ${name}`,
    );
  }
});

t.test('readers of corpus files: a name of a folder, or a message, that is none is told', async (t) => {
  const text = '{"schema":1,"target":"a","signature":"v1:0123456789abcdef"}';
  const octets = new TextEncoder().encode(text);
  const real = await import('./bench-readers.ts');
  t.doesNotThrow(() => real.assertReadsMeta(octets), 'refused in a line');
  t.doesNotThrow(() => real.assertReadsManifest(octets), 'refused in a line');
  const bundle = await import('../campaign/bundle.ts');
  const broken: readonly [oracle: string, module: string, parts: object][] = [
    ['assertReadsMeta', '../campaign/bundle.ts', { ...bundle, parseMeta: () => ({ target: '..', signature: '' }) }],
    [
      'assertReadsManifest',
      '../campaign/manifest.ts',
      { ...(await import('../campaign/manifest.ts')), parseManifest: () => [{ target: '..', files: [] }] },
    ],
    [
      'assertReadsMeta',
      '../campaign/bundle.ts',
      {
        ...bundle,
        parseMeta: () => {
          throw new errors.FuzzError(2, '\x1b[2J');
        },
      },
    ],
  ];
  for (const [oracle, module, parts] of broken) {
    const mocked: Oracles = await t.mockImport('./bench-readers.ts', {
      [module]: parts,
      '../errors.ts': errors,
    });
    await t.rejects(async () => mocked[oracle]?.(octets), /name of a folder|names of folders|refused with/, oracle);
  }
});

t.test('assertPrototypes() tells what was added to or changed in a prototype, and puts it right', async (t) => {
  t.doesNotThrow(assertPrototypes);
  Reflect.set(Object.prototype, 'polluted', 1);
  t.match(thrownBy(assertPrototypes), { oracle: 'prototypes', state: 'Object' });
  t.doesNotThrow(assertPrototypes, 'it was taken away');
  Reflect.set(Array.prototype, 'polluted', 1);
  t.match(thrownBy(assertPrototypes), { oracle: 'prototypes', state: 'Array' });
  const before = Object.prototype.toString;
  Reflect.set(Object.prototype, 'toString', () => 'polluted');
  t.match(thrownBy(assertPrototypes), { oracle: 'prototypes', state: 'Object' });
  t.equal(Object.prototype.toString, before);
});

type Oracles = Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;

/** The layout of a multipart, changed afterwards. */
function later(change: (multipart: core.Multipart) => core.Multipart): typeof core.layOutMultipart {
  return (...given) => change(core.layOutMultipart(...given));
}

/** What a call throws; `undefined` when it does not. */
function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
