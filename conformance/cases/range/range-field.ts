import { answer, type Case, defineCases, status } from '../../define.ts';
import type { Response, ResponseMatch } from '../../model.ts';
import {
  allowing,
  asks,
  CANNED_404,
  CANNED_FIELDS,
  CANNED_WHOLE,
  canned,
  compared,
  then,
  thenWarn,
  whole,
} from '../representation.ts';
import { canned416, cannedPart, partial } from './partial.ts';

/** RFC9110#14.2: where a Range field has a meaning. */
const RANGE = 'Range: bytes=10-19';
const asked = { ranges: () => [[10, 19] as const], isSet: false };
const CANNED_HEAD = `HTTP/1.1 200 Control\r\n${CANNED_FIELDS.join('\r\n')}\r\nContent-Length: 400\r\n\r\n`;
const HEAD_206 = CANNED_HEAD.replace('200', '206').replace('Content-Length: 400', 'Content-Length: 10');

/** 200 to HEAD; a length is that of the file. */
const headOfWhole = compared([200], 'with the length of the file, if any', ({ fields }, { content }) => {
  const length = fields.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  if (length === undefined || length === String(content.length)) return undefined;
  return `Content-Length is ${length}, the file has ${content.length} octets`;
});

const UNITS = [
  { slug: 'unit-unknown', says: 'unknown', range: 'aeronet=10-19' },
  { slug: 'unit-almost', says: 'byte', range: 'byte=10-19' },
  { slug: 'unit-longer', says: 'bytesx', range: 'bytesx=10-19' },
  { slug: 'unit-other-range', says: 'unknown, with a set of its own', range: 'lines=first;last' },
] as const;

function toUnit({ slug, says, range }: (typeof UNITS)[number]): Case {
  return {
    id: `h1/range/${slug}`,
    title: `A Range whose unit is ${says} is ignored`,
    rfc: 'RFC9110#14.2',
    level: 'MUST',
    needs: ['ranges'],
    ...asks({ fields: () => [`Range: ${range}`] }),
    ...allowing(
      then(whole),
      thenWarn(
        status(416),
        'RFC9110#14.2 asks for 416, too, where a unit is not supported; a unit not understood is ignored',
      ),
    ),
    controls: {
      pass: [canned(CANNED_WHOLE), canned(canned416())],
      fail: [canned(cannedPart([10, 19])), canned(answer(400)), canned(CANNED_404)],
    },
  };
}

const METHODS = [
  { slug: 'post', method: 'POST', needs: ['ranges', 'post'] },
  { slug: 'put', method: 'PUT', needs: ['ranges'] },
  { slug: 'delete', method: 'DELETE', needs: ['ranges'] },
  { slug: 'options', method: 'OPTIONS', needs: ['ranges'] },
  { slug: 'unknown-method', method: 'AERONET', needs: ['ranges'] },
] as const;

function toMethod({ slug, method, needs }: (typeof METHODS)[number]): Case {
  return {
    id: `h1/range/${slug}`,
    title: `${method} with Range is not answered with a part, nor refused for the range`,
    rfc: 'RFC9110#14.2',
    level: 'MUST',
    needs,
    why: 'GET is the only method for which range handling is defined; with any other the field MUST be ignored.',
    ...asks({
      method,
      // Where a file is no place for this method, there is none of this name either, so nothing is changed.
      path: method === 'POST' || method === 'OPTIONS' ? '/file.bin' : '/no-such-{nonce}',
      fields: () => ['Range: bytes=10-19', 'Content-Length: 0'],
    }),
    ...allowing(then(without(206, 416))),
    controls: {
      pass: [canned(answer(405, '', ['Allow: GET'])), canned(answer(200, 'ok')), canned(answer(501))],
      fail: [canned(cannedPart([10, 19])), canned(canned416())],
    },
  };
}

function without(...codes: readonly number[]): ResponseMatch {
  return {
    where: {
      says: `with another status than ${codes.join(' and ')}`,
      complaint: (response) => (codes.includes(response.status) ? `the status is ${response.status}` : undefined),
    },
  };
}

