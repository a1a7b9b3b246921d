/**
 * Script of the HTML report: filter, copy buttons, deep links. It reads the page's own rows and writes text nodes only;
 * without it everything is still there to read. State lives in the address (`#q=…`), so that a view can be shared.
 */
export const SCRIPT = `
'use strict';
const rows = [...document.querySelectorAll('tr[data-k]')];
const box = document.querySelector('#filter');
const shown = document.querySelector('#shown');
const bar = document.querySelector('.filter');
const chips = [...document.querySelectorAll('button[data-q]')];
const texts = new Map();

function textOf(row) {
  let text = texts.get(row);
  if (text === undefined) texts.set(row, (text = (row.dataset.k + ' ' + row.textContent).toLowerCase()));
  return text;
}

function apply() {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const row of rows) {
    const text = words.length === 0 ? '' : textOf(row);
    const match = words.every((word) =>
      word.length > 1 && word.startsWith('!') ? !text.includes(word.slice(1)) : text.includes(word));
    row.hidden = !match;
    if (match) count += 1;
  }
  shown.value = count + ' of ' + rows.length + ' shown';
  for (const chip of chips) chip.setAttribute('aria-pressed', String(chip.dataset.q === box.value.trim()));
}

function keepInAddress() {
  const value = box.value.trim();
  history.replaceState(null, '', value === '' ? location.pathname + location.search : '#q=' + encodeURIComponent(value));
}

function followAddress() {
  let hash = '';
  try { hash = decodeURIComponent(location.hash.slice(1)); } catch { return; }
  if (box !== null && hash.startsWith('q=')) {
    box.value = hash.slice(2);
    apply();
    return;
  }
  const row = document.getElementById(hash);
  const fold = row === null ? null : row.querySelector('details');
  if (fold === null) return;
  if (row.hidden) { box.value = ''; apply(); }
  fold.open = true;
  row.scrollIntoView({ block: 'center' });
}

if (box !== null) {
  bar.hidden = false;
  let waiting = 0;
  box.addEventListener('input', () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => { apply(); keepInAddress(); });
  });
  for (const chip of chips) chip.addEventListener('click', () => {
    box.value = box.value.trim() === chip.dataset.q ? '' : chip.dataset.q;
    apply();
    keepInAddress();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && event.target !== box && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
    }
    if (event.key === 'Escape' && event.target === box) { box.value = ''; apply(); keepInAddress(); }
  });
  apply();
}

for (const holder of document.querySelectorAll('.copyable')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    const text = holder.querySelector('pre');
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  holder.append(button);
}

addEventListener('hashchange', followAddress);
followAddress();
`;
