import { join } from 'node:path';
import type { Command } from 'commander';
import type { BenchEvent } from '../../reports/schema.ts';
import { addFuzzBenchOptions, FUZZ_BENCHES, type FuzzBenchOptions } from './bench-fuzz.ts';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { durationMs, integer, list } from './option-values.ts';

interface BenchOptions extends FuzzBenchOptions {
  readonly rounds?: number;
  readonly duration?: number;
  readonly vs: readonly string[];
  readonly control?: boolean;
  readonly bound?: boolean;
  readonly json?: boolean;
  readonly list?: boolean;
  readonly base?: string;
  readonly repeat: number;
  readonly out?: string;
}

/** `aeronet bench`: the core beside other servers, in work per second of processor time. */
export const benchCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    const bench = program
      .command('bench')
      .description('measure the core beside other servers, in work per second of processor time')
      .argument(
        '[scenarios...]',
        'names, or what some begin with, such as files or h2c; all for none; or engines, planted, or numbers',
      )
      .option('--rounds <n>', 'times that each is measured (default: 10, of engines 3)', integer(3, 1_000))
      .option('--duration <time>', 'length of one run (default: 1s, of engines 60s)', durationMs(100, 3_600_000))
      .option('--vs <servers>', 'beside these only: node:http, node:http2, node:https, node:tls, nginx', list, [])
      .option('--control', 'the other server beside itself: what the noise of the machine looks like')
      .option('--bound', "beside what no server on Node's sockets can beat")
      .option('--base <dir>', 'beside the same server of another, built checkout, and that one beside itself')
      .option('--repeat <n>', 'times that each scenario is measured; the second confirms the first', integer(1, 100), 1)
      .option('-o, --out <dir>', 'write bench.ndjson into this folder, for "aeronet gate" and "aeronet report"')
      .option('--json', 'one JSON object a scenario')
      .option('--list', 'the scenarios');
    addFuzzBenchOptions(bench)
      .addHelpText(
        'after',
        `
Examples:
  $ aeronet bench files                    files by sendfile and without, over plain sockets, TLS and HTTP/2
  $ aeronet bench files-plain --vs nginx
  $ aeronet bench h2c h1-keepalive --rounds 20 --duration 2s
  $ aeronet bench h1 h2c --base ../base --repeat 2 --out .aeronet && aeronet gate .aeronet/bench.ndjson
  $ aeronet bench engines hpack-decode     fuzz engines: executions per CPU second, branches
  $ aeronet bench planted --budget 10m     known bugs in a copy of the core, one campaign each
  $ aeronet bench numbers                  what campaigns are held to, beside its bar`,
      )
      .action(
        context.action((scenarios: readonly string[], options: BenchOptions) => measure(scenarios, options, context)),
      );
  },
};

async function measure(scenarios: readonly string[], options: BenchOptions, context: CliContext): Promise<number> {
  const [first = '', ...names] = scenarios;
  const fuzzBench = Object.hasOwn(FUZZ_BENCHES, first) ? FUZZ_BENCHES[first] : undefined;
  if (fuzzBench !== undefined) return fuzzBench(names, options, context);
  const { runBench, SCENARIO_NAMES } = await import('../bench/run.ts');
  if (options.list === true) {
    for (const name of SCENARIO_NAMES) context.out.line(name);
    return 0;
  }
  const {
    rounds = 10,
    duration = 1_000,
    vs,
    control = false,
    bound = false,
    json = false,
    base,
    repeat,
    out,
  } = options;
  if (base !== undefined && (control || bound || vs.length > 0)) {
    throw new UsageError('--base measures beside the base alone: leave --vs, --control and --bound out');
  }
  const { openEventLog } = await import('./event-log.ts');
  const log = out === undefined ? undefined : openEventLog(join(out, 'bench.ndjson'));
  log?.write(log.runStart('bench', context, 0));
  const startedMs = performance.now();
  const measured = {
    scenarios,
    rounds,
    seconds: duration / 1_000,
    against: vs,
    isControl: control,
    withBound: bound,
    json,
    repeat,
    ...(base === undefined ? {} : { base }),
  };
  const output = {
    line: (text: string): void => context.out.line(text),
    note: (text: string): void => context.err.note(text),
    record: (event: BenchEvent): void => log?.write(event),
  };
  let complete = false;
  try {
    await runBench(measured, output, context.signal);
    complete = true;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    if (!context.signal.aborted) throw error;
  } finally {
    const elapsedMs = Math.round(performance.now() - startedMs);
    log?.write({ kind: 'run-end', elapsedMs, complete, ...(complete ? {} : { note: 'broken off' }) });
  }
  if (log !== undefined) context.err.note(`results: ${log.path}`);
  return 0;
}
