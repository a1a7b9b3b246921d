import type { CodeSpec } from './code-spec.ts';

/** Every way in which media types, cookies and forms of a peer can fail. */
export const FORM_CODES = {
  // Media types and the parameters of other fields
  MEDIA_TYPE: refused('RFC9110#8.3.1', 'media type', 'stands where its type must'),
  MEDIA_SUBTYPE: refused('RFC9110#8.3.1', 'media type', 'stands where "/" and a subtype must'),
  PARAMETER_SEMICOLON: refused('RFC9110#5.6.6', 'parameters', 'stands where a semicolon or the end must'),
  PARAMETER_NAME: refused('RFC9110#5.6.6', 'parameter', 'begins no name'),
  PARAMETER_EQUALS: refused('RFC9110#5.6.6', 'parameter', 'stands where "=" must'),
  PARAMETER_VALUE: refused('RFC9110#5.6.6', 'parameter', 'begins neither a token nor a quoted string'),
  PARAMETER_OCTET: refused('RFC9110#5.6.4', 'quoted string', 'is a control that no quoted string may hold'),
  PARAMETER_CUT: refused('RFC9110#5.6.4', 'quoted string', 'begins one that is not ended'),
  PARAMETER_TWICE: refused('RFC9110#5.6.6', 'parameter', 'begins a name that was there before'),
  PARAMETER_COUNT: refused('-', 'parameters', 'begin one more parameter than the limit allows'),

  // Cookie
  COOKIE_PAIR: refused('RFC6265#4.2.1', 'cookie', 'begins a pair without "="'),
  COOKIE_NAME_EMPTY: refused('RFC6265#4.2.1', 'cookie', 'ends a name that is empty'),
  COOKIE_OCTET: refused('RFC6265#4.1.1', 'cookie', 'is a control, which no cookie may hold'),
  COOKIE_COUNT: refused('RFC6265#6.1', 'cookies', 'begin one more cookie than the limit allows'),

  // multipart/form-data
  FORM_BOUNDARY_MISSING: refused('RFC2046#5.1.1', 'Content-Type', 'it names no boundary'),
  FORM_BOUNDARY: refused('RFC2046#5.1.1', 'boundary', 'it is empty, longer than 70 octets, or has others than it may'),
  FORM_OUTSIDE_BYTES: tooLarge('preamble or epilogue', 'makes them longer than the limit'),
  FORM_DELIMITER_OCTET: refused('RFC2046#5.1.1', 'delimiter', 'stands behind the boundary'),
  FORM_CLOSE_OCTET: refused('RFC2046#5.1.1', 'last delimiter', 'stands behind it'),
  FORM_DELIMITER_LF: refused('RFC2046#5.1.1', 'delimiter', 'follows a CR that no LF ends'),
  FORM_HEAD_LF: refused('RFC2046#5.1', 'head of a part', 'is an LF without its CR, or no LF behind one'),
  FORM_HEAD_BYTES: tooLarge('head of a part', 'makes it longer than the limit'),
  FORM_HEAD_DELIMITER: refused('RFC2046#5.1.1', 'head of a part', 'begins what looks like a delimiter'),
  FORM_FIELD_FOLD: refused('RFC2046#5.1', 'field of a part', 'begins a folded line'),
  FORM_FIELD_NAME: refused('RFC2046#5.1', 'field of a part', 'is no octet of a name'),
  FORM_FIELD_COLON: refused('RFC2046#5.1', 'field of a part', 'stands where a name and a colon must'),
  FORM_FIELD_OCTET: refused('RFC2046#5.1', 'field of a part', 'is a control that no value may hold'),
  FORM_FIELD_COUNT: tooLarge('head of a part', 'begins one more field than the limit allows'),
  FORM_DISPOSITION_MISSING: refused('RFC7578#4.2', 'part', 'it has no Content-Disposition'),
  FORM_DISPOSITION_TWICE: refused('RFC7578#4.2', 'part', 'begins a second Content-Disposition'),
  FORM_DISPOSITION_TYPE: refused('RFC7578#4.2', 'Content-Disposition', 'begins a type that is not "form-data"'),
  FORM_NAME_MISSING: refused('RFC7578#4.2', 'Content-Disposition', 'it has no name'),
  FORM_NAME_UTF8: refused('RFC7578#5.1', 'name of a part', 'begins what is not UTF-8'),
  FORM_FILENAME_EXTENDED: refused('RFC7578#4.2', 'Content-Disposition', 'begins filename*, which a form must not have'),
  FORM_FILENAME_CODING: refused('-', 'filename*', 'is not UTF-8 in percent-encoding'),
  FORM_PARTS: tooLarge('form', 'begins one more part than the limit allows'),
  FORM_VALUE_BYTES: tooLarge('value', 'makes it longer than the limit'),
  FORM_FILE_BYTES: tooLarge('file', 'makes it longer than the limit'),
  FORM_BYTES: tooLarge('form', 'makes it longer than the limit'),
  FORM_CUT: refused('RFC2046#5.1.1', 'form', 'it ends before its last delimiter'),
} as const satisfies Record<string, CodeSpec>;

export type FormCode = keyof typeof FORM_CODES;

function refused(rfc: CodeSpec['rfc'], what: string, why: string): CodeSpec {
  return { rfc, status: 400, what, why };
}

function tooLarge(what: string, why: string): CodeSpec {
  return { rfc: 'RFC9110#15.5.14', status: 413, what, why };
}
