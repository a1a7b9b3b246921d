import { CallerError } from '../errors/caller-error.ts';
import { isFailure } from './failure.ts';
import { splitList } from './list.ts';
import { type MediaType, parseMediaType } from './media-type.ts';

/** A media range and how much it is wanted (RFC9110#12.5.1). */
export interface MediaRange extends MediaType {
  /** 0 to 1 in steps of 0.001; 0 is "not acceptable" (RFC9110#12.4.2). */
  readonly weight: number;
}

/** More members than this are not looked at: no browser sends a tenth of them. */
const MAX_MEMBERS = 64;

const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** The ranges of an Accept field, in order. Malformed members ask for nothing. */
export function parseAccept(field: string): readonly MediaRange[] {
  return splitList(field, MAX_MEMBERS).flatMap((member) => {
    const range = parseMediaType(member);
    if (isFailure(range) || (range.type === '*' && range.subtype !== '*')) return [];
    // RFC9110#12.5.1 SHOULD: a parameter named "q" is the weight, wherever it stands
    const weight = range.parameters.get('q') ?? '1';
    if (!WEIGHT.test(weight)) return [];
    const parameters = new Map([...range.parameters].filter(([name]) => name !== 'q'));
    return [{ ...range, parameters, weight: Number(weight) }];
  });
}

/**
 * Which of the media types that there are the client likes best.
 * @param field Accept, undefined where there is none: the first is sent then
 * @param available the best of them first: the order decides among those of equal weight
 * @returns one of `available` as it was given, or undefined where the client takes none of them
 * @throws CallerError MEDIA_TYPE for what is no media type
 */
export function preferredType(field: string | undefined, available: readonly string[]): string | undefined {
  const types = available.map(demandType);
  const ranges = field === undefined ? [] : parseAccept(field);
  // RFC9110#12.5.1: a field that asks for nothing may be disregarded
  if (ranges.length === 0) return available[0];
  let best: string | undefined;
  let bestWeight = 0;
  for (const [index, type] of types.entries()) {
    const weight = weightOf(type, ranges);
    if (weight > bestWeight) [best, bestWeight] = [available[index], weight];
  }
  return best;
}

/** Weight of the most specific range that has `type` in it; of several the greatest. */
function weightOf(type: MediaType, ranges: readonly MediaRange[]): number {
  let [weight, precedence] = [0, -1];
  for (const range of ranges) {
    if (!isWithin(type, range)) continue;
    // RFC9110#12.5.1: the most specific reference has precedence
    const own = precedenceOf(range);
    if (own > precedence) [weight, precedence] = [range.weight, own];
    else if (own === precedence) weight = Math.max(weight, range.weight);
  }
  return weight;
}

function precedenceOf({ type, subtype, parameters }: MediaType): number {
  return type === '*' ? 0 : subtype === '*' ? 1 : 2 + parameters.size;
}

/** Names and values of parameters are compared without case: those of charset are, and few others have letters. */
function isWithin(type: MediaType, range: MediaType): boolean {
  if (range.type !== '*' && range.type !== type.type) return false;
  if (range.subtype !== '*' && range.subtype !== type.subtype) return false;
  for (const [name, value] of range.parameters) {
    if (type.parameters.get(name)?.toLowerCase() !== value.toLowerCase()) return false;
  }
  return true;
}

function demandType(text: string): MediaType {
  const type = parseMediaType(text);
  if (isFailure(type)) throw new CallerError('MEDIA_TYPE', JSON.stringify(text));
  return type;
}
