/** Part of the page's script: the tabs besides the cases. A tab that has nothing to show is not there. */
export const VIEWS = String.raw`
function drawCrashes(view) {
  view.replaceChildren();
  fill(view, [el('h2', {}, 'Crashes and other findings'), DATA.crashes.map((crash) =>
    el('article', { class: 'card ' + (crash.class === '' ? 't-pass' : EFFECT_TONES[crash.effect]) },
      el('header', {}, crash.class === '' ? tag('t-pass', '✔ ' + crash.status) : classTag(crash.class, crash.effect),
        el('h3', { class: 'mono wrap' }, el('a', { href: '#' + new URLSearchParams({ tab: 'crashes', open: crash.key }) }, crash.signature)),
        el('span', { class: 'dim' }, crash.target + ' · ' + crash.failure + ' · ' + crash.reproduced)),
      el('p', { class: 'wrap' }, crash.errorClass + ': ' + crash.message),
      el('p', { class: 'mono dim wrap' }, crash.frames.slice(0, 2).join(' ← ')), command(crash.repro)))]);
}

function drawFuzz(view) {
  view.replaceChildren();
  const row = (one) => [el('span', { class: 'mono' }, one.target), one.engine, one.executions, one.elapsedMs > 0 ? Math.round(one.executions * 1000 / one.elapsedMs) : 0,
    one.edgesHit + ' / ' + one.edgesTotal, one.corpusEntries, one.replayed, duration(one.elapsedMs)];
  fill(view, [
    el('h2', {}, 'Fuzzing'),
    DATA.fuzz.length > 0 && table(['Target', 'Engine', 'Executions', 'per second', 'Edges', 'Corpus', 'Replayed', 'Time'], DATA.fuzz.map(row), 'Campaigns'),
    DATA.series.map(({ target, points }) => [el('h3', { class: 'mono' }, target), quiet(points), el('div', { class: 'plots' },
      linePlot('Edges', points.map(({ runS, edges }) => [runS, edges]), { xName: 's' }),
      linePlot('Executions per second', points.map(({ runS, perSecond }) => [runS, perSecond]), { xName: 's', from: 0 }),
      linePlot('Corpus', points.map(({ runS, corpus }) => [runS, corpus]), { xName: 's' }))]),
  ]);
}

/** For how long nothing new was reached, in words. */
function quiet(points) {
  const last = points[points.length - 1];
  const first = points.find(({ edges }) => edges === last.edges);
  return el('p', { class: 'dim' }, last.runS > first.runS ? 'No new edge for the last ' + duration((last.runS - first.runS) * 1000) + ' of ' + duration(last.runS * 1000) + '.' : 'New edges until the end.');
}

function measuredCards(about) {
  return DATA.measured.filter(({ key }) => key.startsWith(about)).map((one) => el('article', { class: 'card ' + EFFECT_TONES[one.effect] },
    el('header', {}, classTag(one.class, one.effect), el('h3', { class: 'mono wrap' }, one.key)), el('p', {}, one.why), el('p', { class: 'dim' }, one.now)));
}

function drawCoverage(view) {
  view.replaceChildren();
  fill(view, [el('h2', {}, 'Coverage'), measuredCards('coverage'), DATA.coverage.map((one) => {
    const [hit, total] = one.files.reduce(([h, all], file) => [h + file.hit, all + file.total], [0, 0]);
    return [el('h3', {}, one.target + ': ' + hit + ' of ' + total + ' ' + one.metric, el('span', { class: 'dim' }, ' · ' + one.instrument + ' · ' + (one.origin === 'replay' ? 'replay of the corpus' : 'tests'))),
      table(['File', one.metric, 'of', 'share'], [...one.files].sort((a, b) => a.hit / (a.total || 1) - b.hit / (b.total || 1)).map((file) =>
        [el('span', { class: 'mono wrap' }, file.path), file.hit, file.total, el('span', { class: 'share' }, file.total === 0 ? '–' : (100 * file.hit / file.total).toFixed(1) + ' %',
          svg('svg', { class: 'bar', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
            svg('rect', { class: 't-pass', x: 0, y: 0, width: file.total === 0 ? 0 : 100 * file.hit / file.total, height: 6 }),
            svg('rect', { class: 't-warn', x: file.total === 0 ? 0 : 100 * file.hit / file.total, y: 0, width: file.total === 0 ? 0 : 100 - 100 * file.hit / file.total, height: 6 })))]), 'Files of ' + one.target),
      one.repro !== undefined && command(one.repro)];
  })]);
}

const SAYS = { 'in order': ['t-pass', '✔'], 'below the line': ['t-fail', '✖'], inconclusive: ['t-open', '?'], 'too few pairs': ['t-skip', '–'], 'not compared': ['t-skip', '–'] };

function drawPerformance(view) {
  view.replaceChildren();
  fill(view, [el('h2', {}, 'Performance'),
    el('p', { class: 'dim' }, 'Each dot is a pair measured right after each other, subject over reference; above 1 is better. The square is the median, the line its 95 % interval.'),
    measuredCards('bench'),
    DATA.benches.map((one) => el('article', { class: 'card ' + SAYS[one.says][0] },
      el('header', {}, tag(SAYS[one.says][0], SAYS[one.says][1] + ' ' + one.says), el('h3', { class: 'mono wrap' }, one.scenario), el('span', { class: 'dim' }, one.subject + ' / ' + one.reference + ' · ' + one.unit)),
      el('p', {}, el('b', {}, one.median.toFixed(3) + ' ×'), ' [' + one.low.toFixed(3) + ', ' + one.high.toFixed(3) + '] over ' + one.pairs + ' pairs' +
        (one.bar === undefined ? '' : ', slower below ' + one.bar.toFixed(3))),
      ratioPlot(one),
      one.counters.length > 0 && table(['Counter', 'value', 'limit'], one.counters.map(({ name, value, limit }) =>
        [name, value, limit === undefined ? '–' : (value > limit ? '✖ over ' : '✔ ') + limit]), 'Counters'),
      command(one.repro)))]);
}

const LEFT_SOON = 14; // days
const SOON = { stale: 'stale', expired: 'expired', soon: 'within ' + LEFT_SOON + ' days' };

/** What an entry needs: the line has to go, the day is over, the day is near. */
function needOf({ class: name, daysLeft }) {
  if (name === 'stale' || name === 'unexpected-pass') return 'stale';
  if (daysLeft < 0) return 'expired';
  return daysLeft <= LEFT_SOON ? 'soon' : '';
}

/** Owners with what they have to look after; a name is a filter. */
function ownersTable(entries) {
  const owners = new Map();
  for (const one of entries) owners.set(one.owner || '', [...(owners.get(one.owner || '') || []), one]);
  const rows = [...owners].sort(([a], [b]) => a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1).map(([owner, own]) => [
    el('button', { type: 'button', 'aria-pressed': String(state.q === 'owner:' + owner), click: () => go({ q: state.q === 'owner:' + owner ? '' : 'owner:' + owner }, false) }, owner || 'nobody'),
    own.length, ...Object.keys(SOON).map((need) => own.filter((one) => needOf(one) === need).length),
    own.map(({ expires }) => expires || '9999').sort()[0].replace('9999', 'never')]);
  return table(['Owner', 'entries', ...Object.values(SOON), 'soonest'], rows, 'Owners');
}

function drawBaseline(view) {
  view.replaceChildren();
  const left = (one) => {
    const need = needOf(one);
    const words = one.expires === undefined ? 'never' : one.expires + (one.daysLeft < 0 ? ', ' + -one.daysLeft + ' d over' : ', ' + one.daysLeft + ' d left');
    return need === 'expired' || need === 'soon' ? tag(need === 'expired' ? 't-fail' : 't-warn', (need === 'expired' ? '✖ ' : '! ') + words) : words;
  };
  const rank = (one) => (needOf(one) === 'stale' ? '0' : '1') + (one.expires || '9999') + one.key;
  const all = [...DATA.entries].sort((a, b) => rank(a) < rank(b) ? -1 : 1);
  const entries = state.q.startsWith('owner:') ? all.filter(({ owner = '' }) => 'owner:' + owner === state.q) : all;
  fill(view, [
    DATA.changes.length > 0 && [el('h2', {}, 'What this change did to the expectations'), table(['Change', 'Entry', 'How'], DATA.changes.map(({ change, key, how }) =>
      [tag(change === 'loosened' || change === 'added' ? 't-warn' : 't-pass', { added: '+ added', loosened: '! loosened', tightened: '✔ tightened', removed: '− removed' }[change]), el('span', { class: 'mono wrap' }, key), how]), 'Changes')],
    DATA.entries.length > 0 && [el('h2', {}, 'Owners'), ownersTable(all), el('h2', {}, 'Expectations that were held against something: stale ones, then by expiry'),
      table(['Now', 'Entry', 'Reason', 'Expires', 'Issue', 'Owner'], entries.slice(0, 5000).map((one) =>
        [classTag(one.class, one.effect), CASE_BY_KEY.has(one.key) ? el('a', { class: 'mono wrap', href: '#' + new URLSearchParams({ tab: 'baseline', open: one.key }) }, one.key) : el('span', { class: 'mono wrap' }, one.key),
          el('span', { class: 'wrap' }, one.reason, el('br'), el('span', { class: 'dim mono' }, one.source.split(/[/\\]/).slice(-2).join('/') + ':' + one.line)), left(one), one.issue || '–', one.owner || '–']), 'Expectations')],
  ]);
}

const CHANGES = { worse: ['t-fail', '✖ worse'], better: ['t-pass', '✔ better'], other: ['t-warn', '! different'], added: ['t-known', '+ new'], gone: ['t-skip', '− gone'] };

function drawCompare(view) {
  view.replaceChildren();
  const figures = [...new Set(DATA.history.flatMap((point) => Object.keys(point.figures)))];
  fill(view, [
    DATA.compare !== null && [el('h2', {}, 'Compared with ' + DATA.compare.name),
      el('p', {}, DATA.compare.rows.length + ' different, ' + DATA.compare.same + ' the same.' + (DATA.compare.rows.length > 2000 ? ' The first 2000 are shown.' : '')),
      DATA.compare.rows.length > 0 && table(['', 'Case', 'before', 'now'], DATA.compare.rows.slice(0, 2000).map(({ key, before, after, change }) =>
        [tag(CHANGES[change][0], CHANGES[change][1]), CASE_BY_KEY.has(key) ? el('a', { class: 'mono wrap', href: '#' + new URLSearchParams({ tab: 'compare', open: key }) }, key) : el('span', { class: 'mono wrap' }, key), before, after]), 'Differences')],
    DATA.history.length > 0 && [el('h2', {}, 'The last ' + DATA.history.length + ' runs'),
      DATA.history.length > 1 && el('div', { class: 'plots' }, figures.map((name) => {
        const points = DATA.history.map((point, index) => [index, point.figures[name]]).filter(([, value]) => value !== undefined);
        return points.length > 1 && linePlot(name, points, /ratio/.test(name) ? {} : { from: 0 });
      })),
      table(['Started', 'Verdict', 'Run', ...figures.slice(0, 4)], [...DATA.history].reverse().map((point) => [point.startedAt, point.verdict, point.label,
        ...figures.slice(0, 4).map((name) => point.figures[name] === undefined ? '–' : Number(point.figures[name].toFixed(3)))]), 'Runs')],
  ]);
}

const TABS = [
  { id: 'verdict', name: 'Verdict' },
  DATA.cases.length > 0 && { id: 'conformance', name: 'Conformance', draw: drawCases },
  DATA.crashes.length > 0 && { id: 'crashes', name: 'Crashes', draw: drawCrashes },
  DATA.fuzz.length + DATA.series.length > 0 && { id: 'fuzz', name: 'Fuzz', draw: drawFuzz },
  DATA.coverage.length > 0 && { id: 'coverage', name: 'Coverage', draw: drawCoverage },
  DATA.benches.length > 0 && { id: 'performance', name: 'Performance', draw: drawPerformance },
  DATA.entries.length + DATA.changes.length > 0 && { id: 'baseline', name: 'Baseline', draw: drawBaseline },
  (DATA.compare !== null || DATA.history.length > 0) && { id: 'compare', name: 'Compare', draw: drawCompare },
  { id: 'run', name: 'Run' },
].filter(Boolean);
`;
