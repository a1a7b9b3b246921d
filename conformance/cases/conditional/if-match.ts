import { defineCases } from '../../define.ts';
import { OTHER, type Row, toCase } from './expected.ts';

/** RFC9110#13.1.1: the request is performed only on what the client knows; the comparison is strong. */
const ROWS: readonly Row[] = [
  {
    slug: 'if-match-other',
    title: 'If-Match with another tag is a failed precondition',
    rfc: 'RFC9110#13.1.1',
    needs: ['etag'],
    why: 'An origin server MUST evaluate it, MUST NOT perform the method where it is false, and RFC9110#13.2.2 names the 412.',
    ask: { fields: () => [`If-Match: ${OTHER}`] },
    due: 'failed',
  },
  {
    slug: 'if-match-same',
    title: 'If-Match with the tag of the file lets the request pass',
    rfc: 'RFC9110#13.1.1',
    needs: ['strong-etag'],
    ask: { fields: ({ etag }) => [`If-Match: ${etag}`] },
    due: 'whole',
  },
  {
    slug: 'if-match-list',
    title: 'If-Match with the tag of the file among others lets the request pass',
    rfc: 'RFC9110#13.1.1',
    needs: ['strong-etag'],
    ask: { fields: ({ etag }) => [`If-Match: ${OTHER},"a,b" ,\t${etag}, W/"x"`] },
    due: 'whole',
  },
  {
    slug: 'if-match-two-fields',
    title: 'If-Match in two fields is one list',
    rfc: 'RFC9110#5.2',
    needs: ['strong-etag', 'if-match'],
    ask: { fields: ({ etag }) => [`If-Match: ${OTHER}`, `If-Match: ${etag}`] },
    due: 'whole',
  },
  {
    slug: 'if-match-list-of-others',
    title: 'If-Match with a list of other tags is a failed precondition',
    rfc: 'RFC9110#13.1.1',
    needs: ['etag', 'if-match'],
    ask: { fields: () => [`If-Match: "a", ${OTHER}, W/"b"`] },
    due: 'failed',
  },
  {
    slug: 'if-match-any',
    title: 'If-Match: * lets the request for a file that is there pass',
    rfc: 'RFC9110#13.1.1',
    needs: ['file'],
    ask: { fields: () => ['If-Match: *'] },
    due: 'whole',
  },
  {
    slug: 'if-match-weak',
    title: 'If-Match with the tag of the file marked as weak is a failed precondition',
    rfc: 'RFC9110#8.8.3.2',
    needs: ['strong-etag', 'if-match'],
    why: 'The comparison MUST be strong: both tags have to be.',
    ask: { fields: ({ etag }) => [`If-Match: W/${etag}`] },
    due: 'failed',
  },
  {
    slug: 'if-match-part-of-tag',
    title: 'If-Match with the tag of the file and one octet more is a failed precondition',
    rfc: 'RFC9110#8.8.3.2',
    needs: ['strong-etag', 'if-match'],
    ask: { fields: ({ etag }) => [`If-Match: ${etag.slice(0, -1)}x"`] },
    due: 'failed',
  },
  {
    slug: 'if-match-other-case',
    title: 'Tags are compared with regard to case',
    rfc: 'RFC9110#8.8.3.2',
    needs: ['strong-etag', 'if-match'],
    why: 'Where no letter stands in the tag, one is put behind it.',
    ask: { fields: ({ etag }) => [`If-Match: ${swapCase(etag)}`] },
    due: 'failed',
  },
  {
    slug: 'if-match-quoted-inside',
    title: 'The tag of the file inside another one does not match',
    rfc: 'RFC9110#8.8.3',
    needs: ['strong-etag', 'if-match'],
    why: 'A search for the octets of the tag finds it.',
    ask: { fields: ({ etag }) => [`If-Match: "${etag.slice(1, -1)},x", "x,${etag.slice(1, -1)}"`] },
    due: 'failed',
  },
  {
    slug: 'if-match-unquoted',
    title: 'If-Match with the tag of the file but not its quotes does not match',
    rfc: 'RFC9110#8.8.3',
    level: 'SHOULD',
    needs: ['strong-etag', 'if-match'],
    why: 'What is no tag matches none; the client meant to protect something.',
    ask: { fields: ({ etag }) => [`If-Match: ${etag.slice(1, -1)}`] },
    due: ['failed', 'refused'],
    warns: [['whole', 'a field that is malformed may be ignored (RFC9110#2.4)']],
  },
  {
    slug: 'if-match-weak-lower-case',
    title: 'The mark of a weak tag is W/, in upper case',
    rfc: 'RFC9110#8.8.3',
    level: 'SHOULD',
    needs: ['strong-etag', 'if-match'],
    ask: { fields: ({ etag }) => [`If-Match: w/${etag}`] },
    due: ['failed', 'refused'],
    warns: [['whole', 'a field that is malformed may be ignored (RFC9110#2.4)']],
  },
  {
    slug: 'if-match-head',
    title: 'If-Match is evaluated for HEAD, too',
    rfc: 'RFC9110#13.1.1',
    needs: ['etag', 'head', 'if-match'],
    ask: { method: 'HEAD', fields: () => [`If-Match: ${OTHER}`] },
    due: 'failed',
  },
  {
    slug: 'if-match-range',
    title: 'If-Match with the tag of the file lets a range be had',
    rfc: 'RFC9110#14.2',
    needs: ['strong-etag', 'ranges'],
    ask: { fields: ({ etag }) => [`If-Match: ${etag}`, 'Range: bytes=10-19'] },
    due: 'part',
    warns: [['whole', 'Range may be ignored (RFC9110#14.2)']],
  },
  {
    slug: 'if-match-other-range',
    title: 'If-Match with another tag keeps a range back',
    rfc: 'RFC9110#14.2',
    needs: ['etag', 'ranges', 'if-match'],
    why: 'Range is evaluated after the preconditions: octets of another file would be put together with those that the client has.',
    ask: { fields: () => [`If-Match: ${OTHER}`, 'Range: bytes=10-19'] },
    due: 'failed',
  },
];

export default defineCases(ROWS.map(toCase));

function swapCase(tag: string): string {
  const swapped = tag.replace(/[a-z]/gi, (char) => (char < 'a' ? char.toLowerCase() : char.toUpperCase()));
  return swapped === tag ? `${tag.slice(0, -1)}x"` : swapped;
}
