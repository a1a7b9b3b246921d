/** Which policy a name belongs to, held against a plain search through all names of all policies. */
import { PolicyNames } from '../../core/sans-io.ts';
import { OracleError, quoted } from './oracle-error.ts';

const MAX_POLICIES = 8;
const MAX_ASKED = 32;
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);

type PolicyMaker = (policies: readonly (readonly string[])[]) => Pick<PolicyNames, 'find'>;

/** Reads policies, a line each with its names apart by spaces; then, behind an empty line, the names that are asked for. */
export function assertPolicyNames(input: string, make: PolicyMaker = (policies) => new PolicyNames(policies)): void {
  const [written = '', asked = ''] = input.split('\n\n', 2);
  const policies = written
    .split('\n')
    .slice(0, MAX_POLICIES)
    .map((line) => line.split(' ').filter((name) => name !== ''));
  const isPlain = arePlain(policies);
  let names: ReturnType<PolicyMaker>;
  try {
    names = make(policies);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    if (isPlain) broken('refused', `policies are refused: ${quoted(error.message)}`);
    return;
  }
  if (!isPlain) broken('accepted', `${quoted(written)} is taken for policies`);
  for (const name of asked.split('\n').slice(0, MAX_ASKED)) {
    const [found, expected] = [names.find(name), plainIndex(policies, name)];
    if (found !== expected) broken('found', `${quoted(name)} belongs to ${found}, plainly to ${expected}`);
  }
  if (names.find(undefined) !== plainIndex(policies, '')) broken('nameless', 'who says no name gets another policy');
}

function plainName(text: string): string | undefined {
  const name = text.replace(/\.$/, '').toLowerCase();
  return /^[\x21-\x7e]*$/.test(text) && NAME.test(name) ? name : undefined;
}

/** Each name is one, with or without `*.` before it, and no policy has what another has. */
function arePlain(policies: readonly (readonly string[])[]): boolean {
  if (policies.filter((names) => names.length === 0).length > 1) return false;
  const forms = policies.flat().map((name) => {
    const parsed = plainName(name.replace(/^\*\./, ''));
    return parsed === undefined ? undefined : `${name.startsWith('*.') ? '*.' : ''}${parsed}`;
  });
  return !forms.includes(undefined) && new Set(forms).size === forms.length;
}

/** A wildcard stands for one whole label, the first. The full name comes before it. */
function plainIndex(policies: readonly (readonly string[])[], asked: string): number | undefined {
  const name = plainName(asked);
  const rest = policies.findIndex((names) => names.length === 0);
  const has = (form: string): number =>
    policies.findIndex((names) => names.some((one) => one.toLowerCase().replace(/\.$/, '') === form));
  const places = name === undefined ? [] : [has(name), has(name.replace(/^[^.]+/, '*'))];
  return [...places, rest].find((index) => index !== -1);
}

function broken(state: string, message: string): never {
  throw new OracleError('policy-names', message, { state });
}
