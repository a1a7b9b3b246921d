import { defineCases } from '../../define.ts';
import { FUTURE, OLD, OTHER, type Row, toCase } from './expected.ts';

/** RFC9110#13.1.3 and RFC9110#13.1.4: dates in place of tags. */
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const EXACT = 'the date is compared for equality, which RFC9110#13.1.3 knows servers to do';
const NOT_EVALUATED = 'If-Modified-Since SHOULD be evaluated';

/** The same time so many seconds later, in one of the three forms of RFC9110#5.6.7. */
function dateOf(text: string, form: 'imf' | 'rfc850' | 'asctime' = 'imf', seconds = 0): string {
  const imf = new Date(Date.parse(text) + seconds * 1_000).toUTCString();
  const [, day = '', month = '', year = '', time = ''] = imf.split(' ');
  const weekday = new Date(Date.parse(imf)).getUTCDay();
  if (form === 'rfc850') return `${DAYS[weekday]}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
  if (form === 'asctime') return `${imf.slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
  return imf;
}

function yearsAgo(years: number): Date {
  const date = new Date();
  date.setUTCFullYear(date.getUTCFullYear() - years);
  return date;
}

/** A date of 45 years ago in two digits; nothing for a file that is older still, and unmodified since. */
function ofLastCentury(lastModified: string): readonly string[] {
  const date = yearsAgo(45);
  if (Date.parse(lastModified) <= date.getTime()) return [];
  return [`If-Modified-Since: ${dateOf(date.toUTCString(), 'rfc850')}`];
}

const NOT_A_DATE = [
  { slug: 'garbage', says: 'what is no date', value: () => 'aeronet' },
  { slug: 'empty', says: 'nothing', value: () => '' },
  { slug: 'number', says: 'a number of seconds', value: () => '4102444799' },
  { slug: 'iso-8601', says: 'a date of ISO 8601', value: () => '2100-12-31T23:59:59Z' },
  { slug: 'no-such-day', says: 'the 32nd of a month', value: () => 'Fri, 32 Dec 2100 23:59:59 GMT' },
  { slug: 'no-such-hour', says: 'an hour 25', value: () => 'Fri, 31 Dec 2100 25:59:59 GMT' },
  { slug: 'list', says: 'a list of two dates', value: () => `${FUTURE}, ${FUTURE}` },
] as const;

const SINCE: readonly Row[] = [
  ...(['imf', 'rfc850', 'asctime'] as const).map(
    (form): Row => ({
      slug: `if-modified-since-${form}`,
      title: `If-Modified-Since with the date of the file, in the form ${form}, is answered with 304`,
      rfc: form === 'imf' ? 'RFC9110#13.1.3' : 'RFC9110#5.6.7',
      level: form === 'imf' ? 'SHOULD' : 'MUST',
      needs: ['last-modified'],
      why: 'A recipient MUST accept all three forms of a date.',
      ask: { fields: ({ lastModified }) => [`If-Modified-Since: ${dateOf(lastModified, form)}`] },
      due: 'notModified',
    }),
  ),
  {
    slug: 'if-modified-since-rfc850-century',
    title: 'If-Modified-Since whose year of two digits would be more than 50 years off is of the past',
    rfc: 'RFC9110#5.6.7',
    needs: ['last-modified'],
    why: 'A reader that adds 2000 whatever comes takes it for a date to come, and the file for unmodified since.',
    ask: { fields: ({ lastModified }) => ofLastCentury(lastModified) },
    due: 'whole',
  },
  {
    slug: 'if-modified-since-old',
    title: 'If-Modified-Since with an older date is answered with the file',
    rfc: 'RFC9110#13.1.3',
    needs: ['last-modified'],
    ask: { fields: () => [`If-Modified-Since: ${OLD}`] },
    due: 'whole',
  },
  {
    slug: 'if-modified-since-second-before',
    title: 'If-Modified-Since with the second in front of the date of the file is answered with the file',
    rfc: 'RFC9110#13.1.3',
    needs: ['last-modified'],
    ask: { fields: ({ lastModified }) => [`If-Modified-Since: ${dateOf(lastModified, 'imf', -1)}`] },
    due: 'whole',
  },
  {
    slug: 'if-modified-since-second-behind',
    title: 'If-Modified-Since with the second behind the date of the file is answered with 304',
    rfc: 'RFC9110#13.1.3',
    level: 'SHOULD',
    needs: ['last-modified'],
    ask: { fields: ({ lastModified }) => [`If-Modified-Since: ${dateOf(lastModified, 'imf', 1)}`] },
    due: 'notModified',
    warns: [['whole', EXACT]],
  },
  {
    slug: 'if-modified-since-future',
    title: 'If-Modified-Since with a date to come is answered with 304 or, as no valid one, with the file',
    rfc: 'RFC9110#13.1.3',
    needs: ['last-modified'],
    ask: { fields: () => [`If-Modified-Since: ${FUTURE}`] },
    due: ['notModified', 'whole'],
  },
  {
    slug: 'if-modified-since-head',
    title: 'If-Modified-Since with the date of the file is answered with 304 to HEAD, too',
    rfc: 'RFC9110#13.1.3',
    level: 'SHOULD',
    needs: ['last-modified', 'head'],
    ask: { method: 'HEAD', fields: ({ lastModified }) => [`If-Modified-Since: ${lastModified}`] },
    due: 'notModified',
    warns: [['whole', NOT_EVALUATED]],
  },
  {
    slug: 'if-modified-since-range',
    title: 'If-Modified-Since with the date of the file comes before Range',
    rfc: 'RFC9110#14.2',
    needs: ['last-modified', 'ranges'],
    ask: { fields: ({ lastModified }) => [`If-Modified-Since: ${lastModified}`, 'Range: bytes=10-19'] },
    due: 'notModified',
  },
  ...NOT_A_DATE.map(
    ({ slug, says, value }): Row => ({
      slug: `if-modified-since-${slug}`,
      title: `If-Modified-Since with ${says} is ignored`,
      rfc: 'RFC9110#13.1.3',
      needs: ['last-modified'],
      ask: { fields: () => [`If-Modified-Since: ${value()}`] },
      due: 'whole',
      warns: [['refused', 'refused, where it is to be ignored']],
    }),
  ),
];

const UNMODIFIED: readonly Row[] = [
  {
    slug: 'if-unmodified-since-old',
    title: 'If-Unmodified-Since with an older date is a failed precondition',
    rfc: 'RFC9110#13.1.4',
    needs: ['last-modified'],
    why: 'An origin server MUST evaluate it, MUST NOT perform the method where it is false, and RFC9110#13.2.2 names the 412.',
    ask: { fields: () => [`If-Unmodified-Since: ${OLD}`] },
    due: 'failed',
  },
  {
    slug: 'if-unmodified-since-rfc850-century',
    title: 'If-Unmodified-Since whose year of two digits would be more than 50 years off is of the past',
    rfc: 'RFC9110#5.6.7',
    needs: ['last-modified', 'if-match'],
    why: 'A reader that adds 2000 whatever comes takes it for a date to come, and does what was not to be done.',
    ask: { fields: () => [`If-Unmodified-Since: ${dateOf(yearsAgo(45).toUTCString(), 'rfc850')}`] },
    due: 'failed',
  },
  {
    slug: 'if-unmodified-since-same',
    title: 'If-Unmodified-Since with the date of the file lets the request pass',
    rfc: 'RFC9110#13.1.4',
    needs: ['last-modified'],
    ask: { fields: ({ lastModified }) => [`If-Unmodified-Since: ${lastModified}`] },
    due: 'whole',
  },
  {
    slug: 'if-unmodified-since-second-before',
    title: 'If-Unmodified-Since with the second in front of the date of the file is a failed precondition',
    rfc: 'RFC9110#13.1.4',
    needs: ['last-modified', 'if-match'],
    ask: { fields: ({ lastModified }) => [`If-Unmodified-Since: ${dateOf(lastModified, 'imf', -1)}`] },
    due: 'failed',
  },
  {
    slug: 'if-unmodified-since-future',
    title: 'If-Unmodified-Since with a date to come lets the request pass',
    rfc: 'RFC9110#13.1.4',
    needs: ['last-modified'],
    ask: { fields: () => [`If-Unmodified-Since: ${FUTURE}`] },
    due: 'whole',
  },
  {
    slug: 'if-unmodified-since-old-range',
    title: 'If-Unmodified-Since with an older date keeps a range back',
    rfc: 'RFC9110#14.2',
    needs: ['last-modified', 'ranges', 'if-match'],
    ask: { fields: () => [`If-Unmodified-Since: ${OLD}`, 'Range: bytes=10-19'] },
    due: 'failed',
  },
  ...NOT_A_DATE.map(
    ({ slug, says, value }): Row => ({
      slug: `if-unmodified-since-${slug}`,
      title: `If-Unmodified-Since with ${says} is ignored`,
      rfc: 'RFC9110#13.1.4',
      needs: ['last-modified'],
      ask: { fields: () => [`If-Unmodified-Since: ${value().replaceAll(FUTURE, OLD).replace('2100', '1988')}`] },
      due: 'whole',
      warns: [['refused', 'refused, where it is to be ignored']],
    }),
  ),
  {
    slug: 'if-unmodified-since-with-if-match',
    title: 'If-Unmodified-Since is ignored beside If-Match',
    rfc: 'RFC9110#13.1.4',
    needs: ['strong-etag', 'last-modified', 'if-match'],
    ask: { fields: ({ etag }) => [`If-Match: ${etag}`, `If-Unmodified-Since: ${OLD}`] },
    due: 'whole',
  },
  {
    slug: 'if-match-fails-with-if-unmodified-since',
    title: 'If-Match with another tag fails whatever If-Unmodified-Since says',
    rfc: 'RFC9110#13.2.2',
    needs: ['etag', 'last-modified', 'if-match'],
    ask: { fields: ({ lastModified }) => [`If-Match: ${OTHER}`, `If-Unmodified-Since: ${lastModified}`] },
    due: 'failed',
  },
];

export default defineCases([...SINCE, ...UNMODIFIED].map(toCase));
