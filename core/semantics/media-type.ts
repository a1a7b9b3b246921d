import { QUOTED_PAIR, SLASH, TOKEN } from '../bytes/octets.ts';
import { CallerError } from '../errors/caller-error.ts';
import type { Failure } from './failure.ts';
import { isAll } from './field-check.ts';
import { readParameters } from './parameters.ts';

/** A media type (RFC9110#8.3.1), or a range of them with `*` in it (RFC9110#12.5.1). */
export interface MediaType {
  /** In lower case. */
  readonly type: string;
  /** In lower case. */
  readonly subtype: string;
  /** By their names in lower case, in order, values as they are; none comes twice. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** The media type that is all of `text`, which is a field's value: one unit an octet. */
export function parseMediaType(text: string): MediaType | Failure {
  const slash = tokenEnd(text, 0);
  if (slash === 0) return { failure: 'MEDIA_TYPE', at: 0 };
  const end = text.charCodeAt(slash) === SLASH ? tokenEnd(text, slash + 1) : slash;
  if (end <= slash + 1) return { failure: 'MEDIA_SUBTYPE', at: end };
  const read = readParameters(text, end, 'field');
  if ('failure' in read) return read;
  return {
    type: text.slice(0, slash).toLowerCase(),
    subtype: text.slice(slash + 1, end).toLowerCase(),
    parameters: new Map(Array.from(read, ([name, { value }]) => [name, value])),
  };
}

/** As it stands in a field, values in quotes where they need them. @throws CallerError MEDIA_TYPE for what no field can say */
export function formatMediaType({ type, subtype, parameters }: MediaType): string {
  let text = `${demandToken(type)}/${demandToken(subtype)}`;
  for (const [name, value] of parameters) {
    if (!isAll(value, QUOTED_PAIR)) throw new CallerError('MEDIA_TYPE', `value ${JSON.stringify(value)}`);
    const isToken = value !== '' && isAll(value, TOKEN);
    text += `;${demandToken(name)}=${isToken ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
  }
  return text;
}

function demandToken(text: string): string {
  if (text !== '' && isAll(text, TOKEN)) return text;
  throw new CallerError('MEDIA_TYPE', `${JSON.stringify(text)} is no token`);
}

function tokenEnd(text: string, at: number): number {
  while (TOKEN[text.charCodeAt(at)] === 1) at++;
  return at;
}
