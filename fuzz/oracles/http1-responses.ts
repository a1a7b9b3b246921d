/** A strict reader of responses as octets on the wire, independent of the core: what does not fit is a finding. */
import { OracleError, quoted } from './oracle-error.ts';

export interface WireResponse {
  readonly status: number;
  /** By lower-case name; a second field of a name replaces the first. */
  readonly fields: ReadonlyMap<string, string>;
  readonly content: string;
  /** Octet of the output where it begins. */
  readonly at: number;
}

const STATUS_LINE = /^HTTP\/1\.1 ([1-5][0-9]{2}) [\t \x21-\x7e\x80-\xff]*$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([\t \x21-\x7e\x80-\xff]*)$/;

/**
 * Reads all final responses of a connection. `isHead` says whether the exchange of that number was asked with HEAD; a
 * response without X-Exchange is the connection's own, to the exchange after those that were answered before.
 */
export function readResponses(output: string, isHead: (exchange: number) => boolean): WireResponse[] {
  const responses: WireResponse[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\r\n\r\n', at);
    if (end < 0) broken('a response without the end of its head', at, output);
    const [start = '', ...lines] = output.slice(at, end).split('\r\n');
    const status = Number(STATUS_LINE.exec(start)?.[1] ?? broken('a status line that is none', at, output));
    const fields = new Map<string, string>();
    for (const line of lines) {
      const [, name = '', value = ''] = FIELD.exec(line) ?? broken('a field line that is none', at, output);
      if (/^content-length$/i.test(name) && fields.has('content-length')) broken('two lengths', at, output);
      fields.set(name.toLowerCase(), value);
    }
    const isEmpty =
      status < 200 ||
      status === 204 ||
      status === 304 ||
      isHead(Number(fields.get('x-exchange') ?? responses.length + 1));
    const { content, next } = isEmpty ? { content: '', next: end + 4 } : readContent(output, end + 4, fields);
    responses.push({ status, fields, content, at });
    at = next;
  }
  return responses;
}

function readContent(
  output: string,
  from: number,
  fields: ReadonlyMap<string, string>,
): { content: string; next: number } {
  const length = fields.get('content-length');
  const coding = fields.get('transfer-encoding');
  if (length !== undefined && coding !== undefined) broken('length and transfer coding', from, output);
  if (coding !== undefined) return readChunks(output, from);
  if (length === undefined) return { content: output.slice(from), next: output.length };
  const next = from + (/^[0-9]+$/.test(length) ? Number(length) : broken('a length that is none', from, output));
  if (next > output.length) broken('content shorter than its length', from, output);
  return { content: output.slice(from, next), next };
}

function readChunks(output: string, from: number): { content: string; next: number } {
  let content = '';
  for (let at = from; ; ) {
    const digits =
      /^([0-9a-fA-F]+)\r\n/.exec(output.slice(at, at + 20))?.[1] ?? broken('a chunk-size that is none', at, output);
    const size = Number.parseInt(digits, 16);
    const data = at + digits.length + 2;
    if (size === 0) return { content, next: afterTrailers(output, data) };
    if (!output.startsWith('\r\n', data + size)) broken('chunk data without its end', at, output);
    content += output.slice(data, data + size);
    at = data + size + 2;
  }
}

/** RFC9112#7.1.2: trailer fields, and the empty line. */
function afterTrailers(output: string, from: number): number {
  let at = from;
  for (let end = output.indexOf('\r\n', at); end !== at; end = output.indexOf('\r\n', at)) {
    if (end < 0 || !FIELD.test(output.slice(at, end))) broken('a trailer section that is none', at, output);
    at = end + 2;
  }
  return at + 2;
}

function broken(message: string, offset: number, output: string): never {
  const excerpt = quoted(output.slice(offset, offset + 60));
  throw new OracleError('responses', `the connection wrote ${message}: ${excerpt}`, { state: message });
}
