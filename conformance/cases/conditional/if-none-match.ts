import { defineCases } from '../../define.ts';
import { OTHER, type Row, toCase } from './expected.ts';

/** RFC9110#13.1.2: the request is performed only where the client knows nothing yet; the comparison is weak. */
const MALFORMED = 'a field that is malformed may be read as far as it is right (RFC9110#2.4)';
const weakened = (etag: string) => (etag.startsWith('W/') ? etag.slice(2) : `W/${etag}`);
const opaque = (etag: string) => etag.replace(/^W\//, '').slice(1, -1);

/** A tag with other letters; one without letters gets some. */
function inOtherCase(tag: string): string {
  const other = tag.replace(/[a-z]/gi, (letter) => String.fromCharCode(letter.charCodeAt(0) ^ 0x20));
  return other === tag ? `${tag}-aeronet` : other;
}

const ROWS: readonly Row[] = [
  {
    slug: 'if-none-match-same',
    title: 'If-None-Match with the tag of the file is answered with 304',
    rfc: 'RFC9110#13.1.2',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${etag}`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-other',
    title: 'If-None-Match with another tag is answered with the file',
    rfc: 'RFC9110#13.1.2',
    needs: ['file'],
    ask: { fields: () => [`If-None-Match: ${OTHER}`] },
    due: 'whole',
  },
  {
    slug: 'if-none-match-weak',
    title: 'If-None-Match is compared weakly: with and without W/ the tag is the same',
    rfc: 'RFC9110#13.1.2',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${weakened(etag)}`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-list',
    title: 'If-None-Match with the tag of the file among others is answered with 304',
    rfc: 'RFC9110#13.1.2',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${OTHER}, "b" ,\t${etag}`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-comma-in-tag',
    title: 'A comma inside a tag ends no member of the list',
    rfc: 'RFC9110#8.8.3',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: "a,b", "c,", ${etag}`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-without-space',
    title: 'If-None-Match with a list without white space is understood',
    rfc: 'RFC9110#5.6.1',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${OTHER},W/"b",${etag},"c"`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-empty-members',
    title: 'If-None-Match with a list that has empty members is understood',
    rfc: 'RFC9110#5.6.1.2',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: , ,"a",, ${etag},`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-two-fields',
    title: 'If-None-Match in two fields is one list',
    rfc: 'RFC9110#5.2',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${OTHER}`, `If-None-Match: ${etag}`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-200-tags',
    title: 'If-None-Match with 200 tags is understood to its end',
    rfc: 'RFC9110#13.1.2',
    needs: ['etag'],
    ask: {
      fields: ({ etag }) => [
        `If-None-Match: ${Array.from({ length: 199 }, (_, n) => `"aeronet-${n}"`).join(', ')}, ${etag}`,
      ],
    },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-any',
    title: 'If-None-Match: * is answered with 304 where the file is there',
    rfc: 'RFC9110#13.1.2',
    needs: ['file'],
    ask: { fields: () => ['If-None-Match: *'] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-head',
    title: 'If-None-Match with the tag of the file is answered with 304 to HEAD, too',
    rfc: 'RFC9110#13.1.2',
    needs: ['etag', 'head'],
    ask: { method: 'HEAD', fields: ({ etag }) => [`If-None-Match: ${etag}`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-quoted-any',
    title: 'If-None-Match: "*" is a tag, not all of them',
    rfc: 'RFC9110#8.8.3',
    needs: ['file'],
    ask: { fields: () => ['If-None-Match: "*"'] },
    due: 'whole',
  },
  {
    slug: 'if-none-match-longer',
    title: 'If-None-Match with the tag of the file and one octet more is answered with the file',
    rfc: 'RFC9110#8.8.3.2',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${etag.slice(0, -1)}x"`] },
    due: 'whole',
  },
  {
    slug: 'if-none-match-shorter',
    title: 'If-None-Match with the tag of the file but its last octet is answered with the file',
    rfc: 'RFC9110#8.8.3.2',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${etag.slice(0, -2)}"`] },
    due: 'whole',
  },
  {
    slug: 'if-none-match-other-case',
    title: 'If-None-Match with the tag of the file, its letters in the other case, is answered with the file',
    rfc: 'RFC9110#8.8.3.2',
    needs: ['etag'],
    why: 'Tags are compared character by character: a hash in base 64 is another one in the other case.',
    ask: { fields: ({ etag }) => [`If-None-Match: "${inOtherCase(opaque(etag))}"`] },
    due: 'whole',
  },
  {
    slug: 'if-none-match-inside',
    title: 'The tag of the file inside another one does not match',
    rfc: 'RFC9110#8.8.3',
    needs: ['etag'],
    why: 'A search for the octets of the tag finds it.',
    ask: { fields: ({ etag }) => [`If-None-Match: "x,${opaque(etag)}", "${opaque(etag)},x"`] },
    due: 'whole',
  },
  {
    slug: 'if-none-match-empty-tag',
    title: 'If-None-Match with an empty tag is answered with the file',
    rfc: 'RFC9110#8.8.3',
    needs: ['etag'],
    ask: { fields: () => ['If-None-Match: ""'] },
    due: 'whole',
  },
  {
    slug: 'if-none-match-unquoted',
    title: 'If-None-Match with the tag of the file but not its quotes does not match',
    rfc: 'RFC9110#8.8.3',
    level: 'SHOULD',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${opaque(etag)}`] },
    due: ['whole', 'refused'],
    warns: [['notModified', MALFORMED]],
  },
  {
    slug: 'if-none-match-unclosed',
    title: 'If-None-Match with a tag whose closing quote is missing does not match',
    rfc: 'RFC9110#8.8.3',
    level: 'SHOULD',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${etag.slice(0, -1)}`] },
    due: ['whole', 'refused'],
    warns: [['notModified', MALFORMED]],
  },
  {
    slug: 'if-none-match-any-among',
    title: 'If-None-Match with * among tags is malformed, and answered with the file, 304 or 400',
    rfc: 'RFC9110#13.1.2',
    needs: ['etag'],
    why: 'It is syntactically invalid, and no sentence says what it means.',
    ask: { fields: () => [`If-None-Match: ${OTHER}, *`] },
    due: ['whole', 'refused', 'notModified'],
  },
  {
    slug: 'if-none-match-range',
    title: 'If-None-Match with the tag of the file comes before Range',
    rfc: 'RFC9110#14.2',
    needs: ['etag', 'ranges'],
    why: 'Range is ignored when a conditional GET would result in a 304.',
    ask: { fields: ({ etag }) => [`If-None-Match: ${etag}`, 'Range: bytes=10-19'] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-unsatisfiable',
    title: 'If-None-Match with the tag of the file comes before a Range behind its end',
    rfc: 'RFC9110#14.2',
    needs: ['etag', 'ranges'],
    ask: { fields: ({ etag, content }) => [`If-None-Match: ${etag}`, `Range: bytes=${content.length}-`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-other-range',
    title: 'If-None-Match with another tag lets a range be had',
    rfc: 'RFC9110#14.2',
    needs: ['ranges'],
    ask: { fields: () => [`If-None-Match: ${OTHER}`, 'Range: bytes=10-19'] },
    due: 'part',
    warns: [['whole', 'Range may be ignored (RFC9110#14.2)']],
  },
];

export default defineCases(ROWS.map(toCase));
