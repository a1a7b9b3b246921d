/** What a client says that it takes, or expects, read a second time: unit by unit, and judged by the sentences of RFC9110#12.5.3. */
import { parseExpectation, preferredCoding } from '../../core/sans-io.ts';
import { OracleError, quoted } from './oracle-error.ts';

const TCHAR = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** As many members as the core looks at. */
const MAX_MEMBERS = 64;

/** Demands the coding that the client likes best, and the same one for every spelling of the field. */
export function assertCoding(field: string | undefined, available: readonly string[]): void {
  const own = preferredCoding(field, available);
  const expected = field === undefined ? 'identity' : choose(field, available);
  if (own !== expected) broken('coding', `${quoted(String(field))} gives ${own}, not ${expected}`);
  if (field === undefined || field.split(',').length > MAX_MEMBERS / 2) return;
  const others = [field.toUpperCase(), field.toLowerCase(), field.split(',').join(' ,\t'), `${field},`, `,,${field}`];
  for (const other of others) {
    if (preferredCoding(other, available) !== own) broken('spelling', `${quoted(other)} is another choice`);
  }
}

/** Acceptable is what has a weight above 0; among those of the greatest weight the first that there is goes. */
function choose(field: string, available: readonly string[]): string | undefined {
  const weights = new Map<string, number>();
  for (const member of field.split(',').slice(0, MAX_MEMBERS)) {
    const [coding, weight] = readMember(strip(member)) ?? [];
    if (coding !== undefined && weight !== undefined) weights.set(coding, weight);
  }
  const named = (coding: string): number | undefined =>
    weights.get(coding) ?? (coding === 'gzip' ? weights.get('x-gzip') : undefined) ?? weights.get('*');
  const wishes = available.map((coding) => ({ coding, weight: named(coding) ?? 0 })).filter(({ weight }) => weight > 0);
  const identity = named('identity');
  const isExcluded = identity === 0;
  // Named by nobody but "*", the plain content is not asked for: it is what is left
  const plain = weights.get('identity') ?? 0;
  const most = Math.max(plain, ...wishes.map(({ weight }) => weight));
  const best = wishes.find(({ weight }) => weight === most);
  if (best !== undefined) return best.coding;
  return isExcluded ? undefined : 'identity';
}

/** Coding and weight in thousandths, or undefined where the member is malformed. */
function readMember(text: string): readonly [string, number] | undefined {
  let at = 0;
  while (at < text.length && TCHAR.includes(text[at] ?? '')) at++;
  const coding = text.slice(0, at).toLowerCase();
  const rest = strip(text.slice(at));
  if (coding === '') return undefined;
  if (rest === '') return [coding, 1_000];
  if (!rest.startsWith(';')) return undefined;
  const [name = '', value = '', ...more] = strip(rest.slice(1)).split('=');
  if (name.toLowerCase() !== 'q' || more.length > 0) return undefined;
  const [whole = '', decimals = '', ...others] = value.split('.');
  const digits = decimals.padEnd(3, '0');
  if (others.length > 0 || digits.length !== 3 || [...digits].some((digit) => !'0123456789'.includes(digit))) {
    return undefined;
  }
  const weight = whole === '0' ? Number(digits) : whole === '1' && Number(digits) === 0 ? 1_000 : undefined;
  return weight === undefined ? undefined : [coding, weight];
}

/** Demands what RFC9110#10.1.1 has for the values of Expect: one expectation is known, and any other is not. */
export function assertExpectation(field: string): void {
  const members = field
    .split(',')
    .map(strip)
    .filter((member) => member !== '');
  const known = members.filter((member) => member.length === 12 && member.toLowerCase() === '100-continue');
  const expected = members.length === 0 ? 'none' : known.length === members.length ? 'continue' : 'unknown';
  const own = parseExpectation(field);
  if (own !== expected) broken('expect', `${quoted(field)} is ${own}, not ${expected}`);
}

/** Without SP and HTAB at both ends. */
function strip(text: string): string {
  const units = [...text];
  while (units[0] === ' ' || units[0] === '\t') units.shift();
  while (units.at(-1) === ' ' || units.at(-1) === '\t') units.pop();
  return units.join('');
}

function broken(state: string, message: string): never {
  throw new OracleError('negotiation', message, { state });
}
