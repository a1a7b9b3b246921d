/**
 * `npm run ok`: everything that a change must pass, step by step, each timed, with its output only where it failed.
 *
 *     npm run ok                     all
 *     npm run ok -- --no-tests       all but the tests
 *     npm run ok -- --only layers    one or some: lint, types, sans-io, layers, citations, style, generated, tests, pack
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { publishedSchemas } from '../reports/published.ts';
import { checkCitations } from './check-citations.ts';
import { checkLayers } from './check-layers.ts';
import { checkPack } from './check-pack.ts';
import { checkStyle } from './check-style.ts';
import { packageRoot } from './cli/package-version.ts';
import { generateHpackTables } from './gen-hpack-tables.ts';
import { generateHpackVectors, VECTOR_FILES, versionOf } from './gen-hpack-vectors.ts';
import { generateRfcSections } from './gen-rfc-sections.ts';
import { formatScoreboard, scoreboard } from './scoreboard.ts';
import { type Problem, readSourceFiles } from './source-files.ts';

/** What a step found; `output` is shown when it failed, `remark` always. */
interface Outcome {
  readonly ok: boolean;
  readonly output: string;
  readonly remark?: string;
}

const root = packageRoot();

/** Tables that programs have made of the RFC texts. */
const OF_TEXTS = [
  { path: 'scripts/rfc-sections.ts', by: 'gen-rfc-sections.js', make: generateRfcSections },
  { path: 'core/hpack/tables.ts', by: 'gen-hpack-tables.js', make: generateHpackTables },
];

/** Files that programs have made with other software, of which other versions may make something else. */
const OF_OTHERS = (['hpack.js', 'nghttp2'] as const).map((encoder) => ({
  path: VECTOR_FILES[encoder],
  by: 'gen-hpack-vectors.js',
  maker: `${encoder} ${versionOf(encoder)}`,
  isSame: (text: string) => text.includes(`"version": ${JSON.stringify(versionOf(encoder))}`),
  make: () => generateHpackVectors(encoder),
}));
const files = readSourceFiles(root);

const STEPS: Readonly<Record<string, () => Outcome | Promise<Outcome>>> = {
  lint: () => run('@biomejs/biome/bin/biome', ['ci', '--config-path=scripts', '--colors=off']),
  types: () => run('typescript/bin/tsc', ['-p', '.']),
  'sans-io': () => run('typescript/bin/tsc', ['-p', 'core']),
  layers: () => listed(checkLayers(files)),
  citations: () => listed(checkCitations(files)),
  style: () => {
    const corpus = readSourceFiles(root, ['corpus'], ['.events', '.json', '.txt']);
    return { ...listed(checkStyle(files)), remark: formatScoreboard(scoreboard(files, corpus)) };
  },
  generated: () => checkGenerated(),
  tests: () => {
    const result = run('c8/bin/c8.js', ['tap']);
    return { ...result, remark: coverageSummary(result.output) };
  },
  pack: () => checkPack(root),
};

const { values } = parseArgs({
  options: { 'no-tests': { type: 'boolean' }, only: { type: 'string' } },
});
const chosen = values.only?.split(',') ?? Object.keys(STEPS).filter((name) => name !== 'tests' || !values['no-tests']);

const failed: string[] = [];
for (const name of chosen) {
  const step = STEPS[name];
  if (step === undefined) throw new Error(`no step is called '${name}': ${Object.keys(STEPS).join(', ')}`);
  const startedMs = performance.now();
  const outcome = await attempt(step);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`${outcome.ok ? 'ok    ' : 'NOT OK'} ${name.padEnd(10)} ${seconds.padStart(6)} s`);
  if (outcome.remark !== undefined && outcome.remark !== '') console.log(indent(outcome.remark));
  if (outcome.ok) continue;
  failed.push(name);
  console.log(indent(outcome.output));
}
console.log(failed.length === 0 ? `all ${chosen.length} steps passed` : `failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** A step that breaks has failed; the others are still worth knowing. */
async function attempt(step: () => Outcome | Promise<Outcome>): Promise<Outcome> {
  try {
    return await step();
  } catch (error) {
    return { ok: false, output: inspect(error) };
  }
}

/** Runs a tool of node_modules with this Node, from the root. */
function run(tool: string, args: readonly string[]): Outcome {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1_024 * 1_024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

function listed(problems: readonly Problem[]): Outcome {
  const lines = problems.map(({ path, line, message }) => `${path}${line > 0 ? `:${line}` : ''}: ${message}`);
  return { ok: problems.length === 0, output: lines.join('\n') };
}

/** Generated files are made again and compared, octet by octet, where what they are made from is at hand. */
async function checkGenerated(): Promise<Outcome> {
  const texts = join(root, '..', 'shared', 'rfc');
  const stale: string[] = [];
  const remarks: string[] = [];
  if (!existsSync(texts)) remarks.push('SKIPPED: the RFC texts are not at hand (../shared/rfc)');
  for (const { path, by, make } of existsSync(texts) ? OF_TEXTS : []) {
    if (readFileSync(join(root, path), 'utf8') !== make(texts))
      stale.push(`${path} is stale: run node dist/scripts/${by} ../shared/rfc`);
  }
  for (const { path, by, maker, isSame, make } of OF_OTHERS) {
    const text = readFileSync(join(root, path), 'utf8');
    if (!isSame(text)) remarks.push(`SKIPPED: ${path} was not made by the ${maker} that is here`);
    else if (text !== (await make())) stale.push(`${path} is stale: run node dist/scripts/${by}`);
  }
  for (const [name, text] of publishedSchemas()) {
    const path = `reports/schema/${name}`;
    if (readFileSync(join(root, path), 'utf8') !== text)
      stale.push(`${path} is stale: run node dist/scripts/gen-schemas.js`);
  }
  return { ok: stale.length === 0, output: stale.join('\n'), remark: remarks.join('\n') };
}

function coverageSummary(output: string): string {
  const numbers = output.match(/^(?:Statements|Branches|Functions|Lines) .*$/gm) ?? [];
  const totals = output.match(/^# \{ total: .*\}$/m) ?? [];
  return [...totals, ...numbers].join('\n');
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '       ');
}
