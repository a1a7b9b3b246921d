/**
 * Events for the tests of this room: small builders, and one run that has something of everything.
 */
import type {
  BenchEvent,
  CaseEvent,
  CoverageEvent,
  FindingEvent,
  FuzzStatsEvent,
  ReportEvent,
  RunEndEvent,
  RunStartEvent,
} from './schema.ts';

export const runStart = (over: Partial<RunStartEvent> = {}): RunStartEvent => ({
  kind: 'run-start',
  schema: 1,
  producer: 'conformance',
  version: '0.1.0',
  node: 'v20.20.2',
  os: 'linux x64',
  startedAt: '2026-11-24T03:00:00.000Z',
  seed: 8841,
  command: 'npx aeronet conform core --seed 8841',
  ...over,
});

export const runEnd = (over: Partial<RunEndEvent> = {}): RunEndEvent => ({
  kind: 'run-end',
  elapsedMs: 4_120,
  complete: true,
  ...over,
});

/** A case; `attempts` follow the verdict unless they are given. */
export function caseEvent(id: string, over: Partial<CaseEvent> = {}): CaseEvent {
  const target = over.target ?? 'core';
  return {
    kind: 'case',
    id,
    target,
    area: id.split('/')[1] ?? 'other',
    title: 'Refuses two Content-Length fields that differ',
    level: 'MUST',
    rfc: 'RFC9112#6.3',
    verdict: 'pass',
    connection: 'closed',
    reason: 'answered as the clause asks',
    expected: '400 and close',
    actual: '400, then FIN',
    durationMs: 12.5,
    attempts: [over.verdict ?? 'pass'],
    repro: `npx aeronet conform ${target} --case ${id}`,
    ...over,
  };
}

export const findingEvent = (over: Partial<FindingEvent> = {}): FindingEvent => ({
  kind: 'finding',
  target: 'http1-request',
  signature: 'v1:4f1c9a02be77d013',
  failure: 'exception',
  errorClass: 'TypeError',
  message: 'Cannot read properties of undefined (reading "length")',
  frames: ['core/http1/chunked.ts:readSize', 'core/http1/parser.ts:receive'],
  reproduced: '5/5',
  status: 'open',
  inputBytes: 412,
  minimisedBytes: 37,
  excerpt: Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\n').toString('hex'),
  bundle: '.aeronet/fuzz/http1-request/crash/4f1c9a02be77d013',
  repro: 'npx aeronet replay .aeronet/fuzz/http1-request/crash/4f1c9a02be77d013',
  ...over,
});

export const fuzzStats = (over: Partial<FuzzStatsEvent> = {}): FuzzStatsEvent => ({
  kind: 'fuzz-stats',
  target: 'http1-request',
  engine: 'aeronet',
  executions: 1_204_332,
  elapsedMs: 60_010,
  cpuMs: 58_200,
  edgesHit: 138,
  edgesTotal: 145,
  corpusEntries: 212,
  replayed: 96,
  ...over,
});

export const coverageEvent = (over: Partial<CoverageEvent> = {}): CoverageEvent => ({
  kind: 'coverage',
  target: 'http1-request',
  origin: 'replay',
  metric: 'edges',
  instrument: 'aeronet edges 1',
  corpus: 'a1b2',
  files: [
    { path: 'core/http1/chunked.ts', digest: '11', hit: 400, total: 420 },
    { path: 'core/http1/head.ts', digest: '22', hit: 600, total: 640 },
  ],
  repro: 'npx aeronet replay corpus --coverage',
  ...over,
});

/** A scenario whose pairs have this ratio, with a little noise that is the same every time. */
export const benchEvent = (ratio: number, over: Partial<BenchEvent> = {}): BenchEvent => ({
  kind: 'bench',
  scenario: 'h1-keepalive',
  subject: 'core',
  reference: 'base',
  compares: 'base',
  unit: 'requests per second of processor time',
  better: 'higher',
  pairs: Array.from({ length: 12 }, (_, at) => [ratio * (1_000 + (at % 5)), 1_000 + ((at * 3) % 4)]),
  repro: 'npx aeronet bench h1-keepalive',
  ...over,
});

