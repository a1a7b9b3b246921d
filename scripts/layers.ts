/**
 * Who may import whom: the plan of the house (HOUSE: "imports go down only") as a table. A path belongs to the longest room
 * that begins it; a room may always import itself; what is not listed is refused.
 */

/** What the files of a room may import. `import type` obeys like any import. */
export interface Room {
  /** Rooms and single files of the house. */
  readonly house: readonly string[];
  /** Of these, only types: the import leaves nothing at run time. */
  readonly typesOnly?: readonly string[];
  /** Of these, only lazily: as a type, or by `await import()` within a function. */
  readonly lazily?: readonly string[];
  /** Whether `node:*` may be named, or which of its modules. */
  readonly node: boolean | readonly string[];
  /** Packages from the registry. */
  readonly packages?: readonly string[];
}

const FLOOR_0 = ['core/bytes', 'core/errors', 'core/limits'];
const FLOOR_1 = [...FLOOR_0, 'core/semantics', 'core/hpack'];
const FLOOR_2 = [...FLOOR_1, 'core/http1', 'core/http2', 'core/websocket', 'core/tls'];
const FLOOR_3 = [...FLOOR_2, 'core/connection'];

export const ROOMS: Readonly<Record<string, Room>> = {
  // F0 knows octets, and the registry of errors at the bottom of all.
  'core/errors': { house: [], node: false },
  'core/bytes': { house: ['core/errors'], node: false },
  'core/limits': { house: ['core/errors'], node: false },
  // F1 to F3: the protocol, which never learns that it runs on Node. The machines of F2 never see each other.
  'core/semantics': { house: FLOOR_0, node: false },
  'core/hpack': { house: FLOOR_0, node: false },
  'core/http1': { house: FLOOR_1, node: false },
  'core/http2': { house: FLOOR_1, node: false },
  'core/websocket': { house: FLOOR_1, node: false },
  'core/tls': { house: FLOOR_1, node: false },
  'core/connection': { house: FLOOR_2, node: false },
  'core/sans-io.ts': { house: FLOOR_3, node: false },
  // F4 and F5 know Node; they meet the versions of HTTP through F3. TLS is what a transport has to know by itself.
  'core/io': { house: [...FLOOR_1, 'core/tls', 'core/connection'], node: true },
  'core/server': { house: [...FLOOR_1, 'core/connection', 'core/io'], node: true },
  'core/index.ts': { house: [...FLOOR_3, 'core/io', 'core/server'], node: true },

  // The bench. conformance never imports core: it must be able to catch core's bugs.
  fuzz: {
    house: ['core/sans-io.ts', 'reports/schema.ts'],
    typesOnly: ['reports/schema.ts'],
    node: true,
    packages: ['acorn', 'zod'],
  },
  'fuzz/coverage': { house: ['fuzz'], node: true, packages: ['c8', 'zod'] },
  // What judges the bench's own readers and renderers has to run them.
  'fuzz/oracles': {
    house: ['fuzz', 'core/sans-io.ts', 'reports/index.ts', 'conformance/h2spec/junit.ts'],
    node: true,
    packages: ['hpack.js'],
  },
  conformance: { house: ['reports/schema.ts'], typesOnly: ['reports/schema.ts'], node: true },

  // Renderers are pure, Report → string: of Node they may have a hash, and neither files nor a clock.
  reports: { house: [], node: true, packages: ['zod'] },
  // Of "sarif" there are types alone.
  'reports/render': { house: ['reports'], node: ['node:crypto'], packages: ['zod', 'sarif'] },

  // `aeronet --help` loads every command, so a command loads its room only when it runs.
  'scripts/cli': {
    house: ['core', 'fuzz', 'conformance', 'reports', 'scripts/bench'],
    lazily: ['core', 'fuzz', 'conformance', 'reports', 'scripts/bench'],
    node: true,
    packages: ['commander'],
  },
  'scripts/bench': { house: ['core', 'fuzz', 'reports/paired.ts', 'reports/schema.ts'], node: true },
  scripts: { house: ['core', 'fuzz', 'conformance', 'reports'], node: true, packages: ['typescript'] },
};

/** What a `*.test.ts` may import besides what its room may, and eagerly: tests meet what their subject may not. */
export const TEST_ROOM: Room = {
  house: [],
  node: true,
  packages: ['tap', 'fast-check', 'ajv', 'fast-xml-parser', 'markdown-it'],
};

/** Further rooms for the tests of one room. */
export const TEST_HOUSE: Readonly<Record<string, readonly string[]>> = {
  // A machine's test may set it beside any part of core, a server's test may look at the wire below it.
  core: ['core'],
  // The wire client is cross-checked against core's parser.
  conformance: ['core/sans-io.ts', 'reports'],
  fuzz: ['core', 'reports'],
  reports: [],
  scripts: ['core', 'fuzz', 'conformance', 'reports'],
};
