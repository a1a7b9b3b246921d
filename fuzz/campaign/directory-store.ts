/**
 * A campaign in a folder: `<root>/<target>/streams/` leases and progress, `<root>/<target>/corpus/` inputs named after their
 * content, and crash bundles below a root of their own. Any number of processes on one machine, or on one shared file
 * system with hard links, may work in it; each file has one writer, or the same content whoever writes it.
 */
import { join } from 'node:path';
import type { FuzzError } from '../errors.ts';
import { openDiskRoom } from './disk-room.ts';
import { generatedBytes, type InputKeeper, keepInputs } from './generated-corpus.ts';
import type { CampaignStore, Lease, Progress } from './store.ts';
import { endStream, extendStream, LEASE_MS, leaseStream, type StreamLease, streamProgress } from './stream-files.ts';
import { claimFind } from './triage.ts';

export interface DirectoryStoreOptions {
  readonly root: string;
  /** Root of new crash bundles, `<crashRoot>/<target>/crash/`. */
  readonly crashRoot: string;
  /** Begins streams anew, and hands out nothing that was kept before. */
  readonly fresh: boolean;
  /** Most octets of generated inputs, of all targets below the root. */
  readonly maxDiskBytes: number;
  /** The disk is full, or the cap is reached. */
  onFull(error: FuzzError): void;
  /** How inputs are written; a test gives one that fails. */
  readonly writeFile?: (file: string, content: Uint8Array) => void;
}

export interface DirectoryStore extends CampaignStore {
  /** Whether the cap on the disk was reached. */
  readonly capReached: boolean;
  /** Does what else writes into the folder: a disk that is full then is treated like everywhere. */
  protect(write: () => void): void;
}

/** Opens a folder as the store of a campaign. @throws FuzzError (exit 2) when it has no room. */
export function openDirectoryStore(options: DirectoryStoreOptions): DirectoryStore {
  const { root } = options;
  const room = openDiskRoom({
    ...options,
    folder: root,
    usedBytes: generatedBytes(root),
    maxBytes: options.maxDiskBytes,
  });
  const held = new Map<Lease, { readonly lease: StreamLease; progress: Progress }>();
  const keepers = new Map<string, InputKeeper>();
  const listeners = new Map<string, Set<(input: Uint8Array) => void>>();
  /** Streams that were begun anew here: with `fresh`, the first opening of each forgets what was before. */
  const begun = new Set<string>();

  const streamsOf = (target: string): string => join(root, target, 'streams');
  const keeperOf = (target: string): InputKeeper => {
    const keeper = keepers.get(target) ?? keepInputs(join(root, target, 'corpus'), room);
    keepers.set(target, keeper);
    return keeper;
  };
  const extend = (lease: Lease, progress: Progress): boolean => {
    const own = held.get(lease);
    if (own === undefined) return false;
    own.progress = progress;
    if (room.whole(() => extendStream(streamsOf(lease.target), own.lease, progress, Date.now()))) return true;
    held.delete(lease);
    return false;
  };
  // A third of the term: two writes may come late.
  const heartbeat = setInterval(() => {
    for (const [lease, { progress }] of held) extend(lease, progress);
  }, LEASE_MS / 3).unref();

  return {
    async lease(target) {
      const forgets = (stream: number): boolean => options.fresh && !begun.has(`${target} ${stream}`);
      const lease = room.whole(() => leaseStream(streamsOf(target), target, Date.now(), forgets));
      begun.add(`${target} ${lease.stream}`);
      held.set(lease, { lease, progress: lease.before });
      return lease;
    },
    extend: async (lease, progress) => extend(lease, progress),
    async done(lease, progress) {
      const own = held.get(lease);
      held.delete(lease);
      if (own !== undefined) room.whole(() => endStream(streamsOf(lease.target), own.lease, progress));
    },
    async progressOfOthers(target) {
      if (options.fresh) return [];
      const own = [...held.keys()].filter((lease) => lease.target === target).map((lease) => lease.stream);
      return streamProgress(streamsOf(target), new Set(own));
    },
    async putInput(target, input) {
      keeperOf(target).keep(input);
    },
    async inputs(target) {
      return options.fresh ? [] : keeperOf(target).all();
    },
    onInput(target, listener) {
      const set = listeners.get(target) ?? new Set();
      listeners.set(target, set.add(listener));
      return () => set.delete(listener);
    },
    async lookForInputs(target) {
      for (const input of keeperOf(target).news()) {
        for (const listener of listeners.get(target) ?? []) listener(input);
      }
    },
    async claimCrash(target, find, run) {
      return room.whole(() => claimFind(find, target, options.crashRoot, run));
    },
    protect: (write) => room.whole(write),
    get capReached() {
      return room.capReached;
    },
    async close() {
      clearInterval(heartbeat);
      for (const [lease, { lease: own, progress }] of held) endStream(streamsOf(lease.target), own, progress);
      held.clear();
      room.close();
    },
  };
}
