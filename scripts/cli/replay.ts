import type { Command } from 'commander';
import type { CorpusEntryFile, EventLog, Replayed } from '../../fuzz/index.ts';
import type { CliContext, CommandModule } from './command.ts';
import { printable } from './fuzz-text.ts';
import { hangOption } from './option-values.ts';
import { shellWord } from './shell-word.ts';

interface ReplayOptions {
  readonly target?: string;
  readonly corpus?: string;
  readonly out: string;
  readonly dist?: string;
  readonly hang: number;
  readonly json?: boolean;
}

const DEFAULT_OUT = '.aeronet';

/** `aeronet replay <entry…>`: runs saved entries again. */
export const replayCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('replay')
      .description(
        'run saved fuzz entries again: exit code 1 when one fails; shown with its octets, the events that its subject told, and the stack',
      )
      .argument('<entries...>', 'crash bundles, signatures or their beginning, seeds, folders such as corpus')
      .option('--target <name>', 'fuzz target of files that are in no corpus')
      .option('--corpus <dir>', 'the committed corpus (default: corpus)')
      .option('-o, --out <dir>', 'where campaigns put their findings', DEFAULT_OUT)
      .addOption(hangOption())
      .option('--dist <dir>', 'run them on another built tree')
      .option('--json', 'print events as NDJSON on stdout')
      .action(
        context.action((entries: readonly string[], options: ReplayOptions) => replayAll(entries, options, context)),
      );
  },
};

async function replayAll(operands: readonly string[], options: ReplayOptions, context: CliContext): Promise<number> {
  const room = await import('../../fuzz/index.ts');
  const { runStart } = await import('./event-log.ts');
  const tree = options.dist === undefined ? room.builtTree() : room.namedTree(options.dist);
  const corpus = options.corpus ?? room.defaultCorpus();
  const entries = room.openEntries(operands, { corpus, out: options.out, target: options.target });
  const startedAt = performance.now();
  const isJson = options.json === true;
  if (isJson) context.out.line(JSON.stringify(runStart('replay', context, 0)));

  const line = context.progress.start('replay', entries.length);
  const boxes = room.sandboxes(tree, options.hang);
  const counts = { passes: 0, open: 0, gone: 0, broken: 0 };
  /** Entries that cannot be judged here, by target. */
  const skipped = new Map<string, number>();
  let done = 0;
  try {
    for (const group of groupsOf(entries)) {
      if (context.signal.aborted) break;
      const { target } = group[0];
      const box = await boxes.of(target).catch((error: unknown) => {
        if (error instanceof room.MissingPackageError) return error;
        throw error;
      });
      if (box instanceof room.MissingPackageError) {
        if (!skipped.has(target)) context.err.line(`aeronet: not replayed: ${box.message}`);
        skipped.set(target, (skipped.get(target) ?? 0) + group.length);
        done += group.length;
        continue;
      }
      for (const replayed of await room.replayAll(group, box)) {
        counts[replayed.outcome]++;
        done++;
        // Who names one entry wants to see it, whatever becomes of it.
        const isAskedFor = replayed.outcome !== 'passes' || entries.length === 1;
        const log = isAskedFor ? await room.eventsOf(replayed, box) : undefined;
        if (isJson) {
          const event = room.replayEvent(replayed, log);
          const repro = again(replayed.entry, options);
          if (event !== undefined) context.out.line(JSON.stringify({ ...event, repro }));
        } else if (isAskedFor || context.verbose) {
          const views = isAskedFor ? viewsOf(replayed, log, room) : [];
          context.out.write(describe(replayed, views, context, options));
        }
      }
      line.update(done, `${counts.open + counts.broken} failed`);
    }
  } finally {
    line.end();
    await boxes.close();
  }
  const elapsedMs = performance.now() - startedAt;
  if (isJson) context.out.line(JSON.stringify({ kind: 'run-end', elapsedMs, complete: done === entries.length }));
  else context.out.line(summary(counts, entries.length, done, skipped));
  if (counts.open + counts.broken > 0) return 1;
  // Nothing to run is no proof that nothing fails.
  const judged = counts.passes + counts.gone;
  return judged === 0 || done < entries.length ? 5 : 0;
}

