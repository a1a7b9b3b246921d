/**
 * Media types and Accept held against the grammar of RFC9110#8.3.1 and the table of RFC9110#12.5.1, read plainly; a type with one
 * value for each name is the same to the platform's `MIMEType`.
 */
import { MIMEType } from 'node:util';
import {
  boundaryOf,
  CallerError,
  CODES,
  formatMediaType,
  isFailure,
  type MediaType,
  MultipartReader,
  parseMediaType,
  preferredLanguage,
  preferredType,
  valueError,
} from '../../core/sans-io.ts';
import { OracleError, quoted } from './oracle-error.ts';

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*"';
const PARAMETER = `(${TOKEN})=(${TOKEN}|${QUOTED})`;
const TYPE = new RegExp(`^(${TOKEN})/(${TOKEN})((?:[ \\t]*;(?:[ \\t]*${PARAMETER})?)*)[ \\t]*$`);
const MAX_PARAMETERS = 32;

type TypeReader = typeof parseMediaType;
type TypeChooser = typeof preferredType;

/** Demands that text is a media type exactly where the grammar has one, in its parts, and that it reads as it is written. */
export function assertMediaType(text: string, parse: TypeReader = parseMediaType): void {
  const type = parse(text);
  const expected = plainType(text);
  if (isFailure(type)) {
    if (expected !== undefined) broken('refused', `${quoted(text)} is refused: ${type.failure}`);
    if (!Object.hasOwn(CODES, type.failure)) broken('code', `${quoted(type.failure)} is in no registry`);
    const { offset } = valueError(type, text);
    if (!(offset >= 0 && offset <= text.length)) broken('offset', `${type.failure} at ${offset}`);
    return;
  }
  if (expected === undefined) return broken('accepted', `${quoted(text)} is accepted`);
  if (say(type) !== say(expected)) broken('parts', `${quoted(text)} is read as ${quoted(say(type))}`);
  const again = parse(formatMediaType(type));
  if (isFailure(again) || say(again) !== say(type))
    broken('round-trip', `${quoted(text)} does not read as it is written`);
  assertPlatform(text, type);
  assertBoundary(text, type);
}

/** Demands that a type has a boundary where RFC2046#5.1.1 has one, and that no reader can be made with another. */
function assertBoundary(text: string, type: MediaType): void {
  const boundary = boundaryOf(type);
  const given = type.parameters.get('boundary');
  const isBoundary =
    given !== undefined && given.length <= 70 && /^(?:[0-9A-Za-z'()+_,./:=? -]*[0-9A-Za-z'()+_,./:=?-])$/.test(given);
  if (typeof boundary !== 'string') valueError(boundary, text);
  if ((typeof boundary === 'string') !== isBoundary) broken('boundary', `${quoted(text)} and its boundary`);
  if (given === undefined) return;
  try {
    new MultipartReader(given);
  } catch (error) {
    if (!(error instanceof CallerError) || isBoundary) throw error;
    return;
  }
  if (!isBoundary) broken('boundary', `a reader takes the boundary ${quoted(given)}`);
}

/** RFC9110#8.3.1 by one expression. A name that comes twice makes it none, as here. */
function plainType(text: string): MediaType | undefined {
  const [, type = '', subtype = '', rest = ''] = TYPE.exec(text) ?? [];
  if (type === '') return undefined;
  const pairs = [...rest.matchAll(new RegExp(PARAMETER, 'g'))].map(([, name = '', value = '']): [string, string] => [
    name.toLowerCase(),
    value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value,
  ]);
  const parameters = new Map(pairs);
  if (parameters.size !== pairs.length || pairs.length > MAX_PARAMETERS) return undefined;
  return { type: type.toLowerCase(), subtype: subtype.toLowerCase(), parameters };
}

function say({ type, subtype, parameters }: MediaType): string {
  return JSON.stringify([type, subtype, [...parameters]]);
}

/** The WHATWG reading takes more, but what both take is the same. */
function assertPlatform(text: string, type: MediaType): void {
  let other: MIMEType;
  try {
    other = new MIMEType(text);
  } catch {
    return broken('platform', `MIMEType refuses ${quoted(text)}`);
  }
  if (other.type !== type.type || other.subtype !== type.subtype)
    broken('platform', `${quoted(text)} is ${quoted(other.essence)}`);
  for (const [name, value] of type.parameters) {
    // MIMEType leaves out names whose value is empty and in no quotes; here none is
    const theirs = other.params.get(name);
    if (theirs !== value && value !== '') broken('platform', `${quoted(name)} is ${quoted(theirs ?? '')} to MIMEType`);
  }
}

