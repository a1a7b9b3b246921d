import type { Effect, Gate, GateFinding } from '../gate/gate.ts';
import { bisectCommand } from '../history/bisect.ts';
import type { Since } from '../history/compare.ts';
import { type CaseResult, type Report, VERDICTS } from '../report.ts';
import { visible } from '../visible.ts';
import type { Evidence, HtmlExtras, RequirementRow } from './html-extras.ts';
import { type Frames, hasPreface, readFrames } from './html-frames.ts';
import { benchRow } from './html-perf.ts';
import { escapeJson } from './json.ts';
import { CASE_SYMBOLS, CLASS_WORDS, EFFECT_SYMBOLS, excuse, findingLookup } from './labels.ts';
import { markRequests } from './offending.ts';

/**
 * What the page's script shows, as JSON that may stand in a script element: every text is one harmless line already, and
 * no `<` is left. Texts of cases stand once in `strings`, and cases are rows of numbers, so that 100,000 of them stay small.
 */
export function pageData(report: Report, gate: Gate, extras: HtmlExtras): string {
  const strings = new Interned();
  const names = new Map(report.cases.map(({ key, id, target }) => [key, `${pageName(id)} @${pageName(target)}`]));
  const lookup = findingLookup(gate);
  const evidence: unknown[] = [];
  const cases = report.cases
    .map((result) => ({ result, finding: lookup(result) }))
    .sort((a, b) => weight(a.finding) - weight(b.finding) || severity(a.result) - severity(b.result))
    .map(({ result, finding }) => {
      const found = extras.evidence?.get(result.key);
      if (found !== undefined) evidence.push(evidenceData(found, extras.fieldReader));
      return [...caseRow(result, finding, strings), found === undefined ? -1 : evidence.length - 1];
    });
  const data = {
    words: { case: CASE_SYMBOLS, class: CLASS_WORDS, effect: EFFECT_SYMBOLS },
    cases,
    targets: report.targets.map(({ target, address, capabilities, serverVersion = '' }) => ({
      target: pageName(target),
      address: visible(address),
      serverVersion: visible(serverVersion),
      capabilities: capabilities.slice(0, 100).map((name) => visible(name, 100)),
    })),
    crashes: report.findings.map((finding) => {
      const found = extras.evidence?.get(finding.key);
      if (found !== undefined) evidence.push(evidenceData(found, extras.fieldReader));
      const decided = lookup(finding);
      return shown({
        ...finding,
        class: decided?.class ?? '',
        effect: decided?.effect ?? 'ok',
        why: decided?.why ?? '',
        entry: decided === undefined ? '' : excuse(decided),
        base: decided?.base ?? '',
        evidence: found === undefined ? -1 : evidence.length - 1,
      });
    }),
    fuzz: shown(report.fuzz),
    series: shown(extras.fuzz ?? []),
    coverage: shown(report.coverage),
    benches: shown(report.benches.map(benchRow)),
    entries: shown(gate.findings.filter(({ expectation }) => expectation !== undefined).map(entryRow)),
    changes: shown(gate.expectationChanges ?? []),
    matrix: shown(extras.matrix ?? []),
    requirements: (extras.requirements ?? []).map(requirementRow),
    history: shown(extras.history ?? []),
    since: shown((extras.since ?? []).map((since) => [names.get(since.key) ?? since.key, sinceData(report, since)])),
    compare: shown(extras.compare ?? null),
    measured: shown(
      gate.findings
        .filter(({ about }) => about === 'coverage' || about === 'bench')
        .map(({ key, effect, class: name, why, now }) => ({ key, effect, class: name, why, now })),
    ),
    evidence,
    strings: strings.list,
  };
  return escapeJson(JSON.stringify(data)).trimEnd();
}

/** A name as the page and its addresses have it: a case id, or a target. */
export const pageName = (name: string): string => visible(name, 300);

/** A command is never cut. */
const UNCUT = new Set(['repro', 'command']);

/** Texts that stand once, whoever says them. */
class Interned {
  readonly list: string[] = [];
  readonly #index = new Map<string, number>();

  /** The place of a text that is harmless already. */
  of(text: string): number {
    const before = this.#index.get(text);
    if (before !== undefined) return before;
    this.#index.set(text, this.list.length);
    this.list.push(text);
    return this.list.length - 1;
  }
}

