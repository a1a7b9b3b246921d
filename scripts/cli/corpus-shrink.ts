/** `aeronet corpus cmin`, `merge` and `import`: fewer inputs with the same coverage, more of it, and what others left. */
import { join } from 'node:path';
import type { Command } from 'commander';
import type { MeasureOptions, Provenance, Shrunk } from '../../fuzz/index.ts';
import { type CliContext, UsageError } from './command.ts';
import { printable } from './fuzz-text.ts';
import { hangOption, list } from './option-values.ts';
import { shellWord } from './shell-word.ts';

interface CommonOptions extends Provenance {
  readonly corpus?: string;
  readonly out: string;
  readonly dist?: string;
  readonly hang: number;
  readonly json?: boolean;
}

interface CminOptions extends CommonOptions {
  readonly from?: readonly string[];
  readonly to?: string;
}

interface MergeOptions extends CommonOptions {
  readonly target?: string;
}

interface ImportOptions extends CommonOptions {
  readonly engine: string;
}

/** Adds the three to `aeronet corpus`. */
export function registerShrinking(corpus: Command, context: CliContext): void {
  const cminCommand = corpus
    .command('cmin')
    .description('choose the fewest seeds that reach every edge as often as all of them do')
    .argument('[targets...]', 'fuzz targets (default: all that the corpus has)')
    .option('--from <dirs>', 'folders of inputs in place of the seeds, of one target', list)
    .option('--to <dir>', 'write the chosen into this corpus; without it they are only counted')
    .action(context.action((targets: readonly string[], options: CminOptions) => cmin(targets, options, context)));
  const mergeCommand = corpus
    .command('merge')
    .description('bring in the inputs that add coverage, and no others')
    .argument('<dirs...>', 'another corpus, <out>/fuzz of campaigns, or folders of inputs with --target')
    .option('--target <name>', 'whose inputs these are')
    .action(context.action((dirs: readonly string[], options: MergeOptions) => merge(dirs, options, context)));
  const importCommand = corpus
    .command('import')
    .description('take in the inputs of AFL, libFuzzer or jsfuzz: seeds where they pass, crash bundles where they fail')
    .argument('<target>', 'whose inputs these are')
    .argument('<dirs...>', 'folders of plain files, or files')
    .option('--engine <name>', 'what made them, for the crash bundles', 'import')
    .action(
      context.action((target: string, dirs: readonly string[], options: ImportOptions) =>
        importAll(target, dirs, options, context),
      ),
    );
  for (const [command, set] of [
    [cminCommand, 'cmin'],
    [mergeCommand, 'merged'],
    [importCommand, 'imported'],
  ] as const) {
    command
      .option('--corpus <dir>', 'the corpus (default: corpus)')
      .option('-o, --out <dir>', 'instrumented modules, and crash bundles below fuzz', '.aeronet')
      .option('--set <name>', 'set of the manifest that new seeds join', set)
      .option('--origin <text>', 'where they come from', `aeronet corpus ${command.name()}`)
      .option('--licence <name>', 'SPDX name', 'MIT')
      .addOption(hangOption())
      .option('--dist <dir>', 'run them on another built tree')
      .option('--json', 'as NDJSON, one object a target');
  }
}

type Room = typeof import('../../fuzz/index.ts');

/** What the three have in common. */
async function prepare(options: CommonOptions, context: CliContext) {
  const room = await import('../../fuzz/index.ts');
  const tree = options.dist === undefined ? room.builtTree() : room.namedTree(options.dist);
  const corpus = options.corpus ?? room.defaultCorpus();
  const measure = (target: string): MeasureOptions => {
    room.checkTargetName(tree, target);
    return { tree, target, cache: join(options.out, 'instrumented'), hangMs: options.hang, signal: context.signal };
  };
  return { room, tree, corpus, measure };
}

async function cmin(named: readonly string[], options: CminOptions, context: CliContext): Promise<number> {
  const { room, tree, corpus, measure } = await prepare(options, context);
  if (options.from === undefined) room.demandCorpus(corpus);
  const all = room.targetNames(tree);
  const targets = named.length > 0 ? named : all.filter((target) => room.seedsOf(corpus, target).length > 0);
  const [only] = targets;
  if (options.from !== undefined && (named.length !== 1 || only === undefined)) {
    throw new UsageError('Folders of inputs belong to one target: name it before --from');
  }
  if (options.to !== undefined && room.isSameFolder(options.to, corpus)) {
    throw new UsageError(`Give --to another folder than ${corpus}: no tool deletes what a corpus holds`);
  }
  const orders = targets.map(measure);
  let failing = 0;
  for (const order of orders) {
    const inputs =
      options.from === undefined ? room.seedsOf(corpus, order.target) : room.readForeign(options.from).inputs;
    const shrunk = await judgeable(room, order, context, () => room.cmin(order, inputs));
    if (shrunk === undefined) continue;
    if (options.to !== undefined) room.writeChoice(corpus, options.to, shrunk, provenanceOf(options));
    failing += tell(shrunk, `${shrunk.kept.length} of ${shrunk.inputs} inputs reach the same`, options, context);
  }
  return failing > 0 ? 1 : 0;
}