/** Most entries that are run before anything is said. */
const GROUP = 64;

/** Neighbours of one target together. */
function groupsOf(entries: readonly CorpusEntryFile[]): (readonly [CorpusEntryFile, ...CorpusEntryFile[]])[] {
  const groups: [CorpusEntryFile, ...CorpusEntryFile[]][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last === undefined || last[0].target !== entry.target || last.length >= GROUP) groups.push([entry]);
    else last.push(entry);
  }
  return groups;
}

const OUTCOMES = {
  passes: { word: 'passes', colour: 'green' },
  open: { word: 'STILL FAILS', colour: 'red' },
  gone: { word: 'FAILS NO MORE', colour: 'yellow' },
  broken: { word: 'FAILS', colour: 'red' },
} as const;

/** The octets of an entry, and what the subject said of them. */
function viewsOf(
  { input, failure }: Replayed,
  log: EventLog | undefined,
  { hexView, logText, thrownAt }: Pick<typeof import('../../fuzz/index.ts'), 'hexView' | 'logText' | 'thrownAt'>,
): string[] {
  if (log === undefined) return hexView(input, failure?.offset);
  const offset = failure?.offset ?? thrownAt(log);
  return [...hexView(input, offset), ...logText(log, offset)];
}

function describe(
  { entry, failure, outcome }: Replayed,
  views: readonly string[],
  { out }: CliContext,
  options: ReplayOptions,
): string {
  const { word, colour } = OUTCOMES[outcome];
  const lines = [`${out.style(colour, word)}  ${printable(entry.path)} (${entry.target})`];
  if (entry.kind === 'crash') {
    const { meta } = entry.bundle;
    const since = meta.commit === 'unknown' ? '' : ` at ${meta.commit.slice(0, 12)}`;
    lines.push(
      `  ${meta.signature}, ${meta.status}, first seen ${meta.firstSeen}${since}, reproduced ${meta.reproduced}`,
    );
    if (meta.fixed !== undefined) lines.push(`  found fixed ${meta.fixed.at} at ${meta.fixed.commit.slice(0, 12)}`);
  }
  if (failure !== undefined) {
    lines.push(`  ${failure.kind} ${failure.signature}: ${printable(failure.message)}`);
    const stack = failure.stack.split('\n').filter((frame) => frame !== '');
    lines.push(...stack.slice(0, 12).map((frame) => `  ${printable(frame)}`));
  }
  if (outcome === 'gone' && entry.kind === 'crash')
    lines.push(`  keep it so: npx aeronet corpus close ${entry.bundle.meta.signature}`);
  lines.push(...views);
  if (failure !== undefined) {
    lines.push(`  again: ${printable(again(entry, options))}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The command that runs one entry again, as a shell takes it. */
function again(entry: CorpusEntryFile, options: ReplayOptions): string {
  const { target, corpus, out, dist } = options;
  const given = {
    target: entry.kind === 'seed' ? target : undefined,
    corpus,
    out: out === DEFAULT_OUT ? undefined : out,
    dist,
  };
  const words = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  return ['npx aeronet replay', ...[entry.path, ...words].map(shellWord)].join(' ');
}

function summary(
  counts: Record<Replayed['outcome'], number>,
  all: number,
  done: number,
  skipped: ReadonlyMap<string, number>,
): string {
  const parts = [`${counts.passes} passed`, `${counts.open + counts.broken} failed`];
  if (counts.gone > 0) parts.push(`${counts.gone} fail no more`);
  for (const [target, count] of skipped) parts.push(`${count} of ${target} not judged here`);
  if (done < all) parts.push(`${all - done} not run`);
  return `replay: ${parts.join(', ')}`;
}
