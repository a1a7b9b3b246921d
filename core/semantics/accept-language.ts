import { splitList } from './list.ts';

/** More members than this are not looked at. */
const MAX_MEMBERS = 64;

const MEMBER = /^(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

interface LanguageRange {
  /** In lower case. */
  readonly tag: string;
  readonly weight: number;
}

/**
 * Which of the languages that there are the client likes best. A range is for itself and what is more special (RFC4647#3.3.1:
 * `en` for `en-GB`), the longest that fits counts; where nothing fits, what is more general than a range is taken (RFC4647#3.4:
 * `en` for `en-GB`, where that alone was asked for).
 * @param field Accept-Language, undefined where there is none: the first is sent then
 * @param available language tags, the best of them first: the order decides among those of equal weight
 * @returns one of `available`, or undefined where the client takes none: send what there is then, RFC9110#12.5.4 asks for no 406
 */
export function preferredLanguage(field: string | undefined, available: readonly string[]): string | undefined {
  const ranges = field === undefined ? [] : parseRanges(field);
  if (ranges.length === 0) return available[0];
  return (
    heaviest(available, (tag) => exactWeight(tag, ranges)) ?? heaviest(available, (tag) => generalWeight(tag, ranges))
  );
}

/** Malformed members ask for nothing. */
function parseRanges(field: string): readonly LanguageRange[] {
  return splitList(field, MAX_MEMBERS).flatMap((member) => {
    const match = MEMBER.exec(member);
    return match?.[1] === undefined ? [] : [{ tag: match[1].toLowerCase(), weight: Number(match[2] ?? 1) }];
  });
}

function heaviest(available: readonly string[], weigh: (tag: string) => number): string | undefined {
  let best: string | undefined;
  let bestWeight = 0;
  for (const tag of available) {
    const weight = weigh(tag.toLowerCase());
    if (weight > bestWeight) [best, bestWeight] = [tag, weight];
  }
  return best;
}

/** Weight of the longest range that is `tag` or a beginning of it; of several the greatest. */
function exactWeight(tag: string, ranges: readonly LanguageRange[]): number {
  let [weight, length] = [0, -1];
  for (const range of ranges) {
    const own = range.tag === '*' ? 0 : tag === range.tag || tag.startsWith(`${range.tag}-`) ? range.tag.length : -1;
    if (own < length || own === -1) continue;
    weight = own === length ? Math.max(weight, range.weight) : range.weight;
    length = own;
  }
  return weight;
}

/** Weight of the ranges that `tag` is a beginning of, unless a range refuses it. */
function generalWeight(tag: string, ranges: readonly LanguageRange[]): number {
  if (ranges.some((range) => (range.tag === tag || range.tag === '*') && range.weight === 0)) return 0;
  return ranges.reduce((most, range) => (range.tag.startsWith(`${tag}-`) ? Math.max(most, range.weight) : most), 0);
}
