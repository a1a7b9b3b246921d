/** Frames of HTTP/2 in a few words each, by the names of RFC9113#6. */
import { parseConversation, TYPE, type WireFrame } from '../grammar/http2-frames.ts';
import { readUint } from '../grammar/octets.ts';

const NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, type]) => [type, name]));

/** One frame in a few words: `HEADERS of stream 1, flags 0x5, 34 octets`. */
export function frameWords({
  type,
  flags,
  stream,
  payload,
  isWhole,
}: Pick<WireFrame, 'type' | 'flags' | 'stream' | 'payload'> & { readonly isWhole: boolean }): string {
  const name = NAMES.get(type) ?? `type 0x${type.toString(16)}`;
  const flagged = flags === 0 ? '' : `, flags 0x${flags.toString(16)}`;
  const size = `${payload.length} octets${isWhole ? '' : ', cut'}`;
  return `${name} of stream ${stream}${flagged}, ${size}${meaning(type, payload)}`;
}

/** A server's octets as the frames that they are. */
export function outputWords(output: string): string {
  const { frames, tail } = parseConversation(output);
  const words = frames.map((frame) => frameWords({ ...frame, isWhole: frame.declared === undefined }));
  return [...words, ...(tail === '' ? [] : [`${tail.length} octets`])].join(' | ');
}

/** What a payload of numbers says. */
function meaning(type: number, payload: string): string {
  const number = (at: number): number => readUint(payload, at, 4);
  switch (type) {
    case TYPE.SETTINGS:
      return (payload.match(/[\s\S]{6}/g) ?? [])
        .map((entry) => `, ${readUint(entry, 0, 2)}=${readUint(entry, 2, 4)}`)
        .join('');
    case TYPE.WINDOW_UPDATE:
      return payload.length < 4 ? '' : `: ${number(0)}`;
    case TYPE.RST_STREAM:
      return payload.length < 4 ? '' : `: error ${number(0)}`;
    case TYPE.GOAWAY:
      return payload.length < 8 ? '' : `: last ${number(0)}, error ${number(4)}, ${payload.slice(8)}`;
    default:
      return '';
  }
}
