import t, { type Test } from 'tap';
import { foldReport } from '../fold.ts';
import { decideGate } from '../gate/decide.ts';
import { parseExpectations } from '../gate/expectations.ts';
import { benchEvent, caseEvent, runEnd, runStart, SAMPLE_EXPECTATIONS, sampleEvents } from '../sample.test.data.ts';
import type { ReportEvent } from '../schema.ts';
import { type Browser, findChromium, type Page, startBrowser } from './browser.test.data.ts';
import { renderHtml } from './html.ts';
import type { HtmlExtras } from './html-extras.ts';

const FAILING = 'h1/framing/cl-duplicate-differs @core';
const SENT = Buffer.from('POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\n\0\r\n\r\n</script>');

const EXTRAS: HtmlExtras = {
  evidence: new Map([
    [
      FAILING,
      {
        entries: [
          { atMs: 0.4, direction: 'sent', octets: SENT },
          { atMs: 1.9, direction: 'note', octets: Buffer.alloc(0), note: 'connected' },
          { atMs: 2.5, direction: 'received', octets: Buffer.from('HTTP/1.1 200 OK\r\n\r\n') },
        ],
        cut: 7,
      },
    ],
  ]),
  fuzz: [
    {
      target: 'http1-request',
      points: [1, 2, 3, 60].map((runS) => ({
        runS,
        perSecond: 20_000 - runS,
        edges: 100 + Math.min(runS, 3),
        corpus: runS,
      })),
    },
  ],
  matrix: [
    { rfc: 'rfc9112', level: 'MUST', sentences: 90, server: 60, observable: 50, byCase: 48, byCheck: 2, byReason: 10 },
  ],
  requirements: [
    {
      id: 'rfc9112:6.3:5',
      level: 'MUST',
      says: 'lengths that differ are an error',
      binds: 'server',
      answer: 'case',
      cases: ['h1/framing/cl-duplicate-differs', 'h1/framing/never-run'],
      checks: [],
      why: '',
    },
    {
      id: 'rfc9112:7.1:2',
      level: 'SHOULD',
      says: 'a size is in hex',
      binds: 'client',
      answer: 'none',
      cases: [],
      checks: [],
      why: '',
    },
  ],
  fieldReader: () => (block) => ({ fields: [[':path', `/${block.length}`]] }),
  since: [
    { key: FAILING, first: 'T2', lastGood: 'T1', firstRevision: 'b'.repeat(40), lastGoodRevision: 'a'.repeat(40) },
  ],
  history: [1, 2, 3].map((day) => ({
    startedAt: `2026-11-0${day}T03:00:00.000Z`,
    label: `run ${day}`,
    verdict: 'fail',
    figures: { failures: day, known: 3, 'ratio h1-keepalive': 1 + day / 100 },
  })),
  compare: {
    name: 'before.ndjson',
    rows: [{ key: FAILING, before: 'pass', after: 'fail', change: 'worse' }],
    same: 54,
  },
};

const RFC_LINK = ['https://www.rfc-editor.org/rfc/rfc9112', 'section-6.3'].join('#');

const TABS = ['verdict', 'conformance', 'crashes', 'fuzz', 'coverage', 'performance', 'baseline', 'compare', 'run'];

function reportOf(events: readonly ReportEvent[], lines = '', extras: HtmlExtras = {}): string {
  const report = foldReport([{ name: 'results.ndjson', events }]);
  return renderHtml(report, decideGate(report, parseExpectations(lines, 'expected.jsonl')), extras);
}

const sample = (): string =>
  reportOf(
    [...sampleEvents(), runStart({ producer: 'bench' }), benchEvent(0.8, { scenario: 'h2-get' }), runEnd()],
    SAMPLE_EXPECTATIONS,
    EXTRAS,
  );

