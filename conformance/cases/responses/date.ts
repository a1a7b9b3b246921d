import {
  answer,
  type Case,
  defineCases,
  get,
  type Outcome,
  pass,
  type Response,
  refuses,
  replies,
  request,
  warn,
  weak,
} from '../../define.ts';
import { IMF_FIXDATE } from './lint.ts';

/** RFC9110#6.6.1: an origin server with a clock, which any that can be asked here has, dates its responses. */
const DATE = 'Date: Sun, 06 Nov 1994 08:49:37 GMT';
const dated: Outcome = pass({ status: ['2xx', '3xx', '4xx'], fields: { date: true } });
const notObliged: Outcome = pass({ status: ['5xx'] }, 'any', 'a 5xx need not be dated');
const silent: Outcome = weak('none', 'closed', 'there was no response to date');

/** Clocks differ and responses take time; more than this is another day or another zone. */
const MAX_SKEW_MS = 5 * 60_000;

interface Occasion {
  readonly slug: string;
  readonly title: string;
  readonly send: string;
  readonly isError?: true;
}

const OCCASIONS: readonly Occasion[] = [
  { slug: '200', title: 'A 200 has a Date', send: get('/') },
  { slug: 'head', title: 'The answer to HEAD has a Date', send: request('HEAD / HTTP/1.1') },
  { slug: 'http10', title: 'The answer to an HTTP/1.0 request has a Date', send: request('GET / HTTP/1.0') },
  { slug: '404', title: 'The answer for a missing resource has a Date', send: get('/no-such-{nonce}') },
  {
    slug: 'bad-request',
    title: 'The refusal of a malformed request has a Date',
    send: get('/', ['Content-Length: x']),
    isError: true,
  },
  {
    slug: 'no-host',
    title: 'The refusal of a request without Host has a Date',
    send: 'GET / HTTP/1.1\r\n\r\n',
    isError: true,
  },
];

const present: readonly Case[] = OCCASIONS.map(({ slug, title, send, isError }) => ({
  id: `h1/responses/date-on-${slug}`,
  title,
  rfc: 'RFC9110#6.6.1',
  level: 'MUST',
  needs: slug === 'head' ? ['head'] : ['get'],
  ...(isError === true ? { why: 'Refusals by the parser are often canned texts; they are 4xx like any other.' } : {}),
  send,
  allow: isError === true ? [dated, notObliged, silent] : [dated],
  controls:
    isError === true
      ? {
          pass: replies(answer(400, '', [DATE, 'Connection: close']), 'close'),
          fail: [refuses(), replies('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', 'close')],
        }
      : { pass: replies(answer(200, '', [DATE])), fail: [replies(answer(200)), replies(answer(404))] },
}));

export default defineCases([
  ...present,
  {
    id: 'h1/responses/date-form',
    title: 'Date is an IMF-fixdate',
    rfc: 'RFC9110#5.6.7',
    level: 'MUST',
    needs: ['get'],
    why: 'Two older forms have to be understood, but only this one may be sent.',
    send: get('/'),
    allow: [pass({ status: [200], fields: { date: IMF_FIXDATE } }), pass({ status: [200], fields: { date: false } })],
    controls: {
      pass: [replies(answer(200, '', [DATE])), replies(answer(200))],
      fail: [
        'Sunday, 06-Nov-94 08:49:37 GMT',
        'Sun Nov  6 08:49:37 1994',
        'Sun, 6 Nov 1994 08:49:37 GMT',
        'Sun, 06 Nov 1994 08:49:37 UTC',
        'Sun, 06 Nov 1994 08:49:37 +0000',
        'sun, 06 nov 1994 08:49:37 GMT',
        'Sun, 06 Nov 1994 08:49:37  GMT',
      ].map((date) => replies(answer(200, '', [`Date: ${date}`]))),
    },
  },
  {
    id: 'h1/responses/date-is-now',
    title: 'Date is the time of the response',
    rfc: 'RFC9110#6.6.1',
    level: 'SHOULD',
    needs: ['get'],
    why: 'A date that was made once at the start, or in local time, is off by more than clocks differ.',
    send: get('/'),
    allow: [
      pass({ status: [200], where: { says: 'dated now', complaint: skew } }),
      warn({ status: [200], fields: { date: false } }),
    ],
    controls: {
      pass: [replies(answer(200)), replies(answer(200, '', [`Date: ${new Date().toUTCString()}`]))],
      fail: [
        replies(answer(200, '', [DATE])),
        replies(answer(200, '', [`Date: ${new Date(Date.now() + 3_600_000).toUTCString()}`])),
        replies(answer(200, '', ['Date: now'])),
      ],
    },
  },
]);

function skew({ fields }: Response): string | undefined {
  const date = fields.find(([name]) => name.toLowerCase() === 'date')?.[1];
  if (date === undefined) return 'there is no Date';
  const offMs = Math.abs(Date.parse(date) - Date.now());
  return offMs <= MAX_SKEW_MS ? undefined : `Date is "${date}", ${Math.round(offMs / 1000)} s off`;
}
