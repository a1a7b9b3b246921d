/**
 * The coverage rule. Only what was replayed is compared, and like with like: the same inputs, the same instrument, files that
 * have not changed. What a change has edited or deleted it may reach differently.
 */
import type { Coverage, Report } from '../report.ts';
import type { GateFinding } from './gate.ts';
import { GATE_LIMITS } from './limits.ts';

export interface Compared {
  readonly findings: readonly GateFinding[];
  readonly notes: readonly string[];
}

/**
 * Compares each replay's coverage with the base's. A loss above the limit fails where a second replay agrees, warns where
 * there was only one, and is none where they disagree. Without a base, nothing is said.
 */
export function decideCoverage(report: Report, base: Report | undefined): Compared {
  const findings: GateFinding[] = [];
  const notes: string[] = [];
  if (base === undefined) return { findings, notes };
  for (const [name, attempts] of grouped(report)) {
    const comparable = base.coverage.filter((one) => isReplay(one) && attempts.some((attempt) => isLike(attempt, one)));
    if (comparable.length === 0) {
      notes.push(`coverage of ${name} was not compared: the base has none of the same inputs by the same instrument`);
      continue;
    }
    const losses = attempts.map((attempt) => lossOf(attempt, comparable));
    const finding = findingOf(name, attempts, losses, report);
    if (finding !== undefined) findings.push(finding);
  }
  return { findings, notes };
}

const isReplay = (coverage: Coverage): boolean => coverage.origin === 'replay';

const isLike = (a: Coverage, b: Coverage): boolean =>
  a.target === b.target && a.metric === b.metric && a.instrument === b.instrument && a.corpus === b.corpus;

function grouped(report: Report): ReadonlyMap<string, readonly Coverage[]> {
  const groups = new Map<string, Coverage[]>();
  for (const one of report.coverage.filter(isReplay)) {
    groups.set(one.target, [...(groups.get(one.target) ?? []), one]);
  }
  return groups;
}

interface Loss {
  readonly lost: number;
  readonly of: number;
  /** `path −n`, most first. */
  readonly files: readonly { readonly path: string; readonly lost: number }[];
}

/** What the base reached in files that are the same here, and this replay did not. The base's least counts. */
function lossOf(attempt: Coverage, base: readonly Coverage[]): Loss {
  const files: { path: string; lost: number }[] = [];
  let of = 0;
  for (const file of attempt.files) {
    const before = base.flatMap((one) =>
      one.files.filter(
        ({ path, digest, total }) => path === file.path && digest === file.digest && total === file.total,
      ),
    );
    if (file.digest === undefined || before.length === 0) continue;
    const hit = Math.min(...before.map((one) => one.hit));
    of += hit;
    if (file.hit < hit) files.push({ path: file.path, lost: hit - file.hit });
  }
  files.sort((a, b) => b.lost - a.lost || (a.path < b.path ? -1 : 1));
  return { lost: files.reduce((sum, { lost }) => sum + lost, 0), of, files };
}

function findingOf(
  name: string,
  attempts: readonly Coverage[],
  losses: readonly Loss[],
  report: Report,
): GateFinding | undefined {
  const [first] = attempts;
  const least = [...losses].sort((a, b) => a.lost - b.lost)[0];
  if (first === undefined || least === undefined) return undefined;
  if (losses.some(({ lost, of }) => lost <= of * GATE_LIMITS.coverageDrop)) return undefined;
  const confirmed = losses.length > 1;
  const where = least.files
    .slice(0, 5)
    .map(({ path, lost }) => `${path} −${lost}`)
    .join(', ');
  const share = ((100 * least.lost) / least.of).toFixed(1);
  return {
    key: `coverage ${name}`,
    about: 'coverage',
    class: 'coverage-loss',
    effect: confirmed ? 'fail' : 'warn',
    why: `${least.lost} of ${least.of} ${first.metric} (${share} %) are no longer reached in files that did not change: ${where}${confirmed ? '' : '; one replay alone said so: replay again to be sure'}`,
    was: `${least.of} ${first.metric}`,
    now: `${least.of - least.lost} ${first.metric}`,
    target: first.target,
    repro: first.repro ?? report.runs[first.run]?.start.command ?? '',
  };
}
