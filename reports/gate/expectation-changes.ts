import type { Expectation, Expectations } from './expectations.ts';
import type { ExpectationChange } from './gate.ts';

/** How the expectations differ from those of the base, sorted by key. A change of words (reason, issue, owner) is none. */
export function compareExpectations(base: Expectations, now: Expectations): readonly ExpectationChange[] {
  const keys = [...new Set([...base.byKey.keys(), ...now.byKey.keys()])].sort();
  return keys.flatMap((key): readonly ExpectationChange[] => {
    const [before, after] = [base.byKey.get(key), now.byKey.get(key)];
    if (before === undefined && after === undefined) return [];
    if (before === undefined) return [{ key, change: 'added', how: `${place(after)}: ${after?.reason}` }];
    if (after === undefined) return [{ key, change: 'removed', how: `it was at ${place(before)}` }];
    const looser = widened(before, after);
    if (looser.length > 0) return [{ key, change: 'loosened', how: `${place(after)}: ${looser.join('; ')}` }];
    const stricter = widened(after, before);
    return stricter.length === 0 ? [] : [{ key, change: 'tightened', how: `${place(after)}: it excuses less` }];
  });
}

const place = (entry: Expectation | undefined): string => `${entry?.source}:${entry?.line}`;

/** In which ways `after` excuses what `before` did not. */
function widened(before: Expectation, after: Expectation): readonly string[] {
  const how: string[] = [];
  const more = [...after.expect].filter((verdict) => !before.expect.has(verdict));
  if (more.length > 0) how.push(`it expects ${more.join(' and ')} too`);
  if (before.signature !== undefined && after.signature !== before.signature) {
    how.push(`signature "${before.signature}" → ${after.signature === undefined ? 'any' : `"${after.signature}"`}`);
  }
  if (before.expires !== undefined && (after.expires === undefined || after.expires > before.expires)) {
    how.push(`expires ${before.expires} → ${after.expires ?? 'never'}`);
  }
  if (holdsIn(before, 'node') && !within(after, before, 'node')) how.push('it holds on more Node versions');
  if (holdsIn(before, 'os') && !within(after, before, 'os')) how.push('it holds on more systems');
  return how;
}

const holdsIn = (entry: Expectation, what: 'node' | 'os'): boolean => entry.when?.[what] !== undefined;

/** Whether every condition of the one is among those of the other. */
function within(inner: Expectation, outer: Expectation, what: 'node' | 'os'): boolean {
  const list = (entry: Expectation): readonly string[] => [entry.when?.[what] ?? []].flat();
  return holdsIn(inner, what) && list(inner).every((word) => list(outer).includes(word));
}
