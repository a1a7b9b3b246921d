import type { Gate } from '../gate/gate.ts';
import type { Report } from '../report.ts';

/** `report.json`: the decision and everything that it was made from. */
export function renderJson(report: Report, gate: Gate): string {
  return escapeJson(JSON.stringify({ gate, report }, null, 1));
}

/** `gate.json`: the decision alone. */
export function renderGateJson(gate: Gate): string {
  return escapeJson(JSON.stringify(gate, null, 1));
}

/**
 * Escapes what JSON allows in a string but a terminal, a script element or a reader's eye does not: `<`, DEL, C1, and
 * everything that hides or reorders text. The text stays the same JSON value; `JSON.stringify` has done the rest,
 * lone surrogates included. Ends with a line feed.
 */
export function escapeJson(json: string): string {
  return `${json.replace(UNSAFE, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  )}\n`;
}

/** The line feed is JSON's own white space: the only control character that a serialised text holds. */
const UNSAFE = /(?!\n)[<\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;
