/**
 * A campaign: the saved entries of all targets are run first; then workers take turns at the targets until the budget is
 * used up, or no target is left that might find more. What is found is a bundle on disk at once, an event when it is
 * confirmed and minimised.
 */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { FindingEvent, FuzzStatsEvent } from '../../reports/schema.ts';
import type { Budget } from '../engines/engine.ts';
import { checkTargetName } from '../engines/load-target.ts';
import type { EngineName } from '../engines/registry.ts';
import { DEFAULT_WATCH_LIMITS } from '../engines/watched-worker.ts';
import { MissingPackageError } from '../errors.ts';
import { type CorpusEntryFile, readTargetCorpus } from './corpus-folder.ts';
import { openDirectoryStore } from './directory-store.ts';
import { openFinds } from './finds.ts';
import { openLanes } from './lanes.ts';
import { isAtPlateau, PLATEAU_RULE, type PlateauRule } from './plateau.ts';
import { openStatsLog, type StatsLog } from './stats-log.ts';
import { type CampaignStatus, plateauShare, rateMeter } from './status.ts';
import { openBook, type TargetBook } from './target-book.ts';
import { currentCommit } from './triage.ts';
import { isTimed, nextTurn, sliceOf, weightOf } from './turns.ts';

export interface CampaignOptions {
  /** @defaultValue `aeronet` */
  readonly engine?: EngineName;
  readonly targets: readonly string[];
  /** Passes over targets that compare with a package which is not installed, and says so. @defaultValue false */
  readonly passOverMissing?: boolean;
  /** Built tree that holds them. */
  readonly tree: string;
  /** Committed corpus: seeds and crashes to begin with. */
  readonly corpus: string;
  /** Where generated inputs, state, mirrors and findings go. */
  readonly out: string;
  /** Root for new bundles, `<root>/<target>/crash/`. @defaultValue `<out>/fuzz` */
  readonly saveTo?: string;
  /** For all targets together, without the replay of saved entries. */
  readonly budget: Budget;
  /** How many work at a time. With one, the same seed does the same again. @defaultValue 1 */
  readonly workers?: number;
  readonly seed: number;
  /** Begins with the committed corpus alone, without what earlier campaigns generated or counted. */
  readonly fresh: boolean;
  readonly extraWords: readonly string[];
  readonly hangMs: number;
  /** When a target gets no more turns; undefined: never. @defaultValue `PLATEAU_RULE` */
  readonly plateau?: PlateauRule | undefined;
  /** Most octets of generated inputs below `out`. @defaultValue 1 GiB */
  readonly maxDiskBytes?: number;
  /** Most memory of the process. @defaultValue `defaultMemoryBytes()` */
  readonly maxMemoryBytes?: number;
  readonly signal: AbortSignal;
  onEvent(event: FindingEvent | FuzzStatsEvent): void;
  onStatus(status: CampaignStatus): void;
}

export interface CampaignResult {
  readonly findings: readonly FindingEvent[];
  /** Failures that fail this build: the campaign's verdict. */
  readonly open: readonly FindingEvent[];
  readonly interrupted: boolean;
  /** Targets at their plateau; when these are all, the campaign ended before its budget did. */
  readonly atPlateau: readonly string[];
  /** Targets for whose first execution the budget did not last: nothing is said of them. */
  readonly untouched: readonly string[];
  /** Targets that were passed over, with the reason. */
  readonly passedOver: readonly string[];
}

const MIB = 1_048_576;
export const DEFAULT_DISK_BYTES = 1_024 * MIB;
const PULSE_MS = 250;
const LEAST_HEAP_MIB = 64;
/** Deaths that no re-run confirms are told, but a loaded machine may have caused them: they do not fail a campaign. */
const MACHINE_MADE = new Set(['hang', 'oom', 'lost']);

/** Half of the memory that the process may have, 4 GiB at most. */
export function defaultMemoryBytes(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  const there = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.min(4_096 * MIB, there / 2);
}

