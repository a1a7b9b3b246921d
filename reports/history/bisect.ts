import type { Since } from './compare.ts';
import { REVISION } from './entry.ts';

/**
 * The command that finds the change since which something fails; empty where the history does not name both ends, or
 * names something that is no revision.
 *
 * @param repro what shows it again, with an exit code other than 0
 */
export function bisectCommand(since: Since, repro: string): string {
  const { firstRevision = '', lastGoodRevision = '' } = since;
  if (!REVISION.test(firstRevision) || !REVISION.test(lastGoodRevision) || firstRevision === lastGoodRevision)
    return '';
  // WHY 125: what cannot be built says nothing about the failure, and bisect passes over it.
  const step = `npm ci && npm run build || exit 125; ${repro}`;
  const quoted = `'${step.replaceAll("'", "'\\''")}'`;
  return `git bisect start ${firstRevision} ${lastGoodRevision} && git bisect run sh -c ${quoted}`;
}
