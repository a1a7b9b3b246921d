import { type Case, defineCases, type Response } from '../../define.ts';
import { fieldValues } from '../../wire/response-reader.ts';
import {
  type Ask,
  allowing,
  asks,
  CANNED_304,
  CANNED_WHOLE,
  canned,
  compared,
  type Known,
  then,
  whole,
} from '../representation.ts';
import { FUTURE, OLD, OTHER, type Row, toCase } from './expected.ts';

/** RFC9110#13.2: when preconditions are evaluated, and in which order. */
const MISSING = '/no-such-{nonce}';

const ORDER: readonly Row[] = [
  {
    slug: 'if-match-before-if-none-match',
    title: 'If-Match fails before If-None-Match is looked at',
    rfc: 'RFC9110#13.2.2',
    needs: ['etag', 'if-match'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${etag}`, `If-Match: ${OTHER}`] },
    due: 'failed',
  },
  {
    slug: 'if-match-and-if-none-match',
    title: 'If-None-Match is looked at where If-Match holds',
    rfc: 'RFC9110#13.2.2',
    needs: ['strong-etag', 'if-match'],
    ask: { fields: ({ etag }) => [`If-Match: ${etag}`, `If-None-Match: ${etag}`] },
    due: 'notModified',
  },
  {
    slug: 'if-match-before-if-modified-since',
    title: 'If-Match fails before If-Modified-Since is looked at',
    rfc: 'RFC9110#13.2.2',
    needs: ['etag', 'last-modified', 'if-match'],
    ask: { fields: ({ lastModified }) => [`If-Modified-Since: ${lastModified}`, `If-Match: ${OTHER}`] },
    due: 'failed',
  },
  {
    slug: 'if-unmodified-since-before-if-none-match',
    title: 'If-Unmodified-Since fails before If-None-Match is looked at',
    rfc: 'RFC9110#13.2.2',
    needs: ['etag', 'last-modified', 'if-match'],
    ask: { fields: ({ etag }) => [`If-None-Match: ${etag}`, `If-Unmodified-Since: ${OLD}`] },
    due: 'failed',
  },
  {
    slug: 'if-unmodified-since-before-if-modified-since',
    title: 'If-Unmodified-Since fails before If-Modified-Since is looked at',
    rfc: 'RFC9110#13.2.2',
    needs: ['last-modified', 'if-match'],
    ask: { fields: ({ lastModified }) => [`If-Modified-Since: ${lastModified}`, `If-Unmodified-Since: ${OLD}`] },
    due: 'failed',
  },
  {
    slug: 'if-modified-since-with-if-none-match-other',
    title: 'If-Modified-Since is ignored beside an If-None-Match that holds',
    rfc: 'RFC9110#13.1.3',
    needs: ['last-modified', 'etag'],
    ask: { fields: ({ lastModified }) => [`If-Modified-Since: ${lastModified}`, `If-None-Match: ${OTHER}`] },
    due: 'whole',
  },
  {
    slug: 'if-none-match-with-old-if-modified-since',
    title: 'If-None-Match with the tag of the file is answered with 304, whatever If-Modified-Since says',
    rfc: 'RFC9110#13.1.3',
    needs: ['etag'],
    ask: { fields: ({ etag }) => [`If-Modified-Since: ${OLD}`, `If-None-Match: ${etag}`] },
    due: 'notModified',
  },
  {
    slug: 'if-none-match-and-if-modified-since',
    title: 'If-None-Match and If-Modified-Since, both of the file, are answered with 304',
    rfc: 'RFC9110#13.2.2',
    needs: ['etag', 'last-modified'],
    ask: { fields: ({ etag, lastModified }) => [`If-None-Match: ${etag}`, `If-Modified-Since: ${lastModified}`] },
    due: 'notModified',
  },
  {
    slug: 'if-match-before-range',
    title: 'If-Match fails before a range behind the end is looked at',
    rfc: 'RFC9110#14.2',
    needs: ['etag', 'ranges', 'if-match'],
    ask: { fields: ({ content }) => [`Range: bytes=${content.length}-`, `If-Match: ${OTHER}`] },
    due: 'failed',
  },
];

const CONDITIONS: readonly { readonly slug: string; readonly field: string }[] = [
  { slug: 'if-match', field: `If-Match: ${OTHER}` },
  { slug: 'if-match-any', field: 'If-Match: *' },
  { slug: 'if-none-match-any', field: 'If-None-Match: *' },
  { slug: 'if-modified-since', field: `If-Modified-Since: ${FUTURE}` },
  { slug: 'if-unmodified-since', field: `If-Unmodified-Since: ${OLD}` },
];

const OF_MISSING: readonly Row[] = CONDITIONS.map(({ slug, field }) => ({
  slug: `missing-${slug}`,
  title: `${field.split(':')[0]} on what is not there is a 404${slug.endsWith('any') ? ', with *, too' : ''}`,
  rfc: 'RFC9110#13.2.1',
  needs: ['file'],
  why: 'Preconditions MUST be ignored where the response without them would be neither 2xx nor 412.',
  ask: { path: MISSING, fields: () => [field] },
  due: 'missing',
}));

/** RFC9110#15.4.5: what a 304 has, and what the connection is good for behind it. */
const AGAIN: Ask = { fields: ({ etag }) => [`If-None-Match: ${etag}`] };
const EVERY = ['etag', 'cache-control', 'content-location', 'vary'];
const repeats = compared([304], `with ${EVERY.join(', ')} of the 200, and no content`, ({ fields, content }, known) => {
  if (content.length > 0) return 'a 304 has content';
  for (const name of EVERY) {
    const [due, found] = [fieldValues(known.fields, name).join(), fieldValues(fields, name).join()];
    if (due !== found) return `${name} is "${found}", in the 200 it is "${due}"`;
  }
  return undefined;
});

const NOT_MODIFIED: readonly Case[] = [
  {
    id: 'h1/conditional/304-pipelined',
    title: 'Two 304 and the file behind them, pipelined, are told apart',
    rfc: 'RFC9110#15.4.5',
    level: 'MUST',
    needs: ['etag'],
    why: 'A 304 ends with its head: what follows it is the next response.',
    ...asks(AGAIN, AGAIN, { fields: () => [`If-None-Match: ${OTHER}`] }),
    ...allowing(then(repeats, repeats, whole)),
    controls: {
      pass: canned(CANNED_304, CANNED_304, CANNED_WHOLE),
      fail: [
        canned(CANNED_304, CANNED_304.replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\nno'), CANNED_WHOLE),
        canned(CANNED_304, CANNED_304.replace('"v1"', '"v2"'), CANNED_WHOLE),
        canned(CANNED_304, CANNED_304.replace('Vary: Accept', 'X: 1'), CANNED_WHOLE),
        canned(CANNED_304, CANNED_304, CANNED_304),
      ],
    },
  },
  {
    id: 'h1/conditional/validators-stand',
    title: 'The validators of a file that nobody changes stay the same',
    rfc: 'RFC9110#8.8.1',
    level: 'MUST',
    needs: ['strong-etag'],
    why: 'A strong validator changes when, and only usefully when, the octets do.',
    ...asks({ fields: () => [] }, { method: 'HEAD', fields: () => [] }),
    ...allowing(
      then(
        compared([200], 'with the same ETag and Last-Modified', sameValidators),
        compared([200], 'with the same ETag and Last-Modified', sameValidators),
      ),
    ),
    controls: {
      pass: canned(CANNED_WHOLE, headOf(CANNED_WHOLE)),
      fail: [
        canned(CANNED_WHOLE.replace('"v1"', '"v2"'), headOf(CANNED_WHOLE)),
        canned(CANNED_WHOLE, headOf(CANNED_WHOLE.replace('"v1"', 'W/"v1"'))),
        canned(CANNED_WHOLE.replace('19:43:31', '19:43:32'), headOf(CANNED_WHOLE)),
      ],
    },
  },
];

export default defineCases([...[...ORDER, ...OF_MISSING].map(toCase), ...NOT_MODIFIED]);

function sameValidators({ fields }: Response, known: Known): string | undefined {
  const [etag = '', date = ''] = ['etag', 'last-modified'].map((name) => fieldValues(fields, name)[0]);
  return etag === known.etag && date === known.lastModified ? undefined : `they are ${etag} and ${date || 'no date'}`;
}

function headOf(text: string): string {
  return text.slice(0, text.indexOf('\r\n\r\n') + 4);
}
