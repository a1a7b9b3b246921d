import { GATE_CLASSES, type GateClass, type GateFinding } from './gate.ts';

/** Counts findings by class; every class is there, also at zero. */
export function countClasses(findings: readonly GateFinding[]): Readonly<Record<GateClass, number>> {
  const counts = Object.fromEntries(GATE_CLASSES.map((name) => [name, 0])) as Record<GateClass, number>;
  for (const finding of findings) counts[finding.class] += 1;
  return counts;
}

/** One line, worst first: `1 new MUST failure · 2 known (1 expires in 6 d) · 1312 pass`. */
export function summarise(findings: readonly GateFinding[], classes: Readonly<Record<GateClass, number>>): string {
  const parts = GATE_CLASSES.filter((name) => classes[name] > 0).map((name) => {
    const count = classes[name];
    return `${count} ${PHRASES[name][count === 1 ? 0 : 1]}${name === 'known' ? soonest(findings) : ''}`;
  });
  return parts.join(' · ');
}

/** Singular and plural of each class. */
const PHRASES = {
  'new-crash': ['new crash', 'new crashes'],
  'new-hang': ['new hang', 'new hangs'],
  'new-failure': ['new MUST failure', 'new MUST failures'],
  'changed-failure': ['changed failure', 'changed failures'],
  'over-limit': ['counter over its limit', 'counters over their limits'],
  slower: ['slower scenario', 'slower scenarios'],
  'coverage-loss': ['loss of coverage', 'losses of coverage'],
  expired: ['expired expectation', 'expired expectations'],
  'unexpected-pass': ['unexpected pass', 'unexpected passes'],
  stale: ['stale expectation', 'stale expectations'],
  loosened: ['expectation loosened here', 'expectations loosened here'],
  incomplete: ['incomplete run', 'incomplete runs'],
  'not-judged': ['not judged', 'not judged'],
  'pre-existing': ['failure that the base has too', 'failures that the base has too'],
  deviation: ['SHOULD or MAY missed', 'SHOULD or MAY missed'],
  flaky: ['flaky', 'flaky'],
  unreproduced: ['unreproduced finding', 'unreproduced findings'],
  'known-flaky': ['known flaky', 'known flaky'],
  known: ['known', 'known'],
  pass: ['pass', 'pass'],
  skip: ['skipped', 'skipped'],
} as const satisfies Record<GateClass, readonly [string, string]>;

/** Days within which an expiry is worth a word in the summary. */
const SOON_DAYS = 14;

function soonest(findings: readonly GateFinding[]): string {
  const days = findings
    .filter((finding) => finding.class === 'known')
    .map((finding) => finding.expectation?.daysLeft)
    .filter((left) => left !== undefined)
    .filter((left) => left <= SOON_DAYS);
  return days.length === 0 ? '' : ` (${days.length} expire${days.length === 1 ? 's' : ''} within ${SOON_DAYS} d)`;
}
