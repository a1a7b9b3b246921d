import { join } from 'node:path';
import type { Command } from 'commander';
import type { CampaignStatus } from '../../fuzz/index.ts';
import type { FuzzStatsEvent, ReportEvent } from '../../reports/schema.ts';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { statusView } from './fuzz-status.ts';
import { describeFinding } from './fuzz-text.ts';
import { bytes, DEFAULT_HANG_MS, hangOption, integer, seed } from './option-values.ts';
import { shellWord } from './shell-word.ts';
import { makeOut } from './write-files.ts';

interface FuzzOptions {
  readonly engine: string;
  readonly budget: string;
  readonly workers: number;
  readonly maxMemory?: number;
  readonly maxDisk: number;
  readonly plateau: boolean;
  readonly seed: number;
  readonly corpus?: string;
  readonly out: string;
  readonly saveTo?: string;
  readonly dist?: string;
  readonly dict?: string;
  readonly hang: number;
  readonly fresh?: boolean;
  readonly shrink?: boolean;
  readonly stopAtFirst?: boolean;
  readonly json?: boolean;
  readonly export?: string;
}

const MIB = 1_048_576;
const TIB = 1_099_511_627_776;

/** `aeronet fuzz [target…]`: a campaign with a budget. */
export const fuzzCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('fuzz')
      .description('fuzz campaign, coverage-guided: exit code 1 when something fails')
      .argument('[targets...]', 'fuzz targets, e.g. http1-request; all when none is named')
      .option('-b, --budget <amount>', 'of the whole campaign: 30s, 10m, 8h, 1e5execs', '60s')
      .option('-w, --workers <n>', 'at a time; with 1 the same seed does the same again', integer(1, 64), 1)
      .option('--engine <name>', 'aeronet, jsfuzz, jazzer, fast-check or replay', 'aeronet')
      .option('--seed <n>', 'where chance begins', seed, 1)
      .option('--corpus <dir>', 'seeds and saved crashes to begin with (default: corpus)')
      .option('-o, --out <dir>', 'findings, generated inputs and fuzz.ndjson', '.aeronet')
      .option('--save-to <dir>', 'a corpus that new crash bundles go to, instead of <out>/fuzz')
      .option('--fresh', 'begin anew, without what earlier campaigns generated and counted')
      .option('--no-plateau', 'go on with targets that find nothing any more')
      .option('--max-memory <size>', 'of the process (default: half of the machine, at most 4G)', bytes(256 * MIB, TIB))
      .option('--max-disk <size>', 'of generated inputs', bytes(MIB, TIB), 1_024 * MIB)
      .option('--shrink', 'at the end, remove generated inputs that reach nothing that others do not')
      .option('-x, --stop-at-first', 'end with the first finding')
      .option('--dict <file>', "more words, in AFL's dictionary syntax")
      .addOption(hangOption())
      .option('--dist <dir>', 'fuzz another built tree, e.g. one with a bug planted in it')
      .option('--export <dir>', 'run nothing: write the targets as modules for Jazzer.js, OSS-Fuzz and ClusterFuzzLite')
      .option('--json', 'print the events as NDJSON on stdout')
      .addHelpText(
        'after',
        `
Examples:
  $ aeronet fuzz http1-request --budget 30s
  $ aeronet fuzz --workers 4 --budget 8h           all targets; broken off and started again it goes on
  $ aeronet fuzz http1-request http1-connection --budget 8h --seed 7
  $ aeronet fuzz http1-request -x --dist ../broken/dist    until the first finding, on another build`,
      )
      .action(context.action((targets: readonly string[], options: FuzzOptions) => fuzz(targets, options, context)));
  },
};

