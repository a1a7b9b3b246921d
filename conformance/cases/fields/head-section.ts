import { sees } from '../../controls/sees.ts';
import { answer, defineCases, inspected, neverCompleted, pass, plays, post, progress, refuses } from '../../define.ts';

/** The head as a whole: it is read to its end before anything is done, and where it was cut on its way does not matter. */
export default defineCases([
  {
    id: 'h1/fields/late-line-counts',
    title: 'The request is not acted on before the whole head is there',
    rfc: 'RFC9110#5.3',
    level: 'MUST',
    needs: ['inspect'],
    why: 'A later line may hold a condition, credentials, or a second Host that is meant to deceive.',
    send: ['GET /inspect HTTP/1.1\r\nHost: {host}\r\nX-Early: a\r\n', progress, 'X-Late: b\r\n\r\n'],
    allow: [pass(inspected({ fields: { 'x-early': ['a'], 'x-late': ['b'] } }))],
    controls: {
      pass: sees({
        fields: [
          ['X-Early', 'a'],
          ['X-Late', 'b'],
        ],
      }),
      fail: [actsEarly(), sees({ fields: [['X-Early', 'a']] }), refuses()],
    },
  },
  {
    id: 'h1/fields/head-in-pieces',
    title: 'A head that arrives in pieces is understood like one that arrives whole',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['inspect'],
    why: 'The cuts are inside the method, the target, the version, between CR and LF, inside a name and inside a value.',
    send: [
      'G',
      progress,
      'ET /ins',
      progress,
      'pect HTTP/1.',
      progress,
      '1\r',
      progress,
      '\nHost: {host}\r\nX-Pro',
      progress,
      'be: a',
      progress,
      'b \r\n\r',
      progress,
      '\n',
    ],
    allow: [pass(inspected({ method: 'GET', target: '/inspect', fields: { 'x-probe': ['ab'] } }))],
    controls: {
      pass: sees({ fields: [['X-Probe', 'ab']] }),
      fail: [
        refuses(),
        sees({ fields: [['X-Probe', 'b']] }),
        sees({ fields: [['X-Probe', 'a']] }),
        sees({
          fields: [
            ['X-Pro', ''],
            ['be', 'ab'],
          ],
        }),
      ],
    },
  },
  {
    id: 'h1/fields/head-end-of-bare-cr',
    title: 'A bare CR does not end the head',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    tags: ['smuggling'],
    why: 'It is invalid, or a space, which makes what follows a folded line: content begins behind it for nobody.',
    ...neverCompleted(post(['Content-Length: 7', 'X-Probe: a'], '').replace(/\r\n$/, '\r{nonce}')),
  },
]);

function actsEarly() {
  return plays('answers at the first lines of the head', async (peer) => {
    await peer.until('X-Early: a\r\n');
    peer.say(answer(200, 'hello'));
    await peer.until('\r\n\r\n');
    peer.say(answer(400));
    peer.close();
  });
}
