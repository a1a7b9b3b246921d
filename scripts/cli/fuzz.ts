import { join } from 'node:path';
import type { Command } from 'commander';
import type { FuzzStatsEvent, ReportEvent } from '../../reports/schema.ts';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { describeFinding } from './fuzz-text.ts';
import { DEFAULT_HANG_MS, hangOption, seed } from './option-values.ts';
import { shellWord } from './shell-word.ts';
import { makeOut } from './write-files.ts';

interface FuzzOptions {
  readonly engine: string;
  readonly budget: string;
  readonly seed: number;
  readonly corpus?: string;
  readonly out: string;
  readonly saveTo?: string;
  readonly dist?: string;
  readonly dict?: string;
  readonly hang: number;
  readonly fresh?: boolean;
  readonly stopAtFirst?: boolean;
  readonly json?: boolean;
  readonly export?: string;
}

/** `aeronet fuzz <target…>`: a campaign with a budget. */
export const fuzzCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('fuzz')
      .description('fuzz campaign, coverage-guided: exit code 1 when something fails')
      .argument('<targets...>', 'fuzz targets, e.g. http1-request')
      .option('-b, --budget <amount>', 'of the whole campaign: 30s, 10m, 8h, 1e5execs', '60s')
      .option('--engine <name>', 'aeronet, jsfuzz, jazzer, fast-check or replay', 'aeronet')
      .option('--seed <n>', 'the same seed does the same again', seed, 1)
      .option('--corpus <dir>', 'seeds and saved crashes to begin with (default: corpus)')
      .option('-o, --out <dir>', 'findings, generated inputs and fuzz.ndjson', '.aeronet')
      .option('--save-to <dir>', 'a corpus that new crash bundles go to, instead of <out>/fuzz')
      .option('--fresh', 'without the inputs that earlier campaigns generated')
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
  $ aeronet fuzz http1-request http1-connection --budget 8h --seed 7
  $ aeronet fuzz http1-request -x --dist ../broken/dist    until the first finding, on another build`,
      )
      .action(context.action((targets: readonly string[], options: FuzzOptions) => fuzz(targets, options, context)));
  },
};

async function fuzz(targets: readonly string[], options: FuzzOptions, context: CliContext): Promise<number> {
  const room = await import('../../fuzz/index.ts');
  const { openEventLog } = await import('./event-log.ts');
  const { engine } = options;
  if (!room.isEngineName(engine)) throw new UsageError(`no engine "${engine}"; there are: ${room.ENGINES.join(', ')}`);
  const budget = room.parseBudget(options.budget);
  const tree = options.dist === undefined ? room.builtTree() : room.namedTree(options.dist);
  if (options.corpus !== undefined) room.demandCorpus(options.corpus);
  const extraWords = options.dict === undefined ? [] : room.readDictionaryFile(options.dict);
  // Before the log of an earlier run is begun anew.
  for (const target of targets) room.checkTargetName(tree, target);
  if (options.export !== undefined) {
    const corpus = options.corpus ?? room.defaultCorpus();
    for (const { module, seeds } of await room.exportTargets(tree, targets, corpus, options.export))
      context.out.line(`${module}: ${seeds} seeds`);
    return 0;
  }
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
  const line = context.progress.start('fuzz', isTimed ? Math.round(budget.timeMs / 1_000) : budget.executions);
  let complete = false;
  let note: string | undefined;
  try {
    const result = await room.runCampaign({
      engine,
      targets,
      tree,
      corpus: options.corpus ?? room.defaultCorpus(),
      out: options.out,
      ...(options.saveTo === undefined ? {} : { saveTo: options.saveTo }),
      budget,
      seed: options.seed,
      fresh: options.fresh === true,
      extraWords,
      hangMs: options.hang,
      signal: AbortSignal.any([context.signal, stop.signal]),
      onEvent: emit,
      onStatus({ target, stats, findings, elapsedMs }) {
        const rate = Math.round((stats.executions / Math.max(1, stats.elapsedMs)) * 1_000);
        const edges = `${stats.edgesHit}/${stats.edgesTotal} edges`;
        const text = `${target}: ${rate} exec/s, ${edges}, ${stats.corpusEntries} inputs, ${findings} ${findings === 1 ? 'finding' : 'findings'}`;
        line.update(
          isTimed ? Math.min(Math.round(elapsedMs / 1_000), Math.round(budget.timeMs / 1_000)) : stats.executions,
          text,
        );
      },
    });
    complete = !result.interrupted;
    if (result.interrupted) note = stop.signal.aborted ? 'stopped at the first finding' : 'interrupted';
    return result.open.length > 0 ? 1 : 0;
  } catch (error) {
    note = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    line.end();
    emit({
      kind: 'run-end',
      elapsedMs: performance.now() - startedAt,
      complete,
      ...(note === undefined ? {} : { note }),
    });
    context.err.note(`results: ${log.path}`);
  }
}

function statsLine(event: FuzzStatsEvent): string {
  const perCpuSecond = Math.round((event.executions / Math.max(1, event.cpuMs)) * 1_000);
  const edges = `${event.edgesHit} of ${event.edgesTotal} edges`;
  const work = `${event.executions} executions in ${(event.elapsedMs / 1_000).toFixed(1)} s, ${perCpuSecond} per CPU second`;
  return `${event.target}: ${work}, ${edges}, ${event.corpusEntries} inputs kept, ${event.replayed} saved entries replayed`;
}
