import { STATIC_ENTRIES } from './tables.ts';

/** One field of a list, as a table keeps it and as a decoder hands it out. Shared by all lists that it comes in. */
export class HeaderField {
  readonly name: string;
  readonly value: string;
  #isSound = false;

  constructor(name: string, value: string) {
    this.name = name;
    this.value = value;
  }

  /**
   * Found in order by whoever reads messages. WHY: the octets of a table's entry are looked at once, and not in every
   * request that refers to it.
   */
  get isSound(): boolean {
    return this.#isSound;
  }

  markSound(): void {
    this.#isSound = true;
  }
}

/** Octets that an entry counts for beside its name and value (RFC7541#4.1). */
export const ENTRY_OVERHEAD = 32;

/** Size of an entry as tables and header lists count it (RFC7541#4.1). */
export function entrySize(name: string, value: string): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}

/** The static table; index 1 is at 0 (RFC7541#A). */
export const STATIC_TABLE: readonly HeaderField[] = STATIC_ENTRIES.map(([name, value]) => new HeaderField(name, value));
