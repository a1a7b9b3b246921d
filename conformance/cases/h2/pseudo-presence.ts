import {
  altered,
  answersWith,
  type Block,
  type BlockPart,
  defineH2Cases,
  goesAway,
  type H2Case,
  headers,
  indexed,
  refusesRequest,
  request,
  resetsStream,
  responds,
  warned,
} from '../../h2/define.ts';

/** RFC9113#8.3: which pseudo-fields a request has, how often, and where. */
const METHOD: BlockPart = [':method', 'GET'];
const SCHEME: BlockPart = [':scheme', '{scheme}'];
const AUTHORITY: BlockPart = [':authority', '{host}'];
const PATH: BlockPart = [':path', '/'];
const PSEUDO = [METHOD, SCHEME, AUTHORITY, PATH] as const;
/** `:status` with 200 in the static table (RFC7541#A). */
const STATUS_200 = 8;

interface Malformed {
  readonly slug: string;
  /** Completes "A request …". */
  readonly says: string;
  readonly rfc: H2Case['rfc'];
  readonly block: Block;
}

const nameOf = (part: BlockPart) => String(part[0]).slice(1);

const LATE: readonly Malformed[] = PSEUDO.map((late) => ({
  slug: `${nameOf(late)}-behind-field`,
  says: `whose :${nameOf(late)} stands behind a regular field`,
  rfc: 'RFC9113#8.3',
  block: [...PSEUDO.filter((part) => part !== late), ['x-probe', '1'], late],
}));

const REPEATED: readonly Malformed[] = [
  ...PSEUDO.map((twice) => ({ twice, says: 'the same value', second: twice })),
  { twice: METHOD, says: 'another value', second: [':method', 'HEAD'] as const },
  { twice: AUTHORITY, says: 'another value', second: [':authority', 'other.example'] as const },
  { twice: PATH, says: 'another value', second: [':path', '/other'] as const },
].map(({ twice, says, second }) => ({
  slug: `${nameOf(twice)}-twice${says === 'another value' ? '-differing' : ''}`,
  says: `that has :${nameOf(twice)} twice, with ${says}`,
  rfc: 'RFC9113#8.3',
  block: [...PSEUDO, second],
}));

const UNKNOWN: readonly Malformed[] = [
  { slug: 'unknown', says: 'with the pseudo-field :unknown', part: [':unknown', '1'] as const },
  { slug: 'unknown-host', says: 'with the pseudo-field :host', part: [':host', '{host}'] as const },
  { slug: 'nameless', says: 'with a pseudo-field named ":" alone', part: [':', '1'] as const },
  { slug: 'upper-case', says: 'with the pseudo-field :Path beside :path', part: [':Path', '/'] as const },
  { slug: 'two-colons', says: 'with the pseudo-field ::path beside :path', part: ['::path', '/'] as const },
  { slug: 'status', says: "with a response's :status", part: [':status', '200'] as const },
  { slug: 'status-indexed', says: "with a response's :status from the static table", part: indexed(STATUS_200) },
].map(({ slug, says, part }) => ({ slug, says, rfc: 'RFC9113#8.3', block: [...PSEUDO, part] }));

const MISSING: readonly Malformed[] = [
  ...[':method', ':scheme', ':path'].map((name) => ({
    slug: `${name.slice(1)}-missing`,
    says: `without ${name}`,
    block: altered({ [name]: undefined }),
  })),
  { slug: 'all-missing', says: 'of regular fields alone', block: [['host', '{host}'] as const] },
  {
    slug: 'method-renamed',
    says: 'whose :Method is no :method',
    block: altered({ ':method': undefined }, [[':Method', 'GET']]),
  },
].map((one) => ({ ...one, rfc: 'RFC9113#8.3.1' }));

export default defineH2Cases([
  {
    id: 'h2/pseudo/any-order',
    title: 'Pseudo-fields are taken in any order',
    rfc: 'RFC9113#8.3',
    level: 'MUST',
    needs: ['get'],
    why: 'No order among them is defined; only regular fields have to come behind them.',
    frames: [headers([PATH, AUTHORITY, SCHEME, METHOD])],
    ...answersWith(),
  },
  {
    id: 'h2/pseudo/plain-with-fields',
    title: 'A request with regular fields behind its pseudo-fields is taken',
    rfc: 'RFC9113#8.3',
    level: 'MUST',
    needs: ['get'],
    frames: [
      headers(
        request('/', [
          ['x-probe', '1'],
          ['x-probe', '2'],
        ]),
      ),
    ],
    ...answersWith(),
  },
  {
    id: 'h2/pseudo/empty-block',
    title: 'A request without any field is refused as malformed',
    rfc: 'RFC9113#8.3.1',
    level: 'MUST',
    needs: ['get'],
    frames: [headers([])],
    allow: [
      ...refusesRequest().allow,
      warned(
        { kind: 'connection-error', codes: ['FRAME_SIZE_ERROR'] },
        'the frame is taken to lack what it has to have',
      ),
    ],
    controls: {
      ...refusesRequest().controls,
      pass: [resetsStream('PROTOCOL_ERROR'), responds(400), goesAway('FRAME_SIZE_ERROR')],
    },
  },
  ...[...LATE, ...REPEATED, ...UNKNOWN, ...MISSING].map(
    ({ slug, says, rfc, block }) =>
      ({
        id: `h2/pseudo/${slug}`,
        title: `A request ${says} is refused as malformed`,
        rfc,
        level: 'MUST',
        needs: ['get'],
        frames: [headers(block)],
        ...refusesRequest(),
      }) as const,
  ),
]);
