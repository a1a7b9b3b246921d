/** A client's frames, and what a connection of HTTP/2 tells, writes and is refused for each of them. */
import type { Http2ConnectionOptions } from '../../core/sans-io.ts';
import type { Cut, Tell } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { Http2Owner } from '../oracles/http2-owner.ts';
import { readScript } from '../oracles/http2-script.ts';
import { frameWords, outputWords } from './frame-words.ts';

/** Tells a connection with its scripted owner, a frame at a time. */
export function tellConnection(
  octets: Uint8Array,
  cut: Cut,
  tell: Tell,
  options: Omit<Http2ConnectionOptions, 'sink'>,
): void {
  const script = readScript(octets, inputOf(octets));
  const place = (offset: number): number => Math.min(script.inputOffset(offset), octets.length);
  const frames = [...script.frames];
  /** Offset in the connection of the piece that comes next. */
  let at = 0;
  /** The frame that is being taken: what tells no place is about it. */
  let frameAt = 0;
  const byFrames = function* (piece: Uint8Array): Generator<Uint8Array> {
    for (let from = 0; from < piece.length; ) {
      const [frame] = frames;
      if (frame !== undefined && frame.at <= at) {
        frameAt = frame.at;
        tell({ kind: 'frame', offset: place(frameAt), text: frameWords(frame) });
        frames.shift();
      }
      // The next frame begins where this one ends
      const end = frames[0] === undefined ? piece.length : from + frames[0].at - at;
      const part = piece.subarray(from, Math.min(end, piece.length));
      from += part.length;
      at += part.length;
      yield* cut(part);
    }
  };
  const owner = new Http2Owner(options, (event) => {
    const hasPlace = event.kind !== 'abandoned' && event.kind !== 'caller';
    const text = event.kind === 'output' ? outputWords(event.text) : firstLine(event.text);
    tell({ ...event, text, offset: place(hasPlace ? event.offset : frameAt) });
  });
  owner.run(script, byFrames);
}

/** Of a diagnostic, which has several. */
function firstLine(text: string): string {
  return text.split('\n', 1).join('');
}
