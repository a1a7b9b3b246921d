/** Field lines held against a plain list: kept as text with spans or as a list, they answer the same to every question. */
import { FieldLines, Http1RequestParser, imfFixdate } from '../../core/sans-io.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import type { Field } from '../grammar/hpack-vocabulary.ts';
import { parseMessages } from '../grammar/http1-message.ts';
import { OracleError, quoted } from './oracle-error.ts';

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t \x21-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;
const FRAMING = /^(?:host|content-length|transfer-encoding|connection|expect|upgrade)$/i;
const MAX_LINES = 40;

/** Demands that lines read off the wire and lines given as a list hold what was put into them. */
export function assertFieldLines(input: string): void {
  const lines = (parseMessages(input)[0]?.fields ?? []).slice(0, MAX_LINES).flatMap(({ text }): Field[] => {
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(0, colon));
    const value = text.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
    return NAME.test(name) && VALUE.test(value) && !FRAMING.test(name) ? [[name, value]] : [];
  });
  const wire = `GET / HTTP/1.1\r\nHost: a\r\n${lines.map(([name, value]) => `${name}:\t${value} \r\n`).join('')}\r\n`;
  const [event] = new Http1RequestParser().receive(octetsOf(wire));
  if (event?.kind !== 'request') return broken('refused', `${lines.length} sound lines were refused`);
  const all: readonly Field[] = [['Host', 'a'], ...lines];
  assertHolds(event.head.fields, all);
  assertHolds(FieldLines.fromList(all.map(([name, value]) => ({ name, value }))), all);
}

/** Demands that a time is written as every other writer of the format does (RFC9110#5.6.7). */
export function assertDate(octets: Uint8Array): void {
  const seconds = octets.reduce((sum, octet) => (sum * 256 + octet) % YEAR_10000, 0);
  const written = imfFixdate(seconds * 1_000);
  if (written !== new Date(seconds * 1_000).toUTCString())
    broken('date', `${seconds} is written as ${quoted(written)}`);
  if (Date.parse(written) !== seconds * 1_000) broken('date', `${quoted(written)} does not read as ${seconds}`);
}

/** Seconds from 1970 to the year that no longer has four digits. */
const YEAR_10000 = 253_402_300_800;

function assertHolds(fields: FieldLines, lines: readonly Field[]): void {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  if (fields.length !== lines.length) broken('length', `${lines.length} lines became ${fields.length}`);
  if (JSON.stringify([...fields]) !== JSON.stringify(lines)) broken('order', 'lines are iterated otherwise');
  for (const [name] of [...lines, ['absent', ''] as const]) {
    for (const asked of [name, name.toLowerCase(), name.toUpperCase()]) {
      const values = lines.filter(([other]) => same(other, asked)).map(([, value]) => value);
      if (JSON.stringify(fields.all(asked)) !== JSON.stringify(values))
        broken('all', `${quoted(asked)} has other values`);
      if (fields.has(asked) !== values.length > 0) broken('has', `${quoted(asked)} is there: ${fields.has(asked)}`);
      if (fields.get(asked) !== (values.length > 0 ? values.join(', ') : undefined))
        broken('get', `${quoted(asked)} is joined otherwise`);
    }
  }
}

function broken(state: string, message: string): never {
  throw new OracleError('fields', message, { state });
}
