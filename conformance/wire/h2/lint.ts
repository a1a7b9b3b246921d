import { FLAG, FRAME, type Frame, frameName, SETTING } from './frames.ts';
import type { Field } from './hpack-reader.ts';

/** Fields that belong to a connection of HTTP/1.1 (RFC9113#8.2.2). */
const CONNECTION_FIELDS = ['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade'];

/** The flags that each type defines (RFC9113#6, RFC9218#7.1). */
const FLAGS: Readonly<Record<number, number>> = {
  [FRAME.DATA]: FLAG.END_STREAM | FLAG.PADDED,
  [FRAME.HEADERS]: FLAG.END_STREAM | FLAG.END_HEADERS | FLAG.PADDED | FLAG.PRIORITY,
  [FRAME.PRIORITY]: 0,
  [FRAME.RST_STREAM]: 0,
  [FRAME.SETTINGS]: FLAG.ACK,
  [FRAME.PUSH_PROMISE]: FLAG.END_HEADERS | FLAG.PADDED,
  [FRAME.PING]: FLAG.ACK,
  [FRAME.GOAWAY]: 0,
  [FRAME.WINDOW_UPDATE]: 0,
  [FRAME.CONTINUATION]: FLAG.END_HEADERS,
};

/** Frames that belong to the connection alone, and frames that belong to a stream. */
const OF_CONNECTION: readonly number[] = [FRAME.SETTINGS, FRAME.PING, FRAME.GOAWAY];
const OF_STREAM: readonly number[] = [FRAME.DATA, FRAME.HEADERS, FRAME.PRIORITY, FRAME.RST_STREAM, FRAME.CONTINUATION];
const PADDABLE: readonly number[] = [FRAME.DATA, FRAME.HEADERS, FRAME.PUSH_PROMISE];

/** What is wrong with a frame in itself, whatever came before it. */
export function* lintFrame({ type, flags, stream, reserved, payload }: Frame): Iterable<string> {
  const name = frameName(type);
  if (reserved) yield `${name} has the reserved bit set (RFC9113#4.1)`;
  const defined = FLAGS[type];
  if (defined !== undefined && (flags & ~defined) !== 0) {
    yield `${name} has the flags 0x${flags.toString(16)}, not all of them defined (RFC9113#4.1)`;
  }
  if (OF_CONNECTION.includes(type) && stream !== 0) yield `${name} names stream ${stream} (RFC9113#6)`;
  if (OF_STREAM.includes(type) && stream === 0) yield `${name} names no stream (RFC9113#6)`;
  if (type === FRAME.PRIORITY_UPDATE) yield 'a server sends PRIORITY_UPDATE (RFC9218#7.1)';
  if (PADDABLE.includes(type) && (flags & FLAG.PADDED) !== 0) {
    const padding = payload[0] ?? 0;
    if (padding >= payload.length) yield `${name} is padded beyond its own length (RFC9113#6.1)`;
    else if (payload.subarray(payload.length - padding).some((octet) => octet !== 0)) {
      yield `the padding of ${name} is not zero (RFC9113#6.1)`;
    }
  }
}

/** What is wrong with fields of a message, pseudo-fields apart. */
export function* lintFields(fields: readonly Field[]): Iterable<string> {
  for (const [name, value] of fields) {
    if (/[A-Z]/.test(name)) yield `the field name "${name}" has upper case (RFC9113#8.2.1)`;
    if (!/^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) yield `the field name "${name}" is no token (RFC9113#8.2.1)`;
    // biome's own advice is a class without controls, but NUL, CR and LF are what this is about.
    if (['\0', '\r', '\n'].some((char) => value.includes(char)) || /^[ \t]|[ \t]$/.test(value)) {
      yield `the value of ${name} has a forbidden octet or edge (RFC9113#8.2.1)`;
    }
    if (CONNECTION_FIELDS.includes(name.toLowerCase())) yield `${name} is connection-specific (RFC9113#8.2.2)`;
  }
}

/** What is wrong with the fields that begin a response, interim or final. */
export function* lintHead(fields: readonly Field[]): Iterable<string> {
  const pseudo = fields.filter(([name]) => name.startsWith(':'));
  if (pseudo.length !== 1 || fields[0]?.[0] !== ':status') {
    const names = pseudo.map(([name]) => name).join(', ') || 'none';
    yield `the response has the pseudo-fields ${names}, or not in front (RFC9113#8.3.2)`;
  }
  const status = fields.find(([name]) => name === ':status')?.[1] ?? '';
  if (!/^[1-5][0-9]{2}$/.test(status)) yield `:status is "${status}" (RFC9113#8.3.2)`;
  if (status === '101') yield 'the status is 101, which HTTP/2 does not have (RFC9113#8.6)';
  yield* lintFields(fields);
}

/** What is wrong with a setting of a server, `before` being what it said last. */
export function* lintSetting(id: number, value: number, before: number | undefined): Iterable<string> {
  const isWrong =
    (id === SETTING.ENABLE_PUSH && value !== 0) ||
    (id === SETTING.INITIAL_WINDOW_SIZE && value > 0x7fff_ffff) ||
    (id === SETTING.MAX_FRAME_SIZE && (value < 16_384 || value > 0xff_ffff));
  if (isWrong) yield `setting ${id} has the value ${value} (RFC9113#6.5.2)`;
  if (id === SETTING.ENABLE_CONNECT_PROTOCOL && (value > 1 || value < (before ?? 0))) {
    yield `SETTINGS_ENABLE_CONNECT_PROTOCOL is ${value} (RFC8441#3)`;
  }
  if (id === SETTING.NO_RFC7540_PRIORITIES && (value > 1 || value !== (before ?? value))) {
    yield `SETTINGS_NO_RFC7540_PRIORITIES is ${value} (RFC9218#2.1)`;
  }
}
