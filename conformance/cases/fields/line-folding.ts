import { sees } from '../../controls/sees.ts';
import {
  answer,
  defineCases,
  echoes,
  get,
  inspected,
  message,
  pass,
  post,
  refusal,
  refuses,
  replies,
  warn,
} from '../../define.ts';
import type { Case } from '../../model.ts';
import { malformed } from '../../outcomes.ts';

/**
 * White space where a field line should begin. RFC9112#5.2: behind a field line it folds that line, which is refused or
 * becomes spaces. RFC9112#2.2: before the first field line it is refused, or the line is passed over.
 */
export default defineCases([
  folded('obs-fold-space', 'A line folded with a space is refused, or the fold becomes spaces', 'a\r\n b', [
    'a\r\n b',
    'ab',
    'a',
    'b',
  ]),
  folded('obs-fold-tab', 'A line folded with a tab is refused, or the fold becomes spaces', 'a\r\n\tb', [
    'a\r\n\tb',
    'ab',
    'a',
    'b',
  ]),
  {
    id: 'h1/fields/obs-fold-is-no-field',
    title: 'A folded line is refused or continues the value; it is no field of its own',
    rfc: 'RFC9112#5.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    send: get('/inspect', ['X-Probe: a', ' X-Injected: b']),
    allow: [
      ...malformed(),
      ...spaced('a', 'X-Injected: b').map((value) =>
        pass(inspected({ fields: { 'x-probe': [value], 'x-injected': [] } })),
      ),
    ],
    controls: {
      pass: [refuses(), sees({ fields: [['X-Probe', 'a X-Injected: b']] })],
      fail: [
        sees({
          fields: [
            ['X-Probe', 'a'],
            ['X-Injected', 'b'],
          ],
        }),
        sees({ fields: [['X-Probe', 'a']] }),
        sees({
          fields: [
            ['X-Probe', 'a'],
            [' X-Injected', 'b'],
          ],
        }),
      ],
    },
  },
  {
    id: 'h1/fields/obs-fold-blank',
    title: 'A line of white space alone is refused or continues the value; it does not end the head',
    rfc: 'RFC9112#5.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    send: get('/inspect', ['X-Probe: a', ' ', 'X-Other: b']),
    allow: [...malformed(), pass(inspected({ fields: { 'x-probe': ['a'], 'x-other': ['b'] } }))],
    controls: {
      pass: [
        refuses(),
        sees({
          fields: [
            ['X-Probe', 'a'],
            ['X-Other', 'b'],
          ],
        }),
      ],
      fail: [sees({ fields: [['X-Probe', 'a']] }), sees({ fields: [['X-Other', 'b']] })],
    },
  },
  {
    id: 'h1/fields/obs-fold-content-length',
    title: 'A Content-Length that folding makes into two numbers is refused and the connection closed',
    rfc: 'RFC9112#5.2',
    level: 'MUST',
    needs: ['echo'],
    tags: ['smuggling'],
    why: 'Whether the fold is refused or becomes a space, no valid Content-Length is left.',
    send: post(['Content-Length: 7', ' 0'], '{nonce}'),
    allow: refusal(),
    controls: { pass: refuses(), fail: [echoes(), echoes(''), replies(answer(400))] },
  },
  {
    id: 'h1/fields/first-line-space',
    title: 'A line that begins with a space behind the request line is refused or passed over',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    send: message('GET /inspect HTTP/1.1', [' X-Injected: a', 'Host: {host}', 'X-Probe: b']),
    allow: [...malformed(), pass(inspected({ target: '/inspect', fields: { 'x-injected': [], 'x-probe': ['b'] } }))],
    controls: {
      pass: [refuses(), sees({ fields: [['X-Probe', 'b']] })],
      fail: [
        sees({
          fields: [
            ['X-Injected', 'a'],
            ['X-Probe', 'b'],
          ],
        }),
        sees({}),
        sees({ target: '/inspect X-Injected: a', fields: [['X-Probe', 'b']] }),
      ],
    },
  },
  {
    id: 'h1/fields/first-lines-space-and-tab',
    title: 'Several lines that begin with white space behind the request line are refused or all passed over',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    send: message('GET /inspect HTTP/1.1', ['\tX-Injected: a', '  X-Also: b', 'Host: {host}', 'X-Probe: c']),
    allow: [
      ...malformed(),
      pass(inspected({ target: '/inspect', fields: { 'x-injected': [], 'x-also': [], 'x-probe': ['c'] } })),
    ],
    controls: {
      pass: [refuses(), sees({ fields: [['X-Probe', 'c']] })],
      fail: [
        sees({
          fields: [
            ['X-Also', 'b'],
            ['X-Probe', 'c'],
          ],
        }),
        sees({
          fields: [
            ['X-Injected', 'a X-Also: b'],
            ['X-Probe', 'c'],
          ],
        }),
      ],
    },
  },
  {
    id: 'h1/fields/first-line-blank',
    title: 'A line of white space alone behind the request line is refused or passed over; it does not end the head',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    why: 'HTTP/1.0, so that a head that ended too early is not refused for want of a Host.',
    send: message('GET /inspect HTTP/1.0', [' ', 'X-Probe: a']),
    allow: [...malformed(), pass(inspected({ fields: { 'x-probe': ['a'] } }))],
    controls: { pass: [refuses(), sees({ fields: [['X-Probe', 'a']] }, 'close')], fail: sees({}, 'close') },
  },
]);

/** A folded value; `wrong` is what it must not be taken as. */
function folded(slug: string, title: string, value: string, wrong: readonly string[]): Case {
  return {
    id: `h1/fields/${slug}`,
    title,
    rfc: 'RFC9112#5.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    why: 'A fold that is replaced becomes one space or more; its white space itself is gone.',
    send: get('/inspect', [`X-Probe: ${value}`]),
    allow: [
      ...malformed(),
      ...spaced('a', 'b').map((one) => pass(inspected({ fields: { 'x-probe': [one] } }))),
      ...['a \tb', 'a  \tb'].map((one) =>
        warn(
          inspected({ fields: { 'x-probe': [one] } }),
          'any',
          'the line end became spaces, the tab behind it stayed',
        ),
      ),
    ],
    controls: {
      pass: ['a b', 'a   b', 'a  \tb'].map((one) => sees({ fields: [['X-Probe', one]] })).concat(refuses()),
      fail: [sees({}), ...wrong.map((one) => sees({ fields: [['X-Probe', one]] }))],
    },
  };
}

/** One space for the fold, or one for each of its octets, and what lies between. */
function spaced(before: string, behind: string): readonly string[] {
  return [1, 2, 3].map((spaces) => before + ' '.repeat(spaces) + behind);
}
