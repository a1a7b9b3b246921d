import { CASES } from './html-script-cases.ts';
import { DRAWER } from './html-script-drawer.ts';
import { PLOTS } from './html-script-plots.ts';
import { REQUIREMENTS } from './html-script-requirements.ts';
import { VIEWS } from './html-script-views.ts';

/**
 * Script of the HTML report: a page application without dependencies. It reads the page's own data, writes text nodes
 * only, and keeps its state in the address (`#tab=conformance&q=status:fail&open=…`), so that a view can be shared and
 * the browser's Back works. Without it the verdict, the failures and the runs are there to read.
 */
const PAGE = `'use strict';
const DATA = JSON.parse(document.getElementById('data').textContent);
const byId = (id) => document.getElementById(id);

function fill(node, children) {
  for (const child of children.flat(3)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(typeof child === 'object' ? child : String(child));
  }
  return node;
}

function el(name, props, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === undefined || value === false) continue;
    if (key === 'click') node.addEventListener('click', value);
    else node.setAttribute(key, value === true ? '' : String(value));
  }
  return fill(node, children);
}

function svg(name, props, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(props || {})) node.setAttribute(key, String(value));
  return fill(node, children);
}

const TONES = {
  pass: 't-pass', weak: 't-pass', warn: 't-warn', fail: 't-fail', hang: 't-fail', crash: 't-fail',
  error: 't-open', inconclusive: 't-open', skip: 't-skip',
};
const EFFECT_TONES = { fail: 't-fail', inconclusive: 't-open', warn: 't-warn', ok: 't-known' };
const ORDER = ['crash', 'hang', 'fail', 'error', 'inconclusive', 'warn', 'weak', 'pass', 'skip'];
const tag = (tone, ...text) => el('span', { class: 'tag ' + tone }, ...text);
const verdictTag = (verdict) => tag(TONES[verdict], DATA.words.case[verdict] + ' ' + verdict);
const classTag = (name, effect) => tag(EFFECT_TONES[effect], DATA.words.effect[effect] + ' ' + DATA.words.class[name]);

function facts(rows) {
  const filled = rows.filter(([, value]) => value !== undefined && value !== '' && value !== false);
  return el('dl', {}, filled.map(([label, value]) => [el('dt', {}, label), el('dd', {}, value)]));
}

function table(head, rows, label) {
  const numeric = head.map((_, column) => rows.length > 0 && rows.some((row) => typeof row[column] === 'number'));
  const cell = (name, text, column, scope) => el(name, { class: numeric[column] ? 'num' : undefined, scope }, text);
  return el('div', { class: 'panel scroll' }, el('table', { 'aria-label': label },
    el('thead', {}, el('tr', {}, head.map((text, column) => cell('th', text, column, 'col')))),
    el('tbody', {}, rows.map((row) => el('tr', {}, row.map((text, column) => cell('td', text, column)))))));
}

async function copyText(text, button) {
  let done = 'Copied';
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el('textarea', { class: 'offscreen', readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    if (!document.execCommand('copy')) done = 'Cannot copy';
    area.remove();
  }
  say(done + ': ' + text);
  if (button) {
    button.textContent = done;
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  }
}

const copyButton = (text) => el('button', { type: 'button', class: 'copy', click: (event) => copyText(text, event.currentTarget) }, 'Copy');
const command = (text) => el('div', { class: 'copyable' }, el('pre', {}, text), copyButton(text));
function say(text) { byId('said').textContent = text; }
const duration = (ms) => ms < 1000 ? Math.round(ms) + ' ms' : ms < 120000 ? (ms / 1000).toFixed(1) + ' s' : Math.floor(ms / 60000) + ' min';

const state = { tab: 'verdict', q: '', open: '', view: '' };

function readAddress() {
  const params = new URLSearchParams(location.hash.slice(1));
  state.tab = TABS.some(({ id }) => id === params.get('tab')) ? params.get('tab') : 'verdict';
  for (const key of ['q', 'open', 'view']) state[key] = params.get(key) || '';
}

function writeAddress(push) {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) if (value !== '') params.set(key, value);
  const hash = '#' + params;
  if (hash === location.hash) return;
  if (push) history.pushState(null, '', hash);
  else history.replaceState(null, '', hash);
}

function go(change, push = true) {
  Object.assign(state, change);
  writeAddress(push);
  show();
}

let shownTab = '';
function show() {
  for (const link of byId('tabs').children) {
    const current = link.dataset.tab === state.tab;
    link.setAttribute('aria-current', current ? 'page' : 'false');
    if (current && shownTab !== state.tab) link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  for (const part of document.querySelectorAll('[data-part]')) part.hidden = part.dataset.part !== state.tab;
  const view = byId('view');
  const { draw } = TABS.find(({ id }) => id === state.tab);
  view.hidden = draw === undefined;
  if (draw === undefined) view.replaceChildren();
  else draw(view, shownTab !== state.tab);
  if (shownTab !== state.tab && shownTab !== '') scrollTo(0, Math.min(scrollY, byId('nav').offsetTop));
  shownTab = state.tab;
  showDrawer();
}

function setTheme(theme) {
  if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', theme);
  byId('theme').textContent = { auto: '◐ auto', light: '☀ light', dark: '☾ dark' }[theme];
  byId('theme').dataset.theme = theme;
  try { localStorage.setItem('aeronet-theme', theme); } catch { /* a page from disk may have no storage */ }
}

function nextTheme() {
  const order = ['auto', 'light', 'dark'];
  setTheme(order[(order.indexOf(byId('theme').dataset.theme) + 1) % order.length]);
}

const KEYS = [
  ['/', 'filter the cases'], ['j k', 'next, previous row'], ['Enter', 'open the row'], ['c', 'copy its repro command'],
  ['1 … 9', 'go to a tab'], ['t', 'theme'], ['Esc', 'close, or clear the filter'], ['?', 'this list'],
];

function toggleHelp() {
  const help = byId('help');
  if (help.open) help.close();
  else help.showModal();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
  if (event.key === 'Escape') {
    if (byId('help').open) return;
    if (state.open !== '') go({ open: '' });
    else if (typing) { go({ q: '' }, false); event.target.blur(); }
    return;
  }
  if (typing) {
    if (event.key === 'Enter' || event.key === 'ArrowDown') { event.target.blur(); moveRow(0); event.preventDefault(); }
    return;
  }
  const tab = TABS[Number(event.key) - 1];
  if (tab !== undefined) go({ tab: tab.id, open: '' });
  else if (event.key === '?') toggleHelp();
  else if (event.key === 't') nextTheme();
  else if (event.key === '/') focusFilter();
  else if (event.key === 'j' || event.key === 'ArrowDown' && onRows(event)) moveRow(1);
  else if (event.key === 'k' || event.key === 'ArrowUp' && onRows(event)) moveRow(-1);
  else if (event.key === 'Enter' && onRows(event)) openRow();
  else if (event.key === 'c') copyRow();
  else return;
  event.preventDefault();
}

/** A key that a button or a link would take stays theirs. */
const onRows = (event) => !(event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement);

function start() {
  for (const [index, { id, name }] of TABS.entries()) {
    byId('tabs').append(el('a', { href: '#tab=' + id, 'data-tab': id, title: 'key ' + (index + 1) }, name));
  }
  fill(byId('help'), [
    el('h2', {}, 'Keys'),
    el('dl', {}, KEYS.map(([key, what]) => [el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)])),
    el('form', { method: 'dialog' }, el('button', {}, 'Close')),
  ]);
  byId('theme').addEventListener('click', nextTheme);
  byId('link').addEventListener('click', () => copyText(location.href));
  byId('keys').addEventListener('click', toggleHelp);
  let theme = 'auto';
  try { theme = localStorage.getItem('aeronet-theme') || 'auto'; } catch { /* no storage */ }
  setTheme(['auto', 'light', 'dark'].includes(theme) ? theme : 'auto');
  for (const holder of document.querySelectorAll('.copyable')) holder.append(copyButton(holder.querySelector('pre').textContent));
  for (const part of document.querySelectorAll('[data-scripted]')) part.hidden = false;
  addEventListener('keydown', onKey);
  addEventListener('popstate', () => { readAddress(); show(); });
  readAddress();
  show();
  document.documentElement.dataset.ready = 'yes';
}
`;

export const SCRIPT = `${[PAGE, CASES, REQUIREMENTS, DRAWER, PLOTS, VIEWS].join('\n')}\nstart();\n`;
