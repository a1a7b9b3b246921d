/** What a request parser says, as text, so that one reading can be held against another or against a golden file. */
import { fromLatin1, latin1 } from '../bytes/latin1.ts';
import { escapeOctet } from '../errors/escape.ts';
import { formatDiagnostic, type ProtocolError } from '../errors/protocol-error.ts';
import type { FieldLines } from '../semantics/field.ts';
import type { Http1Event } from './events.ts';
import type { Http1RequestHead } from './head.ts';
import { type Http1ParserOptions, Http1RequestParser } from './parser.ts';

/** One event that no longer needs the octets it came from. Adjacent contents are one. */
export interface Told {
  readonly kind: Http1Event['kind'];
  readonly offset: number;
  readonly head?: Http1RequestHead;
  /** Content, one unit per octet. */
  content: string;
  readonly trailers?: FieldLines;
  readonly error?: ProtocolError;
}

/** All that a parser says about `pieces` and the end of the connection behind them. Each piece is overwritten once it was read. */
export function readPieces(pieces: Iterable<Uint8Array>, parser: Http1RequestParser): Told[] {
  const told: Told[] = [];
  for (const piece of pieces) {
    for (const event of parser.receive(piece)) keep(told, event);
    piece.fill(0xaa);
  }
  for (const event of parser.end()) keep(told, event);
  return told;
}

/** What a new parser says about octets that come whole. */
export function readWhole(octets: Uint8Array, options: Http1ParserOptions = {}): Told[] {
  return readPieces([octets.slice()], new Http1RequestParser(options));
}

/** The log of a reading: an offset and a sentence for each event, what belongs to it indented below. */
export function toLog(told: readonly Told[]): string {
  return told.map((one) => `@${one.offset} ${describe(one)}\n`).join('');
}

/** Text for a name or a log: visible ASCII alone. */
export function visible(text: string): string {
  return Array.from(fromLatin1(text), escapeOctet).join('');
}

/** Each octet alone, in new memory. */
export function* singly(octets: Uint8Array): Generator<Uint8Array> {
  for (const octet of octets) yield Uint8Array.of(octet);
}

/** Pieces of 1 to 16 octets, sometimes up to 512, chosen by `random`. */
export function* inPieces(octets: Uint8Array, random: () => number): Generator<Uint8Array> {
  for (let at = 0; at < octets.length; ) {
    const length = 1 + Math.floor(random() * (random() < 0.2 ? 512 : 16));
    yield octets.slice(at, at + length);
    at += length;
  }
}

/** Numbers from 0 to 1 that depend on `seed` alone (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

function keep(told: Told[], event: Http1Event): void {
  const last = told.at(-1);
  switch (event.kind) {
    case 'request':
      told.push({ kind: 'request', offset: event.offset, head: event.head, content: '' });
      return;
    case 'content':
      if (last?.kind === 'content' && last.offset + last.content.length === event.offset) {
        last.content += latin1(event.bytes);
      } else {
        told.push({ kind: 'content', offset: event.offset, content: latin1(event.bytes) });
      }
      return;
    case 'end':
      told.push({ kind: 'end', offset: event.offset, trailers: event.trailers, content: '' });
      return;
    case 'error':
      told.push({ kind: 'error', offset: event.error.offset, error: event.error, content: '' });
      return;
    default:
      event satisfies never;
  }
}

function describe({ kind, head, content, trailers, error }: Told): string {
  if (head !== undefined) return `request ${describeHead(head)}`;
  if (error !== undefined) return `error, status ${error.status}\n${indent(formatDiagnostic(error))}`;
  if (kind === 'content') return `content ${content.length} "${visible(content)}"`;
  return `end${trailers === undefined ? '' : describeFields(trailers)}`;
}

function describeHead(head: Http1RequestHead): string {
  const { method, rawTarget, minor, target, host, framing, isPersistent, expectation } = head;
  const facts = [
    `target ${JSON.stringify(target)}`,
    `host ${JSON.stringify(host)}`,
    framing.kind === 'length' ? `length ${framing.length}` : framing.kind,
    isPersistent ? 'persistent' : 'last',
    `expects ${expectation}`,
  ];
  return `${visible(method)} ${visible(rawTarget)} HTTP/1.${minor}\n  = ${facts.join(', ')}${describeFields(head.fields)}`;
}

function describeFields(fields: FieldLines): string {
  return Array.from(fields, ([name, value]) => `\n  ${visible(name)}: ${visible(value)}`).join('');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