export default defineCases([
  ...UNITS.map(toUnit),
  ...METHODS.map(toMethod),
  {
    id: 'h1/range/head',
    title: 'HEAD with Range is answered as HEAD without it',
    rfc: 'RFC9110#14.2',
    level: 'MUST',
    needs: ['ranges', 'head'],
    ...asks({ method: 'HEAD', fields: () => [RANGE] }),
    ...allowing(then(headOfWhole)),
    controls: {
      pass: [canned(CANNED_HEAD), canned(CANNED_HEAD.replace('Content-Length: 400\r\n', ''))],
      fail: [canned(HEAD_206), canned(CANNED_HEAD.replace('Content-Length: 400', 'Content-Length: 10'))],
    },
  },
  {
    id: 'h1/range/head-unsatisfiable',
    title: 'HEAD with a Range behind the end is answered as HEAD without it',
    rfc: 'RFC9110#14.2',
    level: 'MUST',
    needs: ['ranges', 'head'],
    ...asks({ method: 'HEAD', fields: ({ content }) => [`Range: bytes=${content.length}-`] }),
    ...allowing(then(headOfWhole)),
    controls: {
      pass: canned(CANNED_HEAD),
      fail: [
        canned(HEAD_206),
        canned('HTTP/1.1 416 Control\r\nContent-Range: bytes */400\r\nContent-Length: 9\r\n\r\n'),
      ],
    },
  },
  {
    id: 'h1/range/not-found',
    title: 'Range on what is not there is a 404',
    rfc: 'RFC9110#14.2',
    level: 'MUST',
    needs: ['ranges'],
    why: 'Range is evaluated only where the result without it would be a 200.',
    ...asks({ path: '/no-such-{nonce}', fields: () => [RANGE] }),
    ...allowing(then(status(404))),
    controls: {
      pass: canned(CANNED_404),
      fail: [
        canned(cannedPart([10, 19])),
        canned(canned416()),
        canned(answer(206, 'not found', ['Content-Range: bytes 0-8/9'])),
      ],
    },
  },
  {
    id: 'h1/range/http-1.0',
    title: 'A Range in HTTP/1.0 is answered with the octets or with the file, and the framing is that of HTTP/1.0',
    rfc: 'RFC9110#14.2',
    level: 'MUST',
    needs: ['ranges'],
    ...asks({ version: '1.0', fields: () => [RANGE] }),
    ...allowing(then(notChunked(partial(asked))), then(notChunked(whole))),
    controls: {
      pass: [canned(cannedPart([10, 19])), canned(CANNED_WHOLE)],
      fail: [
        canned(cannedPart([9, 18])),
        canned(
          `HTTP/1.1 206 Control\r\nContent-Range: bytes 10-19/400\r\nTransfer-Encoding: chunked\r\n\r\na\r\n${'2,103,104,'}\r\n0\r\n\r\n`,
        ),
      ],
    },
  },
  {
    id: 'h1/range/two-fields',
    title: 'Two Range fields do not get octets for which neither asked',
    rfc: 'RFC9110#5.3',
    level: 'MUST',
    needs: ['ranges'],
    why: 'A Range field is no list, so two of them are a fault of the client: refused, ignored, or read in any way that the response tells truly.',
    ...asks({ fields: () => [RANGE, 'Range: bytes=30-39'] }),
    ...allowing(then(whole), then(status(400, 416)), thenWarn(twoFields(), 'one of two is chosen, or they are joined')),
    controls: {
      pass: [canned(CANNED_WHOLE), canned(answer(400)), canned(cannedPart([10, 19])), canned(cannedPart([30, 39]))],
      fail: [canned(cannedPart([10, 19], [30, 39])), canned(cannedPart([50, 59])), canned(answer(500))],
    },
  },
  {
    id: 'h1/range/content-range-in-request',
    title: 'A Content-Range in a GET is ignored',
    rfc: 'RFC9110#14.4',
    level: 'MUST',
    needs: ['ranges'],
    ...asks({ fields: () => ['Content-Range: bytes 10-19/400'] }),
    ...allowing(then(whole)),
    controls: {
      pass: canned(CANNED_WHOLE),
      fail: [canned(cannedPart([10, 19])), canned(canned416()), canned(answer(400))],
    },
  },
  {
    id: 'h1/range/pipelined',
    title: 'Three pipelined ranges are answered in order, each with its own octets',
    rfc: 'RFC9112#9.3.2',
    level: 'MUST',
    needs: ['ranges'],
    ...asks(
      { fields: () => [RANGE] },
      { fields: ({ content }) => [`Range: bytes=${content.length - 60}-`] },
      { fields: () => ['Range: bytes=30-39'] },
    ),
    ...allowing(
      then(
        partial(asked),
        partial({ ranges: (n) => [[n - 60, n - 1]], isSet: false }),
        partial({ ranges: () => [[30, 39]], isSet: false }),
      ),
    ),
    controls: {
      pass: canned(cannedPart([10, 19]), cannedPart([340, 399]), cannedPart([30, 39])),
      fail: [
        canned(cannedPart([340, 399]), cannedPart([10, 19]), cannedPart([30, 39])),
        canned(cannedPart([10, 19]), cannedPart([340, 399], [300, 359]), cannedPart([30, 39])),
        canned(cannedPart([10, 19]), cannedPart([340, 399]), canned416()),
      ],
    },
  },
  {
    id: 'h1/range/pipelined-behind-416',
    title: 'A range behind one that cannot be satisfied is answered with its own octets',
    rfc: 'RFC9112#9.3.2',
    level: 'MUST',
    needs: ['ranges'],
    ...asks(
      { fields: ({ content }) => [`Range: bytes=${content.length}-`] },
      { fields: () => [RANGE] },
      { method: 'HEAD', fields: () => [] },
    ),
    ...allowing(then(status(416), partial(asked), headOfWhole), then(whole, partial(asked), headOfWhole)),
    controls: {
      pass: [
        canned(canned416(), cannedPart([10, 19]), CANNED_HEAD),
        canned(CANNED_WHOLE, cannedPart([10, 19]), CANNED_HEAD),
      ],
      fail: [
        canned(canned416(), canned416(), CANNED_HEAD),
        canned(canned416(), cannedPart([10, 19]), CANNED_HEAD.replace('400', '10')),
      ],
    },
  },
  {
    id: 'h1/range/accept-ranges',
    title: 'Accept-Ranges, where it is sent with a file that is had in ranges, names bytes',
    rfc: 'RFC9110#14.3',
    level: 'MUST',
    needs: ['ranges'],
    ...asks({ fields: () => [] }),
    ...allowing(
      then(
        compared([200], 'whose Accept-Ranges, if any, names bytes', ({ fields }) => {
          const value = fields.find(([name]) => name.toLowerCase() === 'accept-ranges')?.[1];
          if (value === undefined || /(^|[ \t,])bytes($|[ \t,])/i.test(value)) return undefined;
          return `Accept-Ranges is "${value}", though bytes are to be had`;
        }),
      ),
    ),
    controls: {
      pass: [canned(CANNED_WHOLE), canned(CANNED_WHOLE.replace('Vary: Accept', 'Accept-Ranges: bytes'))],
      fail: [
        canned(CANNED_WHOLE.replace('Vary: Accept', 'Accept-Ranges: none')),
        canned(CANNED_WHOLE.replace('Vary: Accept', 'Accept-Ranges: lines')),
      ],
    },
  },
]);

/** Either of the two ranges, or both. */
function twoFields(): ResponseMatch {
  const ranges = [
    [10, 19],
    [30, 39],
  ] as const;
  const each = ranges.map((range) => partial({ ranges: () => [range], isSet: false }));
  const all = [...each, partial({ ranges: () => ranges, isSet: true })];
  return {
    status: [206],
    where: {
      says: 'with one of the ranges, or both',
      complaint: (response: Response) => {
        const complaints = all.map(({ where }) => where?.complaint(response));
        return complaints.includes(undefined) ? undefined : complaints[0];
      },
    },
  };
}

/** HTTP/1.0 knows no chunks (RFC9112#6.1). */
function notChunked(match: ResponseMatch): ResponseMatch {
  return { ...match, fields: { 'transfer-encoding': false } };
}
