import type { Run } from '../report.ts';
import type { GateFinding } from './gate.ts';

/** All runs that say they are parts of one whole. */
export interface ShardSet {
  readonly set: string;
  readonly total: number;
  /** Indexes of which there is no run, ascending. */
  readonly missing: readonly number[];
  /** Whether all parts are there and each was finished. */
  readonly complete: boolean;
  readonly runs: readonly Run[];
}

/** Puts sharded runs together by what they are parts of, in the order in which they come. */
export function shardSets(runs: readonly Run[]): readonly ShardSet[] {
  const bySet = new Map<string, Run[]>();
  for (const run of runs) {
    const { shard } = run.start;
    if (shard === undefined) continue;
    const id = `${shard.set} ${shard.total}`;
    bySet.set(id, [...(bySet.get(id) ?? []), run]);
  }
  return [...bySet].map(([id, parts]) => {
    const [set = '', total = '0'] = id.split(' ');
    const there = new Set(parts.map((run) => run.start.shard?.index));
    const missing = Array.from({ length: Number(total) }, (_, at) => at + 1).filter((index) => !there.has(index));
    const complete = missing.length === 0 && parts.every((run) => run.complete);
    return { set, total: Number(total), missing, complete, runs: parts };
  });
}

/** Says which parts nobody has seen: what they would have found is not known. */
export function missingShards(sets: readonly ShardSet[]): GateFinding[] {
  return sets
    .filter(({ missing }) => missing.length > 0)
    .map(({ set, total, missing, runs }) => {
      const words = `${missing.length === 1 ? 'shard' : 'shards'} ${listed(missing)} of ${total}`;
      return {
        key: `shards ${set}`,
        about: 'run',
        class: 'incomplete',
        effect: 'inconclusive',
        why: `No results of ${words}: run them, or give their results too`,
        was: `${total} shards`,
        now: `${total - missing.length} shards`,
        repro: reproOf(runs[0]?.start.command ?? '', missing[0] ?? 1, total),
      };
    });
}

/** The indexes in words; of many, the first. */
function listed(indexes: readonly number[]): string {
  const shown = indexes.slice(0, 20).join(', ');
  return indexes.length > 20 ? `${shown} and ${indexes.length - 20} more` : shown;
}

/** The command of one part, made that of another. */
const reproOf = (command: string, index: number, total: number): string =>
  command.replace(/--shard[= ]\d+\/\d+/, `--shard ${index}/${total}`);
