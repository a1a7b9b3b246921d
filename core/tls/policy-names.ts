/** Which of several policies a name belongs to: names in full, `*.` for one label, and one policy for whoever is left. */
import { parseHostName } from './host-name.ts';

/** The names of each policy, in the order of the policies; none: it is for all names that no other has. */
export class PolicyNames {
  readonly #exact = new Map<string, number>();
  readonly #wildcards = new Map<string, number>();
  readonly #rest: number | undefined;

  /** @throws RangeError for a name that is none, or that two policies have */
  constructor(policies: readonly (readonly string[])[]) {
    let rest: number | undefined;
    for (const [index, names] of policies.entries()) {
      if (names.length === 0) {
        if (rest !== undefined) throw new RangeError('two policies have no names: one only can be for whoever is left');
        rest = index;
      }
      for (const name of names) this.#add(name, index);
    }
    this.#rest = rest;
  }

  /** Index of the policy for a name, in any case and with or without the dot of the root; `undefined` where there is none. */
  find(name: string | undefined): number | undefined {
    const parsed = name === undefined ? undefined : parseHostName(name);
    if (typeof parsed !== 'string') return this.#rest;
    const dot = parsed.indexOf('.');
    const wildcard = dot === -1 ? undefined : this.#wildcards.get(parsed.slice(dot + 1));
    return this.#exact.get(parsed) ?? wildcard ?? this.#rest;
  }

  #add(name: string, index: number): void {
    const isWildcard = name.startsWith('*.');
    const parsed = parseHostName(isWildcard ? name.slice(2) : name);
    if (typeof parsed !== 'string') throw new RangeError(`${JSON.stringify(name)} is no name of a host`);
    const names = isWildcard ? this.#wildcards : this.#exact;
    if (names.has(parsed)) throw new RangeError(`two policies have the name ${JSON.stringify(name)}`);
    names.set(parsed, index);
  }
}
