import { STATIC_ENTRIES } from './tables.ts';

/** One field of a list, as a table keeps it and as a decoder hands it out. Shared: never changed. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** Octets that an entry counts for beside its name and value (RFC7541#4.1). */
export const ENTRY_OVERHEAD = 32;

/** Size of an entry as tables and header lists count it (RFC7541#4.1). */
export function entrySize(name: string, value: string): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}

/** The static table; index 1 is at 0 (RFC7541#A). */
export const STATIC_TABLE: readonly HeaderField[] = STATIC_ENTRIES.map(([name, value]) =>
  Object.freeze({ name, value }),
);
