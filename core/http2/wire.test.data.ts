/** HTTP/2 octets for tests, as text with one unit per octet: a writer that may break every rule, and a reader. */
import { fromLatin1, latin1 } from '../bytes/latin1.ts';
import { HpackDecoder } from '../hpack/decoder.ts';

/** Stands in an input right before the octet that an error points to; it is no octet and is taken out. */
export const MARK = '‸';

export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export const T = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
  PRIORITY_UPDATE: 16,
} as const;

export const END_STREAM = 0x1;
export const ACK = 0x1;
export const END_HEADERS = 0x4;
export const PADDED = 0x8;
export const PRIORITY = 0x20;

export type Line = readonly [name: string, value: string];

export const uint = (value: number, octets: number): string =>
  Array.from({ length: octets }, (_, i) => String.fromCharCode(Math.floor(value / 256 ** (octets - 1 - i)) % 256)).join(
    '',
  );

/** Octets of `text` once its mark is out. */
export const lengthOf = (text: string): number => text.replaceAll(MARK, '').length;

/** Any frame; its length is that of the payload. */
export const frame = (type: number, flags: number, streamId: number, payload = ''): string =>
  `${uint(lengthOf(payload), 3)}${uint(type, 1)}${uint(flags, 1)}${uint(streamId, 4)}${payload}`;

export const data = (streamId: number, content: string, flags = 0): string => frame(T.DATA, flags, streamId, content);

/** DATA with `padding` octets of it. */
export const padded = (streamId: number, content: string, padding: number, flags = 0): string =>
  frame(T.DATA, flags | PADDED, streamId, uint(padding, 1) + content + '\0'.repeat(padding));

const short = (text: string): string => {
  if (text.length < 127) return uint(text.length, 1) + text;
  let rest = text.length - 127;
  let length = '\x7f';
  for (; rest > 127; rest >>= 7) length += uint((rest & 127) | 128, 1);
  return length + uint(rest, 1) + text;
};

/** A field as a literal that enters no table, without Huffman. */
export const literal = ([name, value]: Line): string => `\x10${short(name)}${short(value)}`;

/** A field as a literal that enters the table. */
export const indexed = ([name, value]: Line): string => `\x40${short(name)}${short(value)}`;

export const fields = (...lines: readonly Line[]): string => lines.map(literal).join('');

/** The pseudo-header fields of a request, then `lines`. */
export const request = (method: string, path: string, ...lines: readonly Line[]): string =>
  fields([':method', method], [':scheme', 'http'], [':path', path], [':authority', 'a'], ...lines);

export const headers = (streamId: number, block: string, flags = END_HEADERS | END_STREAM): string =>
  frame(T.HEADERS, flags, streamId, block);

/** A request without content. */
export const get = (streamId: number, path = `/${streamId}`, ...lines: readonly Line[]): string =>
  headers(streamId, request('GET', path, ...lines));

/** A request whose content is still to come. */
export const post = (streamId: number, ...lines: readonly Line[]): string =>
  headers(streamId, request('POST', `/${streamId}`, ...lines), END_HEADERS);

export const continuation = (streamId: number, fragment: string, flags = END_HEADERS): string =>
  frame(T.CONTINUATION, flags, streamId, fragment);

export const settings = (...pairs: readonly (readonly [id: number, value: number])[]): string =>
  frame(T.SETTINGS, 0, 0, pairs.map(([id, value]) => uint(id, 2) + uint(value, 4)).join(''));

export const SETTINGS_ACK = frame(T.SETTINGS, ACK, 0);

export const ping = (text = 'pingpong', flags = 0): string => frame(T.PING, flags, 0, text);

export const windowUpdate = (streamId: number, increment: number): string =>
  frame(T.WINDOW_UPDATE, 0, streamId, uint(increment, 4));

export const rst = (streamId: number, error = 8): string => frame(T.RST_STREAM, 0, streamId, uint(error, 4));

export const goaway = (lastStreamId = 0, error = 0): string =>
  frame(T.GOAWAY, 0, 0, uint(lastStreamId, 4) + uint(error, 4));

