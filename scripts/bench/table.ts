/** The bench's results as lines of a table. Pure. */
import type { Figure, Measured } from './measure.ts';
import type { Scenario } from './scenarios.ts';
import type { MemoryMeasured } from './stalled.ts';

const WIDTHS = [24, 10, 12, 12, 8, 10, 12, 12, 18] as const;
/** Columns of words; the others are numbers, and end where they end. */
const WORDS = [0, 1, 2, 6];
const MIB = 1_048_576;

export const TABLE_HEAD = row([
  'scenario',
  'load',
  'server',
  'per CPU s',
  'MiB/s',
  'CPU s/GiB',
  'beside',
  'per CPU s',
  'ratio [95 %]',
]);

/** One line for each server and each that it is held against. */
export function tableRows({ scenario, figures }: Measured): string {
  const lines = figures.map((figure: Figure) => {
    const { server, perCpuSecond, perSecond, reference, referencePerCpuSecond, ratio } = figure;
    const isBulk = scenario.fileBytes !== undefined && scenario.reconnects !== true;
    const mib = isBulk ? scenario.fileBytes / MIB : undefined;
    return row([
      scenario.name,
      shapeOf(scenario),
      server === reference ? 'control' : server,
      grouped(perCpuSecond),
      mib === undefined ? '' : grouped(Math.round(perSecond * mib)),
      mib === undefined ? '' : (1_024 / (perCpuSecond * mib)).toFixed(3),
      reference,
      grouped(referencePerCpuSecond),
      `${ratio.median.toFixed(2)} [${ratio.low.toFixed(2)}, ${ratio.high.toFixed(2)}]`,
    ]);
  });
  return lines.join('\n');
}

/** One line for each server: its memory, what stalled readers add to it, and the time of others without and beside them. */
export function memoryRows({ scenario, memory }: MemoryMeasured): string {
  const lines = memory.map(({ server, idleMib, addedMib, addedKibEach, idleMs, besideMs }) =>
    row([
      scenario.name,
      String(scenario.connections),
      server,
      `${idleMib} MiB idle, ${addedMib} MiB added: ${addedKibEach} KiB a reader; another client's answer, median and ` +
        `99 of 100: ${idleMs.p50} and ${idleMs.p99} ms without, ${besideMs.p50} and ${besideMs.p99} ms beside`,
    ]),
  );
  return lines.join('\n');
}

function shapeOf({ connections, inFlight }: Scenario): string {
  return `${connections} x ${inFlight}`;
}

/** Digits in groups of three. */
function grouped(value: number): string {
  const [whole = '', rest] = String(value).split('.');
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? digits : `${digits}.${rest}`;
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (WORDS.includes(index) ? cell.padEnd(WIDTHS[index] ?? 0) : cell.padStart(WIDTHS[index] ?? 0)))
    .join(' ')
    .trimEnd();
}
