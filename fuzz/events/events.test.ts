/** The event log: what targets tell of every saved entry, and how it survives subjects that throw, hang or never end. */
import { join } from 'node:path';
import t from 'tap';
import { readTargetCorpus } from '../campaign/corpus-folder.ts';
import { builtTree } from '../campaign/locations.ts';
import { openSandbox } from '../campaign/sandbox.ts';
import { isTarget } from '../define.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { targetNames } from '../engines/load-target.ts';
import { addTo, type EventLog, excerptsOf, type LogLine, logText, MAX_EVENTS, shownText } from './log.ts';
import { tellBothWays } from './tell-both-ways.ts';

const PLANTED = join(builtTree(), 'fuzz/fixtures/planted');

/** Targets that read a value in one call, of which there is nothing to tell but the value. */
const WITHOUT_STORY = [
  'accept',
  'bench-corpus-entry',
  'bench-expectations',
  'bench-h2spec',
  'bench-renderers',
  'bench-results',
  'byteranges',
  'conditional',
  'cookies',
  'dates',
  'expect',
  'field-lines',
  'file-path',
  'huffman',
  'media-types',
  'range',
  'target-host',
  'tls-policies',
];

for (const name of targetNames(builtTree())) {
  t.test(
    `${name} tells each of its entries the same in pieces, at its own octets, in lines that a terminal bears`,
    async (t) => {
      const module: { readonly target?: unknown } = await import(`../targets/${name}.ts`);
      if (!isTarget(module.target)) throw new Error(`targets/${name}.ts exports no target`);
      t.equal(module.target.events === undefined, WITHOUT_STORY.includes(name), 'who has a story tells it');
      if (module.target.events === undefined) return;
      let told = 0;
      for (const entry of readTargetCorpus('corpus', name)) {
        const input = entry.kind === 'seed' ? entry.input : entry.bundle.smallest;
        const log: Record<keyof EventLog, LogLine[]> = { whole: [], 'octet by octet': [] };
        tellBothWays(module.target, input, (way, line) => addTo(log[way], line));
        told += log.whole.length;
        const faults = log.whole.filter(
          ({ kind, offset }) =>
            kind === 'throws' || !(Number.isInteger(offset) && offset >= 0 && offset <= input.length),
        );
        if (faults.length > 0) t.fail(entry.path, { faults });
        if (excerptsOf(log).length > 1) t.fail(`${entry.path} is told otherwise in pieces`, { lines: logText(log) });
        const bad = logText(log, 0).filter((line) => line.length > 180 || !/^[\x20-\x7e…]*$/.test(line));
        if (bad.length > 0) t.fail(entry.path, { bad });
      }
      t.ok(told > 0, 'something is told');
    },
  );
}

t.test('a log ends where its subject does, says where pieces are told otherwise, and is bounded', async (t) => {
  const sandbox = await openSandbox(PLANTED, 'planted-story', 300);
  t.teardown(() => sandbox.close());
  const many = `${'A'.repeat(40)}!`;
  const rows: readonly [
    name: string,
    input: string,
    offset: number | undefined,
    lines: readonly (string | RegExp)[],
  ][] = [
    [
      'contents that go on are one',
      'Aabc',
      undefined,
      ['  events, read whole:', /0 {2}octet {4}A$/, /1 {2}content {2}abc$/],
    ],
    ['the octet to blame', 'ABC', 1, ['  events, read whole:', /^ {7}0 .*A$/, /^ {2}> {4}1 .*B$/, /^ {7}2 .*C$/]],
    ['a throw', 'A!', undefined, [/whole/, /A$/, / 1 {2}throws {3}RangeError: no "!" at 1\\x1b\[2J$/]],
    ['a hang', 'AB~', undefined, [/whole/, /A$/, /B$/, / 1 {2}hang {5}one execution takes more than 300 ms$/]],
    [
      'a difference',
      'ABCD%E',
      undefined,
      [
        /whole/,
        /A$/,
        /B$/,
        /C$/,
        /D$/,
        /4 {2}octet {4}%$/,
        /E$/,
        /read octet by octet/,
        /… 2 before/,
        /C$/,
        /D$/,
        / 4 {2}error {4}a percent sign$/,
        /E$/,
      ],
    ],
    ['much', many, undefined, [/whole/, /… 17 before$/, ...Array<RegExp>(23).fill(/octet {4}A$/), /throws/]],
    ['the middle of much', many, 20, [/whole/, /… 1 before$/, ...Array<RegExp>(24).fill(/octet {4}A$/), /… 16 after$/]],
    [
      'a story without end',
      '*',
      undefined,
      [
        /whole/,
        new RegExp(`… ${MAX_EVENTS - 23} before`),
        ...Array<RegExp>(23).fill(/again/),
        /cut off +more than 20000 events$/,
      ],
    ],
    ['nothing', '', undefined, []],
  ];
  for (const [name, input, offset, lines] of rows) {
    const log = await sandbox.events(octetsOf(input));
    t.match(log === undefined ? undefined : logText(log, offset), lines, name);
  }
  t.equal(await (await openedDeaths(t)).events(octetsOf('x')), undefined, 'a target without a story');
});

async function openedDeaths(t: { teardown(end: () => unknown): void }) {
  const sandbox = await openSandbox(PLANTED, 'planted-deaths', 300);
  t.teardown(() => sandbox.close());
  return sandbox;
}

t.test('shownText() escapes what drives a terminal and says how much it leaves out', async (t) => {
  const rows: readonly [text: string, bytes: number, shown: string][] = [
    ['a\r\n\t\\b', 6, 'a\\r\\n\\t\\\\b'],
    ['\u001b]8;;http://a\u0007', 14, '\\x1b]8;;http://a\\x07'],
    ['\u0085\u00ff\u202e\u{1f600}', 5, '\\x85\\xff\\u{202e}\\u{1f600}'],
    ['x'.repeat(121), 121, `${'x'.repeat(120)}… (121 octets)`],
    ['xx', 20_000, 'xx… (20000 octets)'],
  ];
  t.equal(shownText({ kind: 'error', text: 'octet "\\x1b" \u001b', bytes: 13 }), 'octet "\\x1b" \\x1b');
  for (const [text, bytes, shown] of rows) t.equal(shownText({ kind: 'request', text, bytes }), shown);
});