async function merge(dirs: readonly string[], options: MergeOptions, context: CliContext): Promise<number> {
  const { room, tree, corpus, measure } = await prepare(options, context);
  if (options.target !== undefined) room.checkTargetName(tree, options.target);
  const offers = dirs.flatMap((dir) => room.offersOf(dir, room.targetNames(tree), options.target));
  const targets = [...new Set(offers.map((offer) => offer.target))];
  let failing = 0;
  for (const target of targets) {
    const inputs = offers.flatMap((offer) => (offer.target === target ? offer.inputs : []));
    const order = measure(target);
    const shrunk = await judgeable(room, order, context, () => room.merge(order, inputs, room.seedsOf(corpus, target)));
    if (shrunk === undefined) continue;
    room.writeSeeds(
      corpus,
      target,
      shrunk.kept.map(({ input }) => input),
      provenanceOf(options),
    );
    failing += tell(shrunk, `${shrunk.kept.length} of ${shrunk.inputs} inputs add something`, options, context);
  }
  return failing > 0 ? 1 : 0;
}

async function importAll(
  target: string,
  dirs: readonly string[],
  options: ImportOptions,
  context: CliContext,
): Promise<number> {
  const { room, tree, corpus } = await prepare(options, context);
  room.checkTargetName(tree, target);
  const folder = room.readForeign(dirs);
  if (folder.inputs.length + folder.tooLong.length === 0)
    throw new UsageError(`No inputs in ${dirs.join(', ')}: name a folder that holds some`);
  for (const path of folder.tooLong)
    context.err.line(`aeronet: left out: ${printable(path)} is longer than an input may be`);
  const boxes = room.sandboxes(tree, options.hang);
  try {
    const places = { corpus, crashRoot: join(options.out, 'fuzz'), target, engine: options.engine };
    const imported = await room.importInputs(
      folder,
      places,
      provenanceOf(options),
      await boxes.of(target),
      context.signal,
    );
    const isNew = imported.seeds.filter((seed) => seed.isNew).length;
    const facts = {
      target,
      inputs: folder.inputs.length,
      added: isNew,
      known: imported.seeds.length - isNew,
      alike: imported.alike,
      tooLong: folder.tooLong.length,
    };
    const crashes = imported.crashes.map(({ meta, folder: path }) => ({
      signature: meta.signature,
      message: meta.message,
      bundle: path,
    }));
    if (options.json === true) context.out.line(JSON.stringify({ ...facts, crashes }));
    else {
      for (const { signature, message, bundle } of crashes) {
        const again = [bundle, ...(options.dist === undefined ? [] : ['--dist', options.dist])].map(shellWord);
        context.out.line(`FAILS ${signature}: ${printable(message)}\n  again: npx aeronet replay ${again.join(' ')}`);
      }
      context.out.line(
        `${target}: ${isNew} seeds added, ${facts.known} were there, ${crashes.length} crashes (${facts.alike} more are like them)`,
      );
    }
    return crashes.length > 0 ? 1 : 0;
  } finally {
    await boxes.close();
  }
}

/** Undefined, and said, where the target compares with a package that is not installed here. */
async function judgeable(
  room: Room,
  order: MeasureOptions,
  context: CliContext,
  run: () => Promise<Shrunk>,
): Promise<Shrunk | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof room.MissingPackageError)) throw error;
    context.err.line(`aeronet: left out: ${order.target}: ${error.message}`);
    return undefined;
  }
}

/** Says what was chosen; answers how many inputs fail. */
function tell(shrunk: Shrunk, verdict: string, options: CommonOptions, context: CliContext): number {
  const { target, inputs, inputBytes, kept, keptBytes, features, featuresBefore, failing } = shrunk;
  for (const { path } of failing) {
    context.err.line(
      `aeronet: left out: ${printable(path)} fails: npx aeronet replay ${printable(path)} --target ${target}`,
    );
  }
  const [loadMs, runMs, chooseMs] = [shrunk.loadMs, shrunk.runMs, shrunk.chooseMs].map(Math.round);
  if (options.json === true) {
    const facts = {
      target,
      inputs,
      inputBytes,
      kept: kept.length,
      keptBytes,
      features,
      featuresBefore,
      failing: failing.length,
    };
    context.out.line(JSON.stringify({ ...facts, loadMs, runMs, chooseMs, files: kept.map(({ path }) => path) }));
  } else {
    const more = featuresBefore === 0 ? '' : `, ${featuresBefore} of them before`;
    context.out.line(
      `${target}: ${verdict}, ${keptBytes} of ${inputBytes} octets; ${features} edges with their counts${more} (load ${loadMs} ms, run ${runMs} ms, choose ${chooseMs} ms)`,
    );
  }
  return failing.length;
}

/** What the manifest says of new seeds; the other options are none of its business. */
function provenanceOf({ set, origin, licence }: Provenance): Provenance {
  return { set, origin, licence };
}
