/** Octets as a person reads them: offset, hex, text, and a mark under the octet that is to blame. */

const ROW = 16;
/** Rows shown around the mark; an input is 64 KiB at most, a terminal is not. */
const ROWS_BEFORE = 6;
const ROWS_AFTER = 6;

/** Lines of the view; without an offset the beginning is shown. */
export function hexView(octets: Uint8Array, offset?: number): string[] {
  const marked = offset === undefined ? undefined : Math.max(0, Math.min(offset, octets.length));
  const rows = Math.max(1, Math.ceil((octets.length + (marked === octets.length ? 1 : 0)) / ROW));
  const markedRow = Math.floor((marked ?? 0) / ROW);
  const first = Math.max(0, markedRow - ROWS_BEFORE);
  const last = Math.min(rows - 1, markedRow + ROWS_AFTER);
  const lines: string[] = [];
  if (first > 0) lines.push(`  … ${first * ROW} octets before`);
  for (let row = first; row <= last; row++) {
    lines.push(hexRow(octets, row * ROW));
    if (marked !== undefined && row === markedRow) lines.push(markLine(marked, octets.length));
  }
  if (last < rows - 1) lines.push(`  … ${octets.length - (last + 1) * ROW} octets after`);
  return lines;
}

function hexRow(octets: Uint8Array, from: number): string {
  const row = [...octets.subarray(from, from + ROW)];
  const hex = row.map((octet) => octet.toString(16).padStart(2, '0')).join(' ');
  const text = row.map((octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.')).join('');
  return `  ${from.toString(16).padStart(4, '0')}  ${hex.padEnd(ROW * 3 - 1)}  ${text}`;
}

function markLine(offset: number, length: number): string {
  const column = offset % ROW;
  const hex = `${' '.repeat(column * 3)}^^`.padEnd(ROW * 3 - 1);
  const where = offset === length ? 'the end' : `octet ${offset}`;
  return `        ${hex}  ${' '.repeat(column)}^ ${where}`;
}
