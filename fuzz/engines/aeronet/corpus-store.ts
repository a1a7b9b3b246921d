/**
 * The inputs worth mutating, in memory: each reached something that none before it had. An input that does the same as a
 * kept one with fewer octets takes its place.
 */
import type { Coverage } from './edge-map.ts';

/** An input that is kept. */
export interface CorpusEntry {
  readonly input: string;
  /** Edges it reaches, ascending. */
  readonly edges: Uint16Array;
  /** Work it causes, in edge counts. */
  readonly cost: number;
  /** Given or found: a given one is never replaced. */
  readonly origin: 'seed' | 'found';
}

export interface CorpusStore {
  readonly entries: readonly CorpusEntry[];
  /** How many entries reach each edge. */
  readonly reach: Uint32Array;
  /** Edges that entries reach, in the order in which they were reached first. */
  readonly reached: readonly number[];
  /** Index of the entry that reaches an edge with least cost and octets. */
  cheapest(edge: number): number;
  /** Grows by one at each change. */
  readonly version: number;
  /** Keeps an input that reached something new. */
  add(entry: CorpusEntry, digest: number): void;
  /** The kept input that this one does the same as with fewer octets, or -1. */
  larger(input: string, coverage: Coverage): number;
  replace(index: number, input: string): void;
}

/** Most entries that are kept; at that size a campaign learns nothing from one more. */
const MAX_ENTRIES = 20_000;

/** Makes an empty store for a program with that many edges. */
export function createCorpusStore(totalEdges: number): CorpusStore {
  const entries: CorpusEntry[] = [];
  const byDigest = new Map<number, number>();
  const reach = new Uint32Array(totalEdges);
  const reached: number[] = [];
  const cheapest = new Uint32Array(totalEdges);
  let version = 0;

  return {
    entries,
    reach,
    reached,
    cheapest: (edge) => cheapest[edge] ?? 0,
    get version() {
      return version;
    },
    add(entry, digest) {
      if (entries.length >= MAX_ENTRIES) return;
      version++;
      byDigest.set(digest, entries.length);
      const cost = costOf(entry);
      for (const edge of entry.edges) {
        if (reach[edge] === 0) reached.push(edge);
        if (reach[edge] === 0 || cost < costOf(entries[cheapest[edge] ?? 0])) cheapest[edge] = entries.length;
        reach[edge] = (reach[edge] ?? 0) + 1;
      }
      entries.push(entry);
    },
    larger(input, coverage) {
      const index = byDigest.get(coverage.digest) ?? -1;
      const kept = entries[index];
      return kept !== undefined && kept.origin === 'found' && input.length < kept.input.length ? index : -1;
    },
    replace(index, input) {
      const kept = entries[index];
      if (kept !== undefined) entries[index] = { ...kept, input };
    },
  };
}

/** What it takes to run an entry, and to change it. */
export function costOf(entry: CorpusEntry | undefined): number {
  return entry === undefined ? 0 : entry.cost + entry.input.length;
}
