import { createHash } from 'node:crypto';
import { type Command, Option } from 'commander';
import type { ReportEvent } from '../../reports/schema.ts';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { lastFailed } from './last-failed.ts';
import { integer, list, type ShardOf, seed, shard } from './option-values.ts';
import { shellWord } from './shell-word.ts';
import { makeOut } from './write-files.ts';

interface ConformOptions {
  readonly suite?: Suite;
  readonly case: readonly string[];
  readonly level?: string;
  readonly jobs: number;
  readonly out: string;
  readonly json?: boolean;
  readonly list?: boolean;
  readonly lastFailed?: boolean;
  readonly subjects?: boolean;
  readonly timeout: number;
  readonly allowHost: readonly string[];
  readonly seed?: number;
  readonly wsPath?: string;
  readonly expectations?: readonly string[];
  readonly gate: boolean;
  readonly shard?: ShardOf;
}

type Suite = 'native' | 'h2spec' | 'all';
type Bench = typeof import('../../conformance/index.ts');

/** What is run of each suite. */
interface Plan {
  readonly cases: Bench['allCases'];
  readonly h2spec: Bench['H2SPEC_CASES'];
  readonly scope: 'full' | 'filtered';
  readonly h2specScope: 'full' | 'filtered';
}

const DEFAULT_TIMEOUT_MS = 2_000;
const LEVELS = { must: 'MUST', should: 'SHOULD', may: 'MAY' } as const;

/** `aeronet conform <target…>`: runs the cases, prints failures first, and ends with the gate's exit code. */
export const conformCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('conform')
      .description('run RFC conformance cases against servers')
      .argument(
        '[target...]',
        'http://…, https://…, "cmd:<start command with {port}>", or a subject: core, nginx, … (aeronet list --subjects)',
      )
      .addOption(
        new Option('--suite <name>', "native: the bench's own cases; h2spec: the HTTP/2 cases of h2spec; all").choices([
          'native',
          'h2spec',
          'all',
        ]),
      )
      .addOption(
        new Option(
          '-c, --case <selector>',
          'h1/host/duplicate, h1/framing/*, h1/9112-6.3, h2/6.5/*, tag:…, level:…, h2spec/http2/6.9/*, !…; may be repeated',
        )
          .argParser(list)
          .default([], 'all'),
      )
      .option('--last-failed', 'only what failed in the results that --out has of these targets')
      .option('--level <level>', 'must, should or may: cases of this level or a stronger one')
      .option('-j, --jobs <n>', 'cases in flight at once', integer(1, 64), 8)
      .option('-o, --out <dir>', 'folder for results and evidence', '.aeronet')
      .option('--json', 'print the events instead of a summary')
      .option('--subjects', 'every subject that is installed, besides the targets')
      .option('--list', 'print the selected cases and run nothing')
      .option('--timeout <ms>', 'upper bound of each single wait', integer(50, 600_000), DEFAULT_TIMEOUT_MS)
      .addOption(
        new Option('--allow-host <host>', 'a host besides loopback that may be contacted; may be repeated')
          .argParser(list)
          .default([], 'none'),
      )
      .option('--ws-path <path>', 'path of a WebSocket echo, for the cases over WebSocket; subjects know theirs')
      .option('--seed <n>', 'makes nonces; the same seed sends the same octets', seed)
      .option('--expectations <file>', 'known failures; by default those of the subject', list)
      .option('--shard <i/n>', 'only the i-th of n parts; "aeronet merge" or "aeronet gate" puts them together', shard)
      .option('--no-gate', 'end with 0 whatever the verdicts are')
      .addHelpText('after', EXAMPLES)
      .action(
        context.action((targets: readonly string[], options: ConformOptions) => conform(targets, options, context)),
      );
  },
};

const EXAMPLES = `
Examples:
  aeronet conform http://127.0.0.1:8080                 a server that runs
  aeronet conform https://localhost:8443 --level must   over TLS, with any certificate; MUST cases only
  aeronet conform "cmd:node server.js {port}"           started for the run, ended after it
  aeronet conform core node-http                        the servers that come with the bench
  aeronet conform nginx                                 a server that is known by name; "npm run setup:subjects" installs it
  aeronet conform --subjects                            all of them that are installed
  aeronet conform core -c "h1/framing/*" -c "!tag:overflow"
                                                        an area, without the cases of one tag
  aeronet conform core-tls --suite h2spec               h2spec's cases, over TLS; "npm run setup:h2spec" installs it
  aeronet conform core --last-failed                    what failed the last time, once more
  aeronet explain h1/framing/te-cl-both                 what one case sends, and what it lets pass

A target answers GET / with 200 and content. More cases apply where it has POST /echo, /inspect and /file.bin too:
the target contract is in conformance/README.md. Results and evidence are written to --out; the exit code is the gate's.`;

