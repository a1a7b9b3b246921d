import { caseKey, type Report, type Run } from '../report.ts';
import type { GateFinding } from './gate.ts';
import { describeExpected, heldAs, holdsIn, isFull, type Scene, suiteOf } from './scene.ts';

/** Entries whose case does not exist where every case was run: they excuse something that nobody will ever see. */
export function staleEntries(scene: Scene): GateFinding[] {
  const seen = new Set(scene.report.cases.map((result) => caseKey(result.id, result.target)));
  const stale: GateFinding[] = [];
  for (const entry of scene.expectations.byKey.values()) {
    const target = entry.key.split(' @', 2)[1];
    if (target === undefined || seen.has(entry.key)) continue;
    if (
      !scene.report.runs.some(
        (run) => isFull(run, scene.shards, suiteOf(entry.key)) && run.targets.includes(target) && holdsIn(entry, run),
      )
    )
      continue;
    stale.push({
      key: entry.key,
      about: 'expectation',
      class: 'stale',
      effect: 'fail',
      why: `No case of this name ran in a full run of ${target}; delete the line or correct its key`,
      was: describeExpected(entry),
      now: 'no such case',
      ...heldAs(scene, entry),
    });
  }
  return stale;
}

/** Runs of which nobody knows what they would have found. */
export function incompleteRuns(runs: readonly Run[]): GateFinding[] {
  return runs
    .filter((run) => !run.complete)
    .map((run) => ({
      key: `run ${run.source}`,
      about: 'run',
      class: 'incomplete',
      effect: 'inconclusive',
      why: `The ${run.start.producer} run did not finish: ${run.note}`,
      was: 'a finished run',
      now: run.note,
      repro: run.start.command,
    }));
}

/** What is said when there was nothing that could have failed: a gate that judged nothing must not be green. */
export function nothingJudged(report: Report): GateFinding {
  const skipped = report.verdicts.skip;
  return {
    key: 'run',
    about: 'run',
    class: 'not-judged',
    effect: 'inconclusive',
    why: `Nothing was judged: ${skipped === 0 ? 'no case and no fuzz input ran' : `all ${skipped} cases were skipped`}`,
    was: 'at least one case or fuzz input',
    now: 'none',
  };
}
