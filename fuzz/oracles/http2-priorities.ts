/**
 * RFC9218#10 as a client sees it: of all responses that windows let go on, the next frame of content belongs to the most urgent;
 * among equals those that do not share come first, by their streams. Frames are taken one at a time to be looked at.
 */
import { type ConnectionEvent, Http2Connection, type Http2Limits, latin1 } from '../../core/sans-io.ts';
import { HEAD_BYTES, TYPE } from '../grammar/http2-frames.ts';
import { readUint } from '../grammar/octets.ts';
import { ClientView } from './http2-client.ts';
import { streamOf } from './http2-frame-rules.ts';
import type { Script } from './http2-script.ts';
import { OracleError } from './oracle-error.ts';

/** Priority of a response; undefined where its value is none that every reader takes the same way. */
interface Priority {
  readonly urgency: number;
  readonly isIncremental: boolean;
}

const DEFAULT: Priority = { urgency: 3, isIncremental: false };
/** A dictionary of `u` and `i`, once each, in their plain forms (RFC9218#4). */
const PLAIN = /^(?:u=([0-7]))?(?:(?:^|, ?)(i|i=\?[01]))?$/;
const CONTENT = new Uint8Array(3_000).fill(0x78);
const MAX_FRAMES = 200;

/** Carries a script out with an owner that answers everything at once, and looks at the order of what is written. */
export function assertPriorities(script: Script, limits: Http2Limits): void {
  const priorities = new Map<number, Priority | undefined>();
  const early = new Map<number, Priority | undefined>();
  const hear = (event: ConnectionEvent): void => {
    if (event.kind === 'abandoned') priorities.delete(event.exchange);
    if (event.kind !== 'request') return;
    const { exchange, head } = event;
    priorities.set(exchange, early.has(exchange) ? early.get(exchange) : parse(head.fields.all('priority').join(', ')));
    connection.send({ kind: 'head', exchange, head: { status: 200 } });
    connection.send({ kind: 'content', exchange, bytes: CONTENT });
    connection.send({ kind: 'end', exchange });
  };
  const connection = new Http2Connection({ limits, sink: { push: hear } });
  const view = new ClientView(script, limits);
  let next = 0;
  for (const step of [...script.steps, { kind: 'take', bytes: 0 } as const]) {
    if (step.kind === 'take')
      takeInOrder(connection, view, priorities, step.bytes === 0 ? MAX_FRAMES : step.bytes % MAX_FRAMES);
    if (step.kind !== 'octets') continue;
    // One frame at a time: the priority that counts is the one that holds when a frame is written
    for (let from = step.from; from < step.to; ) {
      const frame = script.frames[next];
      const to = Math.min(step.to, frame !== undefined && frame.at <= from ? frame.end : (frame?.at ?? step.to));
      connection.receive(script.octets.subarray(from, to));
      from = to;
      view.sent(to);
      if (frame === undefined || frame.end !== to) continue;
      next++;
      if (frame.type !== TYPE.PRIORITY_UPDATE || frame.payload.length < 4 || streamOf(frame) !== 0) continue;
      const target = readUint(frame.payload, 0, 4) % 0x8000_0000;
      const priority = parse(frame.payload.slice(4));
      if (priorities.has(target)) priorities.set(target, priority);
      else early.set(target, priority);
    }
    if (connection.state !== 'open') return;
  }
}

function takeInOrder(
  connection: Http2Connection,
  view: ClientView,
  priorities: Map<number, Priority | undefined>,
  frames: number,
): void {
  let rest = '';
  const take = (bytes: number): void => {
    for (const part of connection.take(bytes)) rest += latin1(part);
  };
  for (let count = 0; count < frames && connection.state === 'open'; count++) {
    const waiting = [...priorities].filter(
      ([stream]) =>
        connection.pendingBytes(stream) > connection.pendingBytes() && (view.streams.get(stream)?.sendWindow ?? 0) > 0,
    );
    take(HEAD_BYTES);
    if (rest.length < HEAD_BYTES) return;
    take(readUint(rest, 0, 3));
    const stream = readUint(rest, 5, 4);
    const isContent = rest.charCodeAt(3) === TYPE.DATA && readUint(rest, 0, 3) > 0;
    if (rest.length > HEAD_BYTES + readUint(rest, 0, 3)) return;
    view.received(rest);
    rest = '';
    if (isContent) assertFirst(stream, waiting);
    if (connection.openExchanges < priorities.size) forget(connection, priorities);
  }
}

function assertFirst(stream: number, waiting: readonly (readonly [number, Priority | undefined])[]): void {
  const [, own] = waiting.find(([id]) => id === stream) ?? [];
  if (own === undefined) return;
  for (const [id, other] of waiting) {
    if (other === undefined || id === stream || !comesBefore(id, other, stream, own)) continue;
    throw new OracleError(
      'priority',
      `a response of urgency ${own.urgency} goes before one of urgency ${other.urgency}`,
      {
        state: `${own.isIncremental ? 'i' : '-'} before ${other.isIncremental ? 'i' : '-'}`,
      },
    );
  }
}

function comesBefore(a: number, first: Priority, b: number, second: Priority): boolean {
  if (first.urgency !== second.urgency) return first.urgency < second.urgency;
  if (first.isIncremental !== second.isIncremental) return !first.isIncremental;
  return !first.isIncremental && a < b;
}

function forget(connection: Http2Connection, priorities: Map<number, Priority | undefined>): void {
  for (const stream of priorities.keys()) {
    if (connection.pendingBytes(stream) === connection.pendingBytes()) priorities.delete(stream);
  }
}

function parse(value: string): Priority | undefined {
  const match = PLAIN.exec(value);
  if (match === null) return undefined;
  const [, urgency, incremental] = match;
  return {
    urgency: urgency === undefined ? DEFAULT.urgency : Number(urgency),
    isIncremental: incremental !== undefined && incremental !== 'i=?0',
  };
}
