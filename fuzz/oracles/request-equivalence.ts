/**
 * One logical request in many spellings: HTTP/1.1 in origin-form and absolute-form, with a length and in chunks of several
 * sizes; HTTP/2 plain, in Huffman code, through the table, padded, cut into CONTINUATION frames. All must be refused, or all
 * told as the same request with the same content.
 */
import {
  type ConnectionEvent,
  Http1Connection,
  Http2Connection,
  latin1,
  type RequestHead,
} from '../../core/sans-io.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import {
  type Representation,
  representation,
  serialiseBlock,
  stringLiteral,
} from '../grammar/hpack-representations.ts';
import type { Field } from '../grammar/hpack-vocabulary.ts';
import { parseMessages } from '../grammar/http1-message.ts';
import { FLAG, frameOctets, joinPayload, PREFACE, TYPE, wireFrame } from '../grammar/http2-frames.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** A request apart from how it is written. */
interface Logical {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly fields: readonly Field[];
  readonly content: string;
}

/** Fields that are about a connection or its framing, or that one version spells in another way. */
const VERSIONED = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);
const MAX_FIELDS = 30;
/** A limit of HTTP/1.1's: what is longer is no method that HTTP/2 has to know of. */
const MAX_METHOD = 32;

/** Demands that a request is understood the same however it is written. Answers false where an input is no such request. */
export function assertEquivalent(input: string): boolean {
  const logical = readLogical(input);
  if (logical === undefined) return false;
  const readings = [...http1Spellings(logical), ...http2Spellings(logical)];
  const [first] = readings;
  for (const { name, told } of readings) {
    if (first === undefined || told === first.told) continue;
    throw new OracleError('equivalence', `${name}: ${quoted(told)}; ${first.name}: ${quoted(first.told)}`, {
      state: `${name} ${told === 'refused' || first.told === 'refused' ? 'verdict' : 'reading'}`,
    });
  }
  return true;
}

/** The first request of an input, as far as every version can say it. */
function readLogical(input: string): Logical | undefined {
  const [message] = parseMessages(input);
  if (message === undefined) return undefined;
  const [method = '', path = ''] = message.start.text.split(' ');
  let authority = 'localhost';
  const fields: Field[] = [];
  for (const { text } of message.fields.slice(0, MAX_FIELDS)) {
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(0, colon)).toLowerCase();
    const value = text.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
    if (name === 'host') authority = value;
    // A name that HTTP/1.1 would read as another, or a pseudo-header field, is no field of both
    else if (colon > 0 && !VERSIONED.has(name) && /^[^\s:]+$/.test(name)) fields.push([name, value]);
  }
  const isShort = method.length <= MAX_METHOD;
  const isBoth =
    isShort && path.startsWith('/') && !/[\r\n]/.test(path + method) && method !== 'CONNECT' && method !== '';
  if (!isBoth || /[\r\n]/.test(authority)) return undefined;
  return {
    method,
    path,
    authority,
    fields,
    content: message.content + message.chunks.map(({ data }) => data).join(''),
  };
}

interface Reading {
  readonly name: string;
  /** `refused`, or all that was told of the request. */
  readonly told: string;
}

function http1Spellings(logical: Logical): Reading[] {
  const { method, path, authority, fields, content } = logical;
  const head = (target: string, framing: string): string => {
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return `${method} ${target} HTTP/1.1\r\nHost: ${authority}\r\n${lines}${framing}\r\n`;
  };
  const chunked = (size: number): string => {
    let text = '';
    for (let at = 0; at < content.length; at += size) {
      const data = content.slice(at, at + size);
      text += `${data.length.toString(16)}\r\n${data}\r\n`;
    }
    return `${text}0\r\n\r\n`;
  };
  const length = `Content-Length: ${content.length}\r\n`;
  const coded = 'Transfer-Encoding: chunked\r\n';
  return [
    { name: 'origin-form', text: head(path, length) + content },
    { name: 'absolute-form', text: head(`http://${authority}${path}`, length) + content },
    ...[1, 7, 4_096].map((size) => ({ name: `chunks of ${size}`, text: head(path, coded) + chunked(size) })),
  ].map(({ name, text }) => ({ name, told: read(new Http1Connection(), text) }));
}