async function conform(named: readonly string[], options: ConformOptions, context: CliContext): Promise<number> {
  const bench = await import('../../conformance/index.ts');
  const given = options.subjects === true ? [...named, ...installedSubjects(bench, named, context)] : named;
  if (new Set(given).size !== given.length) throw new UsageError('A target is given twice');
  const plainly = bench.distinctlyNamed(given.map((text) => bench.parseTarget(text, options.allowHost)));
  const targets = bench.withWsPath(plainly, options.wsPath);
  const whole = await onlyFailed(bench, planOf(bench, options), options, targets);
  const plan = { ...whole, cases: partOf(whole.cases, options.shard), h2spec: partOf(whole.h2spec, options.shard) };
  if (options.list === true) {
    for (const one of [...plan.cases, ...plan.h2spec])
      context.out.line(`${one.id}\t${one.level}\t${one.rfc}\t${one.title}`);
    return 0;
  }
  if (given.length === 0)
    throw new UsageError(
      'No target: give a URL, "cmd:<start command with {port}>", a subject (aeronet list --subjects), or --subjects',
    );
  const h2spec = whole.h2spec.length > 0 ? await bench.findH2spec(process.env) : undefined;
  const reports = await import('../../reports/index.ts');
  const files = options.expectations ?? subjectExpectations(given, bench.findSubject);
  const expectations = await reports.readExpectations(files);

  await makeOut(options.out);
  const results = bench.openResultsFile(options.out);
  const events: ReportEvent[] = [];
  const line = context.progress.start('conform', (plan.cases.length + plan.h2spec.length) * targets.length);
  let done = 0;
  let failed = 0;
  const again = optionsAgain(options);
  const emit = (told: ReportEvent) => {
    const event = told.kind === 'case' ? { ...told, repro: `${told.repro}${again}` } : told;
    events.push(event);
    results.write(event);
    if (options.json === true) context.out.line(JSON.stringify(event));
    if (event.kind !== 'case') return;
    if (['fail', 'hang', 'crash'].includes(event.verdict)) failed++;
    line.update(++done, failed === 0 ? undefined : `${failed} not allowed`);
  };
  try {
    const run = {
      timeoutMs: options.timeout,
      seed: options.seed ?? Math.floor(Math.random() * 0xffff_ffff),
      out: options.out,
      signal: context.signal,
      version: context.version,
      command: context.commandLine,
      emit,
    };
    // A part may be empty; that it ran is told all the same.
    if (whole.cases.length > 0) {
      const shard = shardOf(options.shard, whole.cases, given);
      await bench.runConformance(targets, plan.cases, { ...run, ...shard, parallel: options.jobs, scope: plan.scope });
    }
    if (h2spec !== undefined && !context.signal.aborted) {
      const shard = shardOf(options.shard, whole.h2spec, given);
      await bench.runH2spec(targets, plan.h2spec, { ...run, ...shard, binary: h2spec, scope: plan.h2specScope });
    }
  } catch (error) {
    if (done > 0) context.err.note(`results so far: ${results.path}`);
    throw error;
  } finally {
    line.end();
    results.close();
  }
  const report = reports.foldReport([{ name: results.path, events }]);
  const gate = reports.decideGate(report, expectations, { aloneShard: options.shard !== undefined });
  if (options.json !== true) {
    const { color, verbose } = context;
    context.out.write(reports.renderTerminal(report, gate, { color, verbose, folder: options.out }));
  }
  context.err.note(`results: ${results.path}`);
  return options.gate ? gate.exit : 0;
}

/** Names of the subjects that can be started here and were not named; those that cannot are told. */
function installedSubjects(bench: Bench, named: readonly string[], context: CliContext): readonly string[] {
  const missing = bench.SUBJECTS.filter((subject) => !bench.isInstalled(subject)).map(({ name }) => name);
  if (missing.length > 0)
    context.err.line(`not installed, so not tested: ${missing.join(', ')} (npm run setup:subjects)`);
  return bench.subjectNames().filter((name) => !missing.includes(name) && !named.includes(name));
}

