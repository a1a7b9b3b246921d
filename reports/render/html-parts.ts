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
