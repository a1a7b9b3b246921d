import type { Rule } from '../scripted/judge.ts';
import { fieldValues, listMembers } from '../wire/response-reader.ts';
import type { WsSeen } from './dialogue.ts';
import { closeCode, OPCODE, type WsFrame } from './frames.ts';

export type WsRule = Rule<WsSeen>;

/** Any rule. */
export function rule(grade: WsRule['grade'], words: string, complaint: WsRule['complaint'], note?: string): WsRule {
  return { grade, words, complaint, ...(note === undefined ? {} : { note }) };
}

/** The handshake is granted, and well (RFC6455#4.2.2); the connection is in use. */
export function opens(further: WsRule['complaint'] = () => undefined): readonly WsRule[] {
  return [
    rule('pass', '101 with the right accept value, and a Ping is answered', (seen) => {
      return (
        wrongGrant(seen) ?? further(seen) ?? (seen.connection === 'open' ? undefined : `then it was ${seen.connection}`)
      );
    }),
  ];
}

/** The handshake is not granted; `4xx` passes, what else is no 101 gets a warning, or passes too where `else` says so. */
export function refuses(
  options: { readonly else?: 'pass'; readonly further?: WsRule['complaint'] } = {},
): readonly WsRule[] {
  const isRefusal = ({ response }: WsSeen) =>
    response === undefined || response.status === 0
      ? 'there was no response'
      : response.status === 101
        ? 'the handshake was granted'
        : undefined;
  return [
    rule('pass', 'a status of 4xx', (seen) => {
      const status = seen.response?.status ?? 0;
      return isRefusal(seen) ?? (status >= 400 && status < 500 ? options.further?.(seen) : `status ${status}`);
    }),
    rule(options.else ?? 'warn', 'another status than 101', isRefusal),
    rule('weak', 'a close without a response', ({ response, connection }) =>
      response === undefined && (connection === 'closed' || connection === 'reset')
        ? undefined
        : 'there was a response',
    ),
  ];
}

/** The connection is failed (RFC6455#7.1.7): a Close frame with one of these codes, and the end. */
export function fails(...codes: readonly number[]): readonly WsRule[] {
  const ended = ({ connection }: WsSeen) =>
    connection === 'closed' || connection === 'reset' ? undefined : 'the connection was not closed';
  const unheard = (seen: WsSeen) =>
    wrongGrant(seen) ?? (dataOf(seen).length > 0 ? 'a message was answered' : undefined);
  return [
    rule('pass', `a Close frame with ${codes.join(' or ')} and the end of the connection`, (seen) => {
      const code = closeOf(seen);
      const said = code !== undefined && codes.includes(code) ? undefined : `Close said ${code ?? 'nothing'}`;
      return unheard(seen) ?? ended(seen) ?? said;
    }),
    rule('weak', 'the end of the connection without a Close frame', (seen) => {
      return unheard(seen) ?? ended(seen) ?? (hasClose(seen) ? 'there was a Close frame' : undefined);
    }),
    rule('warn', 'a Close frame with another code, and the end', (seen) => unheard(seen) ?? ended(seen)),
  ];
}

/** Exactly these messages come back, and the connection is in use. */
export function echoes(
  ...messages: readonly (readonly [opcode: number, content: Buffer | string])[]
): readonly WsRule[] {
  const due = messages.map(([opcode, content]) => [opcode, Buffer.from(content)] as const);
  return [
    rule(
      'pass',
      `${due.length === 1 ? 'the message' : `${due.length} messages`} come back as sent, and a Ping is answered`,
      (seen) => {
        const got = messagesOf(dataOf(seen));
        if (seen.connection !== 'open') return wrongGrant(seen) ?? `the connection was ${seen.connection}`;
        if (got.length !== due.length) return `${got.length} messages came back`;
        const isSame = due.every(([opcode, content], at) => got[at]?.[0] === opcode && got[at]?.[1].equals(content));
        return isSame ? undefined : 'another message came back';
      },
    ),
  ];
}

