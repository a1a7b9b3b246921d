/** Findings as text, for `fuzz` and `replay`. What a peer's octets say is escaped: a terminal must not obey it. */
import type { FindingEvent } from '../../reports/schema.ts';
import type { OutWriter } from './output.ts';

/** A finding in a few lines, ending with the command that reproduces it. */
export function describeFinding(event: FindingEvent, out: OutWriter): string {
  const status = event.status === 'open' ? out.style('red', 'FAILS') : out.style('green', 'fixed');
  const size =
    event.minimisedBytes === undefined ? `${event.inputBytes} octets` : `${event.minimisedBytes} octets, minimised`;
  return [
    `${status} ${event.target} ${event.signature} ${event.failure}, reproduced ${event.reproduced}, ${size}`,
    `  ${printable(event.errorClass)}: ${printable(event.message)}`,
    ...event.frames.slice(0, 3).map((frame) => `    in ${printable(frame)}`),
    `  again: ${printable(event.repro)}`,
    '',
  ].join('\n');
}

/** One line of visible characters. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (unit) => {
    return `\\u{${unit.charCodeAt(0).toString(16)}}`;
  });
}
