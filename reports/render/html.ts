import { createHash } from 'node:crypto';
import type { Gate, GateFinding, GateVerdict } from '../gate/gate.ts';
import type { Report, Run } from '../report.ts';
import { pageData, pageName } from './html-data.ts';
import type { HtmlExtras } from './html-extras.ts';
import { command, facts, tone } from './html-parts.ts';
import { SCRIPT } from './html-script.ts';
import { STYLE } from './html-style.ts';
import {
  CLASS_WORDS,
  clauseOf,
  duration,
  EFFECT_SYMBOLS,
  excuse,
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
 * script run. Everything that comes from a peer is text. The verdict, what decided it and the runs are written out, for
 * readers without script and for print; all else the page's script draws from the data that the file carries.
 *
 * `extras` are what a command has read besides the events: octets, series, the matrix, history, another run.
 */
export function renderHtml(report: Report, gate: Gate, extras: HtmlExtras = {}): string {
  const targets = targetNames(report);
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
<p class="tools" data-scripted hidden><button type="button" id="theme">theme</button> <button type="button" id="link">Copy link</button> <button type="button" id="keys">? Keys</button></p>
</div></div>
<nav id="nav" aria-label="Views" data-scripted hidden><div id="tabs"></div></nav>
<main>
<noscript><p class="dim">Without script, this page shows the verdict and the runs. The cases, their octets and the plots need it.</p></noscript>
<section data-part="verdict">${verdictSection(gate, caseNames(report))}</section>
<div id="view" hidden></div>
<section data-part="run">${runSection(report, gate)}</section>
<footer>aeronet ${report.runs[0]?.start.version ?? ''} · expiry measured against ${gate.today} · ${gate.expectations.held} of ${gate.expectations.entries} expectations held against something that ran</footer>
</main>
<aside id="drawer" role="dialog" aria-label="Details" tabindex="-1" hidden></aside>
<dialog id="help" aria-label="Keys"></dialog>
<p id="said" class="offscreen" role="status"></p>
<script type="application/json" id="data">${new Markup(pageData(report, gate, extras))}</script>
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

/** Cards of one kind that are written out; the page's tabs have the rest. */
const MOST_CARDS = 200;

/** So many are shown without being asked for. */
const FEW_CARDS = 10;

/** The page's address of each case and crash, by its key. */
function caseNames(report: Report): ReadonlyMap<string, string> {
  return new Map([
    ...report.cases.map(({ key, id, target }) => [key, `${pageName(id)} @${pageName(target)}`] as const),
    ...report.findings.map(({ key }) => [key, pageName(key)] as const),
  ]);
}

function verdictSection(gate: Gate, names: ReadonlyMap<string, string>): Markup {
  const known = findingsOf(gate, 'ok');
  const deciding = [...findingsOf(gate, 'fail'), ...findingsOf(gate, 'inconclusive')];
  const tile = (className: string, count: number, word: string): Markup =>
    markup`<li class="${className}"><b>${count}</b>${word}</li>`;
  return markup`<ul class="tiles">
${tile('t-fail', findingsOf(gate, 'fail').length, 'fail the gate')}
${tile('t-open', findingsOf(gate, 'inconclusive').length, 'not judged')}
${tile('t-warn', findingsOf(gate, 'warn').length, 'warnings')}
${tile('t-known', known.length, 'known')}
${tile('t-pass', gate.classes.pass, 'in order')}
${tile('t-skip', gate.classes.skip, 'skipped')}
</ul>
${deciding.length > 0 && markup`<h2>What decided it</h2>${cards(deciding, names)}`}
${gate.notes.map((note) => markup`<p class="dim">Note: ${note}</p>`)}
${fold('Warnings', findingsOf(gate, 'warn'), names)}
${fold('Known', known, names)}`;
}

const fold = (title: string, findings: readonly GateFinding[], names: ReadonlyMap<string, string>): Markup =>
  markup`${findings.length > 0 && markup`<details class="fold"${findings.length <= FEW_CARDS && markup` open`}><summary>${title} (${findings.length})</summary>${cards(findings, names)}</details>`}`;

function cards(findings: readonly GateFinding[], names: ReadonlyMap<string, string>): Markup {
  const left = findings.length - MOST_CARDS;
  return markup`${findings.slice(0, MOST_CARDS).map((finding) => card(finding, names.get(finding.key)))}${left > 0 && markup`<p class="dim">… and ${left} more: the tab Conformance has them all.</p>`}`;
}

function card(finding: GateFinding, address: string | undefined): Markup {
  const tab = finding.about === 'crash' ? 'crashes' : 'conformance';
  const name =
    address === undefined
      ? markup`<span class="mono wrap">${finding.key}</span>`
      : markup`<a class="mono wrap" href="#tab=${tab}&open=${encodeURIComponent(address)}">${finding.key}</a>`;
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

function runSection(report: Report, gate: Gate): Markup {
  const shards = gate.shards.map(
    ({ set, total, missing }) =>
      markup`<p class="dim">Shards ${set}: ${total - missing.length} of ${total}${missing.length > 0 && `, missing ${missing.join(', ')}`}</p>`,
  );
  return markup`<h2>Runs</h2>${report.runs.map(runCard)}${shards}${report.notes.map((note) => markup`<p class="dim">Note: ${note}</p>`)}`;
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
