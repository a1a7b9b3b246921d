import type { Effect, GateFinding } from '../gate/gate.ts';
import { type Markup, markup, uncut } from './markup.ts';

/** Rows of a definition list; those without text vanish. */
export function facts(rows: readonly (readonly [label: string, text: string])[]): Markup {
  const filled = rows.filter(([, text]) => text !== '');
  return markup`${filled.map(([label, text]) => markup`<dt>${label}</dt><dd>${text}</dd>`)}`;
}

/** A command to copy. */
export const command = (text: string): Markup => markup`<div class="copyable"><pre>${uncut(text)}</pre></div>`;

/** The colour class of a finding's effect. */
export const tone = (finding: Pick<GateFinding, 'effect'> | undefined): string =>
  finding === undefined ? 't-skip' : TONES[finding.effect];

const TONES = {
  fail: 't-fail',
  inconclusive: 't-open',
  warn: 't-warn',
  ok: 't-known',
} as const satisfies Record<Effect, string>;

/** Hex octets as a dump: offset, sixteen octets, the printable ones; what is not hex is shown as it is. */
export function hexDump(hex: string): Markup {
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return markup`<pre>${hex}</pre>`;
  const octets = hex.match(/../g) ?? [];
  const lines: string[] = [];
  for (let at = 0; at < octets.length; at += 16) {
    const row = octets.slice(at, at + 16);
    const text = row.map((octet) => printable(Number.parseInt(octet, 16))).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${row.join(' ').padEnd(47)}  ${text}`);
  }
  return markup`<pre>${lines.map((line) => [line, BREAK])}</pre>`;
}

const BREAK = markup`
`;

const printable = (octet: number): string => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '·');