async function fuzz(named: readonly string[], options: FuzzOptions, context: CliContext): Promise<number> {
  const room = await import('../../fuzz/index.ts');
  const { openEventLog } = await import('./event-log.ts');
  const { engine } = options;
  if (!room.isEngineName(engine)) throw new UsageError(`no engine "${engine}"; there are: ${room.ENGINES.join(', ')}`);
  const budget = room.parseBudget(options.budget);
  const tree = options.dist === undefined ? room.builtTree() : room.namedTree(options.dist);
  if (options.corpus !== undefined) room.demandCorpus(options.corpus);
  const corpus = options.corpus ?? room.defaultCorpus();
  const extraWords = options.dict === undefined ? [] : room.readDictionaryFile(options.dict);
  const targets = named.length === 0 ? room.targetNames(tree) : [...new Set(named)];
  // Before the log of an earlier run is begun anew.
  for (const target of targets) room.checkTargetName(tree, target);
  if (options.export !== undefined) {
    const corpus = options.corpus ?? room.defaultCorpus();
    for (const { module, seeds } of await room.exportTargets(tree, targets, corpus, options.export))
      context.out.line(`${module}: ${seeds} seeds`);
    return 0;
  }
  await room.demandEngine(engine);
  await makeOut(options.out);
  const log = openEventLog(join(options.out, 'fuzz.ndjson'));
  const startedAt = performance.now();
  const stop = new AbortController();
  // What fails on another tree, or for being slow, is reproduced by the same.
  const again =
    (options.dist === undefined ? '' : ` --dist ${shellWord(options.dist)}`) +
    (options.hang === DEFAULT_HANG_MS ? '' : ` --hang ${options.hang}ms`);
  const emit = (told: ReportEvent): void => {
    const event = told.kind === 'finding' ? { ...told, repro: `${told.repro}${again}` } : told;
    log.write(event);
    if (event.kind === 'finding' && event.status === 'open' && options.stopAtFirst === true) stop.abort();
    if (options.json === true) context.out.line(JSON.stringify(event));
    else if (event.kind === 'finding' && (event.status === 'open' || context.verbose))
      context.out.write(describeFinding(event, context.out));
    else if (event.kind === 'fuzz-stats') context.out.line(statsLine(event));
  };
  emit(log.runStart('fuzz', context, options.seed));

  const isTimed = budget.executions === Number.MAX_SAFE_INTEGER;
  let latest: CampaignStatus | undefined;
  const frame = { targets: targets.length, workers: options.workers, budget, isTimed };
  const block = context.progress.watch(statusView(frame, () => latest));
  const told = new Set<string>();
  let complete = false;
  let note: string | undefined;
  try {
    const result = await room.runCampaign({
      engine,
      targets,
      tree,
      corpus,
      out: options.out,
      ...(options.saveTo === undefined ? {} : { saveTo: options.saveTo }),
      budget,
      workers: options.workers,
      seed: options.seed,
      passOverMissing: named.length === 0,
      ...(options.plateau ? {} : { plateau: undefined }),
      maxDiskBytes: options.maxDisk,
      ...(options.maxMemory === undefined ? {} : { maxMemoryBytes: options.maxMemory }),
      fresh: options.fresh === true,
      extraWords,
      hangMs: options.hang,
      signal: AbortSignal.any([context.signal, stop.signal]),
      onEvent: emit,
      onStatus(status) {
        latest = status;
        for (const text of status.notes.filter((one) => !told.has(one))) {
          told.add(text);
          context.err.note(`aeronet: ${text}`);
        }
      },
    });
    block.end();
    for (const why of result.passedOver) context.err.note(`aeronet: passed over: ${why}`);
    if (result.atPlateau.length > 0) context.err.note(`at their plateau: ${result.atPlateau.join(', ')}`);
    if (options.shrink === true && !result.interrupted) {
      for (const target of targets) await shrink(room, target, tree, corpus, options, context);
    }
    const { untouched } = result;
    complete = !result.interrupted && untouched.length === 0;
    if (result.interrupted) note = stop.signal.aborted ? 'stopped at the first finding' : 'interrupted';
    else if (untouched.length > 0) {
      note = `the budget did not last for ${untouched.join(', ')}: give more, or name fewer targets`;
      context.err.note(`aeronet: ${note}`);
    }
    if (result.open.length > 0) return 1;
    return complete || result.interrupted ? 0 : 5;
  } catch (error) {
    note = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    block.end();
    emit({
      kind: 'run-end',
      elapsedMs: performance.now() - startedAt,
      complete,
      ...(note === undefined ? {} : { note }),
    });
    context.err.note(`results: ${log.path}`);
  }
}

/** Makes a target's generated inputs fewer, and says so. */
async function shrink(
  room: typeof import('../../fuzz/index.ts'),
  target: string,
  tree: string,
  corpus: string,
  options: FuzzOptions,
  context: CliContext,
): Promise<void> {
  const order = {
    tree,
    target,
    cache: join(options.out, 'instrumented'),
    hangMs: options.hang,
    signal: context.signal,
  };
  try {
    const shrunk = await room.shrinkGenerated(order, join(options.out, 'fuzz'), corpus);
    if (shrunk !== undefined) context.err.note(`${target}: ${shrunk.after} of ${shrunk.before} generated inputs kept`);
  } catch (error) {
    if (!(error instanceof room.MissingPackageError)) throw error;
    context.err.note(`aeronet: ${error.message}`);
  }
}

function statsLine(event: FuzzStatsEvent): string {
  const perCpuSecond = Math.round((event.executions / Math.max(1, event.cpuMs)) * 1_000);
  const edges = `${event.edgesHit} of ${event.edgesTotal} edges`;
  const work = `${event.executions} executions in ${(event.elapsedMs / 1_000).toFixed(1)} s, ${perCpuSecond} per CPU second`;
  return `${event.target}: ${work}, ${edges}, ${event.corpusEntries} inputs kept, ${event.replayed} saved entries replayed`;
}
