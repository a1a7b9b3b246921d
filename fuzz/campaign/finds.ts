/**
 * What is done with finds: each is a bundle on disk at once; then, one after another and beside the fuzzing, it is confirmed
 * and minimised on the build as it is, and told.
 */
import type { FindingEvent } from '../../reports/schema.ts';
import type { Find } from '../engines/engine.ts';
import { readBundle } from './bundle.ts';
import type { CorpusEntryFile } from './corpus-folder.ts';
import { replayEntry } from './replay.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';
import type { CampaignStore, Claim, FindFacts } from './store.ts';
import { findingEvent, triage } from './triage.ts';

export interface FindsOptions {
  readonly tree: string;
  readonly hangMs: number;
  readonly store: CampaignStore;
  tell(event: FindingEvent): void;
}

export interface Finds {
  /** Runs saved entries again and tells what fails. @throws FuzzError (exit 3) when the target does not start. */
  replay(target: string, entries: readonly CorpusEntryFile[], signal: AbortSignal): Promise<void>;
  /** Takes a find. True: it is one that this run did not know. */
  take(target: string, find: Find, facts: FindFacts): boolean;
  /** Settles when all that was taken has been told. @throws what kept one from being saved or judged */
  settled(): Promise<void>;
}

/** Opens the desk where finds are taken. */
export function openFinds(options: FindsOptions): Finds {
  const known = new Map<string, Set<string>>();
  const queues = new Map<string, Promise<void>>();

  /** Bundles of finds that another process had first, and judges. */
  const elsewhere: string[] = [];

  const knownOf = (target: string): Set<string> => {
    const signatures = known.get(target) ?? new Set();
    known.set(target, signatures);
    return signatures;
  };
  const confirm = async (target: string, claimed: Promise<Claim>): Promise<void> => {
    const { finding, isNew } = await claimed;
    if (!isNew) {
      elsewhere.push(finding.folder);
      return;
    }
    await inSandbox(target, async (sandbox) => {
      const done = await triage(finding, sandbox);
      options.tell(findingEvent(done, 'open', done.meta.reproduced));
    });
  };
  const inSandbox = async (target: string, work: (sandbox: Sandbox) => Promise<void>): Promise<void> => {
    const sandbox = await openSandbox(options.tree, target, options.hangMs);
    try {
      await work(sandbox);
    } finally {
      await sandbox.close();
    }
  };

  return {
    replay: (target, entries, signal) =>
      inSandbox(target, async (sandbox) => {
        for (const entry of entries) {
          if (signal.aborted) return;
          const event = await replayEntry(entry, sandbox);
          if (event === undefined) continue;
          knownOf(target).add(event.signature);
          options.tell(event);
        }
      }),

    take(target, find, facts) {
      const { signature } = find.failure;
      if (knownOf(target).has(signature)) return false;
      knownOf(target).add(signature);
      // On disk before anything else is done with it.
      const claimed = options.store.claimCrash(target, find, facts);
      const before = queues.get(target) ?? Promise.resolve();
      const queue = before.then(() => confirm(target, claimed));
      // Whoever waits for all hears of it; until then it is no unhandled one.
      queue.catch(() => undefined);
      claimed.catch(() => undefined);
      queues.set(target, queue);
      return true;
    },

    async settled() {
      for (const queue of [...queues.values()]) await queue;
      // Told last, with what the other has learnt by then: a verdict must not hang on who was first.
      for (const folder of elsewhere.splice(0)) {
        const { meta, input, smallest } = readBundle(folder);
        const minimised = meta.minimised === undefined ? undefined : smallest;
        options.tell(findingEvent({ meta, folder, input, minimised }, 'open', meta.reproduced));
      }
    },
  };
}
