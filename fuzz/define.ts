/**
 * What a fuzz target is. A target is one file `fuzz/targets/<name>.ts` that opens with `// INVARIANT:` and exports one
 * `target`; every engine runs it, and so do replay and the ordinary tests.
 */

/** How an input is understood by the structure-aware mutators; `bytes` knows words, numbers and octets. */
export const GRAMMARS = ['bytes', 'http1-request', 'http2', 'hpack', 'client-hello'] as const;

export type GrammarName = (typeof GRAMMARS)[number];

/** One thing that a subject says of an input, or that is done to it. */
export interface ToldEvent {
  readonly kind: string;
  /** Octet of the input that it is about. */
  readonly offset: number;
  /** The peer's octets, one unit each, or words of ours. */
  readonly text: string;
}

/** Who is told of events, one by one, as they happen: what came before a throw or a hang is known then. */
export type Tell = (event: ToldEvent) => void;

/** Cuts octets into pieces; each piece dies when the next one is asked for. */
export type Cut = (octets: Uint8Array) => Iterable<Uint8Array>;

/** One fuzz target: who is tested, with which vocabulary, and the function that must not throw. */
export interface FuzzTarget {
  /** Same as the file's name. */
  readonly name: string;
  /** Path prefixes of the modules whose coverage counts, e.g. `core/http1`. */
  readonly subject: readonly string[];
  /** Words that mean something to the subject, in AFL's dictionary syntax. */
  readonly dictionary: string;
  readonly grammar: GrammarName;
  /** Longest input in octets that is tried: 1 to 65,536. */
  readonly maxLength: number;
  /**
   * Turns that loops of the subject may take for each octet of an input (engines/work.ts); more is a finding.
   * @defaultValue 64
   */
  readonly turnsPerOctet?: number;
  /**
   * Runs the subject on one input; whatever leaves it (a throw, a rejection, a hang, a late error) is a finding.
   * It must be a function of `data` alone. `data` may be kept until it returns or its promise settles.
   */
  fuzz(data: Uint8Array): void | Promise<void>;
  /**
   * Tells what the subject says of an input that comes in these pieces, for whoever reads a failure: `aeronet replay` shows it.
   * Nothing is judged. Whatever leaves it is a part of the story. Values, which are read in one call, have no story.
   */
  events?(data: Uint8Array, cut: Cut, tell: Tell): void;
}

/** Longest input that any target may ask for, in octets: the worker publishes each input in shared memory of this size. */
export const MAX_INPUT_BYTES = 65_536;

/** Checks and freezes a target. @throws RangeError when a part of it makes no sense. */
export function defineTarget(target: FuzzTarget): FuzzTarget {
  const complaint = complain(target);
  if (complaint !== undefined) throw new RangeError(`fuzz target "${target.name}": ${complaint}`);
  return Object.freeze({ ...target, subject: Object.freeze([...target.subject]) });
}

/** Whether a module's `target` export can be run, for trees that were built elsewhere. */
export function isTarget(value: unknown): value is FuzzTarget {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Partial<Record<keyof FuzzTarget, unknown>> = value;
  return (
    typeof fields.name === 'string' &&
    Array.isArray(fields.subject) &&
    fields.subject.every((prefix) => typeof prefix === 'string') &&
    typeof fields.dictionary === 'string' &&
    GRAMMARS.some((name) => name === fields.grammar) &&
    typeof fields.maxLength === 'number' &&
    typeof fields.fuzz === 'function' &&
    (fields.events === undefined || typeof fields.events === 'function')
  );
}

function complain(target: FuzzTarget): string | undefined {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(target.name)) return 'its name must be kebab-case, like its file';
  if (target.subject.length === 0) return 'it names no subject, so no coverage could guide it';
  if (!Number.isInteger(target.maxLength) || target.maxLength < 1 || target.maxLength > MAX_INPUT_BYTES) {
    return `maxLength must be 1 to ${MAX_INPUT_BYTES}`;
  }
  return undefined;
}
