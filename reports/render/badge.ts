import type { Gate, GateVerdict } from '../gate/gate.ts';
import { type Report, VERDICTS } from '../report.ts';

/** JSON for a badge, in the form that shields.io reads from an address: `pass · 812 of 812 MUST`. */
export function renderBadge(report: Report, gate: Gate): string {
  const must = report.levels.MUST;
  const judged = VERDICTS.filter((verdict) => !UNJUDGED.has(verdict)).reduce((sum, verdict) => sum + must[verdict], 0);
  const allowed = must.pass + must.weak + must.warn;
  const counts = judged === 0 ? '' : ` · ${allowed} of ${judged} MUST`;
  const badge = {
    schemaVersion: 1,
    label: 'aeronet',
    message: `${gate.verdict}${counts}`,
    color: COLOURS[gate.verdict],
    isError: gate.verdict === 'fail',
  };
  return `${JSON.stringify(badge)}\n`;
}

const UNJUDGED: ReadonlySet<string> = new Set(['skip', 'inconclusive', 'error']);

const COLOURS = { pass: 'brightgreen', fail: 'red', inconclusive: 'yellow' } as const satisfies Record<
  GateVerdict,
  string
>;
