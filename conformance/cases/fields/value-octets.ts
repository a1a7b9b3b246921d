import { sees } from '../../controls/sees.ts';
import {
  answer,
  defineCases,
  get,
  inspected,
  pass,
  refuses,
  replies,
  request,
  status,
  warn,
  weak,
} from '../../define.ts';
import type { Case, Control, Outcome } from '../../model.ts';
import { malformed } from '../../outcomes.ts';
import { eachOctet } from '../each-octet.ts';

/**
 * RFC9110#5.5: CR, LF and NUL in a value are refused or become spaces; other controls are invalid too, but may be kept.
 * RFC9112#2.2: a line ends with CRLF, perhaps with LF, and with nothing else that a library may call a line end.
 */
const CONTROLS = '\x01\x07\x08\x0b\x0c\x0e\x1a\x1b\x1f\x7f';
const LINE_END_LOOKALIKES = [
  ['vt', '\x0b', 'a vertical tab'],
  ['ff', '\x0c', 'a form feed'],
  ['fs', '\x1c', 'a file separator'],
  ['rs', '\x1e', 'a record separator'],
  ['nel', '\x85', 'the octet 0x85 (NEL in Latin-1)'],
  ['ls', '\xe2\x80\xa8', "UTF-8's line separator"],
] as const;

export default defineCases([
  replaced('value-nul', 'NUL inside a value is refused or becomes a space', 'a\0b', ['a b'], ['a\0b', 'a', 'ab']),
  replaced('value-cr', 'A bare CR inside a value is refused or becomes a space', 'a\rb', ['a b'], ['a\rb', 'a', 'ab']),
  replaced('value-cr-first', 'A bare CR before a value is refused or becomes a space', '\ra', ['a'], ['\ra', '']),
  replaced('value-cr-last', 'A bare CR before the CRLF is refused or becomes a space', 'a\r', ['a'], ['a\r', '']),
  {
    id: 'h1/fields/value-cr-is-no-line-end',
    title: 'A bare CR does not end a field line',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    send: get('/inspect', ['X-Probe: a\rX-Injected: b']),
    allow: [...malformed(), pass(understood({ 'x-probe': ['a X-Injected: b'], 'x-injected': [] }))],
    controls: {
      pass: [refuses(), saw(['X-Probe', 'a X-Injected: b'])],
      fail: [saw(['X-Probe', 'a'], ['X-Injected', 'b']), saw(['X-Probe', 'a\rX-Injected: b']), saw(['X-Probe', 'a'])],
    },
  },
  {
    id: 'h1/fields/value-lf',
    title: 'A bare LF in the field section is refused, or ends the line, or becomes a space',
    rfc: 'RFC9110#5.5',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    why: 'RFC9112#2.2 lets a recipient take it as a line end; what it may not do is keep it in a value or lose what follows.',
    send: get('/inspect', ['X-Probe: a\nX-Other: b']),
    allow: [
      ...malformed(),
      pass(understood({ 'x-probe': ['a'], 'x-other': ['b'] })),
      pass(understood({ 'x-probe': ['a X-Other: b'], 'x-other': [] })),
    ],
    controls: {
      pass: [refuses(), saw(['X-Probe', 'a'], ['X-Other', 'b']), saw(['X-Probe', 'a X-Other: b'])],
      fail: [saw(['X-Probe', 'a\nX-Other: b']), saw(['X-Probe', 'a'])],
    },
  },
  {
    id: 'h1/fields/lf-ends-head',
    title: 'An empty line ended by a bare LF is refused or ends the head; it is never passed over',
    rfc: 'RFC9112#2.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    why: 'Who takes LF as a line end sees a head and, behind it, the beginning of another request, which is no request.',
    send: request('GET /inspect HTTP/1.1', ['X-Probe: a', '\nX-Injected: b']),
    allow: [
      ...malformed(),
      pass([understood({ 'x-probe': ['a'], 'x-injected': [] }), status(400)]),
      weak(understood({ 'x-probe': ['a'], 'x-injected': [] }), 'closed', 'closed at the octets that are no request'),
    ],
    controls: {
      pass: [refuses(), inspectedThenRefused()],
      fail: [saw(['X-Probe', 'a'], ['X-Injected', 'b']), saw(['X-Probe', 'a'])],
    },
  },
  ...eachOctet(CONTROLS, ({ char, hex, label }) => ({
    id: `h1/fields/value-octet-${hex}`,
    title: `The control ${label} in a value is refused, and not dropped`,
    rfc: 'RFC9112#2.2',
    level: 'SHOULD',
    needs: ['inspect'],
    tags: ['sweep'],
    send: get('/inspect', [`X-Probe: a${char}b`]),
    allow: [
      ...malformed(),
      warn(understood({ 'x-probe': [`a${char}b`] }), 'any', 'controls may be kept for robustness (RFC9110#5.5)'),
      warn(understood({ 'x-probe': ['a b'] }), 'any', 'made a space'),
    ],
    controls: {
      pass: [refuses(), saw(['X-Probe', `a${char}b`])],
      fail: [saw(['X-Probe', 'ab']), saw(['X-Probe', 'a'])],
    },
  })),
  ...LINE_END_LOOKALIKES.map(
    ([slug, octets, name]): Case => ({
      id: `h1/fields/value-${slug}-is-no-line-end`,
      title: `A field line is not ended by ${name}`,
      rfc: 'RFC9112#2.2',
      level: 'MUST',
      needs: ['inspect'],
      tags: ['smuggling'],
      why: 'Functions of standard libraries that split text into lines know more line ends than HTTP.',
      send: get('/inspect', [`X-Probe: a${octets}X-Injected: b`]),
      allow: [
        ...malformed(),
        pass(understood({ 'x-probe': [`a${octets}X-Injected: b`], 'x-injected': [] })),
        pass(understood({ 'x-probe': ['a X-Injected: b'], 'x-injected': [] })),
      ],
      controls: {
        pass: [refuses(), saw(['X-Probe', `a${octets}X-Injected: b`])],
        fail: [saw(['X-Probe', 'a'], ['X-Injected', 'b']), saw(['X-Probe', 'a'])],
      },
    }),
  ),
]);

/** A value with an octet that is never passed on as it is. */
function replaced(
  slug: string,
  title: string,
  value: string,
  right: readonly string[],
  wrong: readonly string[],
): Case {
  return {
    id: `h1/fields/${slug}`,
    title,
    rfc: slug === 'value-nul' ? 'RFC9110#5.5' : 'RFC9112#2.2',
    level: 'MUST',
    needs: ['inspect'],
    tags: ['smuggling'],
    send: get('/inspect', [`X-Probe: ${value}`]),
    allow: [...malformed(), ...right.map((one): Outcome => pass(understood({ 'x-probe': [one] })))],
    controls: {
      pass: [refuses(), ...right.map((one) => saw(['X-Probe', one]))],
      fail: wrong.map((one) => saw(['X-Probe', one])),
    },
  };
}

function understood(fields: Readonly<Record<string, readonly string[]>>) {
  return inspected({ fields });
}

function saw(...fields: readonly (readonly [string, string])[]): Control {
  return sees({ fields });
}

function inspectedThenRefused(): Control {
  const json = JSON.stringify({
    method: 'GET',
    target: '/inspect',
    protocol: 'HTTP/1.1',
    fields: [['X-Probe', 'a']],
    content: '',
  });
  return replies(answer(200, json) + answer(400), 'close');
}
