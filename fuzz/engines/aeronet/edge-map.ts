/**
 * Edge coverage as feedback, after AFL: a counter per edge, its count put into one of eight buckets, and a map of the
 * buckets that no execution has reached yet.
 */

/** What one execution added, and what it was made of. */
export interface Coverage {
  /** Edges that no execution before had reached. */
  readonly newEdges: number;
  /** Edges reached a number of times that is new to them; a new edge counts here too. */
  readonly newBuckets: number;
  /** Digest of the edges with their buckets: equal for inputs that the subject treats alike. */
  readonly digest: number;
  /** Counts of all edges together: what the execution cost, without a clock. */
  readonly cost: number;
}

export interface EdgeMap {
  /** The counters that instrumented code increments. They saturate at 255, so a hot loop never looks unreached. */
  readonly counters: Uint8ClampedArray;
  readonly total: number;
  /** Edges reached by any execution so far. */
  readonly hit: number;
  /** Buckets of edges that exactly one execution has reached: how much there still is to discover (Good and Turing). */
  readonly singles: number;
  reset(): void;
  /** Folds the last execution into the map. */
  fold(): Coverage;
  /** Edges of the last execution, ascending. */
  edges(): Uint16Array;
  /** Edges of the last execution with their buckets, `8 * edge + bucket`, ascending. */
  features(): Uint32Array<ArrayBuffer>;
}

/** Bucket bit of every count: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more. */
const BUCKET = Uint8Array.from({ length: 256 }, (_, count) => {
  if (count === 0) return 0;
  const border = [1, 2, 3, 4, 8, 16, 32, 128].findLastIndex((first) => count >= first);
  return 1 << border;
});

/** Makes the map of a program with that many edges (65,535 at most). */
export function createEdgeMap(total: number): EdgeMap {
  if (total > 0xffff) throw new RangeError(`${total} edges do not fit 16 bits`);
  const counters = new Uint8ClampedArray(Math.max(8, (total + 7) & ~7));
  const words = new Uint32Array(counters.buffer);
  const reached = new Uint8Array(counters.length);
  const again = new Uint8Array(counters.length);
  const features = new Uint32Array(counters.length);
  let hit = 0;
  let singles = 0;

  return {
    counters,
    total,
    get hit() {
      return hit;
    },
    get singles() {
      return singles;
    },
    reset() {
      words.fill(0);
    },
    fold() {
      let newEdges = 0;
      let newBuckets = 0;
      let digest = 0x811c_9dc5;
      let cost = 0;
      for (let word = 0; word < words.length; word++) {
        // Most edges are not reached by one input: four are skipped at a time.
        if (words[word] === 0) continue;
        for (let edge = word * 4; edge < word * 4 + 4; edge++) {
          const count = counters[edge] ?? 0;
          if (count === 0) continue;
          const bucket = BUCKET[count] ?? 0;
          const before = reached[edge] ?? 0;
          cost += count;
          digest = Math.imul(digest ^ (edge * 8 + 31 - Math.clz32(bucket)), 0x0100_0193);
          if ((before & bucket) !== 0) {
            const twice = again[edge] ?? 0;
            if ((twice & bucket) === 0) {
              again[edge] = twice | bucket;
              singles--;
            }
            continue;
          }
          reached[edge] = before | bucket;
          singles++;
          newBuckets++;
          if (before === 0) newEdges++;
        }
      }
      hit += newEdges;
      return { newEdges, newBuckets, digest, cost };
    },
    edges() {
      const edges: number[] = [];
      for (let edge = 0; edge < total; edge++) if (counters[edge] !== 0) edges.push(edge);
      return Uint16Array.from(edges);
    },
    features() {
      let length = 0;
      for (let word = 0; word < words.length; word++) {
        if (words[word] === 0) continue;
        for (let edge = word * 4; edge < word * 4 + 4; edge++) {
          const count = counters[edge] ?? 0;
          if (count !== 0) features[length++] = edge * 8 + 31 - Math.clz32(BUCKET[count] ?? 0);
        }
      }
      return features.slice(0, length);
    },
  };
}
