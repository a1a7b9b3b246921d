/** One entry of a transcript; times are milliseconds since the connection was asked for. */
export type TranscriptEntry =
  | { readonly atMs: number; readonly direction: 'sent' | 'received'; readonly octets: Buffer }
  | { readonly atMs: number; readonly direction: 'note'; readonly note: string };

/** What went over one connection, in order, with each write and each read as its own entry. */
export class Transcript {
  readonly entries: TranscriptEntry[] = [];
  readonly #startedMs = performance.now();

  /** Those of several connections, one behind the other; times are since each was asked for. */
  static joined(transcripts: readonly Transcript[]): Transcript {
    const joined = new Transcript();
    for (const { entries } of transcripts) joined.entries.push(...entries);
    return joined;
  }

  sent(octets: Buffer): void {
    this.entries.push({ atMs: this.#elapsedMs(), direction: 'sent', octets });
  }

  received(octets: Buffer): void {
    this.entries.push({ atMs: this.#elapsedMs(), direction: 'received', octets });
  }

  note(note: string): void {
    this.entries.push({ atMs: this.#elapsedMs(), direction: 'note', note });
  }

  /** Puts what went over another connection behind, under a note of what it was; its times stay its own. */
  append(note: string, other: Transcript): void {
    this.note(note);
    this.entries.push(...other.entries);
  }

  /** All octets of one direction, joined. */
  octets(direction: 'sent' | 'received'): Buffer {
    const parts: Buffer[] = [];
    for (const entry of this.entries) if (entry.direction === direction) parts.push(entry.octets);
    return Buffer.concat(parts);
  }

  /** As JSON-ready rows: octets as base64, so that nothing is lost. */
  rows(): readonly Readonly<Record<string, string | number>>[] {
    return this.entries.map((entry) =>
      entry.direction === 'note'
        ? { atMs: entry.atMs, note: entry.note }
        : { atMs: entry.atMs, direction: entry.direction, base64: entry.octets.toString('base64') },
    );
  }

  #elapsedMs(): number {
    return Math.round((performance.now() - this.#startedMs) * 1000) / 1000;
  }
}
