/**
 * Comparisons as feedback. Each probed comparison reports how close its operands came, so that an input which is nearer to
 * an equality than all before is kept; and in a traced execution the operands themselves are kept, so that the loop can
 * write the wanted one where the seen one stands in the input (input-to-state) and add it to the dictionary.
 */

/** The functions that instrumented comparisons call instead of comparing; each answers what its operator would. */
export interface Probes {
  eq(site: number, a: unknown, b: unknown): boolean;
  ne(site: number, a: unknown, b: unknown): boolean;
  lt(site: number, a: Ordered, b: Ordered): boolean;
  le(site: number, a: Ordered, b: Ordered): boolean;
  gt(site: number, a: Ordered, b: Ordered): boolean;
  ge(site: number, a: Ordered, b: Ordered): boolean;
}

/** What the relational operators of a typed program order. */
type Ordered = number | string;

/** Operands of one comparison that did not agree. */
export interface Operands {
  readonly site: number;
  readonly a: Ordered;
  readonly b: Ordered;
}

export interface ComparisonFeedback {
  readonly probes: Probes;
  /** Keeps the operands of what runs from now on, at most 256 distinct pairs. */
  beginTrace(): void;
  /** The operands that were kept. */
  endTrace(): readonly Operands[];
  /** Forgets the last execution. */
  reset(): void;
  /** Whether the last execution came closer at any site than all before it; takes its progress as the new best. */
  advance(): boolean;
}

const MAX_TRACED = 256;
const MAX_COMPARED = 64;
/** Progress that means equal; no distance reaches it. */
const EQUAL = 255;

/** Makes the feedback for a program with that many comparison sites. */
export function createComparisonFeedback(sites: number): ComparisonFeedback {
  const progress = new Uint8Array(Math.max(8, (sites + 7) & ~7));
  const words = new Uint32Array(progress.buffer);
  const best = new Uint8Array(progress.length);
  let traced: Map<string, Operands> | undefined;

  const record = (site: number, a: unknown, b: unknown): void => {
    let closeness = 0;
    if (typeof a === 'number' && typeof b === 'number') closeness = numberCloseness(a, b);
    else if (typeof a === 'string' && typeof b === 'string') closeness = stringCloseness(a, b);
    else return;
    if (closeness > (progress[site] ?? 0)) progress[site] = closeness;
    if (traced !== undefined && a !== b && traced.size < MAX_TRACED) traced.set(`${site} ${a} ${b}`, { site, a, b });
  };

  return {
    probes: {
      eq(site, a, b) {
        record(site, a, b);
        return a === b;
      },
      ne(site, a, b) {
        record(site, a, b);
        return a !== b;
      },
      lt(site, a, b) {
        record(site, a, b);
        return a < b;
      },
      le(site, a, b) {
        record(site, a, b);
        return a <= b;
      },
      gt(site, a, b) {
        record(site, a, b);
        return a > b;
      },
      ge(site, a, b) {
        record(site, a, b);
        return a >= b;
      },
    },
    beginTrace() {
      traced = new Map();
    },
    endTrace() {
      const pairs = [...(traced?.values() ?? [])];
      traced = undefined;
      return pairs;
    },
    reset() {
      words.fill(0);
    },
    advance() {
      let closer = false;
      for (let word = 0; word < words.length; word++) {
        if (words[word] === 0) continue;
        for (let site = word * 4; site < word * 4 + 4; site++) {
          const reached = progress[site] ?? 0;
          if (reached <= (best[site] ?? 0)) continue;
          best[site] = reached;
          closer = true;
        }
      }
      return closer;
    },
  };
}

/** 1 to 53: one more for each halving of the distance. */
function numberCloseness(a: number, b: number): number {
  if (a === b) return EQUAL;
  const distance = Math.abs(a - b);
  if (distance <= 0xffff_ffff) return 22 + Math.clz32(distance);
  // Not a number or infinite: no direction to go.
  if (!(distance < Number.MAX_SAFE_INTEGER)) return 0;
  return 1 + Math.clz32(distance / 0x20_0000);
}

/** 1 to 193: the common prefix counts twice, agreeing lengths once. */
function stringCloseness(a: string, b: string): number {
  if (a === b) return EQUAL;
  const limit = Math.min(a.length, b.length, MAX_COMPARED);
  let common = 0;
  while (common < limit && a.charCodeAt(common) === b.charCodeAt(common)) common++;
  const lengths = Math.min(63, Math.abs(a.length - b.length));
  return 1 + 2 * common + (63 - lengths);
}
