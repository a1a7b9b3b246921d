/**
 * An HTTP/2 input as a script: what its client sends, and between that what the owner and the clock do. Directives are taken
 * out, so that a machine is given a client's octets and nothing else; each place in them is still known in the input.
 */
import { HEAD_BYTES, parseConversation, TYPE, VERB, type WireFrame } from '../grammar/http2-frames.ts';
import { readUint } from '../grammar/octets.ts';

/** One step of a script. Numbers are those of the directive. */
export type Step =
  | { readonly kind: 'octets'; readonly from: number; readonly to: number }
  | { readonly kind: 'tick'; readonly ms: number }
  /** 0 for everything. */
  | { readonly kind: 'take'; readonly bytes: number }
  | { readonly kind: 'answer'; readonly stream: number; readonly way: number }
  | { readonly kind: 'consume'; readonly stream: number; readonly bytes: number }
  | { readonly kind: 'drain' | 'end' | 'fail' };

/** A frame of the client's, at its offset in the connection; `isWhole` unless the octets end inside it. */
export interface ClientFrame extends WireFrame {
  readonly at: number;
  readonly end: number;
  readonly isWhole: boolean;
}

export interface Script {
  readonly steps: readonly Step[];
  /** What the client sends. */
  readonly octets: Uint8Array;
  readonly lead: string;
  readonly frames: readonly ClientFrame[];
  /** Octet of the input that is at an offset in the connection. */
  inputOffset(offset: number): number;
}

/** Reads an input as a script. */
export function readScript(input: Uint8Array, text: string): Script {
  const { lead, frames, tail } = parseConversation(text);
  const octets = new Uint8Array(input.length);
  const steps: Step[] = [];
  const own: ClientFrame[] = [];
  /** Offsets in the connection from which on so many octets of the input were left out. */
  const gaps: { readonly at: number; readonly bytes: number }[] = [];
  let read = 0;
  let written = 0;
  let pause: { readonly ms: number; readonly bytes: number } | undefined;

  const send = (length: number): void => {
    octets.set(input.subarray(read, read + length), written);
    const last = steps.at(-1);
    const from = last?.kind === 'octets' ? last.from : written;
    if (last?.kind === 'octets') steps.pop();
    read += length;
    written += length;
    if (length > 0 || last?.kind === 'octets') steps.push({ kind: 'octets', from, to: written });
  };

  send(lead.length);
  for (const frame of frames) {
    const length = HEAD_BYTES + frame.payload.length;
    if (frame.type === TYPE.DIRECTIVE) {
      const step = readDirective(frame);
      if (step?.kind === 'pause') pause = step;
      else if (step !== undefined) steps.push(step);
      read += length;
      gaps.push({ at: written, bytes: length });
      continue;
    }
    own.push({ ...frame, at: written, end: written + length, isWhole: frame.declared === undefined });
    if (pause !== undefined && pause.bytes > 0 && pause.bytes < length) {
      send(pause.bytes);
      steps.push({ kind: 'tick', ms: pause.ms });
      send(length - pause.bytes);
    } else send(length);
    pause = undefined;
  }
  send(tail.length);
  return {
    steps,
    octets: octets.subarray(0, written),
    lead,
    frames: own,
    inputOffset: (offset) => gaps.reduce((sum, gap) => (gap.at <= offset ? sum + gap.bytes : sum), offset),
  };
}

type Directive =
  | Exclude<Step, { kind: 'octets' }>
  | { readonly kind: 'pause'; readonly ms: number; readonly bytes: number };

function readDirective({ stream, payload }: WireFrame): Directive | undefined {
  const number = readUint(payload, 1, 2);
  switch (payload.charCodeAt(0)) {
    case VERB.TICK:
      return { kind: 'tick', ms: number };
    case VERB.TAKE:
      return { kind: 'take', bytes: number };
    case VERB.PAUSE:
      return { kind: 'pause', ms: number, bytes: readUint(payload, 3, 2) };
    case VERB.ANSWER:
      return { kind: 'answer', stream, way: readUint(payload, 1, 1) % 16 };
    case VERB.CONSUME:
      return { kind: 'consume', stream, bytes: number };
    case VERB.DRAIN:
      return { kind: 'drain' };
    case VERB.END:
      return { kind: 'end' };
    case VERB.FAIL:
      return { kind: 'fail' };
    default:
      return undefined;
  }
}