/** Options without which a case would not fail again: it would not be reached, not be waited for, or be known. */
function optionsAgain({ allowHost, timeout, wsPath, expectations = [] }: ConformOptions): string {
  const words = [
    ...allowHost.flatMap((host) => ['--allow-host', host]),
    ...(timeout === DEFAULT_TIMEOUT_MS ? [] : ['--timeout', String(timeout)]),
    ...(wsPath === undefined ? [] : ['--ws-path', wsPath]),
    ...expectations.flatMap((file) => ['--expectations', file]),
  ];
  return words.map((word) => ` ${shellWord(word)}`).join('');
}

/** What is run of each suite. A run of one suite alone says nothing about expectations of the other's cases. */
function planOf(bench: Bench, options: ConformOptions): Plan {
  const own = options.case.filter((selector) => !IS_H2SPEC.test(selector));
  const others = options.case.filter((selector) => IS_H2SPEC.test(selector));
  const suite = options.suite ?? (others.length === 0 ? 'native' : own.length === 0 ? 'h2spec' : 'all');
  if (suite === 'native' && others.length > 0) throw new UsageError(`"${others[0]}" goes with --suite h2spec or all`);
  if (suite === 'h2spec' && own.length > 0) {
    throw new UsageError(`"${own[0]}" names no case of h2spec: write h2spec/http2/6.9/*, or --suite all`);
  }
  const level = levelOf(options.level?.toLowerCase());
  const cases = suite === 'h2spec' ? [] : bench.atLevel(bench.selectCases(bench.allCases, own), level);
  const h2spec = suite === 'native' ? [] : bench.selectH2spec(others, level);
  if (cases.length + h2spec.length === 0) {
    throw new bench.BenchError(5, `Nothing is left to run: no selected case has level ${options.level}`);
  }
  const scope = cases.length === bench.allCases.length ? 'full' : 'filtered';
  const isAll = scope === 'full' && h2spec.length === bench.H2SPEC_CASES.length;
  return { cases, h2spec, scope, h2specScope: isAll ? 'full' : 'filtered' };
}

/** Of a plan, what failed the last time; all of it where that was not asked for. */
async function onlyFailed(
  bench: Bench,
  plan: Plan,
  options: ConformOptions,
  targets: readonly { readonly name: string }[],
): Promise<Plan> {
  if (options.lastFailed !== true) return plan;
  const names = targets.map(({ name }) => name);
  const failed = new Set(await lastFailed(options.out, names));
  const cases = plan.cases.filter(({ id }) => failed.has(id));
  const h2spec = plan.h2spec.filter(({ id }) => failed.has(id));
  if (cases.length + h2spec.length === 0) {
    throw new bench.BenchError(5, `Nothing is left to run: of what is selected, nothing failed in ${options.out}`);
  }
  return { cases, h2spec, scope: 'filtered', h2specScope: 'filtered' };
}

/** Every n-th of them, so that each part has something of each area. */
const partOf = <T>(cases: readonly T[], shard: ShardOf | undefined): readonly T[] =>
  shard === undefined ? cases : cases.filter((_, at) => at % shard.total === shard.index - 1);

/** Which part of what: parts of the same cases and targets belong together. */
function shardOf(shard: ShardOf | undefined, cases: readonly { readonly id: string }[], targets: readonly string[]) {
  if (shard === undefined) return {};
  const digest = createHash('sha256').update(JSON.stringify([targets, cases.map(({ id }) => id)]));
  return { shard: { ...shard, set: digest.digest('hex').slice(0, 16) } };
}

const IS_H2SPEC = /^!?h2spec\//;

function levelOf(level: string | undefined): (typeof LEVELS)[keyof typeof LEVELS] {
  if (level === undefined) return 'MAY';
  if (level === 'must' || level === 'should' || level === 'may') return LEVELS[level];
  throw new UsageError(`Unknown level "${level}": write must, should or may`);
}

/** Known failures come with a subject; a file that is missing is an error, not an empty list. */
function subjectExpectations(
  given: readonly string[],
  findSubject: (name: string) => { readonly expectations?: string } | undefined,
): readonly string[] {
  return given.flatMap((name) => findSubject(name)?.expectations ?? []);
}
