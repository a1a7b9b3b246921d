import type { CaseResult, Finding } from '../report.ts';
import type { Verdict } from '../schema.ts';
import { classify, type Expected, expectedState, rowOf } from './classify.ts';
import type { Expectation } from './expectations.ts';
import type { GateFinding } from './gate.ts';
import { observeCase, observeFinding } from './observe.ts';
import { daysLeft, describeExpected, entryFor, heldAs, type Scene, suiteOf } from './scene.ts';
import { whyCase, whyFinding } from './why.ts';

/** Holds a case against its entry. */
export function decideCase(scene: Scene, result: CaseResult): GateFinding {
  const entry = entryFor(scene, result.key, scene.report.runs[result.run]);
  const observed = observeCase(result);
  const expected = stateOf(scene, entry, {
    verdicts: judgedVerdicts(result),
    actual: result.actual,
    ...(result.signature === undefined ? {} : { signature: result.signature }),
  });
  const about = {
    level: result.level,
    full: (suiteOf(result.key) === 'drill' ? scene.drilled : scene.full).has(result.target),
  };
  const cell = classify(observed, expected, about);
  return {
    key: result.key,
    about: 'case',
    ...cell,
    cell: { row: rowOf(observed, about), column: expected },
    why: whyCase(cell, result, entry),
    was: describeExpected(entry),
    now: [...new Set([...result.attempts, result.verdict])].join(', then '),
    title: result.title,
    target: result.target,
    area: result.area,
    level: result.level,
    rfc: result.rfc,
    want: result.expected,
    got: result.actual,
    attempts: result.attempts,
    ...(result.evidence === undefined ? {} : { evidence: result.evidence }),
    repro: result.repro,
    ...heldAs(scene, entry),
  };
}

/** Holds a fuzz finding against its entry. */
export function decideFinding(scene: Scene, finding: Finding): GateFinding {
  const entry = entryFor(scene, finding.key, scene.report.runs[finding.run]);
  const observed = observeFinding(finding);
  const verdicts: readonly Verdict[] = [observed === 'ok' ? 'pass' : 'crash'];
  const actual = `${finding.errorClass}: ${finding.message}`;
  const expected = stateOf(scene, entry, { verdicts, actual });
  // A saved entry was run again by name, so that its pass is never an accident of selection.
  const about = { level: 'MUST', full: true } as const;
  const cell = classify(observed, expected, about);
  return {
    key: finding.key,
    about: 'crash',
    ...cell,
    cell: { row: rowOf(observed, about), column: expected },
    why: whyFinding(cell, finding, entry),
    was: describeExpected(entry),
    now: finding.status === 'fixed' ? 'fixed' : `${finding.failure}, reproduced ${finding.reproduced}`,
    title: `${finding.target}: ${finding.failure}${finding.frames[0] === undefined ? '' : ` in ${finding.frames[0]}`}`,
    target: finding.target,
    got: actual,
    ...(finding.bundle === undefined ? {} : { evidence: finding.bundle }),
    repro: finding.repro,
    ...heldAs(scene, entry),
  };
}

function stateOf(scene: Scene, entry: Expectation | undefined, seen: Parameters<typeof expectedState>[1]): Expected {
  return expectedState(entry, seen, (daysLeft(scene, entry) ?? 0) < 0);
}

/** The verdicts that say something about the target; the last word always does. */
function judgedVerdicts(result: CaseResult): readonly Verdict[] {
  const judged = result.attempts.filter((verdict) => verdict !== 'inconclusive' && verdict !== 'error');
  return [...new Set([...judged, result.verdict])];
}
