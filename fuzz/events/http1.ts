/** What a parser of HTTP/1.1 says of octets: heads, contents by their chunks, ends and the refusal. */
import { type FieldLines, type Http1Event, Http1RequestParser, latin1 } from '../../core/sans-io.ts';
import type { Cut, Tell } from '../define.ts';

/** Tells the requests of one connection. */
export function tellRequests(octets: Uint8Array, cut: Cut, tell: Tell): void {
  const parser = new Http1RequestParser();
  const sink = { push: (event: Http1Event) => tellEvent(event, tell) };
  for (const piece of cut(octets)) {
    for (let at = 0; at < piece.length; ) at = parser.read(piece, at, sink);
  }
  for (const event of parser.end()) sink.push(event);
}

function tellEvent(event: Http1Event, tell: Tell): void {
  switch (event.kind) {
    case 'request': {
      const { method, rawTarget, minor, framing, fields } = event.head;
      const length = framing.kind === 'length' ? ` of ${framing.length}` : '';
      const text = `${method} ${rawTarget} HTTP/1.${minor}, content ${framing.kind}${length}${fieldsText(fields)}`;
      return tell({ kind: 'request', offset: event.offset, text });
    }
    case 'content':
      return tell({ kind: 'content', offset: event.offset, text: latin1(event.bytes) });
    case 'end':
      return tell({ kind: 'end', offset: event.offset, text: fieldsText(event.trailers) });
    case 'error': {
      const { code, offset, message } = event.error;
      return tell({ kind: 'error', offset, text: `${code} ${message}` });
    }
    default:
      return event satisfies never;
  }
}

function fieldsText(fields: FieldLines): string {
  return [...fields].map(([name, value]) => ` | ${name}: ${value}`).join('');
}
