/** Text insertions into one source, kept on their lines: nothing moves down, so that source maps keep naming the right line. */
export interface Splice {
  /** Inserts before what stands at `at`; of two, the first one added comes first. */
  open(at: number, text: string): void;
  /** Inserts after what ends at `at`; of two, the first one added comes last, as brackets close. */
  close(at: number, text: string): void;
  /** Replaces `length` characters that contain no line end. */
  replace(at: number, length: number, text: string): void;
  /** The source with all edits made. */
  apply(): string;
}

interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly text: string;
  /** Order among edits at one place: what closes comes before what opens. */
  readonly rank: number;
}

/** Collects edits of a source. Callers walk the syntax tree from the outside in. */
export function spliceOf(source: string): Splice {
  const edits: Edit[] = [];
  return {
    open: (at, text) => edits.push({ at, removed: 0, text, rank: edits.length + 1 }),
    close: (at, text) => edits.push({ at, removed: 0, text, rank: -(edits.length + 1) }),
    replace: (at, removed, text) => edits.push({ at, removed, text, rank: 0 }),
    apply() {
      edits.sort((a, b) => a.at - b.at || a.rank - b.rank);
      let result = '';
      let from = 0;
      for (const edit of edits) {
        result += source.slice(from, edit.at) + edit.text;
        from = edit.at + edit.removed;
      }
      return result + source.slice(from);
    },
  };
}
