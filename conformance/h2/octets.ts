import { fillIn, type Placeholders } from '../run/placeholders.ts';
import {
  ERROR,
  type ErrorName,
  FLAG,
  FRAME,
  frameName,
  frameOctets,
  settingsPayload,
  uint32,
} from '../wire/h2/frames.ts';
import { literal } from '../wire/h2/hpack-writer.ts';
import type { H2Step } from './model.ts';

/** A step that sends octets. */
export type OctetStep = Extract<H2Step, { readonly kind: 'octets' }>;

/** A field of a block (a literal that touches no table), or octets of HPACK as they are. */
export type BlockPart = readonly [name: string, value: string] | Buffer;
export type Block = readonly BlockPart[];

/** What most frames can be told. */
interface FrameOptions {
  /** @defaultValue 1 */
  readonly stream?: number;
  /** Sets END_STREAM. */
  readonly end?: boolean;
  /** Adds the Pad Length octet, and as many octets of padding. */
  readonly pad?: number;
  /** The Pad Length octet says this instead. */
  readonly padLength?: number;
  /** Further flags, right or wrong. */
  readonly flags?: number;
  /** The frame's length field says this instead. */
  readonly length?: number;
}

interface HeadersOptions extends FrameOptions {
  /** @defaultValue true */
  readonly endHeaders?: boolean;
  /** Adds the five octets of the deprecated priority signal, depending on this stream. */
  readonly dependsOn?: number;
}

/** A plain request, pseudo-fields first. */
export function request(path = '/', fields: Block = [], method = 'GET'): Block {
  return [[':method', method], [':scheme', '{scheme}'], [':authority', '{host}'], [':path', path], ...fields];
}

/** A plain request with other pseudo-fields: each that is named has this value, or is left out where that is undefined. */
export function altered(changes: Readonly<Record<string, string | undefined>>, fields: Block = []): Block {
  const plain = { ':method': 'GET', ':scheme': '{scheme}', ':authority': '{host}', ':path': '/' };
  const pseudo = Object.entries({ ...plain, ...changes }).flatMap(
    ([name, value]): Block => (value === undefined ? [] : [[name, value]]),
  );
  return [...pseudo, ...fields];
}

/** HEADERS; END_STREAM is set unless `end: false`. */
export function headers(block: Block = request(), options: HeadersOptions = {}): OctetStep {
  const { end = true, endHeaders = true, dependsOn } = options;
  const flags =
    (end ? FLAG.END_STREAM : 0) | (endHeaders ? FLAG.END_HEADERS : 0) | (dependsOn === undefined ? 0 : FLAG.PRIORITY);
  const front = dependsOn === undefined ? Buffer.alloc(0) : Buffer.concat([uint32(dependsOn), Buffer.from([15])]);
  const step = padded(FRAME.HEADERS, flags, options, describeBlock(block), (values) =>
    Buffer.concat([front, encode(block, values)]),
  );
  const method = block.find((part) => !Buffer.isBuffer(part) && part[0] === ':method')?.[1];
  return typeof method === 'string' ? { ...step, method } : step;
}

/** CONTINUATION with END_HEADERS unless `endHeaders: false`. */
export function continuation(block: Block, options: HeadersOptions = {}): OctetStep {
  const flags = (options.endHeaders === false ? 0 : FLAG.END_HEADERS) | (options.flags ?? 0);
  const stream = options.stream ?? 1;
  return frame(FRAME.CONTINUATION, flags, stream, (values) => encode(block, values), describeBlock(block));
}

/** DATA; END_STREAM is set unless `end: false`. Text is latin1 with placeholders. */
export function data(text: string, options: FrameOptions = {}): OctetStep {
  const flags = options.end === false ? 0 : FLAG.END_STREAM;
  return padded(FRAME.DATA, flags, options, `${text.length} octets`, (values) => octetsOf(text, values));
}

export function rstStream(code: ErrorName | number = 'CANCEL', stream = 1): OctetStep {
  return frame(FRAME.RST_STREAM, 0, stream, () => uint32(codeOf(code)), String(code));
}

export function settings(
  pairs: readonly (readonly [id: number, value: number])[] = [],
  flags = 0,
  stream = 0,
): OctetStep {
  return frame(FRAME.SETTINGS, flags, stream, () => settingsPayload(pairs), pairs.map((pair) => pair.join('=')).join());
}

export function ping(payload = 'aeronet!', flags = 0, stream = 0): OctetStep {
  return frame(FRAME.PING, flags, stream, () => Buffer.from(payload, 'latin1'), payload);
}

export function goaway(code: ErrorName | number = 'NO_ERROR', lastStream = 0, stream = 0, debug = ''): OctetStep {
  const payload = () => Buffer.concat([uint32(lastStream), uint32(codeOf(code)), Buffer.from(debug, 'latin1')]);
  return frame(FRAME.GOAWAY, 0, stream, payload, String(code));
}

export function windowUpdate(increment: number, stream = 0): OctetStep {
  return frame(FRAME.WINDOW_UPDATE, 0, stream, () => uint32(increment), `+${increment}`);
}

/** The deprecated PRIORITY frame (RFC9113#6.3). */
export function priority(stream: number, dependsOn = 0, weight = 15): OctetStep {
  return frame(
    FRAME.PRIORITY,
    0,
    stream,
    () => Buffer.concat([uint32(dependsOn), Buffer.from([weight])]),
    `on ${dependsOn}`,
  );
}

