/** A running campaign as a block of lines for a terminal, and as one line for a log. */
import type { CampaignStatus, TargetStatus } from '../../fuzz/index.ts';
import type { ProgressView } from './output.ts';

/** What is shown beside the status itself. */
export interface StatusFrame {
  readonly targets: number;
  readonly workers: number;
  /** In milliseconds, or in executions. */
  readonly budget: { readonly timeMs: number; readonly executions: number };
  readonly isTimed: boolean;
}

const COLUMNS = ['exec/s', 'edges', 'corpus', 'last find', 'crashes', 'plateau'] as const;

/** A view of a campaign; `latest` gives its newest status, undefined before the first. */
export function statusView(frame: StatusFrame, latest: () => CampaignStatus | undefined): ProgressView {
  return {
    lines(columns) {
      const status = latest();
      if (status === undefined || status.elapsedMs === 0) return ['fuzz: saved entries are replayed'];
      return [headline(frame, status), ...table(status.running, columns), ...footer(status, columns)];
    },
    line() {
      const status = latest();
      if (status === undefined || status.elapsedMs === 0) return 'fuzz: saved entries are replayed';
      const running = status.running.map(({ target, rate, edgesHit, edgesTotal }) => {
        return `${target} ${grouped(rate)} exec/s ${edgesHit}/${edgesTotal} edges`;
      });
      return [headline(frame, status), ...running].join('; ');
    },
  };
}

function headline({ targets, workers, budget, isTimed }: StatusFrame, status: CampaignStatus): string {
  const spent = isTimed
    ? `${clock(Math.min(status.elapsedMs, budget.timeMs))} of ${clock(budget.timeMs)}`
    : `${grouped(status.executions)} of ${grouped(budget.executions)} executions, ${clock(status.elapsedMs)}`;
  const done = isTimed ? `, ${grouped(status.executions)} executions` : '';
  const who = `${count(targets, 'target')}, ${count(workers, 'worker')}`;
  const memory = `${Math.round(status.rssBytes / 1_048_576)} MiB`;
  return `fuzz ${spent}, ${count(status.findings, 'finding')}${done}, ${who}, ${memory}`;
}

function table(running: readonly TargetStatus[], columns: number): string[] {
  if (running.length === 0) return [];
  const rows = running.map((row) => [
    row.workers > 1 ? `${row.target} x${row.workers}` : row.target,
    grouped(row.rate),
    `${row.edgesHit}/${row.edgesTotal}`,
    grouped(row.corpusEntries),
    row.lastFindMs === undefined ? 'none' : `${age(row.lastFindMs)} ago`,
    String(row.crashes),
    `${Math.floor(row.plateau * 100)} %`,
  ]);
  const all = [['target', ...COLUMNS], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length))) ?? [];
  // What a narrow terminal has no room for is left out from the right, whole columns at a time.
  let shown = 0;
  for (let width = 0; shown < widths.length; shown++) {
    width += (widths[shown] ?? 0) + 2;
    if (width > columns && shown > 1) break;
  }
  return all.map((row) =>
    row
      .slice(0, shown)
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .map((cell) => `  ${cell}`)
      .join(''),
  );
}

function footer(status: CampaignStatus, columns: number): string[] {
  const lines: string[] = [];
  if (status.waiting > 0) lines.push(`  ${count(status.waiting, 'target')} waiting for a turn`);
  if (status.stopped.length > 0) {
    const names = `  no more turns: ${status.stopped.join(', ')}`;
    lines.push(names.length <= columns ? names : `  no more turns: ${count(status.stopped.length, 'target')}`);
  }
  return lines;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** `1,234,567`, whatever the machine's language. */
function grouped(amount: number): string {
  return String(Math.round(amount)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `0:07`, `12:40`, `3:07:00`. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

/** `3 s`, `4 min`, `2 h`. */
function age(ms: number): string {
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  return ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min` : `${Math.floor(ms / 3_600_000)} h`;
}
