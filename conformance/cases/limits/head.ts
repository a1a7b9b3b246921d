import {
  answer,
  type Case,
  defineCases,
  get,
  type Outcome,
  pass,
  refuses,
  replies,
  request,
  status,
  warn,
  weak,
} from '../../define.ts';

/** RFC9112#3 and RFC9110#5.4: how much head is taken, and how too much of it is refused. */
const LOST = 'the refusal may have been lost to a reset while we were sending (RFC9112#9.6)';

/** A server may take it all; what it does not take is the client's fault, and named so. */
const takenOr4xx: readonly Outcome[] = [pass(status('2xx', '4xx')), weak('none', 'closed', LOST)];
const controls4xx: Case['controls'] = {
  pass: [refuses(431), refuses(400), replies(answer(200, 'hello'))],
  fail: [refuses(500), refuses(503), replies(answer(200, 'hello') + answer(400, '', ['Connection: close']), 'close')],
};

/** Pads a target so that the whole request line has this many octets, its CRLF included. */
function targetFor(lineBytes: number): string {
  return `/?${'a'.repeat(lineBytes - 'GET /? HTTP/1.1\r\n'.length)}`;
}

export default defineCases([
  {
    id: 'h1/limits/target-of-8000',
    title: 'A request line of 8000 octets is taken',
    rfc: 'RFC9112#3',
    level: 'SHOULD',
    needs: ['get'],
    why: 'That much is RECOMMENDED as the least that all recipients support.',
    send: get(targetFor(8000)),
    allow: [pass(status('2xx', '3xx', 404))],
    controls: { pass: replies(answer(200, 'hello')), fail: [refuses(414), refuses(431), refuses()] },
  },
  {
    id: 'h1/limits/target-too-long',
    title: 'A target that is too long gets 414',
    rfc: 'RFC9112#3',
    level: 'MUST',
    needs: ['get'],
    why: 'The status is named by a MUST; 431 is for fields. A server that takes 64 KiB has no such limit here.',
    send: get(targetFor(65_536)),
    allow: [pass(status(414)), pass(status('2xx', '3xx', 404)), weak('none', 'closed', LOST)],
    controls: {
      pass: [refuses(414), replies(answer(200, 'hello'))],
      fail: [refuses(431), refuses(), refuses(500)],
    },
  },
  {
    id: 'h1/limits/method-too-long',
    title: 'A method longer than any that is implemented gets 501',
    rfc: 'RFC9112#3',
    level: 'SHOULD',
    needs: ['get'],
    send: request(`${'A'.repeat(1024)} / HTTP/1.1`),
    allow: [
      pass(status(501)),
      warn(status(400, 403, 404, 405, 414, 431), 'any', '501 SHOULD be sent'),
      weak('none', 'closed', LOST),
    ],
    controls: { pass: [refuses(501), refuses()], fail: [replies(answer(200, 'hello')), refuses(500)] },
  },
  {
    id: 'h1/limits/field-value-too-long',
    title: 'A field value of 128 KiB is taken, or refused with a 4xx',
    rfc: 'RFC9110#5.4',
    level: 'MUST',
    needs: ['get'],
    send: get('/', [`X-Large: ${'a'.repeat(131_072)}`]),
    allow: takenOr4xx,
    controls: controls4xx,
  },
  {
    id: 'h1/limits/field-name-too-long',
    title: 'A field name of 128 KiB is taken, or refused with a 4xx',
    rfc: 'RFC9110#5.4',
    level: 'MUST',
    needs: ['get'],
    send: get('/', [`X-${'a'.repeat(131_072)}: 1`]),
    allow: takenOr4xx,
    controls: controls4xx,
  },
  {
    id: 'h1/limits/many-fields',
    title: 'Ten thousand fields are taken, or refused with a 4xx',
    rfc: 'RFC9110#5.4',
    level: 'MUST',
    needs: ['get'],
    send: get(
      '/',
      Array.from({ length: 10_000 }, (_, index) => `X-${index}: ${index}`),
    ),
    allow: takenOr4xx,
    controls: controls4xx,
  },
  {
    id: 'h1/limits/many-equal-fields',
    title: 'Ten thousand lines of one field are taken, or refused with a 4xx',
    rfc: 'RFC9110#5.4',
    level: 'MUST',
    needs: ['get'],
    why: 'Lines of one name are joined; joining them one by one makes the work grow with the square of their number.',
    send: get(
      '/',
      Array.from({ length: 10_000 }, () => 'X-Same: a'),
    ),
    allow: takenOr4xx,
    controls: controls4xx,
  },
  {
    id: 'h1/limits/field-of-4-kib',
    title: 'A field of 4 KiB is taken',
    rfc: 'RFC9110#5.4',
    level: 'SHOULD',
    needs: ['get'],
    why: 'No clause names a least size for fields; cookies of this size are in daily use, and this is half of what a request line may have.',
    send: get('/', [`Cookie: a=${'a'.repeat(4096)}`]),
    allow: [
      pass(status('2xx', '3xx', 404)),
      warn(status(400, 431), 'any', 'the limit is the own choice of the target'),
    ],
    controls: { pass: [replies(answer(200, 'hello')), refuses(431)], fail: [refuses(500), refuses(414)] },
  },
]);
