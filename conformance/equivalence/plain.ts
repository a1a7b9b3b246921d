/** The plain way to write a request in either version, of which spellings are variations. */
import { type Block, data, headers } from '../h2/octets.ts';
import type { FieldList } from '../model.ts';
import { chunked, message } from '../octets.ts';
import type { Placeholders } from '../run/placeholders.ts';
import type { Logical } from './logical.ts';
import type { Http1Form, Http2Form } from './model.ts';

/** What of a plain HTTP/1.1 message is to be otherwise. */
export interface Http1Changes {
  readonly target?: string;
  /** Field lines behind Host, in the place of the logical request's own. */
  readonly lines?: readonly string[];
  /** The framing field. */
  readonly framing?: string;
  /** The content in its framing. */
  readonly body?: string;
}

/** `name: value` of each field. */
export function linesOf(fields: FieldList): readonly string[] {
  return fields.map(([name, value]) => `${name}: ${value}`);
}

/** One message: origin-form, Host first, a line a field, Content-Length where there is content. */
export function http1Message(logical: Logical, { host }: Placeholders, changes: Http1Changes = {}): string {
  const { method, path, fields, content } = logical;
  const length = content === '' ? [] : [`Content-Length: ${content.length}`];
  const framing = changes.framing === undefined ? length : [changes.framing];
  const lines = [`Host: ${host}`, ...(changes.lines ?? linesOf(fields)), ...framing];
  return message(`${method} ${changes.target ?? path} HTTP/1.1`, lines, changes.body ?? content);
}

/** The same with chunked content; chunks of this size. */
export function http1Chunked(logical: Logical, values: Placeholders, size: number, trailers: FieldList = []): string {
  return http1Message(logical, values, {
    framing: 'Transfer-Encoding: chunked',
    body: chunked(partsOf(logical.content, size), linesOf(trailers)),
  });
}

/** In parts of this size. */
export function partsOf(text: string, size: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

export function plainHttp1(logical: Logical, values: Placeholders): Http1Form {
  return { pieces: [http1Message(logical, values)] };
}

/** The field list of a request, pseudo-fields first. */
export function fieldList({ method, path, fields }: Logical, { scheme, host }: Placeholders): FieldList {
  return [[':method', method], [':scheme', scheme], [':authority', host], [':path', path], ...fields];
}

/** HEADERS with this block, and DATA where there is content. */
export function http2Frames(logical: Logical, block: Block, stream = 1): Http2Form['frames'] {
  const { content } = logical;
  const head = headers(block, { stream, end: content === '' });
  return content === '' ? [head] : [head, data(content, { stream })];
}

/** Literals that touch no table, without Huffman code, HEADERS and DATA in one frame each. */
export function plainHttp2(logical: Logical, values: Placeholders): Http2Form {
  return { frames: http2Frames(logical, fieldList(logical, values)) };
}