const WEIGHTS = { fail: 0, inconclusive: 1, warn: 2, ok: 3 } as const satisfies Record<Effect, number>;

/** What decides the gate comes first, what it says nothing about last. */
const weight = (finding: GateFinding | undefined): number => (finding === undefined ? 4 : WEIGHTS[finding.effect]);

const severity = ({ verdict }: CaseResult): number => VERDICTS.indexOf(verdict);

/** The columns of a case; `COLUMNS` of the page's script has their names in this order. */
function caseRow(result: CaseResult, finding: GateFinding | undefined, strings: Interned): readonly number[] {
  const of = (text: string): number => strings.of(visible(text));
  return [
    strings.of(pageName(result.id)),
    strings.of(pageName(result.target)),
    of(result.area),
    of(result.title),
    of(result.level),
    of(result.rfc),
    of(result.verdict),
    of(result.connection),
    of(result.reason),
    of(result.expected),
    of(result.actual),
    of(result.attempts.join(', ')),
    strings.of(visible(result.repro, Number.MAX_SAFE_INTEGER)),
    of(result.evidence ?? ''),
    of(finding?.class ?? ''),
    of(finding?.effect ?? ''),
    of(finding?.why ?? ''),
    of(finding === undefined ? '' : excuse(finding)),
    of(finding?.base ?? ''),
    Math.round(result.durationMs),
  ];
}

/** `id, level, says, binds, answer, why`, then its cases and its checks; the cases as the page names them. */
const requirementRow = ({ id, level, says, binds, answer, why, cases, checks }: RequirementRow): readonly unknown[] => [
  ...[id, level, says, binds, answer, why].map((text) => visible(text)),
  cases.map(pageName),
  checks.map((text) => visible(text)),
];

function entryRow(finding: GateFinding): unknown {
  const { key, class: name, effect, expectation } = finding;
  return { key, class: name, effect, ...expectation };
}

/** The same value with every text as one harmless line. */
function shown(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return UNCUT.has(name) ? visible(value, Number.MAX_SAFE_INTEGER) : visible(value);
  if (Array.isArray(value)) return value.map((item) => shown(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [visible(key, 200), shown(item, key)]));
}

/** Since when, and the command that finds the change. */
function sinceData(report: Report, since: Since): unknown {
  const { key, first, lastGood } = since;
  const failing = report.cases.find((one) => one.key === key) ?? report.findings.find((one) => one.key === key);
  const command = bisectCommand(since, failing?.repro ?? '');
  return { first, ...(lastGood === undefined ? {} : { lastGood }), command };
}

function evidenceData(evidence: Evidence, reader: HtmlExtras['fieldReader']): unknown {
  const [sent, received] = [joined(evidence, 'sent'), joined(evidence, 'received')];
  const frames = hasPreface(sent)
    ? {
        sent: framesData(readFrames(sent, 'client', reader?.())),
        received: framesData(readFrames(received, 'server', reader?.())),
      }
    : null;
  return {
    entries: evidence.entries.map(({ atMs, direction, octets, note = '' }) =>
      direction === 'note' ? [atMs, 'note', visible(note)] : [atMs, direction, Buffer.from(octets).toString('base64')],
    ),
    cut: evidence.cut,
    output: evidence.output === undefined ? [] : evidence.output.split('\n').map((line) => visible(line)),
    frames,
    marks: frames === null ? markRequests(sent).map(({ from, to, why }) => [from, to, why]) : [],
  };
}

/** Field lines of a block that are shown. */
const MOST_FIELDS = 200;

function framesData({ rows, rest }: Frames): unknown {
  return {
    rows: rows.map(({ offset, type, flags, stream, length, detail, block, odd }) => [
      ...[offset, type, flags, stream, length, visible(detail), visible(odd)],
      block === undefined
        ? []
        : block.fields.slice(0, MOST_FIELDS).map(([name, value]) => [visible(name), visible(value)]),
      visible(block?.problem ?? ''),
    ]),
    rest,
  };
}

const joined = ({ entries }: Evidence, direction: 'sent' | 'received'): Uint8Array =>
  Buffer.concat(entries.filter((entry) => entry.direction === direction).map(({ octets }) => octets));
