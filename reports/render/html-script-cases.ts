/** Part of the page's script: the cases, their filter, and the list that draws only the rows that are in sight. */
export const CASES = String.raw`
const COLUMNS = [
  'id', 'target', 'area', 'title', 'level', 'rfc', 'verdict', 'connection', 'reason', 'expected', 'actual', 'attempts',
  'repro', 'evidence', 'class', 'effect', 'why', 'entry', 'base',
];

function readCase(row) {
  const one = {};
  for (let index = 0; index < COLUMNS.length; index += 1) one[COLUMNS[index]] = DATA.strings[row[index]];
  one.durationMs = row[COLUMNS.length];
  one.octets = row[COLUMNS.length + 1];
  one.key = one.id + ' @' + one.target;
  return one;
}

const CASES = DATA.cases.map(readCase);
const CASE_BY_KEY = new Map(CASES.map((one) => [one.key, one]));
const NAMES = [...new Set(CASES.map((one) => one.target))].sort();
const texts = new Map();

function textOf(one) {
  let text = one.text === undefined ? texts.get(one) : one.text;
  if (text === undefined) {
    text = ('status:' + one.verdict + ' level:' + one.level + ' rfc:' + one.rfc.replace(/^RFC/, '') + ' target:' + one.target + ' ' +
      ' area:' + one.area + ' ' + (one.class === '' ? '' : 'class:' + one.class + ' effect:' + one.effect) + ' ' + one.key + ' ' +
      one.title + ' ' + one.reason + ' ' + one.actual + ' ').toLowerCase();
    texts.set(one, text);
  }
  return text;
}

/** Words of a filter: each must occur, or with ! must not. A word that ends in $ has to end there. */
function matcher(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).map((word) => {
    const not = word.length > 1 && word.startsWith('!');
    return { not, text: (not ? word.slice(1) : word).replace(/\$$/, ' ') };
  });
  return (one) => words.length === 0 || words.every(({ not, text }) => textOf(one).includes(text) !== not);
}

/** Rows of one height, of which only those in sight are elements: a list of 100,000 is as quick as one of ten. */
function virtualList(label, draw, onOpen) {
  const spacer = el('div', { class: 'spacer' });
  const root = el('div', { class: 'vlist', tabindex: 0, role: 'grid', 'aria-label': label }, spacer);
  const list = { root, rows: [], at: 0 };
  let waiting = 0;
  const height = () => (matchMedia('(max-width: 40rem)').matches ? 76 : 48);
  function drawNow() {
    waiting = 0;
    const rowHeight = height();
    const from = Math.max(0, Math.floor(root.scrollTop / rowHeight) - 8);
    const to = Math.min(list.rows.length, Math.ceil((root.scrollTop + root.clientHeight) / rowHeight) + 8);
    spacer.style.height = list.rows.length * rowHeight + 'px';
    const drawn = [];
    for (let index = from; index < to; index += 1) {
      const row = el('div', { role: 'row', class: 'row', id: 'row-' + index, 'aria-rowindex': index + 1,
        'aria-selected': String(index === list.at), click: () => { list.at = index; onOpen(list.rows[index]); } },
      draw(list.rows[index]));
      row.style.transform = 'translateY(' + index * rowHeight + 'px)';
      drawn.push(row);
    }
    spacer.replaceChildren(...drawn);
    root.setAttribute('aria-rowcount', String(list.rows.length));
    root.setAttribute('aria-activedescendant', 'row-' + list.at);
  }
  list.refresh = () => { if (waiting === 0) waiting = requestAnimationFrame(drawNow); };
  list.set = (rows) => { list.rows = rows; list.at = Math.max(0, Math.min(list.at, rows.length - 1)); list.refresh(); };
  list.select = (index) => {
    list.at = Math.max(0, Math.min(index, list.rows.length - 1));
    const rowHeight = height();
    const top = list.at * rowHeight;
    if (top < root.scrollTop) root.scrollTop = top;
    else if (top + rowHeight > root.scrollTop + root.clientHeight) root.scrollTop = top + rowHeight - root.clientHeight;
    list.refresh();
  };
  root.addEventListener('scroll', list.refresh, { passive: true });
  new ResizeObserver(list.refresh).observe(root);
  return list;
}

let rows; // what j and k move in
function moveRow(by) {
  if (rows === undefined || state.tab !== 'conformance') return;
  rows.select(rows.at + by);
  const one = rows.rows[rows.at];
  if (one !== undefined) say((one.key || one.id) + (one.verdict ? ', ' + one.verdict : ''));
  if (state.open !== '' && one !== undefined && one.key) go({ open: one.key }, false);
}
function openRow() {
  const one = rows === undefined ? undefined : rows.rows[rows.at];
  if (one !== undefined && state.tab === 'conformance') go({ open: keyOf(one) });
}
function copyRow() {
  const one = CASE_BY_KEY.get(state.open) || (state.tab === 'conformance' && rows !== undefined ? CASE_BY_KEY.get(keyOf(rows.rows[rows.at])) : undefined);
  const crash = DATA.crashes.find(({ key }) => key === state.open);
  const repro = (one || crash || {}).repro;
  if (repro !== undefined) copyText(repro);
}
const keyOf = (row) => row === undefined ? '' : row.key || row.cells.filter((one) => one !== undefined).sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))[0].key;

function focusFilter() {
  if (state.tab !== 'conformance') go({ tab: 'conformance', open: '' });
  if (byId('filter') === null) go({ view: 'list' });
  const box = byId('filter');
  if (box !== null) { box.focus(); box.select(); }
}

function listRow(one) {
  return [
    el('span', { class: 'status', role: 'gridcell' }, verdictTag(one.verdict), ' ',
      one.class !== '' && !(one.class === 'deviation' || one.class === 'not-judged') ? classTag(one.class, one.effect) : ''),
    el('span', { class: 'what', role: 'gridcell' },
      el('span', { class: 'mono cut' }, one.id, el('span', { class: 'dim' }, ' @' + one.target)), el('span', { class: 'cut' }, one.title)),
    el('span', { class: 'clause', role: 'gridcell' }, el('span', { class: 'mono' }, one.rfc), el('span', { class: 'dim' }, one.level)),
  ];
}

/** One case a row, one target a column: whole rows of the cases that the filter found on any target. */
function gridRows(cases) {
  const byCase = new Map();
  const wanted = new Set(cases.map((one) => one.id));
  for (const one of CASES) {
    if (!wanted.has(one.id)) continue;
    const row = byCase.get(one.id) || { id: one.id, title: one.title, level: one.level, cells: NAMES.map(() => undefined) };
    row.cells[NAMES.indexOf(one.target)] = one;
    byCase.set(one.id, row);
  }
  return [...byCase.values()];
}

function gridRow(row) {
  return [
    el('span', { class: 'what', role: 'gridcell' }, el('span', { class: 'mono cut' }, row.id), el('span', { class: 'cut dim' }, row.level + ' · ' + row.title)),
    row.cells.map((one, index) => el('span', { class: 'cell', role: 'gridcell' }, one === undefined ? el('span', { class: 'dim' }, '·')
      : el('button', {
        type: 'button', class: 'mark ' + TONES[one.verdict], title: one.verdict + ' @' + NAMES[index] + (one.class === '' ? '' : ', ' + DATA.words.class[one.class]),
        'aria-label': NAMES[index] + ': ' + one.verdict,
        click: (event) => { event.stopPropagation(); go({ open: one.key }); },
      }, DATA.words.case[one.verdict], one.class === 'known' ? el('sup', {}, '~') : ''))),
  ];
}

let casesView;
function drawCases(view, fresh) {
  const which = state.view || (NAMES.length > 1 ? 'areas' : 'list');
  if (fresh || casesView === undefined || casesView.which !== which) {
    casesView = which === 'areas' ? areasView() : which === 'requirements' ? requirementsView() : rowsView(which);
    casesView.which = which;
    const views = [['areas', 'Areas'], ['list', 'Cases'], ['grid', 'Cases × servers'], ['requirements', 'Requirements']]
      .filter(([id]) => (id !== 'grid' || NAMES.length > 1) && (id !== 'requirements' || DATA.matrix.length > 0));
    view.replaceChildren(el('div', { class: 'views', role: 'group', 'aria-label': 'View' }, views.map(([id, name]) =>
      el('button', { type: 'button', 'aria-pressed': String(id === which), click: () => go({ view: id }) }, name))), casesView.root);
  }
  casesView.update();
}

/** A box for words, how many rows they leave, and chips for the usual ones: [word, name, count]. */
function filterBar(label, placeholder, words) {
  const box = el('input', { id: 'filter', type: 'search', 'aria-label': label, autocomplete: 'off', spellcheck: 'false', placeholder });
  const shown = el('output', { for: 'filter' });
  let waiting = 0;
  box.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => go({ q: box.value.trim() }, false), 60);
  });
  const chips = el('div', { class: 'chips' }, words.filter(([, , count]) => count > 0).map(([word, name, count]) =>
    el('button', { type: 'button', 'data-q': word, click: () => go({ q: state.q === word ? '' : word }, false) }, name + ' ' + count)));
  return { box, shown, chips, root: el('div', {}, el('div', { class: 'filter' }, box, shown, chips)) };
}

function pressChips(chips) {
  for (const one of chips.children) one.setAttribute('aria-pressed', String(one.dataset.q === state.q));
}

function rowsView(which) {
  const grid = which === 'grid';
  const list = virtualList('Cases', grid ? gridRow : listRow, (row) => go({ open: keyOf(row) }));
  rows = list;
  const counts = new Map();
  for (const one of CASES) {
    for (const word of ['status:' + one.verdict, one.class === '' ? '' : 'class:' + one.class]) counts.set(word, (counts.get(word) || 0) + 1);
  }
  const chip = (word, text) => [word, text, counts.get(word) || 0];
  const { box, shown, chips, root } = filterBar('Filter the cases', 'Filter: words, status:fail, level:must, target:…, rfc:9112#6, class:known, !not   (press /)', [
    ...ORDER.map((verdict) => chip('status:' + verdict, DATA.words.case[verdict] + ' ' + verdict)),
    ...['new-failure', 'changed-failure', 'unexpected-pass', 'pre-existing', 'flaky', 'known-flaky', 'known'].map((name) => chip('class:' + name, DATA.words.class[name])),
  ]);
  const head = grid && el('div', { class: 'head' }, el('span', { class: 'what' }, 'Case'), NAMES.map((name) => el('span', { class: 'cell', title: name }, name)));
  fill(root, [el('div', { class: 'panel' + (grid ? ' grid' : '') }, el('div', { class: 'wide' }, head, list.root))]);
  let last;
  return {
    root,
    update() {
      if (document.activeElement !== box) box.value = state.q;
      pressChips(chips);
      if (last === state.q) { list.refresh(); return; }
      last = state.q;
      const cases = CASES.filter(matcher(state.q));
      list.at = 0;
      list.set(grid ? gridRows(cases) : cases);
      shown.value = cases.length + ' of ' + CASES.length + ' shown';
    },
  };
}

/** Areas × targets: how many of the judged cases are in order, with a bar; the numbers lead to the cases. */
function areasView() {
  const areas = new Map();
  for (const one of CASES) {
    const row = areas.get(one.area) || new Map();
    areas.set(one.area, row);
    const cell = row.get(one.target) || new Map();
    row.set(one.target, cell);
    cell.set(one.verdict, (cell.get(one.verdict) || 0) + 1);
  }
  const cellOf = (area, target, counts) => {
    if (counts === undefined) return el('span', { class: 'dim' }, '–');
    const count = (verdict) => counts.get(verdict) || 0;
    const judged = ORDER.reduce((sum, verdict) => sum + (verdict === 'skip' ? 0 : count(verdict)), 0);
    if (judged === 0) return el('span', { class: 'dim' }, 'skipped ' + count('skip'));
    const bad = ['crash', 'hang', 'fail'].reduce((sum, verdict) => sum + count(verdict), 0);
    const link = el('a', { href: '#tab=conformance&view=list&q=' + encodeURIComponent('area:' + area + '$ target:' + target + '$'),
      title: ORDER.filter((verdict) => count(verdict) > 0).map((verdict) => count(verdict) + ' ' + verdict).join(', ') },
    bad > 0 ? '✖ ' + bad + ' of ' + judged : '✔ ' + judged);
    return [link, shareBar(judged, count)];
  };
  const root = table(['Area', ...NAMES], [...areas].sort(([a], [b]) => a < b ? -1 : 1).map(([area, row]) =>
    [el('span', { class: 'mono' }, area), ...NAMES.map((name) => cellOf(area, name, row.get(name)))]), 'Areas and servers');
  root.classList.add('areas');
  return { root, update() {} };
}

function shareBar(total, count) {
  let left = 0;
  return svg('svg', { class: 'bar', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    ORDER.filter((verdict) => verdict !== 'skip' && count(verdict) > 0).map((verdict) => {
      const width = (count(verdict) * 100) / total;
      left += width;
      return svg('rect', { class: TONES[verdict], x: left - width, y: 0, width, height: 6 });
    }));
}
`;
