import { isFailure } from '../semantics/failure.ts';
import { parseDictionary } from '../semantics/structured/parse.ts';
import { type BareItem, type Dictionary, isInnerList } from '../semantics/structured/types.ts';

/** Order in which responses are written (RFC9218#4): urgency 0 comes first, incremental ones share. */
export interface Priority {
  readonly urgency: number;
  readonly isIncremental: boolean;
}

/** RFC9218#4.1, RFC9218#4.2: what holds where nothing is said. */
export const DEFAULT_PRIORITY: Priority = { urgency: 3, isIncremental: false };

/** Longest value that is looked at, in octets. */
const MAX_BYTES = 256;

/**
 * Priority from a Priority field value (RFC9218#4): a dictionary of structured fields, of which `u` and `i` count.
 * Members that are out of range, of another type or unknown are ignored; so is a value that is no dictionary.
 */
export function parsePriority(value: string | undefined): Priority {
  if (value === undefined || value.length > MAX_BYTES) return DEFAULT_PRIORITY;
  const members = parseDictionary(value);
  // RFC9651#4.2 MUST: a field that does not parse is ignored as a whole
  if (isFailure(members)) return DEFAULT_PRIORITY;
  const [level, incremental] = [bareOf(members, 'u'), bareOf(members, 'i')];
  // RFC9218#4.1 MUST: values out of range are treated as the default, not as an error
  const isLevel = level?.kind === 'integer' && level.value >= 0 && level.value <= 7;
  return {
    urgency: isLevel ? level.value : DEFAULT_PRIORITY.urgency,
    isIncremental: incremental?.kind === 'boolean' && incremental.value,
  };
}

function bareOf(members: Dictionary, key: string): BareItem | undefined {
  const member = members.get(key);
  return member === undefined || isInnerList(member) ? undefined : member.bare;
}

/**
 * Priorities that came before their streams (RFC9218#7.1): kept until those open, no more than could be open at once.
 * Who opens a stream closes the idle ones below it (RFC9113#5.1.1), so their priorities go with them.
 */
export class EarlyPriorities {
  readonly #byId = new Map<number, Priority>();

  /** Keeps the priority of an idle stream; false where `room` others are kept already. */
  keep(id: number, priority: Priority, room: number): boolean {
    if (!this.#byId.has(id) && this.#byId.size >= room) return false;
    this.#byId.set(id, priority);
    return true;
  }

  /** Gives a stream that opens what came for it. */
  apply(stream: { readonly id: number; prioritize(priority: Priority): void }): void {
    if (this.#byId.size === 0) return;
    const priority = this.#byId.get(stream.id);
    if (priority !== undefined) stream.prioritize(priority);
    for (const id of this.#byId.keys()) if (id <= stream.id) this.#byId.delete(id);
  }
}
