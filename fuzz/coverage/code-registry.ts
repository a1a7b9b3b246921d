/**
 * Which error codes are reached: every registry of codes that `core/sans-io.ts` exports is watched. Whoever makes an error
 * reads its row to say what was wrong; that, and no mere listing of the codes, counts. No line of the core knows of it.
 */

export interface CodeWatch {
  /** All codes of all registries, sorted. */
  readonly all: readonly string[];
  /** Codes whose errors were made since the last call, sorted. */
  take(): string[];
}

/** What every error's message begins with: `Cannot parse <what>`. */
const READ_BY_ERRORS = 'what';

/** Watches the exports of a module whose names end in `CODES`: objects of rows, or of sentences. */
export function watchCodes(module: Readonly<Record<string, unknown>>): CodeWatch {
  const all = new Set<string>();
  let reached = new Set<string>();
  const watch = (owner: object, property: string, code: string, value: unknown): void => {
    all.add(code);
    Object.defineProperty(owner, property, {
      enumerable: true,
      configurable: true,
      get() {
        reached.add(code);
        return value;
      },
    });
  };
  for (const [name, registry] of Object.entries(module)) {
    if (!name.endsWith('CODES') || !isObject(registry)) continue;
    for (const [code, row] of Object.entries(registry)) {
      if (!isObject(row)) watch(registry, code, code, row);
      else if (READ_BY_ERRORS in row) watch(row, READ_BY_ERRORS, code, row[READ_BY_ERRORS]);
    }
  }
  // Rows may have been read while they were watched one after another.
  reached = new Set();
  return {
    all: [...all].sort(),
    take() {
      const taken = [...reached].sort();
      reached = new Set();
      return taken;
    },
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
