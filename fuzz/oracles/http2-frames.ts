/** The core's frame codec: how octets are cut into frames, what is read in each, and that writing it gives the octets again. */
import { CODES, frames as codec, type Frame, FrameReader, latin1 } from '../../core/sans-io.ts';
import type { Tell } from '../define.ts';
import { frameWords } from '../events/frame-words.ts';
import {
  FLAG,
  frameOctets,
  HEAD_BYTES,
  parseConversation,
  splitPayload,
  TYPE,
  type WireFrame,
} from '../grammar/http2-frames.ts';
import { brokenRule, incrementOf, settingsOf, streamOf } from './http2-frame-rules.ts';
import { OracleError, quoted } from './oracle-error.ts';
import type { EventRecord } from './segmentation.ts';

const MAX_PAYLOAD = 16_384;

export interface FrameRecord extends EventRecord {
  readonly kind: 'frame' | 'too-long';
}

/**
 * Runs a frame reader over pieces; each record says all of a frame, and what was read in it.
 * @param from octets of the input before the first frame
 * @param tell hears of each frame when it is read, before anything is demanded of it
 */
export function readFrames(pieces: Iterable<Uint8Array>, from = 0, tell?: Tell): FrameRecord[] {
  const reader = new FrameReader(MAX_PAYLOAD, from);
  const records: FrameRecord[] = [];
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const result = reader.read(piece, at);
      if (result === 'too-long') {
        const record = { kind: 'too-long', offset: reader.offset, text: '' } as const;
        tell?.(record);
        return [...records, record];
      }
      if (reader.heldBytes > HEAD_BYTES + MAX_PAYLOAD)
        broken('held', `${reader.heldBytes} octets are held`, reader.offset);
      if (result === 'more') break;
      if (reader.next <= at) broken('progress', 'a frame was read and no octet taken', reader.offset);
      at = reader.next;
      tell?.({ kind: 'frame', offset: result.offset, text: shortText(result) });
      records.push({ kind: 'frame', offset: result.offset, text: frameText(result) });
    }
  }
  return records;
}

/** A frame in a few words, for a reader. */
function shortText({ type, flags, streamId, payload }: Frame): string {
  return frameWords({ type, flags, stream: streamId, payload: latin1(payload), isWhole: true });
}

/** Demands that the records are the frames that the octets hold, each read as its rules say. */
export function assertFrames(input: string, records: readonly FrameRecord[], from = 0): void {
  let at = from;
  const { lead, frames } = parseConversation(input);
  if (lead !== '') return;
  for (const [index, frame] of frames.entries()) {
    const record = records[index];
    const isLong = (frame.declared ?? frame.payload.length) > MAX_PAYLOAD;
    if (isLong) {
      if (record?.kind !== 'too-long' || record.offset !== at)
        broken('too-long', 'a frame above the limit was taken', at);
      return;
    }
    if (frame.declared !== undefined) break;
    if (record === undefined || record.offset !== at) broken('frame', `frame ${index} is missing`, at);
    const { text } = record;
    const wanted = wireText(frame);
    if (text !== wanted) broken('reading', `${quoted(text)} was read for ${quoted(wanted)}`, at);
    at += HEAD_BYTES + frame.payload.length;
  }
  const whole = frames.filter(({ declared }) => declared === undefined).length;
  if (records.length > whole + 1 || (records.length === whole + 1 && records.at(-1)?.kind === 'frame')) {
    broken('frame', 'there are more frames than the octets hold', at);
  }
}

/** All that a frame says: head, payload, and what the codec reads in it or refuses it for. */
function frameText(frame: Frame): string {
  const { type, flags, streamId } = frame;
  const payload = latin1(frame.payload);
  assertWritten(frame, payload);
  return `${type} ${flags} ${streamId} ${payload}\n${readingOf(frame)}`;
}

