/**
 * Structured fields held against the grammar of RFC9651#C, written down as it stands there: what matches it is read as its
 * parts say, what does not is refused. What was read is then written, and read as the same again.
 */
import {
  type BareItem,
  CallerError,
  CODES,
  type Failure,
  formatDictionary,
  formatItem,
  formatList,
  isFailure,
  isInnerList,
  type Member,
  type Parameters,
  parseDictionary,
  parseItem,
  parseList,
  structuredLimits,
  valueError,
} from '../../core/sans-io.ts';
import type { Tell } from '../define.ts';
import { OracleError, quoted } from './oracle-error.ts';

const KEY = '[a-z*][a-z0-9_.*-]*';
const BARE = [
  '-?[0-9]{1,12}\\.[0-9]{1,3}',
  '-?[0-9]{1,15}',
  '"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\["\\\\])*"',
  "[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*",
  ':(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?:',
  '\\?[01]',
  '@-?[0-9]{1,15}',
  '%"(?:[\\x20\\x21\\x23\\x24\\x26-\\x7e]|%[0-9a-f]{2})*"',
].join('|');
const PARAMETERS = `(?:; *${KEY}(?:=(?:${BARE}))?)*`;
const ITEM = `(?:${BARE})${PARAMETERS}`;
const INNER = `\\( *(?:${ITEM}(?: +${ITEM})*)? *\\)${PARAMETERS}`;
const MEMBER = `(?:${INNER}|${ITEM})`;
const PAIR = `${KEY}(?:=${MEMBER}|${PARAMETERS})`;
const OWS_COMMA = '[ \\t]*,[ \\t]*';

const WHOLE = {
  item: new RegExp(`^ *${ITEM} *$`),
  list: new RegExp(`^ *(?:${MEMBER}(?:${OWS_COMMA}${MEMBER})*[ \\t]*)?$`),
  dictionary: new RegExp(`^ *(?:${PAIR}(?:${OWS_COMMA}${PAIR})*[ \\t]*)?$`),
};

type Kind = keyof typeof WHOLE;

/** What a reading says, as text that can be compared; a failure as itself. */
export type StructuredReader = (
  kind: Kind,
  text: string,
) => { readonly said: string; readonly written: string } | Failure;

/** The least that RFC9651#3 lets a reader take, so that inputs can go beyond it. */
const LEAST = structuredLimits({ valueBytes: 32_768, members: 1_024, innerItems: 256, parameters: 256 });

/** The core's reading. */
export const readStructured: StructuredReader = (kind, text) => {
  if (kind === 'item') {
    const item = parseItem(text, LEAST);
    return isFailure(item) ? item : { said: sayMember(item), written: formatItem(item) };
  }
  if (kind === 'list') {
    const list = parseList(text, LEAST);
    return isFailure(list) ? list : { said: list.map(sayMember).join(' , '), written: formatList(list) ?? '' };
  }
  const dictionary = parseDictionary(text, LEAST);
  if (isFailure(dictionary)) return dictionary;
  const said = [...dictionary].map(([key, member]) => `${key} = ${sayMember(member)}`).join(' , ');
  return { said, written: formatDictionary(dictionary) ?? '' };
};

/** Tells as what a text is read, or why and where it is refused. */
export function tellStructured(text: string, tell: Tell): void {
  for (const kind of ['item', 'list', 'dictionary'] as const) {
    const reading = readStructured(kind, text);
    if ('failure' in reading) tell({ kind, offset: reading.at, text: reading.failure });
    else tell({ kind, offset: text.length, text: reading.said });
  }
}

/** Demands of each kind that a text is read as the grammar has it, or refused with a code at a place of it. */
export function assertStructured(text: string, read: StructuredReader = readStructured): void {
  for (const kind of ['item', 'list', 'dictionary'] as const) {
    const reading = read(kind, text);
    const expected = plainReading(kind, text);
    if ('failure' in reading) {
      if (expected !== undefined && !isBeyond(reading.failure, text))
        broken('refused', `${kind} ${quoted(text)} is refused: ${reading.failure}`);
      assertPlace(reading, text);
      continue;
    }
    if (expected === undefined) broken('accepted', `${kind} ${quoted(text)} is accepted`);
    if (reading.said !== expected) broken('value', `${quoted(text)} is read as ${quoted(reading.said)}`);
    const again = read(kind, reading.written);
    if ('failure' in again || again.said !== reading.said || again.written !== reading.written) {
      broken('round-trip', `${quoted(text)} is written as ${quoted(reading.written)}`);
    }
  }
}

/** Whether a limit can have been passed: so much of what it counts is there. */
function isBeyond(failure: string, text: string): boolean {
  const units: Readonly<Record<string, readonly [unit: string, limit: number]>> = {
    SF_BYTES: ['', LEAST.valueBytes],
    SF_MEMBERS: [',', LEAST.members],
    SF_INNER_ITEMS: [' ', LEAST.innerItems],
    SF_PARAMETERS: [';', LEAST.parameters],
  };
  const [unit, limit] = units[failure] ?? ['', text.length];
  return text.split(unit).length > limit;
}

const NO_PARAMETERS = new Map<string, BareItem>();

