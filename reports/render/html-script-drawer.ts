/** Part of the page's script: the drawer of one case or crash, with its octets as text, in hex and as frames. */
export const DRAWER = String.raw`
const evidences = new Map();

/** Decoded once, when it is first looked at. */
function evidenceOf(index) {
  if (index < 0 || DATA.evidence[index] === undefined) return undefined;
  let found = evidences.get(index);
  if (found === undefined) {
    const raw = DATA.evidence[index];
    const offsets = { sent: 0, received: 0 };
    const entries = raw.entries.map(([atMs, direction, value]) => {
      if (direction === 'note') return { atMs, direction, note: value, octets: '', offset: 0 };
      const octets = atob(value);
      const offset = offsets[direction];
      offsets[direction] += octets.length;
      return { atMs, direction, octets, offset };
    });
    found = { ...raw, entries, offsets };
    evidences.set(index, found);
  }
  return found;
}

const SHORT_NAMES = new Map([[0, 'NUL'], [9, 'TAB'], [10, 'LF'], [13, 'CR'], [27, 'ESC'], [127, 'DEL']]);

/** Octets as text: line ends, NUL and whatever is not ASCII are spelled out; what stands out is marked, with why. */
function asText(octets, offset, whyMarked) {
  const out = el('pre', { class: 'octets' });
  let [run, why] = ['', undefined];
  const flush = () => {
    if (run !== '') out.append(why === undefined ? run : el('mark', { title: why }, run));
    run = '';
  };
  for (let index = 0; index < octets.length; index += 1) {
    const code = octets.charCodeAt(index);
    const marked = whyMarked(offset + index);
    if (marked !== why) { flush(); why = marked; }
    if (code > 31 && code < 127) { run += octets[index]; continue; }
    flush();
    const text = SHORT_NAMES.get(code) || '\\x' + code.toString(16).padStart(2, '0');
    const lone = code === 13 && octets.charCodeAt(index + 1) !== 10 || code === 10 && octets.charCodeAt(index - 1) !== 13;
    const title = 'octet ' + (offset + index) + ' = 0x' + code.toString(16) + (marked === undefined ? '' : ': ' + marked);
    out.append(el(marked === undefined ? 'span' : 'mark', { class: code === 0 || lone ? 'ctl odd' : 'ctl', title }, text));
    if (code === 10) out.append('\n');
  }
  flush();
  return out;
}

function asHex(octets, offset, isMarked) {
  const out = el('pre', { class: 'octets hex' });
  for (let at = 0; at < octets.length; at += 16) {
    const row = octets.slice(at, at + 16);
    const hex = [];
    let text = '';
    for (let index = 0; index < 16; index += 1) {
      const code = index < row.length ? row.charCodeAt(index) : -1;
      const two = code < 0 ? '  ' : code.toString(16).padStart(2, '0');
      hex.push(code >= 0 && isMarked(offset + at + index) ? el('mark', {}, two) : two, index === 7 ? '  ' : ' ');
      if (code >= 0) text += code >= 32 && code < 127 ? row[index] : '·';
    }
    fill(out, [el('span', { class: 'dim' }, (offset + at).toString(16).padStart(4, '0')), '  ', hex, ' ', text, '\n']);
  }
  return out;
}

/** Octets of what was sent that stand out, each with why: those that a verdict names ("octet 0x78 at byte 41"), and what HTTP does not allow. */
function marksOf(evidence, words) {
  const marks = new Map();
  const add = (from, to, why) => { for (let at = from; at < to; at += 1) if (!marks.has(at)) marks.set(at, why); };
  for (const match of words.matchAll(/\bat (?:byte|octet|offset) (\d{1,7})\b/g)) add(Number(match[1]), Number(match[1]) + 1, 'named by the verdict');
  for (const [from, to, why] of evidence.marks) add(from, Math.min(to, evidence.offsets.sent), why);
  for (const [at, type, , , length, , odd] of evidence.frames ? evidence.frames.sent.rows : []) {
    if (odd !== '') add(at, Math.min(at + (type === 'preface' ? 0 : 9) + length, evidence.offsets.sent), odd);
  }
  return marks;
}

/** What a frame says: in words, what stands out, and the lines of its field block. */
function frameCell(detail, odd, fields, problem) {
  const isOdd = (name) => odd.split('; ').some((one) => one.startsWith((name === '' ? 'a field' : name) + ': '));
  return [detail !== '' && el('div', { class: 'mono wrap' }, detail), odd !== '' && el('div', {}, el('mark', {}, '! ' + odd)),
    problem !== '' && !odd.includes(problem) && el('div', {}, el('mark', {}, '! ' + problem)),
    fields.length > 0 && el('div', { class: 'fields mono wrap' }, fields.map(([name, value]) =>
      el('div', {}, el(isOdd(name) ? 'mark' : 'b', {}, name), ': ' + value)))];
}

function framesTable(direction, { rows: frames, rest }) {
  return [el('h3', {}, direction), table(['at', 'type', 'flags', 'stream', 'octets', ''],
    [...frames.map(([at, type, flags, stream, length, detail, odd, fields, problem]) => [at, el('b', {}, type), el('span', { class: 'flags' }, flags), stream, length, el('span', {}, frameCell(detail, odd, fields, problem))]),
      ...(rest > 0 ? [['', el('span', { class: 'dim' }, 'no whole frame'), '', '', rest, '']] : [])], 'Frames ' + direction)];
}

/** The conversation, in three ways to look at it. */
function octetsView(evidence, words) {
  const marks = marksOf(evidence, words);
  const reasons = [...new Set(marks.values())];
  const ways = [['text', 'Text'], ['hex', 'Hex']];
  if (evidence.frames) ways.push(['frames', 'HTTP/2 frames']);
  const body = el('div', { class: 'talk' });
  const buttons = el('div', { class: 'views', role: 'group', 'aria-label': 'Octets as' }, ways.map(([id, name]) =>
    el('button', { type: 'button', 'data-way': id, click: () => draw(id) }, name)));
  function draw(way) {
    for (const button of buttons.children) button.setAttribute('aria-pressed', String(button.dataset.way === way));
    if (way === 'frames') {
      body.replaceChildren();
      fill(body, [framesTable('sent', evidence.frames.sent), framesTable('received', evidence.frames.received)]);
      return;
    }
    body.replaceChildren(...evidence.entries.map(({ atMs, direction, octets, note, offset }) => {
      const time = el('span', { class: 'dim' }, ' ' + atMs.toFixed(1) + ' ms');
      if (direction === 'note') return el('p', { class: 'dim note' }, '∙ ' + note, time);
      const isMarked = (at) => direction === 'sent' ? marks.get(at) : undefined;
      return el('section', { class: 'part ' + direction }, el('h3', {}, (direction === 'sent' ? '▲ sent ' : '▼ received ') + octets.length + ' octets', time),
        way === 'hex' ? asHex(octets, offset, isMarked) : asText(octets, offset, isMarked));
    }));
  }
  draw(evidence.frames ? 'frames' : 'text');
  return [buttons, reasons.length > 0 && el('p', { class: 'dim' }, el('mark', {}, 'Marked'), ': ' + reasons.slice(0, 8).join(' · ')), body,
    evidence.cut > 0 && el('p', { class: 'dim' }, evidence.cut + ' more octets are cut off here; the evidence folder has them all.'),
    evidence.output.length > 0 && [el('h3', {}, 'What the server wrote'), el('pre', {}, evidence.output.join('\n'))]];
}

function clauseLink(rfc) {
  const parts = /^RFC(\d{3,5})#([\w.]+)$/.exec(rfc);
  if (parts === null) return rfc;
  const part = /^[A-Z]/.test(parts[2]) ? 'appendix-' : 'section-';
  return el('a', { href: 'https://www.rfc-editor.org/rfc/rfc' + parts[1] + '#' + part + parts[2], rel: 'noreferrer noopener', target: '_blank' }, rfc);
}

const SINCE = new Map(DATA.since);
const sinceOf = (key) => SINCE.get(key);

function sinceWords(since) {
  if (since === undefined) return '';
  return since.first + (since.lastGood === undefined ? ', the first run that the history has of it' : '; in order on ' + since.lastGood);
}

/** The command that finds the change. */
const bisectOf = (since) => since === undefined || since.command === '' ? '' : command(since.command);

/** The sentences that a case answers for. */
function requirementsOf(id) {
  const found = REQUIREMENT_ROWS.filter(({ cases }) => cases.includes(id));
  return found.length === 0 ? '' : el('span', {}, found.slice(0, 20).map((one) => [el('a', { class: 'mono', href: '#' + new URLSearchParams({ tab: 'conformance', view: 'requirements', open: one.id }) }, one.id), ' ' + one.says, el('br')]));
}

function caseDrawer(one) {
  const others = NAMES.map((name) => CASE_BY_KEY.get(one.id + ' @' + name)).filter((other) => other !== undefined && other !== one);
  const evidence = evidenceOf(one.octets);
  const since = sinceOf(one.key);
  return [
    el('header', {}, verdictTag(one.verdict), ' ', one.class !== '' && classTag(one.class, one.effect), el('h2', { class: 'mono wrap' }, one.key)),
    el('p', { class: 'wrap' }, one.title),
    facts([
      ['got', one.actual], ['want', one.expected], ['why', one.reason], ['gate', one.entry.startsWith(one.why) || one.why === one.reason ? '' : one.why], ['entry', one.entry], ['base', one.base], ['since', sinceWords(since)],
      ['clause', el('span', {}, one.level + ' ', clauseLink(one.rfc))], ['sentences', requirementsOf(one.id)], ['connection', one.connection],
      ['attempts', one.attempts.includes(',') ? one.attempts : ''], ['took', duration(one.durationMs)],
      ['evidence', one.evidence === '' ? '' : el('span', { class: 'mono wrap' }, one.evidence)], ['repro', command(one.repro)], ['bisect', bisectOf(since)],
    ]),
    others.length > 0 && [el('h3', {}, 'The same case elsewhere'), el('p', { class: 'chips' }, others.map((other) =>
      el('a', { class: 'chip', href: '#' + new URLSearchParams({ ...state, open: other.key }) }, verdictTag(other.verdict), ' ' + other.target)))],
    el('h3', {}, 'Octets'),
    evidence !== undefined ? octetsView(evidence, one.actual + ' ' + one.reason)
      : el('p', { class: 'dim' }, one.evidence === '' ? 'None are kept of a case that is in order.' : 'Not in this file: see the evidence folder above.'),
  ];
}

function crashDrawer(crash) {
  const evidence = evidenceOf(crash.evidence);
  const since = sinceOf(crash.key);
  return [
    el('header', {}, crash.class === '' ? tag('t-pass', '✔ ' + crash.status) : classTag(crash.class, crash.effect), el('h2', { class: 'mono wrap' }, crash.signature)),
    el('p', { class: 'wrap' }, crash.errorClass + ': ' + crash.message),
    facts([
      ['target', crash.target], ['kind', crash.failure], ['gate', crash.entry.startsWith(crash.why) ? '' : crash.why], ['entry', crash.entry], ['base', crash.base], ['since', sinceWords(since)], ['reproduced', crash.reproduced],
      ['input', crash.inputBytes + ' octets' + (crash.minimisedBytes === undefined ? '' : ', minimised to ' + crash.minimisedBytes)],
      ['frames', el('span', { class: 'mono' }, crash.frames.slice(0, 12).map((frame) => [frame, el('br')]))],
      ['bundle', crash.bundle === undefined ? '' : el('span', { class: 'mono wrap' }, crash.bundle)], ['repro', command(crash.repro)], ['bisect', bisectOf(since)],
    ]),
    el('h3', {}, evidence === undefined ? 'First octets' : 'Input'),
    evidence !== undefined ? octetsView(evidence, crash.message)
      : /^(?:[0-9a-f]{2})+$/i.test(crash.excerpt) ? asHex(crash.excerpt.match(/../g).map((two) => String.fromCharCode(parseInt(two, 16))).join(''), 0, () => false)
      : el('pre', {}, crash.excerpt),
  ];
}

let drawn = '';
let cameFrom;
function showDrawer() {
  const drawer = byId('drawer');
  if (drawn === state.open) return;
  const one = CASE_BY_KEY.get(state.open);
  const crash = DATA.crashes.find(({ key, target }) => key === state.open || key + ' ' + target === state.open);
  const requirement = one === undefined && crash === undefined ? REQUIREMENT_BY_ID.get(state.open) : undefined;
  drawn = state.open;
  if (one === undefined && crash === undefined && requirement === undefined) {
    if (state.open !== '') say('There is no ' + state.open + ' in this report');
    drawer.hidden = true;
    drawer.replaceChildren();
    if (cameFrom !== undefined && cameFrom.isConnected) cameFrom.focus({ preventScroll: true });
    cameFrom = undefined;
    return;
  }
  if (drawer.hidden) cameFrom = document.activeElement;
  drawer.replaceChildren(el('div', { class: 'bar-of' },
    el('button', { type: 'button', class: 'close', 'aria-label': 'Close (Esc)', click: () => go({ open: '' }) }, '✕ Close'),
    crash === undefined && state.tab === 'conformance' && [
      el('button', { type: 'button', click: () => moveRow(-1), 'aria-label': 'Previous row (k)' }, '↑'),
      el('button', { type: 'button', click: () => moveRow(1), 'aria-label': 'Next row (j)' }, '↓')]));
  fill(drawer, one !== undefined ? caseDrawer(one) : crash !== undefined ? crashDrawer(crash) : requirementDrawer(requirement));
  drawer.hidden = false;
  drawer.scrollTop = 0;
  drawer.focus({ preventScroll: true });
}
`;
