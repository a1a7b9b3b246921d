/** The bench's results as lines of a table. Pure. */
import type { Figure, Measured } from './measure.ts';
import type { Scenario } from './scenarios.ts';

const WIDTHS = [24, 12, 12, 12, 12, 20] as const;

export const TABLE_HEAD = row(['scenario', 'load', 'server', 'per CPU s', 'reference', 'ratio [95 %]']);

/** One line for each server of a measurement. */
export function tableRows({ scenario, figures, referencePerCpuSecond }: Measured): string {
  const lines = figures.map(({ server, perCpuSecond, ratio }: Figure) =>
    row([
      scenario.name,
      shapeOf(scenario),
      server === scenario.reference ? 'control' : server,
      grouped(perCpuSecond),
      grouped(referencePerCpuSecond),
      `${ratio.median.toFixed(2)} [${ratio.low.toFixed(2)}, ${ratio.high.toFixed(2)}]`,
    ]),
  );
  return lines.join('\n');
}

function shapeOf({ connections, inFlight }: Scenario): string {
  return `${connections} x ${inFlight}`;
}

/** Digits in groups of three. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) =>
      index === 2 || index < 2 ? cell.padEnd(WIDTHS[index] ?? 0) : cell.padStart(WIDTHS[index] ?? 0),
    )
    .join(' ')
    .trimEnd();
}
