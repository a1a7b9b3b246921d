import { trimSpace } from './list.ts';

/** Negotiation of content codings (RFC9110#12.5.3). */

const MEMBER = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

/** More members than this are not looked at: no browser sends a tenth of them. */
const MAX_MEMBERS = 64;

/**
 * Which of the codings that there are the client likes best; `identity` is the content as it is.
 * @param field Accept-Encoding, undefined where there is none: anything goes then, and the plain content goes first
 * @param available codings besides `identity`, the best of them first: the order decides among those of equal weight
 * @returns undefined where the client refuses them all, `identity` among them
 */
export function preferredCoding(field: string | undefined, available: readonly string[]): string | undefined {
  // WHY: RFC9110#12.5.3 lets any coding pass here, but who says nothing may well understand nothing
  if (field === undefined) return 'identity';
  const weights = readWeights(field);
  const other = weights.get('*');
  let best: string | undefined;
  let bestWeight = 0;
  for (const coding of available) {
    const weight = weights.get(coding) ?? (coding === 'gzip' ? weights.get('x-gzip') : undefined) ?? other ?? 0;
    if (weight > bestWeight) [best, bestWeight] = [coding, weight];
  }
  // RFC9110#12.5.3: identity is acceptable unless it is excluded; it is what is left where nothing better is asked for
  const identity = weights.get('identity') ?? (other === 0 ? 0 : undefined);
  if (best !== undefined && bestWeight >= (identity ?? 0)) return best;
  return identity === 0 ? undefined : 'identity';
}

/** Malformed members ask for nothing. */
function readWeights(field: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const member of field.split(',', MAX_MEMBERS)) {
    const match = MEMBER.exec(trimSpace(member));
    if (match?.[1] !== undefined) weights.set(match[1].toLowerCase(), Number(match[2] ?? 1));
  }
  return weights;
}
