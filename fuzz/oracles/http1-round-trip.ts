/**
 * Serialise∘parse: a request that was accepted, written down in its plainest form and read again, is the same request.
 * What a parser lets through but would not write, or reads twice in two ways, shows here.
 */
import type { FieldLines, Http1RequestHead } from '../../core/sans-io.ts';
import { type Http1Record, readHttp1 } from './http1-events.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** Demands that all complete requests survive being written and read. */
export function assertRoundTrip(records: readonly Http1Record[]): void {
  const requests = completeRequests(records);
  if (requests.length === 0) return;
  const written = Uint8Array.from(requests.map(canonical).join(''), (unit) => unit.charCodeAt(0));
  const again = completeRequests(readHttp1([written]));
  for (const [index, request] of requests.entries()) {
    const other = again[index];
    if (
      other !== undefined &&
      request.text === other.text &&
      request.content === other.content &&
      request.trailerText === other.trailerText
    ) {
      continue;
    }
    const part =
      other === undefined
        ? 'request'
        : request.text !== other.text
          ? 'head'
          : request.content !== other.content
            ? 'content'
            : 'trailers';
    throw new OracleError('round-trip', `a request does not read as it was written: ${quoted(canonical(request))}`, {
      offset: request.offset,
      state: part,
    });
  }
}

interface CompleteRequest {
  readonly offset: number;
  readonly head: Http1RequestHead;
  readonly text: string;
  readonly content: string;
  readonly trailers: FieldLines;
  readonly trailerText: string;
}

function completeRequests(records: readonly Http1Record[]): CompleteRequest[] {
  const requests: CompleteRequest[] = [];
  let request: Http1Record | undefined;
  let content = '';
  for (const record of records) {
    if (record.kind === 'request') {
      request = record;
      content = '';
    } else if (record.kind === 'content') {
      content += record.text;
    } else if (record.kind === 'end' && request?.head !== undefined && record.trailers !== undefined) {
      const { offset, text, head } = request;
      requests.push({ offset, text, head, content, trailers: record.trailers, trailerText: record.text });
    }
  }
  return requests;
}

/** No octet more than the grammar asks for, so that no limit is met that the original did not meet. */
function canonical({ head, content, trailers }: CompleteRequest): string {
  const start = `${head.method} ${head.rawTarget} HTTP/1.${head.minor}\r\n${lines(head.fields)}\r\n`;
  if (head.framing.kind !== 'chunked') return start + content;
  const chunk = content === '' ? '' : `${content.length.toString(16)}\r\n${content}\r\n`;
  return `${start}${chunk}0\r\n${lines(trailers)}\r\n`;
}

function lines(fields: FieldLines): string {
  let text = '';
  for (let index = 0; index < fields.length; index++) text += `${fields.nameAt(index)}:${fields.valueAt(index)}\r\n`;
  return text;
}
