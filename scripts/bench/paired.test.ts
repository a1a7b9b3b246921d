import t from 'tap';
import { median, pairedRatio } from '../../reports/paired.ts';
import { BenchEvent } from '../../reports/schema.ts';
import { parseSucceeded } from './load.ts';
import { eventOf } from './run.ts';
import { SCENARIOS, selectScenarios } from './scenarios.ts';
import { tableRows } from './table.ts';

t.test('pairedRatio() sees a ratio through a disturbance that both halves of a pair share', async (t) => {
  const load = [1, 0.4, 1.1, 0.9, 0.3, 1, 0.8];
  const {
    median: middle,
    low,
    high,
  } = pairedRatio(
    load.map((factor) => 300 * factor),
    load.map((factor) => 100 * factor),
  );
  for (const value of [middle, low, high]) t.ok(Math.abs(value - 3) < 1e-9, `${value} is 3`);
});

t.test('pairedRatio() widens its interval with the spread, and gives the same one for the same figures', async (t) => {
  const reference = [1, 1, 1, 1, 1, 1, 1, 1];
  const wide = pairedRatio([1, 3, 2, 5, 1.5, 4, 2.5, 3.5], reference);
  const narrow = pairedRatio([2.7, 2.8, 2.75, 2.76, 2.74, 2.8, 2.7, 2.75], reference);
  t.ok(wide.low < wide.median && wide.median < wide.high, 'the interval encloses the median');
  t.ok(wide.high - wide.low > 4 * (narrow.high - narrow.low));
  t.same(pairedRatio([1, 3, 2, 5, 1.5, 4, 2.5, 3.5], reference), wide);
});

t.test('pairedRatio() refuses what is not pairs', async (t) => {
  t.throws(() => pairedRatio([], []), RangeError);
  t.throws(() => pairedRatio([1, 2], [1]), { message: 'pairs are needed, and here are 2 and 1 measurements' });
});

t.test('median() of even and odd counts', async (t) => {
  t.equal(median([9, 1, 5]), 5);
  t.equal(median([9, 1, 5, 7]), 6);
});

t.test('parseSucceeded() counts only 2xx', async (t) => {
  const said =
    'requests: 10 total, 10 started, 10 done, 7 succeeded, 3 failed\nstatus codes: 7 2xx, 0 3xx, 3 4xx, 0 5xx\n';
  t.equal(parseSucceeded(said), 7);
  t.equal(parseSucceeded('could not connect'), undefined);
});

t.test('selectScenarios() takes names and beginnings of names, and says what there is', async (t) => {
  const names = (...given: string[]): string[] => selectScenarios(given).map(({ name }) => name);
  t.equal(names().length, SCENARIOS.length);
  t.same(names('h2c'), ['h2c-multiplexed', 'h2c-multiplexed-varied', 'h2c-single']);
  t.same(names('h1-pipelined', 'h2c-single'), ['h1-pipelined', 'h1-pipelined-varied', 'h2c-single']);
  t.throws(() => names('h2'), { message: /^no scenario "h2"; there are: h1-keepalive, / });
});

t.test('tableRows() gives a line for each server beside the reference', async (t) => {
  const [scenario] = selectScenarios(['h2c-single']);
  if (scenario === undefined) throw new Error('the scenario is gone');
  const ratio = { median: 2.5, low: 2.345, high: 2.6 };
  const beside = { reference: 'node:http2', referencePerCpuSecond: 500_000, ratio, pairs: [] };
  const figures = [
    { server: 'core', perCpuSecond: 1_234_567, perSecond: 1, ...beside },
    { server: 'node:http2', perCpuSecond: 999, perSecond: 1, ...beside },
  ];
  const rows = tableRows({ scenario, rounds: 3, figures });
  t.same(
    rows.split('\n').map((line) => line.split(/ {2,}/)),
    [
      ['h2c-single', '64 x 1', 'core', '1,234,567', 'node:http2', '500,000', '2.50 [2.35, 2.60]'],
      ['h2c-single', '64 x 1', 'control', '999', 'node:http2', '500,000', '2.50 [2.35, 2.60]'],
    ],
  );
});

t.test('tableRows() gives octets of files in MiB per second and processor seconds per GiB', async (t) => {
  const [scenario] = selectScenarios(['files-plain-100m']);
  if (scenario === undefined) throw new Error('the scenario is gone');
  const ratio = { median: 2.5, low: 2.345, high: 2.6 };
  const beside = { reference: 'nginx', referencePerCpuSecond: 16, ratio, pairs: [] };
  const rows = tableRows({
    scenario,
    rounds: 3,
    figures: [{ server: 'core', perCpuSecond: 40.96, perSecond: 30, ...beside }],
  });
  const expected = 'files-plain-100m 4 x 1 core 40.96 3,000 0.250 nginx 16 2.50 [2.35, 2.60]';
  t.equal(rows.replace(/ +/g, ' '), expected);
});

t.test('a figure becomes an event that the gate reads, with its pairs and how to get it again', async (t) => {
  const ratio = { median: 1, low: 1, high: 1 };
  const figure = {
    server: 'core',
    reference: 'base:core',
    perCpuSecond: 1,
    perSecond: 1,
    referencePerCpuSecond: 1,
    ratio,
  };
  const beside = eventOf('h2c-single', { ...figure, pairs: [[2, 1]], control: [[1, 1]] }, '../base');
  t.match(beside, {
    compares: 'base',
    pairs: [[2, 1]],
    control: [[1, 1]],
    repro: 'npx aeronet bench h2c-single --base ../base',
  });
  const other = eventOf('h2c-single', { ...figure, pairs: [[2, 1]] }, undefined);
  t.match(other, { compares: 'other', repro: 'npx aeronet bench h2c-single' });
  for (const event of [beside, other]) t.ok(BenchEvent.safeParse(event).success);
});
