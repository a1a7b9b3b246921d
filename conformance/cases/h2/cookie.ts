import { type Block, defineH2Cases, headers, literal, request, understands } from '../../h2/define.ts';

/** RFC9113#8.2.3: crumbs of Cookie are one value to whoever is not HTTP/2. */
const MANY = Array.from({ length: 40 }, (_, index) => `c${index}=${index}`);

const CRUMBS: readonly {
  readonly slug: string;
  readonly says: string;
  readonly fields: Block;
  readonly whole: string;
}[] = [
  { slug: 'one-line', says: 'A cookie field in one line', fields: [['cookie', 'a=b; c=d']], whole: 'a=b; c=d' },
  {
    slug: 'three-crumbs',
    says: 'A cookie field in three crumbs',
    fields: [
      ['cookie', 'a=b'],
      ['cookie', 'c=d'],
      ['cookie', 'e=f'],
    ],
    whole: 'a=b; c=d; e=f',
  },
  {
    slug: 'crumbs-of-pairs',
    says: 'Crumbs of several pairs',
    fields: [
      ['cookie', 'a=b; c=d'],
      ['cookie', 'e=f; g=h'],
    ],
    whole: 'a=b; c=d; e=f; g=h',
  },
  {
    slug: 'crumbs-apart',
    says: 'Crumbs with other fields between them',
    fields: [
      ['cookie', 'a=b'],
      ['x-probe', '1'],
      ['cookie', 'c=d'],
      ['x-probe', '2'],
      ['cookie', 'e=f'],
    ],
    whole: 'a=b; c=d; e=f',
  },
  {
    slug: 'crumbs-of-all-kinds',
    says: 'Crumbs that are indexed, not indexed and never indexed',
    fields: [
      literal('cookie', 'a=b', { kind: 'indexing', huffman: true }),
      literal(32, 'c=d', { kind: 'never' }),
      literal(32, 'e=f', { kind: 'plain', huffman: true }),
    ],
    whole: 'a=b; c=d; e=f',
  },
  {
    slug: 'crumbs-with-commas',
    says: 'Crumbs with commas in them',
    fields: [
      ['cookie', 'a=1,2'],
      ['cookie', 'b=3,4'],
    ],
    whole: 'a=1,2; b=3,4',
  },
  {
    slug: 'forty-crumbs',
    says: 'Forty crumbs',
    fields: MANY.map((crumb) => ['cookie', crumb] as const),
    whole: MANY.join('; '),
  },
];

export default defineH2Cases(
  CRUMBS.map(
    ({ slug, says, fields, whole }) =>
      ({
        id: `h2/cookie/${slug}`,
        title: `${says} arrive${says.startsWith('A ') ? 's' : ''} as one value, joined by "; " in order`,
        rfc: 'RFC9113#8.2.3',
        level: 'MUST',
        needs: ['inspect'],
        frames: [headers([...request('/inspect'), ...fields])],
        ...understands(
          { fields: { cookie: [whole] } },
          { fields: [['cookie', whole]] },
          { fields: whole.split(/; |, /).map((crumb) => ['cookie', crumb] as const) },
        ),
      }) as const,
  ),
);
