import type { Barrier } from './model.ts';

/** A message as octets: the lines as they are, each ended by CRLF, an empty line, the content. No field is added. */
export function message(startLine: string, fields: readonly string[] = [], content = ''): string {
  return `${[startLine, ...fields].map((line) => `${line}\r\n`).join('')}\r\n${content}`;
}

/** A request with a right Host field in front of the given ones. */
export function request(startLine: string, fields: readonly string[] = [], content = ''): string {
  return message(startLine, ['Host: {host}', ...fields], content);
}

/** `GET path HTTP/1.1` with Host. */
export function get(path = '/', fields: readonly string[] = []): string {
  return request(`GET ${path} HTTP/1.1`, fields);
}

/** `POST /echo HTTP/1.1` with Host; the framing fields are the case's own business. */
export function post(fields: readonly string[], content = ''): string {
  return request('POST /echo HTTP/1.1', fields, content);
}

/** One chunk with its right size in lower-case hex; `extension` is put behind the size as it is. */
export function chunk(data: string, extension = ''): string {
  return `${data.length.toString(16)}${extension}\r\n${data}\r\n`;
}

/** Chunked content: one chunk for each text, the last chunk, the trailer lines, the empty line. */
export function chunked(data: readonly string[], trailers: readonly string[] = []): string {
  return `${data.map((text) => chunk(text)).join('')}0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`;
}

/** Gives the target its turn with what was sent so far: a whole exchange on a second connection. */
export const progress: Barrier = { kind: 'progress' };

/** Waits for a 1xx response. */
export const interim: Barrier = { kind: 'interim' };

/** Waits for one more final response. */
export const response: Barrier = { kind: 'response' };

/** Sends our FIN; the connection is then read to its end. */
export const halfClose: Barrier = { kind: 'half-close' };