function readingOf(frame: Frame): string {
  const failed = (result: object): string | undefined => {
    if (!('code' in result)) return undefined;
    const { code } = result;
    if (typeof code !== 'string' || !Object.hasOwn(CODES, code))
      throw new OracleError('typed-errors', `a frame is refused for ${String(code)}`);
    if ('at' in result && !(Number(result.at) >= 0 && Number(result.at) < frame.length))
      broken('offset', `${code} points beside the payload`, frame.offset);
    return code;
  };
  switch (frame.type) {
    case TYPE.DATA: {
      const span = codec.parseData(frame);
      return failed(span) ?? ('from' in span ? spanText(frame, span) : '');
    }
    case TYPE.HEADERS: {
      const span = codec.parseHeaders(frame);
      return (
        failed(span) ??
        ('from' in span ? `${spanText(frame, span)} ${'dependsOnItself' in span && span.dependsOnItself}` : '')
      );
    }
    case TYPE.PRIORITY:
      return failed(codec.parsePriority(frame) ?? {}) ?? '';
    case TYPE.RST_STREAM: {
      const error = codec.parseRstStream(frame);
      return typeof error === 'number' ? String(error) : (failed(error) ?? '');
    }
    case TYPE.SETTINGS: {
      const pairs = codec.parseSettings(frame);
      return pairs === 'ack' ? 'ack' : (failed(pairs) ?? JSON.stringify(pairs));
    }
    case TYPE.PING: {
      const ping = codec.parsePing(frame);
      return failed(ping) ?? ('data' in ping ? `${ping.isAck} ${latin1(ping.data)}` : '');
    }
    case TYPE.GOAWAY: {
      const goaway = codec.parseGoaway(frame);
      return failed(goaway) ?? ('error' in goaway ? `${goaway.lastStreamId} ${goaway.error}` : '');
    }
    case TYPE.WINDOW_UPDATE: {
      const increment = codec.parseWindowUpdate(frame);
      return typeof increment === 'number' ? String(increment) : (failed(increment) ?? '');
    }
    case TYPE.PRIORITY_UPDATE: {
      const update = codec.parsePriorityUpdate(frame);
      return failed(update) ?? ('target' in update ? `${update.target} ${update.value}` : '');
    }
    default:
      return '';
  }
}

/** The same said by a plain reading of the wire. */
function wireText(frame: WireFrame): string {
  const { type, flags, payload } = frame;
  return `${type} ${flags} ${streamOf(frame)} ${payload}\n${wireReading(frame)}`;
}

function wireReading(frame: WireFrame): string {
  const { type, flags, payload } = frame;
  const code = type === TYPE.PUSH_PROMISE ? undefined : brokenRule(frame);
  if (code !== undefined) return code;
  const number = (at: number): number =>
    Number.parseInt(Buffer.from(payload.slice(at, at + 4), 'latin1').toString('hex'), 16);
  const isAck = (flags & FLAG.ACK) !== 0;
  switch (type) {
    case TYPE.DATA:
      return splitPayload(frame).content;
    case TYPE.HEADERS: {
      const { priority, content } = splitPayload(frame);
      const dependency = Buffer.from(priority.slice(0, 4), 'latin1').toString('hex');
      return `${content} ${priority !== '' && Number.parseInt(dependency, 16) % 0x8000_0000 === streamOf(frame)}`;
    }
    case TYPE.RST_STREAM:
      return String(number(0));
    case TYPE.SETTINGS:
      return isAck ? 'ack' : JSON.stringify(settingsOf(frame).map(({ id, value }) => [id, value]));
    case TYPE.PING:
      return `${isAck} ${payload}`;
    case TYPE.GOAWAY:
      return `${number(0) % 0x8000_0000} ${number(4)}`;
    case TYPE.WINDOW_UPDATE:
      return String(incrementOf(frame));
    case TYPE.PRIORITY_UPDATE:
      return `${number(0) % 0x8000_0000} ${payload.slice(4)}`;
    default:
      return '';
  }
}

function spanText(frame: Frame, { from, to }: { readonly from: number; readonly to: number }): string {
  if (!(from >= frame.from && from <= to && to <= frame.to))
    broken('span', 'a part of a payload lies outside of it', frame.offset);
  return latin1(frame.bytes, from, to);
}

/** What the codec writes for what it has read is the frame itself, but for the reserved bit. */
function assertWritten(frame: Frame, payload: string): void {
  const { type, flags, streamId } = frame;
  const octets = frameOctets({ declared: undefined, type, flags, stream: streamId, payload });
  const written = [codec.encodeFrame(type, flags, streamId, frame.payload)];
  const rst = type === TYPE.RST_STREAM && flags === 0 ? codec.parseRstStream(frame) : undefined;
  if (typeof rst === 'number') written.push(codec.encodeRstStream(streamId, rst));
  const settings = type === TYPE.SETTINGS && flags === 0 ? codec.parseSettings(frame) : undefined;
  if (Array.isArray(settings)) written.push(codec.encodeSettings(settings));
  const ping = type === TYPE.PING && (flags & ~FLAG.ACK) === 0 ? codec.parsePing(frame) : undefined;
  if (ping !== undefined && 'data' in ping) written.push(codec.encodePing(ping.data, ping.isAck));
  const window =
    type === TYPE.WINDOW_UPDATE && flags === 0 && payload.charCodeAt(0) < 0x80
      ? codec.parseWindowUpdate(frame)
      : undefined;
  if (typeof window === 'number') written.push(codec.encodeWindowUpdate(streamId, window));
  for (const one of written) {
    if (latin1(one) !== octets)
      broken('round-trip', `${quoted(octets)} is written as ${quoted(latin1(one))}`, frame.offset);
  }
}

function broken(state: string, message: string, offset: number): never {
  throw new OracleError('frames', message, { state, offset });
}
