/**
 * What a mutant is: the core with one thing wrong, as changes of the built text. Mutants prove the suite: a case that no
 * mutant can fail might be one that no server can fail.
 */

/** One deliberately broken core. */
export interface Mutant {
  /** Kebab-case, unique: `chunk-size-sign`. */
  readonly id: string;
  /** What is wrong with it, in a few words. */
  readonly says: string;
  /** Most have one; several where the core asks twice. */
  readonly edits: readonly Edit[];
}

/** What is changed in one module. */
export interface Edit {
  /** Module of the built tree, without its ending: `core/http1/chunked`. */
  readonly file: string;
  /** Texts of that module, each of which stands in it exactly once, and what comes in their place. */
  readonly changes: readonly Change[];
}

export type Change = readonly [before: string, after: string];

/** The mutants of one module; `file` is written once for all of them. */
export function mutantsOf(
  file: string,
  rows: readonly (readonly [id: string, says: string, ...changes: Change[]])[],
): readonly Mutant[] {
  return rows.map(([id, says, ...changes]) => ({ id, says, edits: [{ file, changes }] }));
}

/** The text of one of its modules with the mutant in it. @throws Error when a text is not there exactly once: the mutant has to follow */
export function mutate(id: string, { file, changes }: Edit, source: string): string {
  let text = source;
  for (const [before, after] of changes) {
    const count = text.split(before).length - 1;
    if (count !== 1) {
      throw new Error(`Mutant ${id}: ${JSON.stringify(before)} stands ${count} times in ${file}, not once; adapt it`);
    }
    // WHY: a function, so that no "$" of the new text is taken for a pattern
    text = text.replace(before, () => after);
  }
  return text;
}
