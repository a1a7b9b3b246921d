import { encodeBase64 } from '../../bytes/base64.ts';
import { encodeUtf8 } from '../../bytes/utf8.ts';
import { CallerError } from '../../errors/caller-error.ts';
import {
  type BareItem,
  type Dictionary,
  type Item,
  isInnerList,
  type List,
  type Member,
  type Parameters,
} from './types.ts';

/**
 * Writers of structured fields (RFC9651#4.1). An empty list or dictionary is undefined: such a field is not sent at all.
 * @throws CallerError STRUCTURED_KEY, STRUCTURED_NUMBER, STRUCTURED_TEXT, STRUCTURED_TOKEN, STRUCTURED_KIND
 */

export function formatItem(item: Item): string {
  return formatBareItem(item.bare) + formatParameters(item.parameters);
}

export function formatList(list: List): string | undefined {
  return list.length === 0 ? undefined : list.map(formatMember).join(', ');
}

export function formatDictionary(dictionary: Dictionary): string | undefined {
  const members = Array.from(dictionary, ([key, member]) => {
    demandKey(key);
    if (!isInnerList(member) && isTrue(member.bare)) return key + formatParameters(member.parameters);
    return `${key}=${formatMember(member)}`;
  });
  return members.length === 0 ? undefined : members.join(', ');
}

function formatMember(member: Member): string {
  if (!isInnerList(member)) return formatItem(member);
  return `(${member.items.map(formatItem).join(' ')})${formatParameters(member.parameters)}`;
}

function formatParameters(parameters: Parameters): string {
  let text = '';
  for (const [key, value] of parameters) {
    demandKey(key);
    // RFC9651#3.1.2 MUST: what is true is written without its value
    text += isTrue(value) ? `;${key}` : `;${key}=${formatBareItem(value)}`;
  }
  return text;
}

function formatBareItem(item: BareItem): string {
  switch (item.kind) {
    case 'integer':
      return formatInteger(item.value);
    case 'decimal':
      return formatDecimal(item.value);
    case 'string':
      if (!/^[\x20-\x7e]*$/.test(item.value)) throw new CallerError('STRUCTURED_TEXT', JSON.stringify(item.value));
      return `"${item.value.replace(/["\\]/g, '\\$&')}"`;
    case 'token':
      if (!TOKEN.test(item.value)) throw new CallerError('STRUCTURED_TOKEN', JSON.stringify(item.value));
      return item.value;
    case 'bytes':
      return `:${encodeBase64(item.value)}:`;
    case 'boolean':
      return item.value ? '?1' : '?0';
    case 'date':
      return `@${formatInteger(item.value)}`;
    case 'display':
      return formatDisplayString(item.value);
    default:
      throw new CallerError('STRUCTURED_KIND', `got ${JSON.stringify(item satisfies never)}`);
  }
}

const MAX_INTEGER = 999_999_999_999_999;

function formatInteger(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) > MAX_INTEGER) {
    throw new CallerError('STRUCTURED_NUMBER', `${value} is no integer of at most fifteen digits`);
  }
  return String(value + 0);
}

/** Rounded to three digits behind the point, to the even one where two are equally near (RFC9651#4.1.5). */
function formatDecimal(value: number): string {
  const thousandths = roundToEven(Math.abs(value) * 1_000);
  if (!(thousandths <= MAX_INTEGER)) {
    throw new CallerError('STRUCTURED_NUMBER', `${value} has more than twelve digits before the point`);
  }
  const fraction = String(thousandths % 1_000)
    .padStart(3, '0')
    .replace(/0{1,2}$/, '');
  return `${value < 0 && thousandths > 0 ? '-' : ''}${Math.floor(thousandths / 1_000)}.${fraction}`;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** RFC9651#4.1.11: percent signs, quotes and all that is not printable ASCII are encoded, in lower case. */
function formatDisplayString(value: string): string {
  const bytes = encodeUtf8(value);
  if (bytes === undefined) throw new CallerError('STRUCTURED_TEXT', 'half a surrogate pair is no character');
  const text = Array.from(bytes, (octet) =>
    octet < 0x20 || octet > 0x7e || octet === 0x25 || octet === 0x22
      ? `%${octet.toString(16).padStart(2, '0')}`
      : String.fromCharCode(octet),
  );
  return `%"${text.join('')}"`;
}

const KEY = /^[a-z*][a-z0-9_\-.*]*$/;
const TOKEN = /^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*$/;

function demandKey(key: string): void {
  if (!KEY.test(key)) throw new CallerError('STRUCTURED_KEY', JSON.stringify(key));
}

function isTrue(item: BareItem): boolean {
  return item.kind === 'boolean' && item.value;
}
