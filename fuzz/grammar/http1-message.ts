/**
 * A loose reading of HTTP/1.1 octets: whatever they are, they become requests with lines, chunks and content that serialise
 * to the same octets again. Nothing is judged; illegal parts are kept as they stand, as they are what is to be mutated.
 */
export interface Line {
  text: string;
  /** CRLF, LF, or empty where the input ends. */
  eol: string;
}

export interface Chunk {
  /** Chunk-size with extensions. */
  size: string;
  sizeEol: string;
  data: string;
  dataEol: string;
}

export interface Message {
  /** Empty lines before the request line. */
  lead: string;
  start: Line;
  fields: Line[];
  /** The empty line that ends the head, with its line end; empty where it is missing. */
  headEnd: string;
  chunks: Chunk[];
  /** Trailer section after the chunks, with its empty line. */
  trailers: Line[];
  trailerEnd: string;
  /** Content that is not chunked, or what follows chunks that could not be read. */
  content: string;
}

const MAX_MESSAGES = 32;
const MAX_CHUNKS = 256;

/** Reads an input as requests; what does not look like one is the start of the last. */
export function parseMessages(input: string): Message[] {
  const messages: Message[] = [];
  let at = 0;
  while (at < input.length && messages.length < MAX_MESSAGES - 1) {
    const message = newMessage();
    at = readMessage(input, at, message);
    messages.push(message);
  }
  if (at < input.length) messages.push({ ...newMessage(), start: { text: input.slice(at), eol: '' } });
  return messages;
}

/** The octets of requests. */
export function serialiseMessages(messages: readonly Message[]): string {
  let out = '';
  for (const message of messages) out += serialiseMessage(message);
  return out;
}

/** The octets of one request. */
export function serialiseMessage(message: Message): string {
  let out = message.lead + lineText(message.start);
  for (const field of message.fields) out += lineText(field);
  out += message.headEnd;
  for (const chunk of message.chunks) out += chunk.size + chunk.sizeEol + chunk.data + chunk.dataEol;
  for (const trailer of message.trailers) out += lineText(trailer);
  return out + message.trailerEnd + message.content;
}

/** A copy whose parts can be changed. */
export function cloneMessage(message: Message): Message {
  return {
    ...message,
    start: { ...message.start },
    fields: message.fields.map((line) => ({ ...line })),
    chunks: message.chunks.map((chunk) => ({ ...chunk })),
    trailers: message.trailers.map((line) => ({ ...line })),
  };
}

/** A request with nothing in it. */
export function newMessage(): Message {
  return {
    lead: '',
    start: { text: '', eol: '' },
    fields: [],
    headEnd: '',
    chunks: [],
    trailers: [],
    trailerEnd: '',
    content: '',
  };
}

/** Whether the request says that its content is chunked, in whatever spelling. */
export function isChunked(message: Message): boolean {
  return message.fields.some((field) => /^transfer-encoding\s*:.*chunked/i.test(field.text));
}

function readMessage(input: string, from: number, message: Message): number {
  let at = from;
  while (/^\r?\n/.test(input.slice(at, at + 2))) {
    const end = input.indexOf('\n', at) + 1;
    message.lead += input.slice(at, end);
    at = end;
  }
  const start = lineAt(input, at);
  message.start = start;
  at += length(start);
  const head = readLines(input, at, message.fields);
  message.headEnd = head.end;
  at = head.at;
  if (head.end === '') return at;
  if (isChunked(message)) return readChunks(input, at, message);
  const contentLength = contentLengthOf(message);
  message.content = input.slice(at, at + contentLength);
  return at + message.content.length;
}

/** Lines up to an empty one or the end of the input. */
function readLines(input: string, from: number, lines: Line[]): { at: number; end: string } {
  let at = from;
  while (at < input.length) {
    const line = lineAt(input, at);
    at += length(line);
    if (line.text === '') return { at, end: line.eol };
    lines.push(line);
  }
  return { at, end: '' };
}

function readChunks(input: string, from: number, message: Message): number {
  let at = from;
  while (at < input.length && message.chunks.length < MAX_CHUNKS) {
    const line = lineAt(input, at);
    // Lenient on purpose: parseInt takes `+5` and `0x5` for 5, so that data stays with a size that was spelt wrong.
    const size = Number.parseInt(line.text, 16);
    if (!(size >= 0) || line.eol === '') break;
    at += length(line);
    const chunk: Chunk = { size: line.text, sizeEol: line.eol, data: '', dataEol: '' };
    message.chunks.push(chunk);
    if (size === 0) {
      const section = readLines(input, at, message.trailers);
      message.trailerEnd = section.end;
      return section.at;
    }
    chunk.data = input.slice(at, at + size);
    at += chunk.data.length;
    chunk.dataEol = /^\r?\n/.exec(input.slice(at, at + 2))?.[0] ?? '';
    at += chunk.dataEol.length;
  }
  return at;
}

function contentLengthOf(message: Message): number {
  for (const field of message.fields) {
    const digits = /^content-length\s*:\s*(\d{1,9})/i.exec(field.text)?.[1];
    if (digits !== undefined) return Number(digits);
  }
  return 0;
}

function lineAt(input: string, at: number): Line {
  const lf = input.indexOf('\n', at);
  if (lf < 0) return { text: input.slice(at), eol: '' };
  const crlf = lf > at && input.charCodeAt(lf - 1) === 0x0d;
  return crlf ? { text: input.slice(at, lf - 1), eol: '\r\n' } : { text: input.slice(at, lf), eol: '\n' };
}

function lineText(line: Line): string {
  return line.text + line.eol;
}

function length(line: Line): number {
  return line.text.length + line.eol.length;
}
