/**
 * The hot loop: make an input, run the target on it, keep what reached something new, report what failed, go on.
 *
 * Everything is a function of the seed and the given inputs. The loop gives way to the event loop every 256 executions:
 * what a target left behind then runs, and its late errors come to light.
 */
import type { FuzzTarget } from '../../define.ts';
import { FuzzError } from '../../errors.ts';
import type { Grammar } from '../../grammar/grammar.ts';
import type { Failure } from '../failure.ts';
import { findCulprit, type LateErrors, settle } from '../late-errors.ts';
import { inputOf, octetsOf } from '../latin1-input.ts';
import type { SharedInput } from '../shared-input.ts';
import { normaliseMessage } from '../signature.ts';
import { overwork, type Turns } from '../work.ts';
import type { ComparisonFeedback } from './comparison.ts';
import { createCorpusStore } from './corpus-store.ts';
import type { Dictionary } from './dictionary.ts';
import type { EdgeMap } from './edge-map.ts';
import { createMaker } from './maker.ts';
import type { Random } from './prng.ts';

export interface LoopOptions {
  readonly target: FuzzTarget;
  readonly grammar: Grammar;
  readonly edges: EdgeMap;
  readonly comparisons: ComparisonFeedback;
  readonly turns: Turns;
  readonly dictionary: Dictionary;
  readonly random: Random;
  /** Makes the inputs instead of generators and mutators. */
  readonly source?: () => string | Promise<string>;
  /** Inputs to begin with, run in this order. */
  readonly seeds: readonly string[];
  /** Executions that were done before, by a worker that died. */
  readonly executionsBefore: number;
  readonly shared: SharedInput;
  readonly late: LateErrors;
  describe(thrown: unknown, late: boolean): Failure;
  /** A failure with its input and the index of its execution, which is -1 for a late one that could not be pinned down. */
  onFailure(failure: Failure, input: string, execution: number): void;
  /** An input that reached something new. */
  onEntry(input: string, reachedEdge: boolean): void;
  /** An input that another worker found, if there is one. */
  nextOffer(): string | undefined;
  /** The slice is over: resolves when the next one begins. */
  pause(): Promise<void>;
}

const YIELD_EVERY = 256;
/** A subject that shows no edge by then is not instrumented, or never called. */
const PATIENCE_EXECUTIONS = 1_000;
/** Octets below which work for each says nothing, and how much more of it is worth an entry. */
const WORK_FLOOR = 64;
const WORK_GAIN = 1.05;