const text = (page: Page, selector: string): Promise<unknown> =>
  page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`);

const chromium = findChromium();
const skip = chromium === undefined ? 'THE PAGE WAS NOT OPENED: there is no Chromium on PATH' : false;

t.test('the HTML report in a real browser', { skip }, async (t) => {
  const browser = await startBrowser(chromium ?? '');
  t.teardown(() => browser.close());
  await inTheBrowser(t, browser);
});

async function inTheBrowser(t: Test, browser: Browser): Promise<void> {
  async function open(html: string, hash = ''): Promise<Page> {
    const page = await browser.open(html, hash);
    await page.until(`document.documentElement.dataset.ready === 'yes'`);
    return page;
  }

  /** What is true of every page, whatever was done to it. */
  function calm(t: Test, page: Page): void {
    t.same(page.complaints, [], 'nothing on the console');
    t.equal(page.requests.length, 1, `nothing is asked for but the file: ${page.requests.slice(1).join(' ')}`);
  }

  await t.test('every tab shows something, in both themes and on 400 px', async (t) => {
    const page = await open(sample());
    t.same(await page.evaluate(`[...document.querySelectorAll('#tabs a')].map((link) => link.dataset.tab)`), TABS);
    for (const [scheme, width] of [
      ['light', 1_200],
      ['dark', 400],
    ] as const) {
      await page.resize(width, 800);
      await page.media('', scheme);
      const [red] = (await page.evaluate(
        `getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)`,
      )) as number[];
      t.equal(Number(red) > 128, scheme === 'light', `${scheme}: the ground is ${red}`);
      for (const tab of TABS) {
        await page.evaluate(`go({ tab: '${tab}', open: '' })`);
        t.ok(Number(await page.evaluate(`document.querySelector('main').innerText.length`)) > 100, `${tab} has text`);
        t.equal(await page.evaluate(`document.documentElement.scrollWidth - innerWidth`), 0, `${tab} fits ${width} px`);
      }
    }
    await page.evaluate(`go({ tab: 'performance' })`);
    t.match(
      await text(page, '#view'),
      /below the line.*0\.800 × \[0\.799, 0\.801\]/,
      'the interval, and what it says, in words',
    );
    await page.evaluate(`go({ tab: 'fuzz' })`);
    t.equal(await page.evaluate(`document.querySelectorAll('#view svg path').length`), 3, 'three plots');
    t.match(await text(page, '#view'), 'No new edge for the last 57.0 s of 60.0 s');
    calm(t, page);
  });

  await t.test('the theme can be chosen against the preference', async (t) => {
    const page = await open(sample());
    await page.media('', 'light');
    const ground = (): Promise<unknown> => page.evaluate(`getComputedStyle(document.body).backgroundColor`);
    const light = await ground();
    await page.press('t');
    t.equal(await ground(), light);
    await page.press('t');
    t.not(await ground(), light, 'dark');
    t.match(await text(page, '#theme'), 'dark');
    await page.evaluate(`document.querySelector('#theme').click()`);
    t.equal(await ground(), light, 'back to the preference');
    calm(t, page);
  });

  await t.test('a case is found, opened and copied by keys alone', async (t) => {
    const page = await open(sample());
    await page.press('/');
    t.equal(await page.evaluate(`document.activeElement.id`), 'filter');
    for (const key of 'obs-fold') await page.press(key);
    await page.until(`document.querySelector('.filter output').value === '1 of 51 shown'`);
    await page.until(`location.hash.includes('q=obs-fold')`);
    await page.press('Escape');
    await page.until(`document.querySelector('.filter output').value === '51 of 51 shown'`);
    await page.evaluate(`go({ view: 'list', q: 'status:fail !obs-fold' })`);
    await page.until(`document.querySelectorAll('.row').length === 2`);
    await page.press('j');
    await page.press('Enter');
    await page.until(`!document.querySelector('#drawer').hidden`);
    t.match(await text(page, '#drawer'), 'h1/host/duplicate @node-http');
    await page.press('k');
    t.match(await text(page, '#drawer h2'), FAILING);
    await page.evaluate(
      `navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }`,
    );
    await page.press('c');
    t.equal(await page.evaluate('copied'), 'npx aeronet conform core --case h1/framing/cl-duplicate-differs');
    await page.evaluate(`copied = ''; document.querySelector('#drawer .copy').click()`);
    t.equal(await page.evaluate('copied'), 'npx aeronet conform core --case h1/framing/cl-duplicate-differs');
    await page.until(`document.querySelector('#drawer .copy').textContent === 'Copied'`);
    await page.press('Escape');
    t.equal(await page.evaluate(`document.querySelector('#drawer').hidden`), true);
    await page.press('?');
    t.equal(await page.evaluate(`document.querySelector('#help').open`), true);
    calm(t, page);
  });

  await t.test('a link leads to the octets of a case, with what cannot be seen spelled out', async (t) => {
    const page = await open(sample(), `#tab=conformance&open=${encodeURIComponent(FAILING)}`);
    t.match(await text(page, '#drawer h2'), FAILING);
    t.match(await text(page, '.part.sent pre'), 'POST / HTTP/1.1CRLF\nContent-Length: 1CRLF\nContent-Length: 2LF\nNUL');
    t.equal(await page.evaluate(`document.querySelectorAll('.part.sent .odd').length`), 2, 'the lone LF and the NUL');
    t.match(await text(page, '#drawer'), /▼ received 19 octets/);
    t.match(await text(page, '#drawer'), /7 more octets are cut off here/);
    await page.evaluate(`document.querySelector('[data-way=hex]').click()`);
    t.match(await text(page, '.part.sent pre'), /^0000 {2}50 4f 53 54 20 2f 20 48 {2}54 54 50 .* POST \/ HTTP\/1\.1·/);
    t.equal(await page.evaluate(`document.querySelector('#drawer dd a').href`), RFC_LINK);
    t.match(await text(page, '#drawer'), /T2; in order on T1.*git bisect start b{40} a{40} && git bisect run sh -c/);
    await page.evaluate(`document.querySelector('[data-way=text]').click()`);
    t.same(await page.evaluate(`[...document.querySelectorAll('.part.sent mark')].map((one) => one.textContent)`), [
      'Content-Length: 2',
      'LF',
      'NUL',
    ]);
    calm(t, page);
  });

  await t.test('a sentence of an RFC is found, leads to its cases, and a case to its sentences', async (t) => {
    const page = await open(sample(), '#tab=conformance&view=requirements');
    t.match(await text(page, '#view table'), /rfc9112.*48/);
    await page.until(`document.querySelectorAll('.row').length === 2`);
    t.match(await text(page, '#row-0'), /✖ fail 1 of 1lengths that differ are an errorrfc9112:6.3:5MUSTbinds server/);
    await page.press('/');
    for (const key of 'binds:client') await page.press(key);
    await page.until(`document.querySelector('.filter output').value === '1 of 2 shown'`);
    t.match(await text(page, '.row'), 'a size is in hex');
    await page.evaluate(`document.querySelector('#view table a').click()`);
    await page.until(`document.querySelector('.filter output').value === '0 of 2 shown' || state.q !== 'binds:client'`);
    await page.evaluate(`go({ q: '' }, false)`);
    await page.until(`document.querySelectorAll('.row').length === 2`);
    await page.evaluate(`document.activeElement.blur(); rows.select(0)`);
    await page.press('Enter');
    await page.until(`!document.querySelector('#drawer').hidden`);
    t.match(await page.evaluate('location.hash'), 'open=rfc9112%3A6.3%3A5');
    t.match(await text(page, '#drawer'), /npx aeronet explain rfc9112:6.3:5.*2 cases.*never-runIt was not run/);
    await page.evaluate(`document.querySelector('#drawer .chip').click()`);
    await page.until(`document.querySelector('#drawer h2').textContent === '${FAILING}'`);
    t.match(await text(page, '#drawer'), /rfc9112:6\.3:5 lengths that differ/);
    calm(t, page);
  });

  await t.test('frames of HTTP/2 have their field lines, and what is not allowed is marked', async (t) => {
    const frames = Buffer.from('00000101040000000182' + '0000070600000000000102030405060a', 'hex');
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const octets = Buffer.concat([preface, frames.subarray(0, 3), frames.subarray(3)]);
    const evidence = { entries: [{ atMs: 1, direction: 'sent' as const, octets }], cut: 0 };
    const html = reportOf(sampleEvents(), '', { ...EXTRAS, evidence: new Map([[FAILING, evidence]]) });
    const page = await open(html, `#tab=conformance&open=${encodeURIComponent(FAILING)}`);
    t.match(await text(page, '.talk table'), /24HEADERS.*1:path: \/1.*PING07.*! 7 octets, not 8/);
    await page.evaluate(`document.querySelector('[data-way=hex]').click()`);
    t.equal(await page.evaluate(`document.querySelectorAll('.part.sent mark').length`), 16, 'the PING');
    calm(t, page);
  });

  await t.test('the baseline has what is stale first, then the soonest expiry, by owner', async (t) => {
    const line = (id: string, more: object): string =>
      `${JSON.stringify({ key: `h1/${id} @core`, expect: 'fail', reason: id, ...more })}\n`;
    const failing = ['b', 'c', 'd'].map((id) => caseEvent(`h1/${id}`, { verdict: 'fail' }));
    const lines =
      line('a', { owner: '@net' }) +
      line('b', { owner: '@net' }) +
      line('c', { expires: '2026-11-30' }) +
      line('d', { owner: '@net', expires: '2027-05-01' });
    const page = await open(reportOf([runStart(), ...failing, runEnd()], lines), '#tab=baseline');
    const keys = (): Promise<unknown> =>
      page.evaluate(
        `[...document.querySelectorAll('table[aria-label=Expectations] tbody tr td:nth-child(2)')].map((one) => one.textContent.slice(0, 4))`,
      );
    t.same(await keys(), ['h1/a', 'h1/c', 'h1/d', 'h1/b']);
    t.match(await text(page, '#view'), /! 2026-11-30, 6 d left/);
    t.match(await text(page, 'table[aria-label=Owners]'), /@net31002027-05-01nobody10012026-11-30/);
    await page.evaluate(`document.querySelector('table[aria-label=Owners] button').click()`);
    t.same(await keys(), ['h1/a', 'h1/d', 'h1/b'], 'of one owner');
    calm(t, page);
  });

  await t.test('hostile text is text: nothing runs, nothing is asked for', async (t) => {
    const hostile = '</script><script>alert(1)</script><img src=//x.example/y onerror=alert(1)>\u202e\0\u001b[2J';
    const page = await open(
      reportOf([
        runStart({ command: hostile, version: hostile }),
        { kind: 'target', target: hostile, address: hostile, capabilities: [hostile], serverVersion: hostile },
        caseEvent(`h1/a/${hostile}`, {
          target: hostile,
          area: hostile,
          title: hostile,
          rfc: hostile,
          reason: hostile,
          expected: hostile,
          actual: hostile,
          repro: hostile,
          verdict: 'fail',
        }),
        runEnd({ note: hostile }),
      ]),
      `#tab=conformance&view=list&q=${encodeURIComponent('<img')}`,
    );
    await page.until(`document.querySelectorAll('.row').length > 0`);
    await page.press('Enter');
    t.equal(await page.evaluate(`document.querySelectorAll('img, script:not(#data)').length`), 1);
    t.match(await text(page, '#drawer'), '<img src=//x.example/y onerror=alert(1)>\\u{202e}\\x00\\x1b[2J');
    calm(t, page);
  });

  await t.test('a run of 100,000 cases has no more rows than fit', async (t) => {
    const html = reportOf([
      runStart(),
      ...Array.from({ length: 100_000 }, (_, index) =>
        caseEvent(`h1/area-${index % 40}/case-${index}`, {
          title: `Case ${index}`,
          reason: `reason ${index}`,
          verdict: index % 500 === 0 ? 'fail' : 'pass',
        }),
      ),
      runEnd(),
    ]);
    const page = await open(html, '#tab=conformance&view=list');
    const took = await page.evaluate(`performance.getEntriesByType('navigation')[0].loadEventEnd`);
    t.comment(`opened in ${Math.round(Number(took))} ms, ${(html.length / 1_048_576).toFixed(1)} MiB`);
    await page.until(`document.querySelectorAll('.row').length > 5`);
    t.ok(Number(await page.evaluate(`document.querySelectorAll('.row').length`)) < 60);
    t.ok(Number(await page.evaluate(`document.querySelectorAll('*').length`)) < 12_000, 'elements in all');
    await page.evaluate(`rows.select(99_999)`);
    await page.until(`document.querySelector('[aria-selected=true]')?.getAttribute('aria-rowindex') === '100000'`);
    await page.evaluate(`go({ q: 'case-99999$' }, false)`);
    await page.until(`document.querySelector('.filter output').value === '1 of 100000 shown'`);
    calm(t, page);
  });

  await t.test('without script, and on paper, the verdict and what decided it are there', async (t) => {
    const bare = await browser.open(sample(), '', false);
    await bare.resize(1_000, 800);
    const shown = await bare.evaluate(`document.body.innerText`);
    t.same(bare.complaints, []);
    t.match(shown, /FAIL.*What decided it.*h1\/framing\/cl-duplicate-differs/s);
    const page = await open(sample(), '#tab=conformance&view=list');
    await page.media('print');
    t.match(await page.evaluate(`document.body.innerText`), /What decided it/, 'the verdict, whatever tab is shown');
    t.equal(await page.evaluate(`getComputedStyle(document.querySelector('#view')).display`), 'none');
    calm(t, page);
  });
}
