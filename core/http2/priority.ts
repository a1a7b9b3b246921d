/** Order in which responses are written (RFC9218#4): urgency 0 comes first, incremental ones share. */
export interface Priority {
  readonly urgency: number;
  readonly isIncremental: boolean;
}

/** RFC9218#4.1, RFC9218#4.2: what holds where nothing is said. */
export const DEFAULT_PRIORITY: Priority = { urgency: 3, isIncremental: false };

/**
 * Priority from a Priority field value (RFC9218#4): a dictionary of structured fields, of which `u` and `i` count.
 * Members that are out of range, of another type or unknown are ignored; so is a value that is no dictionary.
 */
export function parsePriority(value: string | undefined): Priority {
  if (value === undefined || value.length > 256) return DEFAULT_PRIORITY;
  let { urgency, isIncremental } = DEFAULT_PRIORITY;
  for (const member of value.split(',')) {
    const text = member.trim().split(';', 1).join('');
    const level = /^u=(-?\d{1,15})$/.exec(text)?.[1];
    // RFC9218#4.1 MUST: values out of range are treated as the default, not as an error
    if (level !== undefined) urgency = /^[0-7]$/.test(level) ? Number(level) : DEFAULT_PRIORITY.urgency;
    else if (text === 'i' || text === 'i=?1') isIncremental = true;
    else if (text === 'i=?0') isIncremental = false;
  }
  return { urgency, isIncremental };
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
