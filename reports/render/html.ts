import { createHash } from 'node:crypto';
import type { Gate, GateFinding, GateVerdict } from '../gate/gate.ts';
import type { Finding, Report, Run } from '../report.ts';
import { areaTable, caseAnchor, caseTable } from './html-cases.ts';
import { command, facts, hexDump, tone } from './html-parts.ts';
import { SCRIPT } from './html-script.ts';
import { STYLE } from './html-style.ts';
import {
  CLASS_WORDS,
  clauseOf,
  duration,
  EFFECT_SYMBOLS,
  excuse,
  type FindingLookup,
  findingLookup,
  findingsOf,
  runFacts,
  targetNames,
  usageWords,
  VERDICT_SYMBOLS,
  VERDICT_WORDS,
} from './labels.ts';
import { Markup, markup } from './markup.ts';

/**
 * One HTML file that works from disk: no network, and a content security policy that lets exactly its own style and
 * script run. Everything that comes from a peer is text.
 */
export function renderHtml(report: Report, gate: Gate): string {
  const targets = targetNames(report);
  const lookup = findingLookup(gate);
  const policy = `default-src 'none'; style-src '${digest(STYLE)}'; script-src '${digest(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${VERDICT_SYMBOLS[gate.verdict]} ${VERDICT_WORDS[gate.verdict]} · aeronet · ${targets.slice(0, 5).join(', ')}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<div class="banner ${VERDICT_TONES[gate.verdict]}"><div>
<h1>${VERDICT_SYMBOLS[gate.verdict]} ${VERDICT_WORDS[gate.verdict]}</h1>
<p>${gate.summary}</p>
<p class="dim wrap">${targets.slice(0, 20).join(', ')} · ${report.runs[0]?.start.startedAt ?? ''} · ${runFacts(report)}</p>
</div></div>
<nav aria-label="Sections"><div><a href="#verdict">Verdict</a>${report.cases.length > 0 && markup`<a href="#areas">Areas</a><a href="#cases">Cases</a>`}${hasFuzz(report) && markup`<a href="#fuzz">Fuzzing</a>`}<a href="#runs">Runs</a></div></nav>
<main>
${verdictSection(gate)}
${report.cases.length > 0 && markup`<h2 id="areas">Areas</h2>${areaTable(report)}<h2 id="cases">Cases</h2>${caseTable(report, lookup)}`}
${hasFuzz(report) && fuzzSection(report, lookup)}
${runSection(report)}
<footer>aeronet ${report.runs[0]?.start.version ?? ''} · expiry measured against ${gate.today} · ${gate.expectations.held} of ${gate.expectations.entries} expectations held against something that ran</footer>
</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
  return page.text;
}

const digest = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const VERDICT_TONES = {
  pass: 't-pass',
  fail: 't-fail',
  inconclusive: 't-open',
} as const satisfies Record<GateVerdict, string>;

const hasFuzz = (report: Report): boolean => report.fuzz.length + report.findings.length > 0;

function verdictSection(gate: Gate): Markup {
  const known = findingsOf(gate, 'ok');
  const deciding = [...findingsOf(gate, 'fail'), ...findingsOf(gate, 'inconclusive')];
  const tile = (className: string, count: number, word: string): Markup =>
    markup`<li class="${className}"><b>${count}</b>${word}</li>`;
  return markup`<ul class="tiles" id="verdict">
${tile('t-fail', findingsOf(gate, 'fail').length, 'fail the gate')}
${tile('t-open', findingsOf(gate, 'inconclusive').length, 'not judged')}
${tile('t-warn', findingsOf(gate, 'warn').length, 'warnings')}
${tile('t-known', known.length, 'known')}
${tile('t-pass', gate.classes.pass, 'in order')}
${tile('t-skip', gate.classes.skip, 'skipped')}
</ul>
${deciding.length > 0 && markup`<h2>What decided it</h2>${deciding.map(card)}`}
${fold('Warnings', findingsOf(gate, 'warn'))}
${fold('Known', known)}`;
}

const fold = (title: string, findings: readonly GateFinding[]): Markup =>
  markup`${findings.length > 0 && markup`<details class="fold"><summary>${title} (${findings.length})</summary>${findings.map(card)}</details>`}`;

function card(finding: GateFinding): Markup {
  const name =
    finding.about === 'case'
      ? markup`<a class="mono wrap" href="#${encodeURIComponent(caseAnchor(finding.key))}">${finding.key}</a>`
      : markup`<span class="mono wrap">${finding.key}</span>`;
  return markup`<article class="card ${tone(finding)}">
<header><span class="tag">${EFFECT_SYMBOLS[finding.effect]} ${CLASS_WORDS[finding.class]}</span><h3>${name}</h3><span class="dim">${clauseOf(finding)}</span></header>
<p class="wrap">${finding.title}</p>
<dl>${facts([
    ['got', finding.got ?? finding.now],
    ['want', finding.want ?? ''],
    ['why', finding.why],
    ['entry', excuse(finding)],
    ['attempts', (finding.attempts?.length ?? 0) > 1 ? (finding.attempts ?? []).join(', ') : ''],
    ['evidence', finding.evidence ?? ''],
  ])}${finding.repro !== undefined && markup`<dt>repro</dt><dd>${command(finding.repro)}</dd>`}</dl>
</article>
`;
}

function fuzzSection(report: Report, lookup: FindingLookup): Markup {
  const rows = report.fuzz.map((stats) => {
    const rate = stats.elapsedMs > 0 ? Math.round((stats.executions * 1_000) / stats.elapsedMs) : 0;
    return markup`<tr><td class="mono">${stats.target}</td><td>${stats.engine}</td><td class="num">${stats.executions}</td><td class="num">${rate}</td><td class="num">${stats.edgesHit} / ${stats.edgesTotal}</td><td class="num">${stats.corpusEntries}</td><td class="num">${stats.replayed}</td><td class="num">${duration(stats.elapsedMs)}</td></tr>`;
  });
  return markup`<h2 id="fuzz">Fuzzing</h2>
${rows.length > 0 && markup`<div class="panel scroll"><table><thead><tr><th>Target</th><th>Engine</th><th class="num">Executions</th><th class="num">per second</th><th class="num">Edges</th><th class="num">Corpus</th><th class="num">Replayed</th><th class="num">Time</th></tr></thead><tbody>${rows}</tbody></table></div>`}
${report.findings.length > 0 && markup`<h2>Fuzz findings</h2>${report.findings.map((finding) => findingCard(finding, lookup(finding)))}`}`;
}

function findingCard(finding: Finding, decided: GateFinding | undefined): Markup {
  const sizes =
    finding.minimisedBytes === undefined
      ? `${finding.inputBytes} octets`
      : `${finding.inputBytes} octets, minimised to ${finding.minimisedBytes}`;
  const fixed = finding.status === 'fixed';
  return markup`<article class="card ${decided === undefined ? 't-pass' : tone(decided)}">
<header><span class="tag">${decided === undefined ? (fixed ? '✔ fixed' : '✔ pass') : `${EFFECT_SYMBOLS[decided.effect]} ${CLASS_WORDS[decided.class]}`}</span><h3 class="mono wrap">${finding.signature}</h3><span class="dim">${finding.target} · ${finding.failure}</span></header>
<p class="wrap">${finding.errorClass}: ${finding.message}</p>
<dl>${facts([
    ['reproduced', finding.reproduced],
    ['input', sizes],
    ['bundle', finding.bundle ?? ''],
  ])}<dt>frames</dt><dd>${finding.frames.slice(0, 8).map((frame) => markup`<span class="mono">${frame}</span><br>`)}</dd><dt>first octets</dt><dd>${hexDump(finding.excerpt)}</dd><dt>repro</dt><dd>${command(finding.repro)}</dd></dl>
</article>
`;
}

function runSection(report: Report): Markup {
  return markup`<h2 id="runs">Runs</h2>${report.runs.map(runCard)}${report.notes.map((note) => markup`<p class="dim">Note: ${note}</p>`)}`;
}

function runCard(run: Run): Markup {
  const { start } = run;
  return markup`<article class="card ${run.complete ? 't-pass' : 't-open'}">
<header><span class="tag">${run.complete ? '✔ complete' : '? incomplete'}</span><h3>${start.producer}</h3><span class="dim wrap">${run.targets.join(', ')}</span></header>
<dl>${facts([
    ['source', run.source],
    ['started', start.startedAt],
    ['took', run.elapsedMs === undefined ? '' : duration(run.elapsedMs)],
    ['seed', String(start.seed)],
    ['scope', start.scope ?? 'full'],
    ['on', `aeronet ${start.version}, Node ${start.node}, ${start.os}`],
    ...Object.entries(run.usage ?? {}).map(([target, usage]) => [`${target} used`, usageWords(usage)] as const),
    ['note', run.note],
  ])}<dt>command</dt><dd>${command(start.command)}</dd></dl>
</article>
`;
}
