/** Everything a file of WebSocket cases imports. `defineWsCases` makes cases of data. */
import type { Level } from '../../reports/schema.ts';
import type { Citation } from '../model.ts';
import { describeRules, judgeByRules } from '../scripted/judge.ts';
import type { CannedServer, ScriptedCase } from '../scripted/model.ts';
import { fieldValues } from '../wire/response-reader.ts';
import { converse, keyOf, type WsSeen, type WsStep } from './dialogue.ts';
import { closeCode, OPCODE } from './frames.ts';
import type { WsRule } from './outcomes.ts';

export { echoServer, failing, ignoring, refusing } from './canned.ts';
export type { WsSeen, WsStep } from './dialogue.ts';
export { closePayload, type FrameOptions, frame, OPCODE } from './frames.ts';
export { closesWith, echoes, fails, opens, pongs, refuses, rule, type WsRule } from './outcomes.ts';

/** One case as data. */
export interface WsCase {
  readonly id: `ws/${string}/${string}`;
  readonly title: string;
  /** @defaultValue MUST */
  readonly level?: Level;
  readonly rfc: Citation;
  readonly tags?: readonly string[];
  readonly why?: string;
  /** The request line, `GET {path} HTTP/1.1` by default, and the fields behind Host, those of a right handshake by default. */
  readonly request?: string;
  readonly fields?: readonly string[];
  /** What is sent once the handshake was granted; a text is what `explain` says of the octets behind it. @defaultValue nothing */
  readonly send?: readonly WsStep[];
  readonly says?: string;
  readonly allow: readonly WsRule[];
  readonly controls: { readonly pass: readonly CannedServer[]; readonly fail: readonly CannedServer[] };
}

/** Fields of a right handshake (RFC6455#4.1). */
export const HANDSHAKE = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: {key}',
  'Sec-WebSocket-Version: 13',
] as const;

/** The same with some of them replaced, by name; undefined leaves one out. */
export function handshake(changes: Readonly<Record<string, string | undefined>>): readonly string[] {
  const changed = HANDSHAKE.map((line) => {
    const name = line.split(':', 1)[0] ?? '';
    return name in changes ? changes[name] : line.slice(name.length + 2);
  });
  return HANDSHAKE.flatMap((line, index) =>
    changed[index] === undefined ? [] : [`${line.split(':', 1)[0]}: ${changed[index]}`],
  );
}

/** Declares the cases of one file. */
export function defineWsCases(cases: readonly WsCase[]): readonly ScriptedCase[] {
  return cases.map((one) => {
    const { id, title, rfc, level = 'MUST', tags, why, allow, controls, send = [] } = one;
    const { request = 'GET {path} HTTP/1.1', fields = HANDSHAKE } = one;
    const text = [request, 'Host: {host}', ...fields, '', ''].join('\r\n');
    return {
      id,
      title,
      rfc,
      level,
      needs: ['websocket'],
      ...(tags === undefined ? {} : { tags }),
      ...(why === undefined ? {} : { why }),
      says: [...text.trimEnd().split('\r\n'), ...send.map((step) => sayStep(step))],
      allow,
      controls,
      attempt: async (stage) => {
        const values = { path: stage.wsPath, host: stage.values.host, key: keyOf(stage.values.nonce) };
        const seen = await converse(
          text.replace(/\{(path|host|key)\}/g, (_, name: keyof typeof values) => values[name]),
          send,
          stage,
        );
        const isMute = seen.connection === 'silent' && seen.frames.length === 0;
        const judgement = judgeByRules(allow, seen, {
          actual: describeSeen(seen),
          signature: signatureOf(seen),
          isMute,
        });
        return { judgement, connection: seen.connection, transcript: seen.transcript };
      },
    };
  });
}

/** The allowed outcomes in words. */
export const describeAllowedWs = (one: Pick<ScriptedCase, 'allow'>): string => describeRules(one.allow);

function sayStep(step: WsStep): string {
  if (step === 'ping') return '(waits for the answer to a Ping)';
  const octets = step.subarray(0, 24).toString('hex').replace(/../g, '$& ').trimEnd();
  return `${octets}${step.length > 24 ? ` … (${step.length} octets)` : ''}`;
}

const NAMES = new Map<number, string>([
  [OPCODE.CONTINUATION, 'continuation'],
  [OPCODE.TEXT, 'text'],
  [OPCODE.BINARY, 'binary'],
  [OPCODE.CLOSE, 'close'],
  [OPCODE.PING, 'ping'],
  [OPCODE.PONG, 'pong'],
]);

function describeSeen(seen: WsSeen): string {
  const frames = seen.frames.slice(0, 8).map((one) => {
    const code = one.opcode === OPCODE.CLOSE ? ` ${closeCode(one) ?? 'without a code'}` : ` of ${one.payload.length}`;
    return `${NAMES.get(one.opcode) ?? `opcode ${one.opcode}`}${code}`;
  });
  const version = seen.response === undefined ? [] : fieldValues(seen.response.fields, 'sec-websocket-version');
  const status = seen.response === undefined ? 'no response' : String(seen.response.status);
  const known = version.length === 0 ? '' : ` (Sec-WebSocket-Version: ${version.join(', ')})`;
  return [`${status}${known}`, ...frames, seen.connection].join(', ');
}

function signatureOf({ response, frames, connection }: WsSeen): string {
  const close = frames.find(({ opcode }) => opcode === OPCODE.CLOSE);
  const code = close === undefined ? '' : ` close-${closeCode(close) ?? 'bare'}`;
  return `${response?.status ?? 'none'}${code} ${connection === 'reset' ? 'closed' : connection}`;
}
