import { sees } from '../../controls/sees.ts';
import { answer, defineCases, inspected, pass, progress, refusal, refuses, replies } from '../../define.ts';

/** The head as a whole: it is read to its end before anything is done, and where it was cut on its way does not matter. */
export default defineCases([
  {
    id: 'h1/fields/late-line-counts',
    title: 'The request is not acted on before the whole head is there',
    rfc: 'RFC9110#5.3',
    level: 'MUST',
    needs: ['get'],
    why: 'A second Host comes late: a server that had begun to answer by then has answered a request that is to be refused.',
    send: ['GET / HTTP/1.1\r\nHost: {host}\r\n', progress, 'Host: {host}\r\n\r\n'],
    allow: refusal({ stays: 'any' }),
    controls: { pass: refuses(), fail: [replies(answer(200, 'hello')), replies(answer(200, 'hello'), 'close')] },
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
]);