/** Demands of a program that says any text as a value of each kind: it is refused, or read back as what was said. */
export function assertStructuredSaid(text: string): void {
  const number = Number(text);
  const items: readonly BareItem[] = [
    { kind: 'string', value: text },
    { kind: 'token', value: text },
    { kind: 'integer', value: number },
    { kind: 'decimal', value: number },
    // Two octets are a unit here, so that halves of surrogate pairs are said too
    { kind: 'display', value: Buffer.from(text, 'latin1').toString('utf16le') },
  ];
  for (const bare of items) {
    const written = said(() => formatItem({ bare, parameters: NO_PARAMETERS }));
    if (written === undefined || written.length > LEAST.valueBytes) continue;
    const item = parseItem(written);
    if (isFailure(item) || item.bare.kind !== bare.kind) return broken('said', `${quoted(written)} is no ${bare.kind}`);
    const isSame = bare.kind === 'decimal' ? isNear(item.bare.value, number) : item.bare.value === bare.value;
    if (!isSame && bare.value !== 0) broken('said', `${quoted(written)} is another ${bare.kind}`);
  }
  // What the compiler does not let through, and a program without types says
  const odd = said(() => formatItem({ bare: JSON.parse(ODD), parameters: NO_PARAMETERS }));
  if (odd !== undefined) broken('said', `${quoted(odd)} is of no kind`);
  const pair = said(() =>
    formatDictionary(new Map([[text, { bare: { kind: 'integer', value: 1 }, parameters: NO_PARAMETERS }]])),
  );
  if ((pair === undefined) !== !new RegExp(`^${KEY}$`).test(text)) broken('said', `${quoted(text)} as a key`);
}

const ODD = '{"kind":"odd","value":1}';

/** What was written; undefined where the caller is told that it cannot be. */
function said(write: () => string | undefined): string | undefined {
  try {
    return write();
  } catch (error) {
    if (error instanceof CallerError) return undefined;
    throw error;
  }
}

/** A decimal has three digits behind the point. */
function isNear(read: unknown, meant: number): boolean {
  return typeof read === 'number' && Math.abs(read - meant) <= 0.0005 + Math.abs(meant) * 1e-12;
}

function assertPlace(failure: Failure, text: string): void {
  if (!Object.hasOwn(CODES, failure.failure)) broken('code', `${quoted(failure.failure)} is in no registry`);
  const { offset } = valueError(failure, text);
  if (!(offset >= 0 && offset <= text.length)) broken('offset', `${failure.failure} at ${offset}`);
}

/** The same text as the grammar divides it; undefined where it does not match. */
function plainReading(kind: Kind, text: string): string | undefined {
  if (!WHOLE[kind].test(text)) return undefined;
  try {
    const bare = text.replace(/^ +|[ \t]+$/g, '');
    if (kind === 'item') return plainItem(bare);
    const members = [...bare.matchAll(new RegExp(kind === 'list' ? MEMBER : PAIR, 'g'))].map(([member]) => member);
    if (kind === 'list') return members.map(plainMember).join(' , ');
    return plainMap(members.map(plainPair), ' = ', ' , ');
  } catch (error) {
    // Octets of a display string that are not UTF-8 are the one thing that no grammar says
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function plainPair(text: string): [string, string] {
  const [key = ''] = new RegExp(`^${KEY}`).exec(text) ?? [];
  const rest = text.slice(key.length);
  return [key, rest.startsWith('=') ? plainMember(rest.slice(1)) : `boolean true${plainParameters(rest)}`];
}

function plainMember(text: string): string {
  if (!text.startsWith('(')) return plainItem(text);
  const [, items = '', parameters = ''] = new RegExp(`^\\(((?: *${ITEM})* *)\\)(${PARAMETERS})$`).exec(text) ?? [];
  return `(${[...items.matchAll(new RegExp(ITEM, 'g'))].map(([item]) => plainItem(item)).join(' ')})${plainParameters(parameters)}`;
}

function plainItem(text: string): string {
  const [, bare = '', parameters = ''] = new RegExp(`^(${BARE})(${PARAMETERS})$`).exec(text) ?? [];
  return plainBare(bare) + plainParameters(parameters);
}

function plainParameters(text: string): string {
  const pairs = [...text.matchAll(new RegExp(`; *(${KEY})(?:=(${BARE}))?`, 'g'))].map(
    ([, key = '', value]): [string, string] => [key, value === undefined ? 'boolean true' : plainBare(value)],
  );
  return pairs.length === 0 ? '' : ` ;${plainMap(pairs, '=', ';')}`;
}

function plainMap(pairs: readonly [string, string][], between: string, joint: string): string {
  return [...new Map(pairs)].map(([key, value]) => `${key}${between}${value}`).join(joint);
}

function plainBare(text: string): string {
  if (/^-?[0-9]+$/.test(text)) return `integer ${BigInt(text)}`;
  if (/^-?[0-9]/.test(text)) return `decimal ${Number.parseFloat(text) || 0}`;
  if (text.startsWith('"')) return `string ${text.slice(1, -1).replace(/\\(.)/g, '$1')}`;
  if (text.startsWith(':')) return `bytes ${Buffer.from(text.slice(1, -1), 'base64').toString('hex')}`;
  if (text.startsWith('?')) return `boolean ${text === '?1'}`;
  if (text.startsWith('@')) return `date ${BigInt(text.slice(1))}`;
  if (!text.startsWith('%"')) return `token ${text}`;
  const octets = text
    .slice(2, -1)
    .replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return `display ${new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(octets, 'latin1'))}`;
}

function sayMember(member: Member): string {
  const said = isInnerList(member) ? `(${member.items.map(sayMember).join(' ')})` : sayBare(member.bare);
  return said + sayParameters(member.parameters);
}

function sayParameters(parameters: Parameters): string {
  if (parameters.size === 0) return '';
  return ` ;${[...parameters].map(([key, value]) => `${key}=${sayBare(value)}`).join(';')}`;
}

function sayBare({ kind, value }: BareItem): string {
  return kind === 'bytes' ? `bytes ${Buffer.from(value).toString('hex')}` : `${kind} ${value}`;
}

function broken(state: string, message: string): never {
  throw new OracleError('structured', message, { state });
}