/** Runs a campaign. @throws FuzzError (exit 2 or 3) for what cannot be fuzzed; findings so far are on disk. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { workers = 1, budget, out, targets, engine = 'aeronet' } = options;
  for (const target of targets) checkTargetName(options.tree, target);
  /** The budget is for new inputs: its time begins when all saved ones have been run. */
  let startedAt: number | undefined;
  const begunAt = Date.now();
  const elapsedMs = (): number => (startedAt === undefined ? 0 : performance.now() - startedAt);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const troubles: unknown[] = [];
  const fail = (error: unknown): void => {
    troubles.push(error);
    stop.abort();
  };

  const findings: FindingEvent[] = [];
  const passedOver: string[] = [];
  const crashRoot = options.saveTo ?? join(out, 'fuzz');
  const roots = [options.corpus, join(out, 'fuzz'), crashRoot];
  const books = targets.map((target) => openBook(target));
  const saved = new Map(targets.map((target) => [target, savedEntries(target, roots)]));
  const maxMemoryBytes = options.maxMemoryBytes ?? defaultMemoryBytes();
  const store = openDirectoryStore({
    root: join(out, 'fuzz'),
    crashRoot,
    fresh: options.fresh,
    maxDiskBytes: options.maxDiskBytes ?? DEFAULT_DISK_BYTES,
    onFull: fail,
  });
  const finds = openFinds({
    ...options,
    store,
    tell(event) {
      findings.push(event);
      options.onEvent(event);
    },
  });
  const facts = { engine, commit: currentCommit() };
  const lanes = openLanes({
    engine,
    store,
    session: { ...options, signal, cache: join(out, 'instrumented'), heapMb: heapMb(maxMemoryBytes, workers) },
    seed: options.seed,
    maxMemoryBytes,
    seedsOf: (target) => (saved.get(target) ?? []).map(inputOfEntry),
    onFind(book, find, seed) {
      if (finds.take(book.target, find, { ...facts, seed })) book.failed(find.failure.kind === 'hang');
    },
    onTrouble: fail,
  });

  const logs = new Map<TargetBook, StatsLog>();
  const note = (book: TargetBook, now: boolean): void => {
    const log = logs.get(book) ?? openStatsLog(join(out, 'fuzz', book.target, 'stats.ndjson'), begunAt);
    logs.set(book, log);
    store.protect(() => log.note(book, now));
  };
  const rateOf = rateMeter();
  const look = (): void => {
    lanes.look();
    const running = books.filter((book) => book.workers > 0 && book.edgesTotal > 0);
    for (const book of running) if (book.run.executions > 0) note(book, false);
    const nowMs = performance.now();
    options.onStatus({
      elapsedMs: elapsedMs(),
      executions: books.reduce((sum, book) => sum + book.run.executions, 0),
      findings: findings.filter(isOpen).length,
      running: running.map((book) => ({
        target: book.target,
        workers: book.workers,
        rate: rateOf(book, nowMs),
        edgesHit: book.edgesHit,
        edgesTotal: book.edgesTotal,
        corpusEntries: book.corpusEntries,
        lastFindMs: book.lastFindAt === undefined ? undefined : Date.now() - book.lastFindAt,
        crashes: book.crashes,
        plateau: plateauShare(book.yield, PLATEAU_RULE),
      })),
      waiting: books.filter((book) => book.workers === 0 && book.stopped === undefined).length,
      stopped: books.filter((book) => book.stopped !== undefined).map((book) => book.target),
      rssBytes: process.memoryUsage.rss(),
      notes: [
        ...(store.capReached ? ['the cap on the disk is reached: new inputs are kept in memory only'] : []),
        ...(lanes.evicted > 0 ? ['the cap on memory is reached: targets that wait begin again from their inputs'] : []),
      ],
    });
  };
  /** What goes wrong with one target ends the campaign, unless it may be passed over. */
  const attempt = async (book: TargetBook, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof MissingPackageError) || options.passOverMissing !== true) return fail(error);
      book.stopped = 'ended';
      if (!passedOver.includes(error.message)) passedOver.push(error.message);
    }
  };

  const replays = [...books];
  const replayAll = async (): Promise<void> => {
    for (let book = replays.shift(); book !== undefined && !signal.aborted; book = replays.shift()) {
      const { target } = book;
      const entries = saved.get(target) ?? [];
      book.replayed = entries.length;
      if (entries.length > 0) await attempt(book, () => finds.replay(target, entries, signal));
    }
  };
  let executionsLeft = isTimed(budget) ? Number.POSITIVE_INFINITY : budget.executions;
  const plateau = 'plateau' in options ? options.plateau : PLATEAU_RULE;
  const takeTurns = async (): Promise<void> => {
    while (!signal.aborted && elapsedMs() < budget.timeMs && executionsLeft > 0) {
      const left = books.filter((book) => book.stopped === undefined);
      const target = nextTurn(left, workers);
      const book = left.find((one) => one.target === target);
      if (book === undefined) return;
      const wanted = sliceOf(budget, left.length, workers);
      const timeMs = Math.min(wanted.timeMs, budget.timeMs - elapsedMs());
      const executions = Math.min(wanted.executions, executionsLeft);
      executionsLeft -= executions;
      book.workers++;
      await attempt(book, async () => {
        const used = await lanes.turn(book, { timeMs, executions });
        executionsLeft += executions - used.executions;
        book.drySlices = book.takeNews() ? 0 : book.drySlices + 1;
        book.served += Math.max(1, isTimed(budget) ? used.timeMs : used.executions) / weightOf(book.drySlices);
        if (plateau !== undefined && isAtPlateau(book.yield, plateau)) book.stopped ??= 'plateau';
        if (book.stopped !== undefined) await lanes.retire(book);
      });
      book.workers--;
    }
  };

  const pulse = setInterval(look, PULSE_MS);
  try {
    await Promise.all(Array.from({ length: workers }, replayAll));
    startedAt = performance.now();
    await Promise.all(Array.from({ length: workers }, takeTurns));
    await lanes.close();
    await finds.settled();
    look();
  } finally {
    clearInterval(pulse);
    await lanes.close();
    await store.close();
  }
  for (const book of books.filter((one) => one.run.workedMs > 0 || one.replayed > 0)) {
    note(book, true);
    options.onEvent(statsEvent(book, engine));
  }
  if (troubles.length > 0) throw troubles[0];
  return {
    findings,
    open: findings.filter(isOpen),
    interrupted: options.signal.aborted,
    atPlateau: books.filter((book) => book.stopped === 'plateau').map((book) => book.target),
    untouched: books
      .filter((book) => book.run.executions === 0 && book.stopped === undefined)
      .map((book) => book.target),
    passedOver,
  };
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

/** Heap of each worker, such that all of them and the rest of the process stay within the cap. */
function heapMb(maxMemoryBytes: number, workers: number): number {
  const share = Math.floor(maxMemoryBytes / MIB / (workers + 1));
  return Math.min(DEFAULT_WATCH_LIMITS.heapMb, Math.max(LEAST_HEAP_MIB, share));
}

function isOpen(event: FindingEvent): boolean {
  if (event.status !== 'open') return false;
  return !(MACHINE_MADE.has(event.failure) && event.reproduced.startsWith('0/'));
}

function statsEvent(book: TargetBook, engine: EngineName): FuzzStatsEvent {
  return {
    kind: 'fuzz-stats',
    target: book.target,
    engine,
    executions: book.run.executions,
    elapsedMs: book.run.workedMs,
    cpuMs: book.run.cpuMs,
    edgesHit: book.edgesHit,
    edgesTotal: book.edgesTotal,
    corpusEntries: book.corpusEntries,
    replayed: book.replayed,
  };
}
