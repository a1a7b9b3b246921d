import type { GateClass, GateFinding } from '../gate/gate.ts';
import { type Area, type CaseResult, LEVELS, type Report, VERDICTS } from '../report.ts';
import type { Verdict } from '../schema.ts';
import { visible } from '../visible.ts';
import { command, facts, tone } from './html-parts.ts';
import { CASE_SYMBOLS, CLASS_WORDS, duration, excuse, type FindingLookup } from './labels.ts';
import { type Markup, markup } from './markup.ts';

/** How the areas did: one bar and one count of each verdict that occurs. */
export function areaTable(report: Report): Markup {
  const columns = VERDICTS.filter((verdict) => report.verdicts[verdict] > 0);
  return markup`<div class="panel scroll"><table>
<thead><tr><th>Area</th><th>Share</th>${columns.map((verdict) => markup`<th class="num">${CASE_SYMBOLS[verdict]} ${verdict}</th>`)}</tr></thead>
<tbody>${report.areas.map((area) => areaRow(area, columns))}</tbody></table></div>`;
}

/** Every case with its result, and a box that filters them. */
export function caseTable(report: Report, lookup: FindingLookup): Markup {
  const present = VERDICTS.filter((verdict) => report.verdicts[verdict] > 0);
  return markup`<div class="filter" hidden>
<input id="filter" type="search" placeholder="Filter: words, status:fail, level:must, target:…, rfc:9112#6, !not  (press /)" aria-label="Filter the cases" autocomplete="off" spellcheck="false">
<output id="shown" for="filter"></output>
${present.map((verdict) => markup`<button type="button" data-q="status:${verdict}" aria-pressed="false">${CASE_SYMBOLS[verdict]} ${verdict} ${report.verdicts[verdict]}</button> `)}
</div>
<div class="panel"><table class="cases">
<thead><tr><th>Result</th><th>Case</th><th>Clause</th></tr></thead>
<tbody>
${report.cases.map((result) => caseRow(result, lookup(result)))}</tbody></table></div>`;
}

/** The address of a case within the page: well-formed, without white space, at most some 500 characters. */
export const caseAnchor = (key: string): string => visible(key, 500).replace(/\s+/g, '');

const TONES = {
  pass: 't-pass',
  weak: 't-pass',
  warn: 't-warn',
  fail: 't-fail',
  hang: 't-fail',
  crash: 't-fail',
  error: 't-open',
  inconclusive: 't-open',
  skip: 't-skip',
} as const satisfies Record<Verdict, string>;

function areaRow(area: Area, columns: readonly Verdict[]): Markup {
  const count = (verdict: Verdict): number => LEVELS.reduce((sum, level) => sum + area.levels[level][verdict], 0);
  return markup`<tr><td>${area.area}</td><td>${shareBar(area.total, count)}</td>${columns.map((verdict) => markup`<td class="num${count(verdict) === 0 && ' dim'}">${count(verdict)}</td>`)}</tr>`;
}

/** A bar whose parts are as wide as the verdicts are many; the counts beside it say the same in words. */
function shareBar(total: number, count: (verdict: Verdict) => number): Markup {
  let left = 0;
  const parts = VERDICTS.map((verdict) => {
    const width = (count(verdict) * 100) / total;
    const part = markup`<rect class="${TONES[verdict]}" x="${left.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="6"/>`;
    left += width;
    return width > 0 && part;
  });
  return markup`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

function caseRow(result: CaseResult, finding: GateFinding | undefined): Markup {
  const said = finding === undefined ? undefined : classWord(finding.class, result.verdict);
  const keys = [
    `status:${result.verdict}`,
    `level:${result.level}`,
    `rfc:${result.rfc.replace(/^RFC/, '')}`,
    `target:${result.target}`,
    `area:${result.area}`,
    finding === undefined ? '' : `class:${finding.class}`,
  ];
  return markup`<tr id="${caseAnchor(result.key)}" data-k="${keys.join(' ')}">
<td><span class="tag ${TONES[result.verdict]}">${CASE_SYMBOLS[result.verdict]} ${result.verdict}</span>${said !== undefined && markup` <span class="tag ${tone(finding)}">${said}</span>`}</td>
<td><details><summary><span class="mono">${result.id}</span> <span class="dim">@${result.target}</span><br>${result.title}</summary>
<dl>${facts([
    ['got', result.actual],
    ['want', result.expected],
    ['why', result.reason],
    ['entry', finding === undefined ? '' : excuse(finding)],
    ['connection', result.connection],
    ['attempts', result.attempts.join(', ')],
    ['took', duration(result.durationMs)],
    ['evidence', result.evidence ?? ''],
  ])}<dt>repro</dt><dd>${command(result.repro)}</dd></dl></details></td>
<td><span class="mono">${result.rfc}</span><br><span class="dim">${result.level}</span></td></tr>
`;
}

/** The gate's word for a case, where it says more than the verdict. */
const classWord = (name: GateClass, verdict: Verdict): string | undefined =>
  name === 'not-judged' || (verdict === 'fail' && name === 'deviation') ? undefined : CLASS_WORDS[name];
