/** What is measured: the shape of a load, and who the core is held against. */

/** The shape of a load. */
export interface Load {
  readonly protocol: 'http1' | 'https1' | 'h2c';
  readonly connections: number;
  /** Requests in flight on each connection: pipelined in HTTP/1.1, streams in HTTP/2. */
  readonly inFlight: number;
  /** Targets that take turns; with one, all requests of a connection are the same. */
  readonly targets: number;
  /** Octets of the file that each request is answered with; undefined for thirteen octets of text. */
  readonly fileBytes?: number;
  /** Whether each request has a connection of its own. @defaultValue false */
  readonly reconnects?: boolean;
}

export interface Scenario extends Load {
  /** `<protocol>-<shape>`, `files-<transport>-<size>` or `tls-<what>`, for the command line and for results. */
  readonly name: string;
  /** Contenders that are measured. */
  readonly subjects: readonly string[];
  /** Contenders that each of them is held against. */
  readonly references: readonly string[];
  /** What is counted: requests while the load runs, or memory while readers stall. @defaultValue 'work' */
  readonly kind?: 'memory';
}

const H1 = { protocol: 'http1', subjects: ['core'], references: ['node:http'], connections: 64, targets: 1 } as const;
const H2C = { protocol: 'h2c', subjects: ['core'], references: ['node:http2'], connections: 8, targets: 1 } as const;

const KIB_64 = { fileBytes: 65_536, connections: 32, inFlight: 1, targets: 1 } as const;
const MIB_100 = { fileBytes: 104_857_600, connections: 4, inFlight: 1, targets: 1 } as const;
const STALLED = { ...MIB_100, connections: 300, kind: 'memory' } as const;
const PLAIN = { protocol: 'http1', subjects: ['core', 'core:copied'], references: ['node:http', 'nginx'] } as const;
const TLS = { protocol: 'https1', subjects: ['core:tls'], references: ['node:https'] } as const;
const TLS_ALONE = { protocol: 'https1', subjects: ['tls:routed', 'tls:single'], references: ['node:tls'] } as const;
const FILES_H2C = { protocol: 'h2c', subjects: ['core:copied'], references: ['node:http2'] } as const;

/** All scenarios. The `varied` ones show what is left where no two requests in a row are the same. */
export const SCENARIOS: readonly Scenario[] = [
  { ...H1, name: 'h1-keepalive', inFlight: 1 },
  { ...H1, name: 'h1-pipelined', inFlight: 16 },
  { ...H1, name: 'h1-pipelined-varied', inFlight: 16, targets: 16 },
  { ...H2C, name: 'h2c-multiplexed', inFlight: 32 },
  { ...H2C, name: 'h2c-multiplexed-varied', inFlight: 32, targets: 16 },
  { ...H2C, name: 'h2c-single', connections: 64, inFlight: 1 },
  { ...KIB_64, ...PLAIN, name: 'files-plain-64k' },
  { ...MIB_100, ...PLAIN, name: 'files-plain-100m' },
  { ...KIB_64, ...TLS, name: 'files-tls-64k' },
  { ...MIB_100, ...TLS, name: 'files-tls-100m' },
  { ...KIB_64, ...FILES_H2C, name: 'files-h2c-64k' },
  { ...MIB_100, ...FILES_H2C, name: 'files-h2c-100m' },
  { ...KIB_64, ...TLS_ALONE, name: 'tls-handshakes', fileBytes: 16, connections: 4, reconnects: true },
  { ...MIB_100, ...TLS_ALONE, name: 'tls-bulk', fileBytes: 16_777_216 },
  { ...STALLED, ...PLAIN, name: 'files-stalled-plain' },
  { ...STALLED, ...TLS, name: 'files-stalled-tls' },
  { ...STALLED, ...FILES_H2C, name: 'files-stalled-h2c' },
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
