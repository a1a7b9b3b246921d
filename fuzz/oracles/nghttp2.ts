/** Node's own HTTP/2 server session, which is nghttp2, over a duplex stream in memory: what it makes of a client's octets. */
import * as http2 from 'node:http2';
import { Duplex } from 'node:stream';
import { HEAD_BYTES, TYPE } from '../grammar/http2-frames.ts';
import { readUint } from '../grammar/octets.ts';

/** What a session made of the octets it was given. */
export interface SessionReading {
  /** Why it ended the connection, in its own words; undefined while that goes on. */
  readonly refusal: string | undefined;
  /** Requests that it told, in order. */
  readonly requests: readonly string[];
}

/** Turns of the event loop in which a session may work before it is asked what it made of its octets. */
const TURNS = 4;

/** Gives octets to a session; nothing is ever answered. */
export async function readByNghttp2(octets: Uint8Array): Promise<SessionReading> {
  const requests: string[] = [];
  let output = '';
  const pipe = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      output += chunk.toString('latin1');
      done();
    },
  });
  const session = http2.performServerHandshake(pipe, { maxSessionInvalidFrames: 1_000_000 });
  let refusal: string | undefined;
  session.on('error', (error: Error) => {
    refusal = error.message;
  });
  session.on(
    'stream',
    (stream: http2.ServerHttp2Stream, _headers: object, _flags: number, rawHeaders: readonly string[]) => {
      stream.on('error', () => undefined);
      requests.push(requestText(stream.id ?? 0, rawHeaders));
    },
  );
  pipe.push(octets);
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
  const goaway = goawayOf(output);
  if (goaway !== 0) refusal ??= `GOAWAY ${goaway}`;
  if (session.destroyed || session.closed) refusal ??= 'closed';
  session.destroy();
  pipe.destroy();
  return { refusal, requests };
}

/** Names that are told in another form, or derived from others. */
const DERIVED = new Set([':path', ':scheme', ':authority', ':protocol', 'cookie']);

/** One request as text; both sides say it alike: its method and fields, in the order of names. */
export function requestText(stream: number, raw: readonly string[]): string {
  const pairs: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (!DERIVED.has(raw[index] ?? '')) pairs.push(`${raw[index]}: ${raw[index + 1]}`);
  }
  return `${stream} ${pairs.sort().join('\n')}`;
}

/** Error of the last GOAWAY in a server's octets. */
function goawayOf(output: string): number {
  let error = 0;
  for (let at = 0; at + HEAD_BYTES <= output.length; at += HEAD_BYTES + readUint(output, at, 3)) {
    if (output.charCodeAt(at + 3) === TYPE.GOAWAY) error = readUint(output, at + HEAD_BYTES + 4, 4);
  }
  return error;
}
