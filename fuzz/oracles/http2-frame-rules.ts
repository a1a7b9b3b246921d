/** What RFC9113#6 asks of a single frame, whatever came before it: read plainly, with none of the core's code. */
import { FLAG, splitPayload, TYPE, type WireFrame } from '../grammar/http2-frames.ts';
import { readUint } from '../grammar/octets.ts';

/** The identifier without its reserved bit (RFC9113#4.1). */
export function streamOf({ stream }: Pick<WireFrame, 'stream'>): number {
  return stream % 0x8000_0000;
}

/** Code of the first rule that a frame breaks by itself; undefined for one that breaks none. */
export function brokenRule(frame: WireFrame): string | undefined {
  const stream = streamOf(frame);
  const { length } = frame.payload;
  const isAck = (frame.flags & FLAG.ACK) !== 0;
  switch (frame.type) {
    case TYPE.DATA:
      return stream === 0 ? 'H2_DATA_STREAM_ZERO' : paddingRule(frame);
    case TYPE.HEADERS:
      if (stream === 0) return 'H2_HEADERS_STREAM_ZERO';
      return paddingRule(frame) ?? priorityFieldsRule(frame);
    case TYPE.PRIORITY:
      if (stream === 0) return 'H2_PRIORITY_STREAM_ZERO';
      if (length !== 5) return 'H2_PRIORITY_LENGTH';
      return readUint(frame.payload, 0, 4) % 0x8000_0000 === stream ? 'H2_PRIORITY_SELF' : undefined;
    case TYPE.RST_STREAM:
      if (stream === 0) return 'H2_RST_STREAM_ZERO';
      return length === 4 ? undefined : 'H2_RST_LENGTH';
    case TYPE.SETTINGS:
      if (stream !== 0) return 'H2_SETTINGS_STREAM';
      if (isAck) return length === 0 ? undefined : 'H2_SETTINGS_ACK_LENGTH';
      return length % 6 === 0 ? undefined : 'H2_SETTINGS_LENGTH';
    case TYPE.PUSH_PROMISE:
      return 'H2_PUSH_PROMISE';
    case TYPE.PING:
      if (stream !== 0) return 'H2_PING_STREAM';
      return length === 8 ? undefined : 'H2_PING_LENGTH';
    case TYPE.GOAWAY:
      if (stream !== 0) return 'H2_GOAWAY_STREAM';
      return length >= 8 ? undefined : 'H2_GOAWAY_LENGTH';
    case TYPE.WINDOW_UPDATE:
      if (length !== 4) return 'H2_WINDOW_LENGTH';
      if (incrementOf(frame) > 0) return undefined;
      return stream === 0 ? 'H2_WINDOW_ZERO' : 'H2_WINDOW_ZERO_STREAM';
    case TYPE.PRIORITY_UPDATE:
      if (stream !== 0) return 'H2_PRIORITY_UPDATE_STREAM';
      if (length < 4) return 'H2_PRIORITY_UPDATE_LENGTH';
      return readUint(frame.payload, 0, 4) % 2 === 0 ? 'H2_PRIORITY_UPDATE_TARGET' : undefined;
    default:
      return undefined;
  }
}

/** Increment of a WINDOW_UPDATE frame. */
export function incrementOf({ payload }: WireFrame): number {
  return readUint(payload, 0, 4) % 0x8000_0000;
}

/** Entries of a SETTINGS frame. */
export function settingsOf({ payload }: WireFrame): { readonly id: number; readonly value: number }[] {
  return Array.from({ length: Math.floor(payload.length / 6) }, (_, index) => ({
    id: readUint(payload, 6 * index, 2),
    value: readUint(payload, 6 * index + 2, 4),
  }));
}

/** Code of the first entry that may not be (RFC9113#6.5.2, RFC8441#3, RFC9218#2.1); `before` is what earlier frames said. */
export function brokenSetting(frame: WireFrame, before: Map<number, number>): string | undefined {
  for (const { id, value } of settingsOf(frame)) {
    if (id === 2 && value > 1) return 'H2_SETTINGS_PUSH';
    if (id === 4 && value > 0x7fff_ffff) return 'H2_SETTINGS_WINDOW';
    if (id === 5 && (value < 16_384 || value > 0xff_ffff)) return 'H2_SETTINGS_FRAME_SIZE';
    if (id === 8 && (value > 1 || value < (before.get(8) ?? 0))) return 'H2_SETTINGS_CONNECT';
    if (id === 9 && (value > 1 || value !== (before.get(9) ?? value))) return 'H2_SETTINGS_PRIORITIES';
    before.set(id, value);
  }
  return undefined;
}

function paddingRule({ flags, payload }: WireFrame): string | undefined {
  if ((flags & FLAG.PADDED) === 0) return undefined;
  if (payload.length === 0) return 'H2_PADDING_CUT';
  return payload.charCodeAt(0) >= payload.length ? 'H2_PADDING' : undefined;
}

function priorityFieldsRule(frame: WireFrame): string | undefined {
  if ((frame.flags & FLAG.PRIORITY) === 0) return undefined;
  const { priority, content } = splitPayload(frame);
  return priority === '' && content.length < 5 ? 'H2_HEADERS_PRIORITY_CUT' : undefined;
}
