import { sees } from '../../controls/sees.ts';
import { defineCases, get, inspected, pass, refuses, warn } from '../../define.ts';
import type { Case } from '../../model.ts';

/** RFC9112#5.1 and RFC9110#5.5: a value is what is left without the white space around it, and nothing else is lost. */
const VISIBLE = octets(0x21, 0x7e);
const OBS_TEXT = octets(0x80, 0xff);

export default defineCases([
  taken('ows-none', 'A value needs no white space before it', 'X-Probe:v', 'v', ['', 'X-Probe:v']),
  taken('ows-around', 'Spaces and tabs around a value are no part of it', 'X-Probe: \t v \t ', 'v', [
    '\t v \t ',
    'v \t ',
  ]),
  taken('ows-behind', 'Spaces behind a value are no part of it', 'X-Probe: v  ', 'v', ['v  ']),
  empty('value-empty', 'An empty value is a value', 'X-Probe:', [' ', 'undefined']),
  empty('value-only-ows', 'A value of white space alone is an empty value', 'X-Probe: \t ', ['\t', '\t ']),
  taken('value-with-colons', 'Only the first colon ends the name', 'X-Probe: a:b: c', 'a:b: c', ['a', 'c']),
  taken('value-begins-with-colon', 'A second colon belongs to the value', 'X-Probe::v', ':v', ['v']),
  taken('value-visible-ascii', 'Every visible ASCII character is kept', `X-Probe: ${VISIBLE}`, VISIBLE, [
    VISIBLE.toLowerCase(),
    VISIBLE.replace('"', ''),
    VISIBLE.replace('\\', ''),
  ]),
  {
    id: 'h1/fields/value-inner-white-space',
    title: 'White space inside a value is kept',
    rfc: 'RFC9110#5.5',
    level: 'MUST',
    needs: ['inspect'],
    why: 'It may be folded into one space only where the definition of a field says that it is optional there.',
    send: get('/inspect', ['X-Probe: a \t  b']),
    allow: [
      pass(inspected({ fields: { 'x-probe': ['a \t  b'] } })),
      warn(inspected({ fields: { 'x-probe': ['a b'] } }), 'any', 'made one space'),
    ],
    controls: {
      pass: [sees({ fields: [['X-Probe', 'a \t  b']] }), sees({ fields: [['X-Probe', 'a b']] })],
      fail: [sees({ fields: [['X-Probe', 'ab']] }), sees({ fields: [['X-Probe', 'a']] }), refuses()],
    },
  },
  opaque('obs-text-kept', 'Octets above 0x7f are kept as they are', OBS_TEXT, [
    '\ufffd'.repeat(128),
    '?'.repeat(128),
    '',
  ]),
  opaque('obs-text-utf8', 'UTF-8 in a value is octets, not characters', 'caf\xc3\xa9', ['caf\u00e9', 'caf', 'caf??']),
  opaque('obs-text-is-no-space', 'Octets that other charsets call a space are not trimmed', '\xa0v\x85', [
    'v',
    '\xa0v',
    'v\x85',
  ]),
  {
    id: 'h1/fields/lines-of-one-name',
    title: 'All lines of one name arrive, in their order',
    rfc: 'RFC9110#5.3',
    level: 'MUST',
    needs: ['inspect'],
    why: 'A server may join them with commas; it may not lose one or change their order, whatever stands between them.',
    send: get('/inspect', ['X-Probe: 3', 'X-Other: o', 'x-probe: 1', 'X-PROBE: 2']),
    allow: [['3', '1', '2'], ['3, 1, 2'], ['3,1,2']].map((values) =>
      pass(inspected({ fields: { 'x-probe': values, 'x-other': ['o'] } })),
    ),
    controls: {
      pass: [lines('3', '1', '2'), lines('3, 1, 2')],
      fail: [lines('2'), lines('3'), lines('1', '2', '3'), lines('2, 1, 3'), refuses()],
    },
  },
]);

/** A field line whose value has to be taken as `value`; `wrong` is what broken parsers make of it. */
function taken(slug: string, title: string, line: string, value: string, wrong: readonly string[]): Case {
  return {
    id: `h1/fields/${slug}`,
    title,
    rfc: 'RFC9112#5.1',
    level: 'MUST',
    needs: ['inspect'],
    send: get('/inspect', [line]),
    allow: [pass(inspected({ fields: { 'x-probe': [value] } }))],
    controls: {
      pass: sees({ fields: [['X-Probe', value]] }),
      fail: [sees({}), refuses(), ...wrong.map((other) => sees({ fields: [['X-Probe', other]] }))],
    },
  };
}

/** A field line without a value. No sentence keeps a server from dropping a field that says nothing and that it does not know. */
function empty(slug: string, title: string, line: string, wrong: readonly string[]): Case {
  const { allow, controls, ...rest } = taken(slug, title, line, '', wrong);
  const dropped = warn(
    inspected({ target: '/inspect', fields: { 'x-probe': [] } }),
    'any',
    'the field was dropped, so the application cannot tell it from one that was not sent',
  );
  return {
    ...rest,
    allow: [...allow, dropped],
    controls: {
      pass: [sees({ fields: [['X-Probe', '']] }), sees({})],
      fail: [refuses(), ...wrong.map((other) => sees({ fields: [['X-Probe', other]] }))],
    },
  };
}

/** RFC9110#5.5 SHOULD: obs-text is opaque data. A refusal is no misreading, yet such a value is within the grammar. */
function opaque(slug: string, title: string, value: string, wrong: readonly string[]): Case {
  return {
    id: `h1/fields/${slug}`,
    title,
    rfc: 'RFC9110#5.5',
    level: 'SHOULD',
    needs: ['inspect'],
    send: get('/inspect', [`X-Probe: ${value}`]),
    allow: [
      pass(inspected({ fields: { 'x-probe': [value] } })),
      warn({ status: [400] }, 'any', 'refused, though the grammar allows obs-text'),
    ],
    controls: {
      pass: [sees({ fields: [['X-Probe', value]] }), refuses()],
      fail: [sees({}), ...wrong.map((other) => sees({ fields: [['X-Probe', other]] }))],
    },
  };
}

function lines(...values: readonly string[]) {
  return sees({ fields: [...values.map((value) => ['X-Probe', value] as const), ['X-Other', 'o']] });
}

function octets(from: number, to: number): string {
  return String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index));
}
