/**
 * The core's verdict on a client's octets beside that of nghttp2, in Node's own server session: what the core takes without a
 * complaint, that takes too and tells as the same requests; what the core ends the connection for, that ends it for, but for
 * what is known and explained. Errors of single streams are not compared: nghttp2 resets them and does not say why.
 */
import { type ConnectionEvent, Http2Connection, http2Limits } from '../../core/sans-io.ts';
import { FLAG, PREFACE, TYPE } from '../grammar/http2-frames.ts';
import { settingsOf } from './http2-frame-rules.ts';
import type { Script } from './http2-script.ts';
import { isFatal } from './http2-verdicts.ts';
import { readByNghttp2, requestText, type SessionReading } from './nghttp2.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** As many streams as an input can open: nghttp2 has no such limit by default. */
const LIMITS = http2Limits({ concurrentStreams: 10_000, connectionWindowBytes: 65_535, streamWindowBytes: 65_535 });

/** Codes for which the core ends a connection that nghttp2 goes on with, and why the core may. */
const ONLY_OURS: Readonly<Record<string, string>> = {
  H2_CLOSED_STREAM:
    'RFC9113#5.1 lets a frame behind RST_STREAM or END_STREAM be an error of the connection; nghttp2 ignores it',
  H2_STREAM_ORDER:
    'RFC9113#5.1.1 MUST; nghttp2 cannot tell a stream that was passed over from one that it has forgotten',
  H2_SETTINGS_PRIORITIES: 'RFC9218#2.1 came after the nghttp2 of older Node',
  H2_PRIORITY_UPDATE_STREAM: 'RFC9218#7.1: to Node, which has not asked for it, the frame is of an unknown type',
  H2_PRIORITY_UPDATE_LENGTH: 'likewise',
  H2_PRIORITY_UPDATE_TARGET: 'likewise',
  H2_PRIORITY_UPDATE_LIMIT: 'likewise',
  H2_PRIORITY_LENGTH: 'an error of an idle stream has to be one of the connection here, where no stream can be reset',
  H2_PRIORITY_SELF: 'likewise; newer nghttp2 does not look into PRIORITY at all',
  HPACK_INTEGER_OVERFLOW: 'RFC7541#5.1 has a decoder bound the octets of an integer; nghttp2 bounds its value alone',
  H2_SETTINGS_CONNECT: 'RFC8441#3: nghttp2 reads the value for clients only',
};

/** Demands one verdict of both, up to where it may differ by design. */
export async function assertAgreesWithNghttp2(script: Script): Promise<void> {
  const octets = comparable(script);
  const events: ConnectionEvent[] = [];
  const connection = new Http2Connection({ limits: LIMITS, sink: { push: (event) => events.push(event) } });
  connection.receive(new Uint8Array(octets));
  const errors = events.flatMap((event) => (event.kind === 'error' ? [event.error] : []));
  const theirs = await readByNghttp2(new Uint8Array(octets));
  const fatal = errors.find(({ code }) => isFatal(code));
  if (connection.state !== 'open') {
    const code = fatal?.code ?? errors.at(-1)?.code ?? '';
    // Of a stream that was reset before, nghttp2 reads no more frames than it must
    const isKnown = ONLY_OURS[code] !== undefined || code.startsWith('H2_BUDGET_') || errors.length > 1;
    if (theirs.refusal !== undefined || isKnown || (code.startsWith('H2_SETTINGS_') && repeatsSetting(script))) return;
    differ(code, `nghttp2 goes on after ${code}`, script.inputOffset(errors.at(-1)?.offset ?? 0));
  }
  if (errors.length > 0) return;
  if (theirs.refusal !== undefined && changesPriorities(script)) return;
  if (theirs.refusal !== undefined) differ('refused', `nghttp2 refuses what is taken: ${quoted(theirs.refusal)}`, 0);
  assertSameRequests(events, theirs, script);
}

/**
 * Whole frames and whole blocks, as nghttp2 judges parts of both, up to the first frame that Node answers in a way of its own:
 * GOAWAY, and a PING that it has not sent.
 */
function comparable({ octets, lead, frames }: Script): Uint8Array {
  if (lead !== PREFACE) return octets.subarray(0, lead.length);
  let end = lead.length;
  let isOpen = false;
  for (const frame of frames) {
    const isStrayPing = frame.type === TYPE.PING && (frame.flags & FLAG.ACK) !== 0;
    if (!frame.isWhole || frame.type === TYPE.GOAWAY || isStrayPing) break;
    if (frame.type === TYPE.HEADERS || frame.type === TYPE.CONTINUATION)
      isOpen = (frame.flags & FLAG.END_HEADERS) === 0;
    // What interrupts a block is an error for both
    if (!isOpen || (frame.type !== TYPE.HEADERS && frame.type !== TYPE.CONTINUATION)) end = frame.end;
  }
  return octets.subarray(0, end);
}

function assertSameRequests(events: readonly ConnectionEvent[], { requests }: SessionReading, script: Script): void {
  const ours = events.flatMap((event) => {
    if (event.kind !== 'request') return [];
    const { exchange, head, offset } = event;
    const lines = [...head.fields].filter(([name]) => name !== 'cookie').flat();
    return [{ text: requestText(exchange, [':method', head.method, ...lines]), offset }];
  });
  const count = Math.max(ours.length, requests.length);
  for (let index = 0; index < count; index++) {
    const own = ours[index];
    if (own?.text === requests[index]) continue;
    differ(
      'request',
      `nghttp2 tells ${quoted(requests[index] ?? 'nothing')} for ${quoted(own?.text ?? 'nothing')}`,
      script.inputOffset(own?.offset ?? 0),
    );
  }
}

/** RFC9113#6.5.3 has values processed in their order; nghttp2 looks at the last of each identifier alone. */
function repeatsSetting({ frames }: Script): boolean {
  return frames.some((frame) => {
    const ids = frame.type === TYPE.SETTINGS ? settingsOf(frame).map(({ id }) => id) : [];
    return new Set(ids).size < ids.length;
  });
}

/** RFC9218#2.1 MAY: nghttp2 makes use of it where SETTINGS_NO_RFC7540_PRIORITIES comes late, the core where it is taken back. */
function changesPriorities({ frames }: Script): boolean {
  const values = frames
    .filter(({ type }) => type === TYPE.SETTINGS)
    .map((frame) => settingsOf(frame).findLast(({ id }) => id === 9)?.value);
  return values.some((value) => value !== undefined && value !== (values[0] ?? 0));
}

function differ(state: string, message: string, offset: number): never {
  throw new OracleError('nghttp2', message, { state, offset });
}