/** Pongs with these payloads, in order, and the connection is in use. */
export function pongs(...payloads: readonly (Buffer | string)[]): readonly WsRule[] {
  return [
    rule('pass', 'a Pong with the same payload', (seen) => {
      const got = seen.frames.filter(({ opcode }) => opcode === OPCODE.PONG).map(({ payload }) => payload);
      if (seen.connection !== 'open') return wrongGrant(seen) ?? `the connection was ${seen.connection}`;
      const isSame = got.length === payloads.length && payloads.every((due, at) => got[at]?.equals(Buffer.from(due)));
      return isSame
        ? undefined
        : `Pongs were ${got.map((one) => `"${one.toString('latin1').slice(0, 20)}"`).join(', ') || 'none'}`;
    }),
  ];
}

/** A Close frame with this code (undefined: none) answers ours, then the connection ends. */
export function closesWith(...codes: readonly (number | undefined)[]): readonly WsRule[] {
  const answered = (seen: WsSeen) =>
    wrongGrant(seen) ??
    (!hasClose(seen) ? 'no Close frame answered ours' : undefined) ??
    (seen.connection === 'closed' || seen.connection === 'reset' ? undefined : 'the connection was not closed');
  return [
    rule('pass', 'a Close frame like ours, and the end of the connection', (seen) => {
      return answered(seen) ?? (codes.includes(closeOf(seen)) ? undefined : `Close said ${closeOf(seen) ?? 'nothing'}`);
    }),
    rule(
      'warn',
      'a Close frame with another code, and the end',
      (seen) => {
        const code = closeOf(seen);
        const isForbidden = code !== undefined && (code < 1000 || FORBIDDEN.has(code) || code > 4999);
        return answered(seen) ?? (isForbidden ? `Close said ${code}` : undefined);
      },
      'a Close frame is typically answered with its own code (RFC6455#5.5.1)',
    ),
  ];
}

/** Never to be in a Close frame (RFC6455#7.4.1). */
const FORBIDDEN: ReadonlySet<number> = new Set([1004, 1005, 1006, 1015]);

/** What is wrong with the 101; undefined when nothing is. */
function wrongGrant({ response, accept }: WsSeen): string | undefined {
  if (response === undefined) return 'there was no response';
  if (response.status !== 101) return `status ${response.status}`;
  const { fields } = response;
  // RFC6455#4.2.2 MUST: an Upgrade field with "websocket", a Connection field with "Upgrade", the accept value.
  if (!listMembers(fields, 'upgrade').includes('websocket')) return 'Upgrade does not say websocket';
  if (!listMembers(fields, 'connection').includes('upgrade')) return 'Connection does not say Upgrade';
  const got = fieldValues(fields, 'sec-websocket-accept');
  return got.length === 1 && got[0] === accept ? undefined : `Sec-WebSocket-Accept is ${got.join(', ') || 'missing'}`;
}

const hasClose = ({ frames }: WsSeen) => frames.some(({ opcode }) => opcode === OPCODE.CLOSE);

function closeOf({ frames }: WsSeen): number | undefined {
  const close = frames.find(({ opcode }) => opcode === OPCODE.CLOSE);
  return close === undefined ? undefined : closeCode(close);
}

const dataOf = ({ frames }: WsSeen): readonly WsFrame[] => frames.filter(({ opcode }) => opcode < OPCODE.CLOSE);

/** Messages of data frames, fragments put together. */
function messagesOf(frames: readonly WsFrame[]): readonly (readonly [opcode: number, content: Buffer])[] {
  const messages: (readonly [number, Buffer])[] = [];
  let parts: WsFrame[] = [];
  for (const one of frames) {
    parts.push(one);
    if (!one.fin) continue;
    messages.push([parts[0]?.opcode ?? 0, Buffer.concat(parts.map(({ payload }) => payload))]);
    parts = [];
  }
  return messages;
}
