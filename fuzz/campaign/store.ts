/**
 * What a campaign needs of the place where it is kept: leases on work, progress, inputs, and the right to report a crash.
 * The one driver now is a folder (`directory-store.ts`), shared by any number of processes; a driver for several machines
 * needs no more than this. All may reject with a `FuzzError`; what was promised before that is kept.
 */
import type { Find } from '../engines/engine.ts';
import type { CrashMeta } from './crash-meta.ts';

/**
 * The right to work in a target's stream. Streams of a target have different seeds, and one stream has another seed each
 * time that it is opened: no two workers ever make the same inputs in the same order.
 */
export interface Lease {
  readonly target: string;
  /** 0 is the first. */
  readonly stream: number;
  /** How often the stream was opened before. */
  readonly opening: number;
  /** What was done in it before. */
  readonly before: Progress;
}

/** What has been done in a stream, over all of its openings. */
export interface Progress {
  /** The build that the numbers of edges belong to. */
  readonly build: string;
  readonly executions: number;
  readonly workedMs: number;
  /** Of the target, as the stream's worker knew it. */
  readonly edgesHit: number;
  readonly dryExecutions: number;
  readonly dryMs: number;
}

export interface CampaignStore {
  /** Takes the first stream of a target that nobody works in. */
  lease(target: string): Promise<Lease>;
  /** Says that the work goes on, and how far it is. False: the lease was lost to another, and the work must end. */
  extend(lease: Lease, progress: Progress): Promise<boolean>;
  /** Gives the stream back. */
  done(lease: Lease, progress: Progress): Promise<void>;
  /** Progress of the streams of a target that are not leased here: of other processes, now or earlier. */
  progressOfOthers(target: string): Promise<readonly Progress[]>;
  /** Keeps an input, for later campaigns and for others at the same target. */
  putInput(target: string, input: Uint8Array): Promise<void>;
  /** What was kept so far. */
  inputs(target: string): Promise<readonly Uint8Array[]>;
  /** Calls the listener with inputs that other processes kept since, when `lookForInputs()` is called. */
  onInput(target: string, listener: (input: Uint8Array) => void): () => void;
  lookForInputs(target: string): Promise<void>;
  /** Writes the bundle of a find. Not new: another has it, and what he learns of it will stand in the bundle. */
  claimCrash(target: string, find: Find, run: FindFacts): Promise<Claim>;
  /** Gives back what is still leased; nothing is written after it. */
  close(): Promise<void>;
}

/** A find with its bundle. */
export interface Finding {
  readonly meta: CrashMeta;
  readonly folder: string;
  readonly input: Uint8Array;
  readonly minimised: Uint8Array | undefined;
}

/** A find in the store. */
export interface Claim {
  readonly finding: Finding;
  readonly isNew: boolean;
}

/** How a find came about. */
export interface FindFacts {
  readonly engine: string;
  readonly seed: number;
  readonly commit: string;
}

/** Nothing done yet. */
export const NO_PROGRESS: Progress = {
  build: '',
  executions: 0,
  workedMs: 0,
  edgesHit: 0,
  dryExecutions: 0,
  dryMs: 0,
};
