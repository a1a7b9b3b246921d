/** Default and range of one limit; the interface beside the table says what it bounds and what a breach does. */
export interface LimitSpec {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Completes `given` with the defaults of `specs` and freezes the result.
 * @throws RangeError for a value outside its range or not an integer; TypeError for a name that is no limit.
 */
export function completeLimits<Name extends string>(
  family: string,
  specs: Readonly<Record<Name, LimitSpec>>,
  given: Readonly<Partial<Record<Name, number>>>,
): Readonly<Record<Name, number>> {
  const names = Object.keys(specs).filter((name): name is Name => name in specs);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(specs, name)) {
      throw new TypeError(`Unknown ${family} limit "${name}"; there are: ${names.join(', ')}`);
    }
  }
  const entries = names.map((name) => [name, checked(family, name, specs[name], given[name])] as const);
  return Object.freeze(Object.fromEntries(entries)) as Readonly<Record<Name, number>>;
}

function checked(family: string, name: string, spec: LimitSpec, value: number | undefined): number {
  if (value === undefined) return spec.default;
  if (Number.isSafeInteger(value) && value >= spec.min && value <= spec.max) return value;
  throw new RangeError(`${family} limit ${name} is ${value}; it takes an integer from ${spec.min} to ${spec.max}`);
}