function http2Spellings({ method, path, authority, fields, content }: Logical): Reading[] {
  const list: readonly Field[] = [
    [':method', method],
    [':scheme', 'http'],
    [':path', path],
    [':authority', authority],
    ...fields,
  ];
  const block = (kind: Representation['kind'], isHuffman: boolean): string =>
    serialiseBlock(
      list.map(([name, value]) =>
        representation(kind, 0, stringLiteral(name, isHuffman), stringLiteral(value, isHuffman)),
      ),
    );
  const request = (octets: string, stream: number, cut = octets.length, pad?: number): string => {
    const end = content === '' ? FLAG.END_STREAM : 0;
    const padding = { pad, priority: '', padding: '\0'.repeat(pad ?? 0) };
    const flags = pad === undefined ? 0 : FLAG.PADDED;
    const headFlags = end | flags | (cut === octets.length ? FLAG.END_HEADERS : 0);
    const frames = [
      wireFrame(TYPE.HEADERS, headFlags, stream, joinPayload({ ...padding, content: octets.slice(0, cut) })),
    ];
    if (cut < octets.length) frames.push(wireFrame(TYPE.CONTINUATION, FLAG.END_HEADERS, stream, octets.slice(cut)));
    if (content !== '')
      frames.push(wireFrame(TYPE.DATA, flags | FLAG.END_STREAM, stream, joinPayload({ ...padding, content })));
    return frames.map(frameOctets).join('');
  };
  const plain = block('plain', false);
  const table = block('table', true);
  // The second request names what the first has put into the table, where that still holds it
  const isKept = list.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0) <= 4_096;
  const indexed = serialiseBlock(list.map((_, index) => representation('indexed', 61 + list.length - index)));
  const hello = PREFACE + frameOctets(wireFrame(TYPE.SETTINGS, 0, 0));
  return [
    { name: 'plain', text: request(plain, 1), stream: 1 },
    { name: 'Huffman', text: request(block('never', true), 1), stream: 1 },
    { name: 'padded', text: request(plain, 1, plain.length, 9), stream: 1 },
    { name: 'CONTINUATION', text: request(plain, 1, plain.length >> 1), stream: 1 },
    ...(isKept ? [{ name: 'indexed', text: request(table, 1) + request(indexed, 3), stream: 3 }] : []),
  ].map(({ name, text, stream }) => ({ name, told: read(new Http2Connection(), hello + text, stream) }));
}

/** What a connection tells of an exchange, in words that no version colours. */
function read(connection: Http1Connection | Http2Connection, text: string, exchange = 1): string {
  let head: RequestHead | undefined;
  let content = '';
  let isWhole = false;
  const hear = (events: readonly ConnectionEvent[]): void => {
    for (const event of events) {
      if (event.kind === 'error') isWhole = false;
      if (event.kind === 'error' || event.exchange !== exchange) continue;
      if (event.kind === 'request') head = event.head;
      if (event.kind === 'content') content += latin1(event.bytes);
      if (event.kind === 'end') isWhole = true;
      if (event.kind === 'abandoned') head = undefined;
    }
  };
  hear(connection.receive(octetsOf(text)));
  if (head !== undefined && connection instanceof Http1Connection) {
    connection.send({ kind: 'demand', exchange });
    for (let events = connection.resume(); events.length > 0; events = connection.resume()) hear(events);
  }
  return head !== undefined && isWhole ? textOf(head, content) : 'refused';
}

function textOf(head: RequestHead, content: string): string {
  const { method, target, host, expectation } = head;
  const path = target.form === 'origin' || target.form === 'absolute' ? [target.path, target.query] : target.form;
  const cookies = head.fields.all('cookie').join('; ');
  const fields = [...head.fields]
    .map(([name, value]): Field => [name.toLowerCase(), value])
    .filter(([name]) => !VERSIONED.has(name) && name !== 'cookie');
  return JSON.stringify([method, path, host, expectation, cookies, fields, content]);
}
