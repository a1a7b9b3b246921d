/**
 * What the HTML report can show besides events: files that a command has read for it. A renderer reads none itself, so
 * that this is data like the report; without it the page only has less to show.
 */
import type { Comparison, Since } from '../history/compare.ts';

/** One write, read or note of a connection, in order. */
export interface EvidenceEntry {
  /** Milliseconds since the connection was asked for. */
  readonly atMs: number;
  readonly direction: 'sent' | 'received' | 'note';
  /** Empty for a note. */
  readonly octets: Uint8Array;
  readonly note?: string;
}

/** The octets behind a case or a crash, as far as the bounds of a report allow. */
export interface Evidence {
  readonly entries: readonly EvidenceEntry[];
  /** Octets that were left out. */
  readonly cut: number;
  /** What the target wrote before it died. */
  readonly output?: string;
}

/** One field block as it was read. */
export interface FieldBlock {
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Why it could not be read, or what is wrong with it; absent where nothing is. */
  readonly problem?: string;
}

/** Reads the field blocks of one direction of a connection, in their order: HPACK remembers. It never throws. */
export type FieldReader = (block: Uint8Array) => FieldBlock;

/** How a fuzz target came along, oldest first. */
export interface FuzzSeries {
  readonly target: string;
  readonly points: readonly {
    /** Seconds that the target has run. */
    readonly runS: number;
    readonly perSecond: number;
    readonly edges: number;
    readonly corpus: number;
  }[];
}

/** How one RFC is covered: counts of its normative sentences. */
export interface MatrixRow {
  readonly rfc: string;
  readonly level: string;
  readonly sentences: number;
  readonly server: number;
  readonly observable: number;
  readonly byCase: number;
  readonly byCheck: number;
  readonly byReason: number;
  /** Why the RFC is not looked into at all. */
  readonly absent?: string;
}

/** One normative sentence, in own words, and what answers for it. */
export interface RequirementRow {
  /** `rfc9112:6.1:3`. */
  readonly id: string;
  readonly level: string;
  readonly says: string;
  /** Whom it binds. */
  readonly binds: string;
  /** `case`, `check`, `reason` or `none`. */
  readonly answer: string;
  readonly cases: readonly string[];
  /** Fuzz oracles and places in the code that hold the core to it. */
  readonly checks: readonly string[];
  /** Why there is no case. */
  readonly why: string;
}

/** One run of the history, as `history/` keeps it. */
export interface TrendPoint {
  readonly startedAt: string;
  readonly label: string;
  readonly verdict: string;
  /** Figures by name; a name that is missing was not measured in this run. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface HtmlExtras {
  /** By the key of a case or a crash. */
  readonly evidence?: ReadonlyMap<string, Evidence>;
  /** A new reader for one direction of one connection; without it, field blocks are shown in hex. */
  readonly fieldReader?: () => FieldReader;
  readonly fuzz?: readonly FuzzSeries[];
  readonly matrix?: readonly MatrixRow[];
  /** The sentences behind the matrix. */
  readonly requirements?: readonly RequirementRow[];
  readonly history?: readonly TrendPoint[];
  /** Since when keys fail, as far as the history knows. */
  readonly since?: readonly Since[];
  readonly compare?: Comparison;
}
