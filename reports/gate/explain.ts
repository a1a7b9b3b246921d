import type { Gate, GateFinding } from './gate.ts';

/** One step of an explanation: what was looked at, and what it said. */
export interface Explained {
  readonly label: string;
  readonly text: string;
}

/**
 * Explains a finding step by step: what was seen, what was expected, the cell of the table, what the base and the
 * rules made of it, and what would change it.
 */
export function explainFinding(finding: GateFinding, gate: Gate): readonly Explained[] {
  const held = finding.expectation;
  const row = (label: string, text: string | undefined): readonly Explained[] =>
    text === undefined ? [] : [{ label, text }];
  return [
    ...row('seen', finding.got === undefined ? finding.now : `${finding.now}: ${finding.got}`),
    ...row('want', finding.want ?? finding.was),
    ...row('entry', entryWords(finding, gate)),
    ...row('reason', held?.reason),
    ...row('table', finding.cell && `row "${finding.cell.row}", column "${finding.cell.column}"`),
    ...row('base', finding.base ?? (gate.base?.found === false ? 'no results' : undefined)),
    ...row('rule', finding.rule),
    ...row('so', `${finding.class}: ${EFFECT_WORDS[finding.effect]}`),
    ...row('why', finding.why),
    ...row('fix', fixOf(finding)),
  ];
}

const EFFECT_WORDS = {
  fail: 'it fails the gate',
  inconclusive: 'it leaves the gate open',
  warn: 'it only warns',
  ok: 'it does nothing',
} as const satisfies Record<GateFinding['effect'], string>;

function entryWords({ expectation, about, cell }: GateFinding, gate: Gate): string | undefined {
  if (expectation !== undefined) {
    const { source, line, expires, daysLeft } = expectation;
    const until = expires === undefined ? 'for ever' : `until ${expires} (${daysLeft} d from ${gate.today})`;
    return `${source}:${line}, ${until}`;
  }
  if (cell === undefined || (about !== 'case' && about !== 'crash')) return undefined;
  const { sources } = gate.expectations;
  return sources.length === 0 ? 'none, for no file was read' : `none in ${sources.join(', ')}`;
}

/** What would make it go away, besides mending it. */
function fixOf({ class: name, key, effect }: GateFinding): string | undefined {
  switch (name) {
    case 'new-failure':
    case 'new-hang':
    case 'deviation':
    case 'pre-existing':
      return `mend it, or: aeronet gate accept <results> --case '${key}' --reason … --expires …`;
    case 'new-crash':
      return `mend it, or: aeronet gate accept <results> --case '${key}' --reason … --issue … --expires …`;
    case 'unexpected-pass':
      return effect === 'fail' ? 'aeronet gate prune <results>' : 'run all cases; then: aeronet gate prune <results>';
    case 'stale':
      return 'correct its key, or: aeronet gate prune <results>';
    case 'changed-failure':
    case 'expired':
      return 'mend it, or change its line by hand, with a reason';
    case 'flaky':
      return 'mend it, or expect ["pass","fail"] with a reason';
    case 'loosened':
      return effect === 'fail' ? 'mend the case; or --allow-loosened, when it is meant' : undefined;
    case 'incomplete':
    case 'not-judged':
      return 'run it again';
    default:
      return undefined;
  }
}
