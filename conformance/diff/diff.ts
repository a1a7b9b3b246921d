/** Sends the same octets to several servers and compares what each understood. */
import type { Case } from '../model.ts';
import { LiveTarget } from '../run/live-target.ts';
import { perform } from '../run/perform.ts';
import { nonceFor, sentinelRequest } from '../run/placeholders.ts';
import type { Target } from '../run/target.ts';
import { type Cluster, cluster, type Disagreement, worstOf } from './compare.ts';
import { learnQuirks, type Quirks } from './quirks.ts';
import { type Understanding, understand } from './understanding.ts';

/** Octets to send, with their barriers: a case's, or those of a file. */
export interface Stimulus extends Pick<Case, 'send' | 'methods'> {
  /** A case's id, or a file's name. */
  readonly name: string;
}

/** What the servers made of one stimulus. */
export interface Comparison {
  readonly stimulus: string;
  readonly clusters: readonly Cluster[];
  /** The worst one between any two; undefined where all agree. */
  readonly disagreement: Disagreement | undefined;
}

export interface DiffOptions {
  readonly seed: number;
  /** Upper bound of each single wait. */
  readonly timeoutMs: number;
  /** Stimuli in flight at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  onQuirks(target: string, quirks: Quirks): void;
  onComparison(comparison: Comparison): void;
}

interface Peer {
  readonly name: string;
  readonly live: LiveTarget;
  readonly quirks: Quirks;
}

/**
 * Compares the targets by every stimulus, in the order in which they are done.
 * @throws BenchError (exit 3) when a target cannot be reached or started, or died and does not come up again
 */
export async function compareTargets(
  targets: readonly Target[],
  stimuli: readonly Stimulus[],
  options: DiffOptions,
): Promise<void> {
  const { timeoutMs, signal } = options;
  const opened: LiveTarget[] = [];
  try {
    const peers: Peer[] = [];
    for (const target of targets) {
      const live = await LiveTarget.open(target, timeoutMs, signal);
      opened.push(live);
      const quirks = await learnQuirks(live.address, timeoutMs);
      options.onQuirks(target.name, quirks);
      peers.push({ name: target.name, live, quirks });
    }
    const queue = [...stimuli];
    const work = async () => {
      for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift()) {
        options.onComparison(await compare(next, peers, options));
      }
    };
    await Promise.all(Array.from({ length: options.parallel }, work));
  } finally {
    await Promise.all(opened.map((live) => live.stop()));
  }
}

async function compare(stimulus: Stimulus, peers: readonly Peer[], options: DiffOptions): Promise<Comparison> {
  const understood = await Promise.all(
    peers.map(async (peer) => [peer.name, await ask(stimulus, peer, options)] as const),
  );
  const clusters = cluster(new Map(understood));
  return { stimulus: stimulus.name, clusters, disagreement: worstOf(clusters) };
}

async function ask(stimulus: Stimulus, { live, quirks }: Peer, options: DiffOptions): Promise<Understanding> {
  const { seed, timeoutMs } = options;
  const { address } = live;
  const nonce = nonceFor(seed, stimulus.name, 0);
  const values = {
    scheme: address.tls ? 'https' : 'http',
    host: address.authority,
    nonce,
    sentinel: sentinelRequest(address.authority, nonce, quirks.echoes),
  };
  const { observation } = await perform(stimulus, { address, values, canEcho: quirks.echoes, timeoutMs });
  // It took no second connection: it may have died of the octets
  if (observation === undefined) {
    await live.revive();
    return { accepted: [], refusal: 'none', connection: 'closed' };
  }
  return understand(observation, quirks, address.authority);
}
