/** One input for each code of fields, cookies, media types and forms that the examples have not: seeds. */
import type { ExampleSet } from './corpus-examples.ts';

const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

const COOKIES: readonly (readonly [code: string, input: string])[] = [
  ['COOKIE_PAIR', 'a=1; b'],
  ['COOKIE_NAME_EMPTY', 'a=1; =2'],
  ['COOKIE_OCTET', 'a=1\x01'],
  ['COOKIE_COUNT', many(257, () => 'a=1;')],
  ['COOKIE_VALUE', 'a\nb c'],
  ['COOKIE_BYTES', 'ab\na\ntimes=4095'],
];

const MEDIA_TYPES: readonly (readonly [code: string, input: string])[] = [
  ['MEDIA_TYPE', '/html'],
  ['PARAMETER_NAME', 'a/b;"c"'],
  ['PARAMETER_EQUALS', 'a/b;c'],
  ['PARAMETER_VALUE', 'a/b;c='],
  ['PARAMETER_OCTET', 'a/b;c="\x01"'],
  ['PARAMETER_COUNT', `a/b${many(33, (index) => `;a${index}=1`)}`],
  ['FORM_BOUNDARY_MISSING', 'multipart/form-data;charset=utf-8'],
  ['FORM_BOUNDARY', 'multipart/form-data;boundary="a "'],
  ['BOUNDARY', `multipart/form-data;boundary=${'a'.repeat(71)}`],
];

const DISPOSITION = 'Content-Disposition: form-data';
const part = (lines: string, content = '1'): string => `--b\r\n${lines}\r\n\r\n${content}\r\n--b--`;
const named = (rest: string, content?: string): string => part(`${DISPOSITION}; name=a${rest}`, content);
const head = `--b\r\n${DISPOSITION}; name=a\r\n\r\n\r\n`;

/** Limits are those that the target's oracle holds a form to once more. */
const FORMS: readonly (readonly [code: string, input: string])[] = [
  ['FORM_CUT', `--b\r\n${DISPOSITION}; name=a\r\n\r\n1`],
  ['FORM_CLOSE_OCTET', '--b--x'],
  ['FORM_FIELD_NAME', part('A : b')],
  ['FORM_FIELD_COLON', part('A')],
  ['FORM_FIELD_OCTET', part('A: \0')],
  ['FORM_FIELD_COUNT', named('\r\nB:c\r\nD:e')],
  ['FORM_DISPOSITION_MISSING', part('A: b')],
  ['FORM_DISPOSITION_TWICE', named(`\r\n${DISPOSITION}; name=b`)],
  ['FORM_DISPOSITION_TYPE', part('Content-Disposition: attachment; name=a')],
  ['FORM_NAME_MISSING', part(`${DISPOSITION}; filename=a`)],
  ['FORM_NAME_UTF8', part(`${DISPOSITION}; name="\xff"`)],
  ['FORM_FILENAME_CODING', named("; filename*=utf-8''%ff")],
  ['FORM_PARTS', `${head.repeat(3)}--b--`],
  ['FORM_FILE_BYTES', named('; filename=b', '123456')],
  ['FORM_BYTES', named('; filename=1234567890').replace('--b--', named('; filename=1234567890', '12345'))],
];

const STRUCTURED: readonly (readonly [code: string, input: string])[] = [
  ['SF_BYTES', ' '.repeat(32_769)],
  ['SF_MEMBERS', `a${many(1_024, () => ',a')}`],
  ['SF_INNER_ITEMS', `(1${many(256, () => ' 1')})`],
  ['SF_PARAMETERS', `a${many(257, () => ';a')}`],
  ['STRUCTURED_KEY', 'A'],
  ['STRUCTURED_NUMBER', '1234567890123456'],
  ['STRUCTURED_TEXT', '\0\xd8'],
  ['STRUCTURED_TOKEN', '1'],
];

const HERE = 'scripts/corpus-refusals-values.ts';
const setOf = (target: string, rows: readonly (readonly [code: string, input: string])[]): ExampleSet => ({
  target,
  set: 'codes',
  origin: `${HERE}: one for each error code that the examples do not reach`,
  inputs: rows.map(([, input]) => input),
});

export const VALUE_REFUSAL_SETS: readonly ExampleSet[] = [
  setOf('cookies', COOKIES),
  setOf('media-types', MEDIA_TYPES),
  setOf('multipart-form', FORMS),
  setOf('structured-fields', STRUCTURED),
];
