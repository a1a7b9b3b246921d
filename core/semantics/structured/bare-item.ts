import { decodeBase64 } from '../../bytes/base64.ts';
import { BACKSLASH, COLON, DIGIT, DQUOTE, HEX_VALUE, PERCENT, SP } from '../../bytes/octets.ts';
import { decodeUtf8 } from '../../bytes/utf8.ts';
import type { Cursor } from './cursor.ts';
import { type BareItem, FALSE, TRUE } from './types.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const ONE = 0x31;
const QUESTION = 0x3f;
const AT = 0x40;

/** One value without its parameters (RFC9651#4.2.3.1); undefined where the cursor has failed. */
export function readBareItem(cursor: Cursor): BareItem | undefined {
  const { unit } = cursor;
  if (unit === MINUS || DIGIT[unit] === 1) return readNumber(cursor);
  switch (unit) {
    case DQUOTE:
      return readString(cursor);
    case COLON:
      return readBytes(cursor);
    case QUESTION:
      return readBoolean(cursor);
    case AT:
      return readDate(cursor);
    case PERCENT:
      return readDisplayString(cursor);
    default:
      return readToken(cursor);
  }
}

const MAX_INTEGER_DIGITS = 15;
const MAX_WHOLE_DIGITS = 12;
const MAX_FRACTION_DIGITS = 3;

/** RFC9651#4.2.4. */
function readNumber(cursor: Cursor): BareItem | undefined {
  const start = cursor.at;
  cursor.take(MINUS);
  const first = cursor.at;
  if (DIGIT[cursor.unit] !== 1) return cursor.fail('SF_NUMBER_DIGIT');
  skipDigits(cursor);
  const digits = cursor.at - first;
  if (cursor.unit !== POINT) {
    if (digits > MAX_INTEGER_DIGITS) return cursor.fail('SF_INTEGER_DIGITS', first + MAX_INTEGER_DIGITS);
    return { kind: 'integer', value: numberOf(cursor, start) };
  }
  if (digits > MAX_WHOLE_DIGITS) return cursor.fail('SF_DECIMAL_DIGITS');
  const point = cursor.at++;
  skipDigits(cursor);
  if (cursor.at === point + 1) return cursor.fail('SF_DECIMAL_CUT', point);
  const extra = point + 1 + MAX_FRACTION_DIGITS;
  if (cursor.at > extra) return cursor.fail('SF_DECIMAL_FRACTION', extra);
  return { kind: 'decimal', value: numberOf(cursor, start) };
}

/** WHY `+ 0`: minus zero is zero to whoever reads it. */
function numberOf(cursor: Cursor, start: number): number {
  return Number(cursor.text.slice(start, cursor.at)) + 0;
}

function skipDigits(cursor: Cursor): void {
  while (DIGIT[cursor.unit] === 1) cursor.at++;
}

/** RFC9651#4.2.5. */
function readString(cursor: Cursor): BareItem | undefined {
  const { text } = cursor;
  const start = cursor.at++;
  let value = '';
  let plain = cursor.at;
  for (; cursor.at < text.length; cursor.at++) {
    const { unit } = cursor;
    if (!isPrintable(unit)) return cursor.fail('SF_STRING_OCTET');
    if (unit !== DQUOTE && unit !== BACKSLASH) continue;
    value += text.slice(plain, cursor.at);
    if (unit === DQUOTE) {
      cursor.at++;
      return { kind: 'string', value };
    }
    plain = cursor.at + 1;
    const escaped = text.charCodeAt(plain);
    // RFC9651#3.3.3 MUST: nothing but these two may be escaped
    if (escaped !== DQUOTE && escaped !== BACKSLASH) return cursor.fail('SF_STRING_ESCAPE');
    cursor.at++;
  }
  return cursor.fail('SF_STRING_CUT', start);
}

const TOKEN_TEXT = /[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y;

/** RFC9651#4.2.6. */
function readToken(cursor: Cursor): BareItem | undefined {
  TOKEN_TEXT.lastIndex = cursor.at;
  const value = TOKEN_TEXT.exec(cursor.text)?.[0];
  if (value === undefined) return cursor.fail('SF_ITEM');
  cursor.at += value.length;
  return { kind: 'token', value };
}

/** RFC9651#4.2.7: padding may be missing, and its bits may be anything. */
function readBytes(cursor: Cursor): BareItem | undefined {
  const start = cursor.at + 1;
  const end = cursor.text.indexOf(':', start);
  if (end === -1) return cursor.fail('SF_BASE64_CUT');
  const value = decodeBase64(cursor.text, start, end);
  if (typeof value === 'number') return cursor.fail(value === end ? 'SF_BASE64_LENGTH' : 'SF_BASE64_OCTET', value);
  cursor.at = end + 1;
  return { kind: 'bytes', value };
}

/** RFC9651#4.2.8. */
function readBoolean(cursor: Cursor): BareItem | undefined {
  const digit = cursor.text.charCodeAt(cursor.at + 1);
  if (digit !== ZERO && digit !== ONE) return cursor.fail('SF_BOOLEAN');
  cursor.at += 2;
  return digit === ONE ? TRUE : FALSE;
}

/** RFC9651#4.2.9. */
function readDate(cursor: Cursor): BareItem | undefined {
  cursor.at++;
  const number = readNumber(cursor);
  if (number?.kind === 'decimal') return cursor.fail('SF_DATE_DECIMAL', cursor.text.lastIndexOf('.', cursor.at));
  return number?.kind === 'integer' ? { kind: 'date', value: number.value } : undefined;
}

/** RFC9651#4.2.10. */
function readDisplayString(cursor: Cursor): BareItem | undefined {
  const { text } = cursor;
  const start = cursor.at;
  if (text.charCodeAt(start + 1) !== DQUOTE) return cursor.fail('SF_DISPLAY_QUOTE');
  const bytes: number[] = [];
  for (cursor.at += 2; cursor.at < text.length; cursor.at++) {
    const { unit } = cursor;
    if (!isPrintable(unit)) return cursor.fail('SF_DISPLAY_OCTET');
    if (unit === DQUOTE) {
      const value = decodeUtf8(Uint8Array.from(bytes));
      if (typeof value === 'number') return cursor.fail('SF_DISPLAY_UTF8');
      cursor.at++;
      return { kind: 'display', value };
    }
    if (unit !== PERCENT) {
      bytes.push(unit);
      continue;
    }
    const [high, low] = [lowerHex(text, cursor.at + 1), lowerHex(text, cursor.at + 2)];
    if (high > 15 || low > 15) return cursor.fail('SF_DISPLAY_HEX');
    bytes.push(high * 16 + low);
    cursor.at += 2;
  }
  return cursor.fail('SF_DISPLAY_CUT', start);
}

/** Value of a digit, above 15 where there is none: in upper case it is none. */
function lowerHex(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= AT && unit < 0x61 ? 0xff : (HEX_VALUE[unit] ?? 0xff);
}

function isPrintable(unit: number): boolean {
  return unit >= SP && unit < 0x7f;
}