/** Runs slice after slice, as long as the thread lives. @throws FuzzError (exit 2) when nothing is covered. */
export async function runLoop(options: LoopOptions): Promise<never> {
  const { target, grammar, edges, comparisons, turns, dictionary, random, shared } = options;
  const store = createCorpusStore(edges.total);
  const maker = createMaker(target, grammar, store, dictionary, random);
  const recent: string[] = [];
  const lateSeen = new Set<string>();
  let executions = options.executionsBefore;
  let replayed = 0;
  let imported = 0;
  let failed = false;
  let mostWork = 0;

  /** Runs the target; only a promise makes the caller wait. */
  const execute = (input: string): void | Promise<void> => {
    const octets = octetsOf(input);
    shared.publish(octets);
    edges.reset();
    comparisons.reset();
    turns[0] = 0;
    failed = false;
    executions++;
    recent[executions % (2 * YIELD_EVERY)] = input;
    // Subjects make error objects for each refusal; a stack is wanted of what fails only, and then the input runs again.
    Error.stackTraceLimit = 0;
    try {
      const pending = target.fuzz(octets);
      if (pending !== undefined) return pending.catch((thrown) => fail(thrown, octets));
    } catch (thrown) {
      return fail(thrown, octets);
    } finally {
      Error.stackTraceLimit = STACK_FRAMES;
    }
  };

  /** Reports a failure with the stack of a second run; where that does not fail, the first has to do. */
  const fail = async (first: unknown, octets: Uint8Array): Promise<void> => {
    failed = true;
    Error.stackTraceLimit = STACK_FRAMES;
    edges.fold();
    comparisons.advance();
    const execution = executions;
    let thrown = first;
    try {
      await target.fuzz(octets);
    } catch (again) {
      thrown = again;
    }
    options.onFailure(options.describe(thrown, false), inputOf(octets), execution);
  };

  /** Looks at the last execution and keeps its input if it is worth it. */
  const learn = (input: string, origin: 'seed' | 'found' | 'offered'): void | Promise<void> => {
    if (failed) return;
    const coverage = edges.fold();
    const closer = comparisons.advance();
    const heavier = weigh(input);
    const isNew = coverage.newBuckets > 0 || closer || heavier;
    if (origin === 'found') maker.note(coverage.newEdges, isNew, coverage.cost + (turns[0] ?? 0) + input.length);
    if (!isNew && origin !== 'seed') {
      const index = store.larger(input, coverage);
      if (index >= 0) store.replace(index, input);
      return;
    }
    const isSeed = origin === 'seed';
    const entry = { input, edges: edges.edges(), cost: coverage.cost, origin: isSeed ? origin : 'found' } as const;
    store.add(entry, coverage.digest);
    if (origin === 'found') options.onEntry(input, coverage.newEdges > 0);
    if (origin === 'offered') imported++;
    // A seed that adds nothing has been compared with nothing new.
    if (isNew) return study(input, coverage.newEdges > 0);
  };

  /** Tells of an input that takes too many turns; says whether it takes more for an octet than all before it. */
  const weigh = (input: string): boolean => {
    const taken = turns[0] ?? 0;
    const failure = overwork(target, taken, input.length);
    if (failure !== undefined) options.onFailure(failure, input, executions);
    const work = taken / (WORK_FLOOR + input.length);
    if (work < mostWork * WORK_GAIN) return false;
    mostWork = work;
    maker.burden(input);
    return work > 0;
  };

  /** Runs an input again to see what the subject compares it with. */
  const study = (input: string, reachedEdge: boolean): void | Promise<void> => {
    const take = (): void => maker.take(input, comparisons.endTrace(), reachedEdge);
    comparisons.beginTrace();
    const pending = execute(input);
    if (pending !== undefined) return pending.then(take);
    take();
  };

  const breathe = async (patient = false): Promise<void> => {
    const { hit: edgesHit, singles } = edges;
    shared.tell({ executions, edgesHit, corpusEntries: store.entries.length, replayed, imported, singles });
    shared.rest();
    await settle(patient);
    for (const error of options.late.take()) await blame(options.describe(error, true));
    if (edges.hit === 0 && executions - options.executionsBefore >= PATIENCE_EXECUTIONS) {
      throw new FuzzError(
        2,
        `${target.name}: ${executions} executions reached no code under ${target.subject.join(', ')}`,
      );
    }
  };

  /** Pins a late failure on one of the last inputs by running them again, with stacks; each kind once. */
  const blame = async (first: Failure): Promise<void> => {
    const kind = lateKind(first);
    if (lateSeen.has(kind) || lateSeen.size >= MAX_LATE_KINDS) return;
    lateSeen.add(kind);
    const suspects = rotate(recent, executions + 1);
    let failure = first;
    const culprit = await findCulprit(suspects, async (inputs) => {
      for (const input of inputs) {
        const octets = octetsOf(input);
        shared.publish(octets);
        try {
          await target.fuzz(octets);
        } catch {
          // What fails at once was reported when it was run first.
        }
      }
      shared.rest();
      await settle(true);
      const same = options.late
        .take()
        .map((error) => options.describe(error, true))
        .find((late) => lateKind(late) === kind);
      failure = same ?? failure;
      return same !== undefined;
    });
    options.onFailure(failure, culprit ?? suspects.at(-1) ?? '', culprit === undefined ? -1 : executions);
  };

  const isOver = (): boolean => shared.sliceIsOver(executions);
  const pauseWhereDue = async (): Promise<void> => {
    if (!isOver()) return;
    // The last inputs may have left timers behind.
    await breathe(true);
    while (isOver()) await options.pause();
  };
  const tryOne = async (input: string, origin: 'seed' | 'offered'): Promise<void> => {
    await execute(input);
    await learn(input, origin);
  };

  await pauseWhereDue();
  for (const [index, seed] of options.seeds.entries()) {
    await tryOne(seed, 'seed');
    replayed++;
    if (index % YIELD_EVERY === 0) await breathe();
    await pauseWhereDue();
  }
  await breathe();
  for (;;) {
    await pauseWhereDue();
    // One at a breath: who copies the others too eagerly is not another worker.
    const offer = options.nextOffer();
    if (offer !== undefined) await tryOne(offer, 'offered');
    for (let left = Math.min(YIELD_EVERY, shared.lastExecution() - executions); left > 0; left--) {
      const made = options.source === undefined ? maker.next() : options.source();
      const input = (typeof made === 'string' ? made : await made).slice(0, target.maxLength);
      const running = execute(input);
      if (running !== undefined) await running;
      const learning = learn(input, 'found');
      if (learning !== undefined) await learning;
    }
    await breathe();
  }
}

const MAX_LATE_KINDS = 16;
const STACK_FRAMES = 24;

/** Late failures are told apart without their stacks, which the hot loop does not record. */
function lateKind(failure: Failure): string {
  return `${failure.errorClass} ${normaliseMessage(failure.message)}`;
}

/** The ring's items from the oldest to the newest. */
function rotate(ring: readonly string[], oldest: number): string[] {
  const start = oldest % (2 * YIELD_EVERY);
  return [...ring.slice(start), ...ring.slice(0, start)].filter((item) => item !== undefined);
}
