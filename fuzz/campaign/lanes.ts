/**
 * The workers' seats: sessions with their leases, those that work and those that wait, warm, for their target's next turn.
 * Memory is bounded: the one that has waited longest is closed, and its target begins again from the kept inputs.
 */
import { deriveSeed } from '../engines/aeronet/prng.ts';
import type { Budget, EngineSession, EngineStats, Find, SessionOptions } from '../engines/engine.ts';
import { type EngineName, openEngine } from '../engines/registry.ts';
import { type CampaignStore, type Lease, NO_PROGRESS, type Progress } from './store.ts';
import type { TargetBook } from './target-book.ts';

/** One session at one target, with the right to it. */
export interface Lane {
  readonly book: TargetBook;
  readonly session: EngineSession;
  readonly lease: Lease;
  /** Ends the reading of other processes' inputs. */
  deafen(): void;
}

export interface LaneOptions {
  readonly engine: EngineName;
  readonly store: CampaignStore;
  readonly session: Pick<SessionOptions, 'tree' | 'extraWords' | 'cache' | 'hangMs' | 'heapMb' | 'signal'>;
  readonly seed: number;
  /** Most memory of the whole process, in octets. */
  readonly maxMemoryBytes: number;
  /** Memory of the process; a test gives its own. */
  readonly rss?: () => number;
  /** Saved entries of a target, to begin with. */
  seedsOf(target: string): readonly Uint8Array[];
  onFind(book: TargetBook, find: Find, seed: number): void;
  /** The store could not keep something. */
  onTrouble(error: unknown): void;
}

export interface Lanes {
  /** Lets a worker take a turn at a target, and answers what was used of the slice. */
  turn(book: TargetBook, slice: Budget): Promise<Budget>;
  /** Closes what waits for turns of a target that gets none any more. */
  retire(book: TargetBook): Promise<void>;
  /** Books what the working sessions have done by now. */
  look(): void;
  /** Sessions that were closed because of the cap. */
  readonly evicted: number;
  close(): Promise<void>;
}

/** Stands between the seeds of streams and those of restarted workers. */
const STREAM_SALT = 0x1000;

/** Opens the seats of a campaign; each `turn()` opens a session when none waits for that target. */
export function openLanes(options: LaneOptions): Lanes {
  const { store, rss = () => process.memoryUsage.rss() } = options;
  const working = new Set<Lane>();
  /** The longest waiting first. */
  const waiting = new Set<Lane>();
  const booked = new Map<Lane, EngineStats>();
  let evicted = 0;

  const look = (): void => {
    for (const lane of working) account(lane);
  };
  const account = (lane: Lane): void => {
    const now = lane.session.stats();
    lane.book.account(booked.get(lane), now);
    booked.set(lane, now);
  };

  const close = async (lane: Lane): Promise<void> => {
    waiting.delete(lane);
    lane.deafen();
    const progress = progressOf(lane);
    lane.book.leave(booked.get(lane) ?? lane.session.stats());
    booked.delete(lane);
    await lane.session.close();
    await store.done(lane.lease, progress);
  };

  /** Makes room for one more session. */
  const makeRoom = async (): Promise<void> => {
    for (const lane of waiting) {
      if (rss() + SESSION_BYTES <= options.maxMemoryBytes) return;
      evicted++;
      await close(lane);
    }
  };

  const open = async (book: TargetBook): Promise<Lane> => {
    const { target } = book;
    const lease = await store.lease(target);
    const seed = laneSeed(options.seed, lease);
    let lane: Lane | undefined;
    try {
      const session = await openEngine(options.engine, {
        ...options.session,
        target,
        seed,
        seeds: [...options.seedsOf(target), ...(await store.inputs(target))],
        onFind: (find) => options.onFind(book, find, seed),
        onEntry(input, reachedEdge) {
          book.found++;
          store.putInput(target, input).catch(options.onTrouble);
          // Who takes over every count of the others' is not another worker.
          if (reachedEdge) for (const other of lanesAt(book)) if (other !== lane) other.session.offer(input);
        },
      });
      lane = { book, session, lease, deafen: store.onInput(target, (input) => session.offer(input)) };
      return lane;
    } catch (error) {
      await store.done(lease, lease.before);
      throw error;
    }
  };

  const lanesAt = (book: TargetBook): Lane[] => [...working, ...waiting].filter((lane) => lane.book === book);

  return {
    async turn(book, slice) {
      let lane = [...waiting].find((one) => one.book === book);
      if (lane === undefined) {
        await makeRoom();
        lane = await open(book);
      }
      waiting.delete(lane);
      working.add(lane);
      const { executions, elapsedMs } = lane.session.stats();
      await store.lookForInputs(book.target);
      const others = await store.progressOfOthers(book.target);
      const before = lanesAt(book).map((one) => one.lease.before);
      book.learnOfOthers([...others, ...before], lane.session.build);
      try {
        await lane.session.run(slice);
      } finally {
        account(lane);
        working.delete(lane);
        waiting.add(lane);
      }
      const isMine = await store.extend(lane.lease, progressOf(lane));
      if (lane.session.isOver) book.stopped = 'ended';
      if (!isMine || lane.session.isOver || rss() > options.maxMemoryBytes) await close(lane);
      const now = lane.session.stats();
      return { executions: now.executions - executions, timeMs: now.elapsedMs - elapsedMs };
    },
    async retire(book) {
      for (const lane of [...waiting].filter((one) => one.book === book)) await close(lane);
    },
    look,
    get evicted() {
      return evicted;
    },
    async close() {
      for (const lane of [...working, ...waiting]) await close(lane);
    },
  };
}

/** About what a session adds to the process before it has met an input. */
const SESSION_BYTES = 64 * 1_048_576;

/** The first stream's first opening has the campaign's own seed, so that one worker does the same again. */
function laneSeed(seed: number, { stream, opening }: Lease): number {
  return stream === 0 && opening === 0 ? seed : deriveSeed(deriveSeed(seed, STREAM_SALT + stream), opening);
}

function progressOf({ book, session, lease }: Lane): Progress {
  const { executions, elapsedMs } = session.stats();
  const before = lease.before.build === session.build ? lease.before : NO_PROGRESS;
  const { dryExecutions, dryMs } = book.yield;
  return {
    build: session.build,
    executions: before.executions + executions,
    workedMs: before.workedMs + elapsedMs,
    edgesHit: book.edgesHit,
    dryExecutions,
    dryMs,
  };
}