export const priority = (streamId: number, dependsOn = 0): string =>
  frame(T.PRIORITY, 0, streamId, `${uint(dependsOn, 4)}\x0f`);

export const priorityUpdate = (streamId: number, value: string): string =>
  frame(T.PRIORITY_UPDATE, 0, 0, uint(streamId, 4) + value);

/** The client's preface with its settings, and the acknowledgement of the server's. */
export const hello = (...pairs: readonly (readonly [id: number, value: number])[]): string =>
  PREFACE + settings(...pairs) + SETTINGS_ACK;

/** Reads frames of one direction and says each in a line. Content longer than a few octets is said by its length. */
export class WireReader {
  #rest = '';
  #open = '';
  readonly #decoder = new HpackDecoder({ tableBytes: 4_096, listBytes: 1_048_576, fieldCount: 10_000 });
  /** Octets of content of each stream. */
  readonly contentBytes = new Map<number, number>();

  /** Octets of a frame that is not complete. */
  get restBytes(): number {
    return this.#rest.length;
  }

  /** The size that the peer's encoder is bound to from now on. */
  setTableBytes(bytes: number): void {
    this.#decoder.setMaxTableBytes(bytes);
  }

  read(text: string): string[] {
    this.#rest += text;
    const lines: string[] = [];
    while (this.#rest.length >= 9) {
      const at = (index: number): number => this.#rest.charCodeAt(index);
      const to = 9 + ((at(0) << 16) | (at(1) << 8) | at(2));
      if (this.#rest.length < to) break;
      lines.push(this.#say(at(3), at(4), number(this.#rest, 5) & 0x7fffffff, this.#rest.slice(9, to)));
      this.#rest = this.#rest.slice(to);
    }
    return lines;
  }

  #say(type: number, flags: number, streamId: number, payload: string): string {
    const end = (flags & END_STREAM) !== 0 ? ' END' : '';
    switch (type) {
      case T.DATA:
        this.contentBytes.set(streamId, (this.contentBytes.get(streamId) ?? 0) + payload.length);
        return `DATA ${streamId} ${payload.length > 32 ? payload.length : `"${payload}"`}${end}`;
      case T.HEADERS:
      case T.CONTINUATION:
        this.#open += payload;
        if ((flags & END_HEADERS) === 0)
          return `${type === T.HEADERS ? 'HEADERS' : 'CONTINUATION'} ${streamId} …${end}`;
        return `${type === T.HEADERS ? 'HEADERS' : 'CONTINUATION'} ${streamId}${this.#fields()}${end}`;
      case T.RST_STREAM:
        return `RST ${streamId} ${number(payload, 0)}`;
      case T.SETTINGS:
        return (flags & ACK) !== 0 ? 'SETTINGS ACK' : `SETTINGS${pairs(payload)}`;
      case T.PING:
        return `PING${(flags & ACK) !== 0 ? ' ACK' : ''} ${payload}`;
      case T.GOAWAY:
        return `GOAWAY ${number(payload, 0)} ${number(payload, 4)} ${payload.slice(8)}`.trimEnd();
      case T.WINDOW_UPDATE:
        return `WINDOW ${streamId} ${number(payload, 0)}`;
      default:
        return `frame ${type} ${flags} ${streamId} ${payload.length}`;
    }
  }

  #fields(): string {
    const block = this.#decoder.decode(fromLatin1(this.#open));
    this.#open = '';
    if ('code' in block) throw new Error(`the server's block does not decode: ${block.code} at ${block.at}`);
    return block.fields.map(({ name, value }) => ` ${name}=${value}`).join('');
  }
}

/** All octets of `parts` as text. */
export const textOf = (parts: readonly Uint8Array[]): string => parts.map((part) => latin1(part)).join('');

function number(text: string, at: number): number {
  return [0, 1, 2, 3].reduce((sum, i) => sum * 256 + text.charCodeAt(at + i), 0);
}

function pairs(payload: string): string {
  let text = '';
  for (let at = 0; at < payload.length; at += 6) {
    text += ` ${payload.charCodeAt(at + 1)}=${number(payload, at + 2)}`;
  }
  return text;
}
