/** What is measured: the shape of a load, and who the core is held against. */

/** The shape of a load. */
export interface Load {
  readonly protocol: 'http1' | 'h2c';
  readonly connections: number;
  /** Requests in flight on each connection: pipelined in HTTP/1.1, streams in HTTP/2. */
  readonly inFlight: number;
  /** Targets that take turns; with one, all requests of a connection are the same. */
  readonly targets: number;
}

export interface Scenario extends Load {
  /** `<protocol>-<shape>`, for the command line and for results. */
  readonly name: string;
  readonly reference: 'node:http' | 'node:http2';
}

const H1 = { protocol: 'http1', reference: 'node:http', connections: 64, targets: 1 } as const;
const H2C = { protocol: 'h2c', reference: 'node:http2', connections: 8, targets: 1 } as const;

/** All scenarios. The `varied` ones show what is left where no two requests in a row are the same. */
export const SCENARIOS: readonly Scenario[] = [
  { ...H1, name: 'h1-keepalive', inFlight: 1 },
  { ...H1, name: 'h1-pipelined', inFlight: 16 },
  { ...H1, name: 'h1-pipelined-varied', inFlight: 16, targets: 16 },
  { ...H2C, name: 'h2c-multiplexed', inFlight: 32 },
  { ...H2C, name: 'h2c-multiplexed-varied', inFlight: 32, targets: 16 },
  { ...H2C, name: 'h2c-single', connections: 64, inFlight: 1 },
];

/** The scenarios called `names`, or whose name begins with one and a hyphen (`h2c`); all for none. @throws RangeError for a name without any */
export function selectScenarios(names: readonly string[]): readonly Scenario[] {
  const isNamed = (scenario: Scenario, name: string): boolean => `${scenario.name}-`.startsWith(`${name}-`);
  for (const name of names) {
    if (SCENARIOS.some((scenario) => isNamed(scenario, name))) continue;
    throw new RangeError(`no scenario "${name}"; there are: ${SCENARIOS.map((scenario) => scenario.name).join(', ')}`);
  }
  if (names.length === 0) return SCENARIOS;
  return SCENARIOS.filter((scenario) => names.some((name) => isNamed(scenario, name)));
}
