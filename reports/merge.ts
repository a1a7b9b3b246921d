import type { EventSource } from './fold.ts';
import { caseKey } from './report.ts';
import type { ReportEvent } from './schema.ts';

/**
 * Joins the events of several results into those of one file. Runs stay runs, so that the gate still sees which shards there are;
 * a case that several sources judged is kept from the last of them, as `foldReport` has it.
 */
export function mergeSources(sources: readonly EventSource[]): {
  readonly events: readonly ReportEvent[];
  /** Events of cases that a later source judged again. */
  readonly replaced: number;
} {
  const last = new Map<string, EventSource>();
  for (const source of sources) {
    for (const event of source.events) if (event.kind === 'case') last.set(caseKey(event.id, event.target), source);
  }
  const all = sources.flatMap((source) => source.events.map((event) => ({ source, event })));
  const kept = all.filter(
    ({ source, event }) => event.kind !== 'case' || last.get(caseKey(event.id, event.target)) === source,
  );
  return { events: kept.map(({ event }) => event), replaced: all.length - kept.length };
}
