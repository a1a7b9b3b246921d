import type { CodeSpec } from './code-spec.ts';

/**
 * Every way in which a structured field can fail to parse. The field is then ignored, as RFC9651#4.2 asks; the status is for
 * whoever takes the whole message for malformed instead, which it allows.
 */
export const STRUCTURED_CODES = {
  SF_BYTES: refused('-', 'structured field', 'is one more than the limit allows'),
  SF_END: refused('RFC9651#4.2', 'structured field', 'stands behind its end'),
  SF_LIST_COMMA: refused('RFC9651#4.2.1', 'list', 'stands where a comma or the end must'),
  SF_LIST_TRAILING: refused('RFC9651#4.2.1', 'list', 'is a comma with no member behind it'),
  SF_MEMBERS: refused('RFC9651#3.1', 'structured field', 'begins one more member than the limit allows'),
  SF_INNER_SPACE: refused('RFC9651#4.2.1.2', 'inner list', 'stands where a space or ")" must'),
  SF_INNER_CUT: refused('RFC9651#4.2.1.2', 'inner list', 'begins one that is not ended'),
  SF_INNER_ITEMS: refused('RFC9651#3.1.1', 'inner list', 'begins one more item than the limit allows'),
  SF_PARAMETERS: refused('RFC9651#3.1.2', 'parameters', 'begin one more parameter than the limit allows'),
  SF_KEY: refused('RFC9651#4.2.3.3', 'key', 'begins no key'),
  SF_ITEM: refused('RFC9651#4.2.3.1', 'item', 'begins none of the types of items'),
  SF_NUMBER_DIGIT: refused('RFC9651#4.2.4', 'number', 'stands where a digit must'),
  SF_INTEGER_DIGITS: refused('RFC9651#4.2.4', 'integer', 'is a sixteenth digit'),
  SF_DECIMAL_DIGITS: refused('RFC9651#4.2.4', 'decimal', 'is a point behind more than twelve digits'),
  SF_DECIMAL_FRACTION: refused('RFC9651#4.2.4', 'decimal', 'is a fourth digit behind the point'),
  SF_DECIMAL_CUT: refused('RFC9651#4.2.4', 'decimal', 'is a point with no digit behind it'),
  SF_STRING_OCTET: refused('RFC9651#4.2.5', 'string', 'is no printable ASCII'),
  SF_STRING_ESCAPE: refused('RFC9651#4.2.5', 'string', "is a backslash before what is neither '\"' nor a backslash"),
  SF_STRING_CUT: refused('RFC9651#4.2.5', 'string', 'begins one that is not ended'),
  SF_BASE64_OCTET: refused('RFC9651#4.2.7', 'byte sequence', 'has no place in base64 there'),
  SF_BASE64_LENGTH: refused('RFC9651#4.2.7', 'byte sequence', 'ends base64 of a length that there is not'),
  SF_BASE64_CUT: refused('RFC9651#4.2.7', 'byte sequence', 'begins one that is not ended'),
  SF_BOOLEAN: refused('RFC9651#4.2.8', 'boolean', 'is a question mark before what is neither 0 nor 1'),
  SF_DATE_DECIMAL: refused('RFC9651#4.2.9', 'date', 'is a point, and a date has none'),
  SF_DISPLAY_QUOTE: refused('RFC9651#4.2.10', 'display string', 'is a percent sign with no quote behind it'),
  SF_DISPLAY_OCTET: refused('RFC9651#4.2.10', 'display string', 'is no printable ASCII'),
  SF_DISPLAY_HEX: refused('RFC9651#4.2.10', 'display string', 'is not followed by two lower-case hex digits'),
  SF_DISPLAY_UTF8: refused('RFC9651#4.2.10', 'display string', 'ends octets that are not UTF-8'),
  SF_DISPLAY_CUT: refused('RFC9651#4.2.10', 'display string', 'begins one that is not ended'),
} as const satisfies Record<string, CodeSpec>;

export type StructuredCode = keyof typeof STRUCTURED_CODES;

function refused(rfc: CodeSpec['rfc'], what: string, why: string): CodeSpec {
  return { rfc, status: 400, what, why };
}
