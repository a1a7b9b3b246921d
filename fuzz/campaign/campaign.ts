/**
 * A campaign: for each target the saved entries are run first, then its engine works with its share of the budget; what is
 * found is a bundle on disk at once, an event when it is confirmed and minimised.
 */
import { join } from 'node:path';
import type { FindingEvent, FuzzStatsEvent } from '../../reports/schema.ts';
import type { Budget, EngineStats, Find } from '../engines/engine.ts';
import { checkTargetName } from '../engines/load-target.ts';
import { type EngineName, runEngine } from '../engines/registry.ts';
import { type CorpusEntryFile, readTargetCorpus } from './corpus-folder.ts';
import { generatedInputs, type InputKeeper, keepInputs } from './generated-corpus.ts';
import { replayEntry } from './replay.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';
import { currentCommit, type Finding, findingEvent, saveFind, triage } from './triage.ts';

export interface CampaignOptions {
  /** @defaultValue `aeronet` */
  readonly engine?: EngineName;
  readonly targets: readonly string[];
  /** Built tree that holds them. */
  readonly tree: string;
  /** Committed corpus: seeds and crashes to begin with. */
  readonly corpus: string;
  /** Where generated inputs, mirrors and findings go. */
  readonly out: string;
  /** Root for new bundles, `<root>/<target>/crash/`. @defaultValue `<out>/fuzz` */
  readonly saveTo?: string;
  /** For all targets together; split evenly among those that are left. */
  readonly budget: Budget;
  readonly seed: number;
  /** Begins with the committed corpus alone, without what earlier campaigns generated: a run that can be repeated. */
  readonly fresh: boolean;
  readonly extraWords: readonly string[];
  readonly hangMs: number;
  readonly signal: AbortSignal;
  onEvent(event: FindingEvent | FuzzStatsEvent): void;
  onStatus(status: CampaignStatus): void;
}

/** Where a campaign is, a few times a second. */
export interface CampaignStatus {
  readonly target: string;
  readonly stats: EngineStats;
  readonly findings: number;
  /** Time of the whole campaign so far. */
  readonly elapsedMs: number;
}

export interface CampaignResult {
  readonly findings: readonly FindingEvent[];
  /** Failures that fail this build: the campaign's verdict. */
  readonly open: readonly FindingEvent[];
  readonly interrupted: boolean;
}

/** Deaths that no re-run confirms are told, but a loaded machine may have caused them: they do not fail a campaign. */
const MACHINE_MADE = new Set(['hang', 'oom', 'lost']);

/** Runs a campaign. @throws FuzzError (exit 2 or 3) for what cannot be fuzzed; findings so far are on disk. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  for (const target of options.targets) checkTargetName(options.tree, target);
  const startedAt = performance.now();
  const commit = currentCommit();
  const findings: FindingEvent[] = [];
  const tell = (event: FindingEvent): void => {
    findings.push(event);
    options.onEvent(event);
  };
  for (const [index, target] of options.targets.entries()) {
    if (options.signal.aborted) break;
    const share = shareOf(
      options.budget,
      performance.now() - startedAt,
      options.targets.length - index,
      options.targets.length,
    );
    await runTarget(target, { ...options, budget: share }, commit, tell, (stats) =>
      options.onStatus({
        target,
        stats,
        findings: findings.filter(isOpen).length,
        elapsedMs: performance.now() - startedAt,
      }),
    );
  }
  return { findings, open: findings.filter(isOpen), interrupted: options.signal.aborted };
}

async function runTarget(
  target: string,
  options: CampaignOptions,
  commit: string,
  tell: (event: FindingEvent) => void,
  onPulse: (stats: EngineStats) => void,
): Promise<void> {
  const generated = join(options.out, 'fuzz', target, 'corpus');
  const crashRoot = options.saveTo ?? join(options.out, 'fuzz');
  const saved = savedEntries(target, [options.corpus, join(options.out, 'fuzz'), crashRoot]);
  const sandbox = await openSandbox(options.tree, target, options.hangMs);
  const keeper: InputKeeper = keepInputs(generated);
  const known = new Set<string>();
  const engine = options.engine ?? 'aeronet';
  try {
    for (const entry of saved) {
      const event = await replayEntry(entry, sandbox);
      if (event === undefined) continue;
      known.add(event.signature);
      tell(event);
    }
    let triaged: Promise<void> = Promise.resolve();
    const onFind = (find: Find): void => {
      if (known.has(find.failure.signature)) return;
      known.add(find.failure.signature);
      // On disk before anything else is done with it.
      const finding = saveFind(find, target, crashRoot, { engine, seed: options.seed, commit });
      triaged = triaged.then(() => confirm(finding, sandbox, tell));
    };
    const stats = await runEngine(engine, {
      ...options,
      target,
      seeds: [...saved.map(inputOfEntry), ...(options.fresh ? [] : generatedInputs(generated))],
      cache: join(options.out, 'instrumented'),
      onFind,
      onEntry: (input) => keeper.keep(input),
      onPulse,
    });
    await triaged;
    options.onEvent(statsEvent(target, engine, stats, saved.length));
  } finally {
    await sandbox.close();
  }
}

async function confirm(finding: Finding, sandbox: Sandbox, tell: (event: FindingEvent) => void): Promise<void> {
  const done = await triage(finding, sandbox);
  tell(findingEvent(done, 'open', done.meta.reproduced));
}

/** Entries of several roots, each content and each signature once. */
function savedEntries(target: string, roots: readonly string[]): CorpusEntryFile[] {
  const seen = new Set<string>();
  return [...new Set(roots)]
    .flatMap((root) => readTargetCorpus(root, target))
    .filter((entry) => {
      const key = entry.kind === 'crash' ? entry.bundle.meta.signature : entry.path;
      return !seen.has(key) && seen.add(key);
    });
}

function inputOfEntry(entry: CorpusEntryFile): Uint8Array {
  return entry.kind === 'seed' ? entry.input : entry.bundle.input;
}

/** What one of the targets that are left may use. */
function shareOf(budget: Budget, elapsedMs: number, left: number, all: number): Budget {
  return {
    timeMs: Math.max(1, (budget.timeMs - elapsedMs) / left),
    executions: budget.executions === Number.MAX_SAFE_INTEGER ? budget.executions : Math.ceil(budget.executions / all),
  };
}

function isOpen(event: FindingEvent): boolean {
  if (event.status !== 'open') return false;
  return !(MACHINE_MADE.has(event.failure) && event.reproduced.startsWith('0/'));
}

function statsEvent(target: string, engine: EngineName, stats: EngineStats, replayed: number): FuzzStatsEvent {
  const { executions, elapsedMs, cpuMs, edgesHit, edgesTotal, corpusEntries } = stats;
  return {
    kind: 'fuzz-stats',
    target,
    engine,
    executions,
    elapsedMs,
    cpuMs,
    edgesHit,
    edgesTotal,
    corpusEntries,
    replayed,
  };
}
