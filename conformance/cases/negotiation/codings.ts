import { gunzipSync, gzipSync } from 'node:zlib';
import { answer, defineCases, get, pass, type Response, refuses, replies, status, warn } from '../../define.ts';
import { fieldValues, listMembers } from '../../wire/response-reader.ts';
import {
  allowing,
  asks,
  CANNED,
  CANNED_FIELDS,
  CANNED_WHOLE,
  canned,
  compared,
  type Known,
  then,
  wholeComplaint,
} from '../representation.ts';

/** RFC9110#8.4, RFC9110#12.5.3: a coding is a choice of the server, and it says which one it has made. */
const GZIPPED = gzipSync(CANNED.content).toString('latin1');
const PLAIN = CANNED.content.toString('latin1');
const SAID = 'Content-Encoding: gzip';

/** The file, or what becomes the file when it is decoded as the response says. */
function decodedComplaint(response: Response, known: Known): string | undefined {
  const codings = listMembers(response.fields, 'content-encoding');
  if (codings.length === 0) return wholeComplaint(response, known);
  if (codings.length > 1 || !/^(?:x-)?gzip$/.test(codings[0] ?? '')) {
    return `it is coded as ${codings.join(', ')}, which was not asked for`;
  }
  try {
    return wholeComplaint({ ...response, content: gunzipSync(response.content) }, known);
  } catch {
    return 'it says gzip, and the content is none';
  }
}

const unsaid = {
  says: 'without identity in Content-Encoding',
  complaint: ({ fields }: Response) =>
    listMembers(fields, 'content-encoding').includes('identity') ? 'Content-Encoding says identity' : undefined,
};

const varies = {
  says: 'with Accept-Encoding in Vary where the content is coded',
  complaint: ({ fields }: Response) => {
    if (fieldValues(fields, 'content-encoding').length === 0) return undefined;
    const names = listMembers(fields, 'vary');
    return names.includes('accept-encoding') || names.includes('*') ? undefined : 'coded, and Vary does not say why';
  },
};

export default defineCases([
  {
    id: 'h1/negotiation/coding-is-said',
    title: 'What is coded says so, and decodes to the file',
    rfc: 'RFC9110#8.4',
    level: 'MUST',
    needs: ['file'],
    why: 'A coding may be left out at will; one that is applied and not said breaks the file, as does one that is said and not applied.',
    ...asks({ fields: () => ['Accept-Encoding: gzip'] }),
    ...allowing(then(compared([200], 'with the file, coded as it says', decodedComplaint))),
    controls: {
      pass: [canned(CANNED_WHOLE), canned(answer(200, GZIPPED, [...CANNED_FIELDS, SAID]))],
      fail: [
        canned(answer(200, GZIPPED, CANNED_FIELDS)),
        canned(answer(200, PLAIN, [...CANNED_FIELDS, SAID])),
        canned(answer(200, GZIPPED, [...CANNED_FIELDS, 'Content-Encoding: br'])),
        canned(answer(200, GZIPPED, [...CANNED_FIELDS, 'Content-Encoding: gzip, gzip'])),
        canned(answer(406)),
      ],
    },
  },
  {
    id: 'h1/negotiation/identity-is-not-said',
    title: 'Content without a coding is not said to have the coding identity',
    rfc: 'RFC9110#8.4',
    level: 'SHOULD',
    needs: ['file'],
    send: get('/file.bin', ['Accept-Encoding: identity']),
    allow: [pass({ status: [200], where: unsaid })],
    controls: {
      pass: replies(answer(200, 'hello')),
      fail: [replies(answer(200, 'hello', ['Content-Encoding: identity'])), refuses(406)],
    },
  },
  {
    id: 'h1/negotiation/unknown-coding',
    title: 'Where only an unknown coding is named as acceptable, none is used',
    rfc: 'RFC9110#12.5.3',
    level: 'SHOULD',
    needs: ['file'],
    why: 'No coding at all is acceptable unless identity is excluded by name.',
    send: get('/file.bin', ['Accept-Encoding: aeronet']),
    allow: [
      pass({ status: [200], fields: { 'content-encoding': false } }),
      warn(status(406), 'any', 'refused, though no coding at all would do'),
    ],
    controls: {
      pass: [replies(answer(200, 'hello')), refuses(406)],
      fail: [replies(answer(200, GZIPPED, [SAID])), replies(answer(200, 'hello', ['Content-Encoding: aeronet']))],
    },
  },
  {
    id: 'h1/negotiation/vary',
    title: 'An answer that is coded because of Accept-Encoding says so in Vary',
    rfc: 'RFC9110#12.5.5',
    level: 'SHOULD',
    needs: ['file'],
    why: 'Without Vary a cache hands the coded answer to a client that has not asked for it.',
    send: get('/file.bin', ['Accept-Encoding: gzip']),
    allow: [pass({ status: [200], where: varies })],
    controls: {
      pass: [
        replies(answer(200, 'hello')),
        replies(answer(200, GZIPPED, [SAID, 'Vary: Origin, Accept-Encoding'])),
        replies(answer(200, GZIPPED, [SAID, 'Vary: *'])),
      ],
      fail: [replies(answer(200, GZIPPED, [SAID])), replies(answer(200, GZIPPED, [SAID, 'Vary: Accept']))],
    },
  },
]);