/** PRIORITY_UPDATE (RFC9218#7.1). */
export function priorityUpdate(prioritized: number, value = 'u=1', stream = 0): OctetStep {
  const payload = () => Buffer.concat([uint32(prioritized), Buffer.from(value, 'latin1')]);
  return frame(FRAME.PRIORITY_UPDATE, 0, stream, payload, `of ${prioritized} ${value}`);
}

/** Any frame at all. */
export function raw(
  type: number,
  flags: number,
  stream: number,
  payload: string | Buffer = '',
  length?: number,
): OctetStep {
  const octets = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const says = `${octets.length} octets${length === undefined ? '' : `, said to be ${length}`}`;
  return frame(type, flags, stream, () => octets, says, length);
}

/** Many frames as one step, which are written at once. */
export function many(count: number, frames: (index: number) => readonly OctetStep[]): OctetStep {
  const steps = Array.from({ length: count }, (_, index) => frames(index)).flat();
  const says = `${count} times ${frames(0)
    .map((step) => step.says)
    .join(', ')}`;
  const stream = Math.max(0, ...steps.map((step) => step.stream ?? 0));
  const octets = (values: Placeholders) => Buffer.concat(steps.map((step) => step.octets(values)));
  return { kind: 'octets', says, octets, ...(stream > 0 ? { stream } : {}) };
}

/** Octets that are no frame. Text is latin1 with placeholders. */
export function octets(text: string | Buffer): OctetStep {
  const says = JSON.stringify(typeof text === 'string' ? text : text.toString('latin1')).slice(0, 120);
  return { kind: 'octets', says, octets: (values) => (typeof text === 'string' ? octetsOf(text, values) : text) };
}

/** Waits for a PING's answer: the target has seen what was sent before. */
export const barrier: H2Step = { kind: 'barrier' };

/** Waits until the response on this stream is whole, or the stream was reset. */
export function concluded(stream = 1): H2Step {
  return { kind: 'concluded', stream };
}

/** Waits for the head of a response and so many octets of content on this stream; on all of them where it is 0. */
export function content(bytes: number, stream = 1): H2Step {
  return { kind: 'content', stream, bytes };
}

/** Waits for an exchange on a second connection. */
export const beside: H2Step = { kind: 'beside' };

/**
 * HEADERS and CONTINUATION that carry one block, cut in front of these octets of it, counted from its end where they are below zero; a
 * cut that stands twice makes an empty frame, one behind the block's end stands at its end. END_HEADERS is on the last, END_STREAM on the first unless `end: false`.
 */
export function fragments(block: Block, cuts: readonly number[], options: HeadersOptions = {}): readonly OctetStep[] {
  const { stream = 1 } = options;
  const places = [0, ...cuts, Number.MAX_SAFE_INTEGER];
  return places.slice(1).map((to, index) => {
    const isLast = index === cuts.length && options.endHeaders !== false;
    const piece = (values: Placeholders) => encode(block, values).subarray(places[index], to);
    const flags = (index === 0 && options.end !== false ? FLAG.END_STREAM : 0) | (isLast ? FLAG.END_HEADERS : 0);
    const type = index === 0 ? FRAME.HEADERS : FRAME.CONTINUATION;
    return frame(type, flags, stream, piece, index === 0 ? describeBlock(block) : `octets from ${places[index]} on`);
  });
}

/** The octets of a block, to be cut into pieces or put behind others. */
export function encode(block: Block, values: Placeholders): Buffer {
  const put = (text: string) => fillIn(text, values);
  return Buffer.concat(
    block.map((part) => (Buffer.isBuffer(part) ? part : literal(put(part[0] ?? ''), put(part[1] ?? '')))),
  );
}

function padded(
  type: number,
  flags: number,
  options: FrameOptions,
  says: string,
  build: (values: Placeholders) => Buffer,
): OctetStep {
  const { stream = 1, pad, padLength, length } = options;
  const isPadded = pad !== undefined || padLength !== undefined;
  const all = flags | (isPadded ? FLAG.PADDED : 0) | (options.flags ?? 0);
  const payload = (values: Placeholders) =>
    isPadded
      ? Buffer.concat([Buffer.from([padLength ?? pad ?? 0]), build(values), Buffer.alloc(pad ?? 0)])
      : build(values);
  return frame(type, all, stream, payload, isPadded ? `${says}, padding ${padLength ?? pad}` : says, length);
}

function frame(
  type: number,
  flags: number,
  stream: number,
  payload: (values: Placeholders) => Buffer,
  says = '',
  length?: number,
): OctetStep {
  const octets = (values: Placeholders) => {
    const whole = payload(values);
    return frameOctets(type, flags, stream, whole, length ?? whole.length);
  };
  const text = `${frameName(type)} [${stream}]${flags === 0 ? '' : ` flags 0x${flags.toString(16)}`} ${says}`.trimEnd();
  return { kind: 'octets', says: text, octets, ...(stream > 0 ? { stream: stream % 2 ** 31 } : {}) };
}

function describeBlock(block: Block): string {
  return block
    .map((part) =>
      Buffer.isBuffer(part) ? `<${part.toString('hex').slice(0, 80)}>` : `${part[0]}=${part[1].slice(0, 60)}`,
    )
    .join(' ')
    .replace(/[^ -~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function octetsOf(text: string, values: Placeholders): Buffer {
  return Buffer.from(fillIn(text, values), 'latin1');
}

function codeOf(code: ErrorName | number): number {
  return typeof code === 'number' ? code : ERROR[code];
}
