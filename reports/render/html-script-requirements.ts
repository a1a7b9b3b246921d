/** Part of the page's script: the requirement matrix, its counts and every single sentence with the verdicts of its cases. */
export const REQUIREMENTS = String.raw`
const CASES_BY_ID = new Map();
for (const one of CASES) {
  const found = CASES_BY_ID.get(one.id);
  if (found === undefined) CASES_BY_ID.set(one.id, [one]);
  else found.push(one);
}

const ANSWERS = { case: 'by a case', check: 'by a check', reason: 'by a reason', none: 'not asked of a server' };

function readRequirement([id, level, says, binds, answer, why, cases, checks]) {
  const ran = cases.flatMap((name) => CASES_BY_ID.get(name) || []);
  const verdicts = ORDER.filter((verdict) => ran.some((one) => one.verdict === verdict));
  const rfc = /^rfc(\d+):([^:]+)/.exec(id);
  const text = [id, says, 'level:' + level, 'binds:' + binds, 'answer:' + answer, ...verdicts.map((verdict) => 'status:' + verdict), why, ...cases].join(' ').toLowerCase() + ' ';
  return { key: id, id, level, says, binds, answer, why, cases, checks, ran, verdicts, text, rfc: rfc === null ? id : 'RFC' + rfc[1] + '#' + rfc[2] };
}

const REQUIREMENT_ROWS = DATA.requirements.map(readRequirement);
const REQUIREMENT_BY_ID = new Map(REQUIREMENT_ROWS.map((one) => [one.id, one]));

function requirementTag(one) {
  const [worst] = one.verdicts;
  if (worst !== undefined) return verdictTag(worst);
  return tag('t-skip', one.answer === 'case' ? '– not run' : ANSWERS[one.answer] || one.answer);
}

function requirementRow(one) {
  const judged = one.ran.filter(({ verdict }) => verdict !== 'skip');
  const bad = judged.filter(({ verdict }) => TONES[verdict] === 't-fail').length;
  return [
    el('span', { class: 'status', role: 'gridcell' }, requirementTag(one), ' ',
      judged.length > 0 && el('span', { class: 'dim' }, bad > 0 ? bad + ' of ' + judged.length : String(judged.length))),
    el('span', { class: 'what', role: 'gridcell' }, el('span', { class: 'cut' }, one.says), el('span', { class: 'mono cut dim' }, one.id)),
    el('span', { class: 'clause', role: 'gridcell' }, el('span', {}, one.level), el('span', { class: 'dim' }, 'binds ' + one.binds)),
  ];
}

function countsTable() {
  const filterOf = (row) => '#' + new URLSearchParams({ tab: 'conformance', view: 'requirements', q: row.rfc + ': level:' + row.level.toLowerCase() });
  return table(['RFC', 'level', 'sentences', 'bind a server', 'observable', 'by a case', 'by a check', 'by a reason'],
    DATA.matrix.map((row) => row.absent === undefined
      ? [el('a', { href: filterOf(row) }, row.rfc), row.level, row.sentences, row.server, row.observable, row.byCase, row.byCheck, row.byReason]
      : [row.rfc, row.level, row.sentences, '–', '–', '–', '–', '–']), 'Requirement matrix');
}

function requirementsView() {
  const absent = new Map(DATA.matrix.filter((row) => row.absent !== undefined).map((row) => [row.rfc, row.absent]));
  const counts = el('details', { class: 'fold', open: REQUIREMENT_ROWS.length === 0 }, el('summary', {}, 'Sentences by RFC and level'),
    countsTable(), [...absent].map(([rfc, why]) => el('p', { class: 'dim' }, rfc + ' is not looked into: ' + why)));
  if (REQUIREMENT_ROWS.length === 0) return { root: counts, update() {} };
  const list = virtualList('Requirements', requirementRow, (one) => go({ open: one.key }));
  rows = list;
  const { box, shown, chips, root } = filterBar('Filter the requirements', 'Filter: words, rfc9112:6, level:must, binds:server, answer:reason, status:fail, !not   (press /)',
    [['level:must', 'MUST'], ['binds:server', 'bind a server'], ['answer:case', 'by a case'], ['answer:check', 'by a check'], ['answer:reason', 'by a reason'], ['status:fail', '✖ fail'], ['status:warn', '! warn']]
      .map(([word, name]) => [word, name, REQUIREMENT_ROWS.filter(({ text }) => text.includes(word + ' ')).length]));
  fill(root, [el('div', { class: 'panel' }, list.root)]);
  let last;
  return {
    root: el('div', {}, counts, root),
    update() {
      if (document.activeElement !== box) box.value = state.q;
      pressChips(chips);
      if (last === state.q) { list.refresh(); return; }
      last = state.q;
      const matches = matcher(state.q);
      const found = REQUIREMENT_ROWS.filter(matches);
      list.at = 0;
      list.set(found);
      shown.value = found.length + ' of ' + REQUIREMENT_ROWS.length + ' shown';
    },
  };
}

function requirementDrawer(one) {
  const links = (cases) => el('p', { class: 'chips' }, cases.map((other) =>
    el('a', { class: 'chip', href: '#' + new URLSearchParams({ ...state, open: other.key }) }, verdictTag(other.verdict), ' ' + other.target)));
  return [
    el('header', {}, requirementTag(one), el('h2', { class: 'mono wrap' }, one.id)),
    el('p', { class: 'wrap' }, one.says),
    facts([
      ['clause', el('span', {}, one.level + ' ', clauseLink(one.rfc))], ['binds', one.binds], ['answered', ANSWERS[one.answer] || one.answer],
      ['why', one.why], ['checks', one.checks.length === 0 ? '' : el('span', { class: 'mono' }, one.checks.map((name) => [name, el('br')]))],
      ['explain', command('npx aeronet explain ' + one.id)],
    ]),
    el('h3', {}, one.cases.length === 0 ? 'No case' : one.cases.length + (one.cases.length === 1 ? ' case' : ' cases')),
    one.cases.map((name) => [el('p', { class: 'mono wrap' }, name), CASES_BY_ID.has(name) ? links(CASES_BY_ID.get(name)) : el('p', { class: 'dim' }, 'It was not run.')]),
  ];
}
`;