/** A conformance run with one case of every verdict and class, and a fuzz run. */
export const sampleEvents = (): ReportEvent[] => [
  runStart(),
  { kind: 'target', target: 'core', address: 'http://127.0.0.1:8080', capabilities: ['get', 'echo'] },
  {
    kind: 'target',
    target: 'node-http',
    address: 'http://127.0.0.1:8081',
    capabilities: ['get'],
    serverVersion: 'v20.20.2',
  },
  ...Array.from({ length: 40 }, (_, index) =>
    caseEvent(`h1/${['framing', 'chunked', 'host', 'fields'][index % 4]}/case-${index}`, {
      level: index % 5 === 0 ? 'SHOULD' : 'MUST',
      title: `Case number ${index} of the sample`,
      durationMs: index,
    }),
  ),
  caseEvent('h1/framing/cl-duplicate-differs', {
    verdict: 'fail',
    attempts: ['fail', 'fail'],
    connection: 'open',
    reason: 'answered 200 and kept the connection, so that the second length can smuggle a request',
    actual: '200 echo, connection kept',
    evidence: 'cases/h1-framing-cl-duplicate-differs',
  }),
  caseEvent('h1/host/duplicate', {
    target: 'node-http',
    verdict: 'fail',
    rfc: 'RFC9112#3.2',
    actual: '200, connection kept',
  }),
  caseEvent('h1/host/missing', { target: 'node-http', rfc: 'RFC9112#3.2' }),
  caseEvent('h1/chunked/extension-flood', {
    verdict: 'crash',
    reason: 'the process ended with SIGSEGV',
    actual: 'connection reset',
  }),
  caseEvent('h1/chunked/size-slow', { verdict: 'hang', reason: 'no answer within 2000 ms', actual: 'nothing' }),
  caseEvent('h1/chunked/trailer-flaky', {
    verdict: 'pass',
    attempts: ['fail', 'pass'],
    reason: 'second attempt answered 400',
  }),
  caseEvent('h1/fields/obs-fold', {
    level: 'SHOULD',
    verdict: 'fail',
    rfc: 'RFC9112#5.2',
    actual: '200',
    reason: 'obs-fold taken',
  }),
  caseEvent('h1/fields/date', { level: 'SHOULD', verdict: 'warn', rfc: 'RFC9110#6.6.1', actual: 'no Date' }),
  caseEvent('h1/fields/bare-close', { verdict: 'weak', actual: 'bare close' }),
  caseEvent('h1/expect/inconclusive', {
    verdict: 'inconclusive',
    reason: 'a reset ate the answer',
    connection: 'reset',
  }),
  caseEvent('h1/expect/skip', { verdict: 'skip', reason: 'the target has no echo', connection: 'none' }),
  runEnd(),
  runStart({ producer: 'fuzz', command: 'npx aeronet fuzz http1-request --seed 8841' }),
  findingEvent(),
  findingEvent({ signature: 'v1:00aa11bb22cc33dd', status: 'fixed', message: 'fixed long ago', failure: 'oracle' }),
  findingEvent({ signature: 'v1:99ff88ee77dd66cc', reproduced: '0/5', failure: 'late', message: 'seen once' }),
  fuzzStats(),
  runEnd({ elapsedMs: 60_010 }),
  runStart({ producer: 'bench', command: 'npx aeronet bench h1-keepalive' }),
  coverageEvent(),
  benchEvent(1, { counters: [{ name: 'writes per response', value: 3, limit: 2 }] }),
  runEnd(),
];

/** What is known about the sample, as the lines of an expectations file. */
export const SAMPLE_EXPECTATIONS = [
  '{"key":"h1/fields/gone @core","expect":"fail","reason":"its case was renamed"}',
  '{"key":"h1/host/duplicate @node-http","expect":"fail","reason":"node:http takes the first of two Host fields","issue":"https://example.org/412","owner":"@net","added":"2026-11-01","expires":"2026-11-30"}',
  '{"key":"h1/host/missing @node-http","expect":"fail","reason":"was thought to fail"}',
].join('\n');
