import type { GateClass, GateFinding } from './gate.ts';

const FLAKY: ReadonlySet<GateClass> = new Set<GateClass>(['flaky', 'known-flaky']);

/** Fails what came and went, known or not, where there is more of it than a team bears with. @param max undefined: any number */
export function demandFewFlaky(findings: readonly GateFinding[], max: number | undefined): readonly GateFinding[] {
  const count = findings.filter(({ class: found }) => FLAKY.has(found)).length;
  if (max === undefined || count <= max) return findings;
  return findings.map((finding) =>
    FLAKY.has(finding.class) ? { ...finding, effect: 'fail', rule: `max-flaky=${max}, there are ${count}` } : finding,
  );
}