/** Demands of a program that says any text as a type, a name and a value: it is refused, or read as what was said. */
export function assertMediaTypeSaid(text: string, parse: TypeReader = parseMediaType): void {
  const [type = '', subtype = '', name = '', value = ''] = text.split('/', 4);
  const said = { type, subtype, parameters: new Map(name === '' ? [] : [[name, value]]) };
  let written: string;
  try {
    written = formatMediaType(said);
  } catch (error) {
    if (!(error instanceof CallerError)) throw error;
    const isPlain = [type, subtype].every((part) => /^[a-z]+$/.test(part)) && /^[a-z]*$/.test(name + value);
    if (isPlain) broken('refused', `${quoted(text)} cannot be said: ${error.code}`);
    return;
  }
  const read = parse(written);
  const lower = { type: type.toLowerCase(), subtype: subtype.toLowerCase() };
  const parameters = new Map(name === '' ? [] : [[name.toLowerCase(), value]]);
  if (isFailure(read) || say(read) !== say({ ...lower, parameters }))
    broken('said', `${quoted(written)} is not what was said`);
}

const OFFERED = ['text/html', 'text/plain;format=flowed', 'text/plain', 'application/json', 'image/png;a="1,2"'];

/** Demands of an Accept value the choice that RFC9110#12.5.1 has, made by looking at each range. */
export function assertAccept(field: string, choose: TypeChooser = preferredType): void {
  const ranges = members(field).flatMap((member) => {
    const range = plainType(member);
    if (range === undefined || (range.type === '*' && range.subtype !== '*')) return [];
    const q = range.parameters.get('q') ?? '1';
    if (!/^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(q)) return [];
    return [{ ...range, parameters: [...range.parameters].filter(([name]) => name !== 'q'), weight: Number(q) }];
  });
  const weights = OFFERED.map((text) => {
    const type = plainType(text);
    const fits = ranges.flatMap((range) => {
      if (range.type !== '*' && range.type !== type?.type) return [];
      if (range.subtype !== '*' && range.subtype !== type?.subtype) return [];
      const isSame = range.parameters.every(
        ([name, value]) => type?.parameters.get(name)?.toLowerCase() === value.toLowerCase(),
      );
      if (!isSame) return [];
      return [
        {
          rank: range.type === '*' ? 0 : range.subtype === '*' ? 1 : 2 + range.parameters.length,
          weight: range.weight,
        },
      ];
    });
    const best = Math.max(...fits.map(({ rank }) => rank));
    return Math.max(0, ...fits.filter(({ rank }) => rank === best).map(({ weight }) => weight));
  });
  const most = Math.max(...weights);
  const expected = ranges.length === 0 ? OFFERED[0] : most === 0 ? undefined : OFFERED[weights.indexOf(most)];
  const chosen = choose(field, OFFERED);
  if (chosen !== expected)
    broken('choice', `${quoted(field)} chooses ${quoted(chosen ?? 'none')}, not ${quoted(expected ?? 'none')}`);
}

const LANGUAGES = ['en', 'en-GB', 'de', 'zh-Hant'];

/** Demands that a language that is refused by name is not chosen, and that one wanted alone is. */
export function assertLanguage(field: string): void {
  const chosen = preferredLanguage(field, LANGUAGES);
  if (chosen !== undefined && !LANGUAGES.includes(chosen)) broken('language', `${quoted(chosen)} was not offered`);
  for (const tag of LANGUAGES) {
    if (preferredLanguage(`${tag};q=0, *;q=0.5`, LANGUAGES) === tag)
      broken('language', `${tag} is refused, and chosen`);
    // RFC4647#3.4: who asks for what is more special alone gets what there is
    const special = preferredLanguage(`${tag}-x`, [tag]);
    if (special !== tag) broken('language', `${tag}-x is wanted, and of ${tag} ${quoted(special ?? 'none')} chosen`);
    if (preferredLanguage(`${tag}-x, ${tag};q=0`, [tag]) !== undefined)
      broken('language', `${tag} is refused, and chosen for ${tag}-x`);
    const alone = preferredLanguage(`${tag}, *;q=0`, LANGUAGES);
    if (alone !== tag) broken('language', `${tag} is all that is wanted, and ${quoted(alone ?? 'none')} chosen`);
  }
}

/** Members of a list by hand: up to 64 that are not empty. */
function members(field: string): readonly string[] {
  const pieces = field.match(/(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^,"])+/gs) ?? [];
  return pieces
    .map((piece) => piece.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((piece) => piece !== '')
    .slice(0, 64);
}

function broken(state: string, message: string): never {
  throw new OracleError('media-types', message, { state });
}
