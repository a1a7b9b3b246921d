import { PieceQueue } from '../bytes/piece-queue.ts';
import { InvariantError } from '../errors/invariant-error.ts';
import type { FieldInput } from '../semantics/field.ts';
import { ReceiveWindow, SendWindow } from './flow.ts';
import type { Priority } from './priority.ts';
import type { Http2RequestHead } from './request.ts';
import { StallClock } from './stall.ts';
import { nextStreamState, type StreamInput, type StreamState } from './stream-states.ts';

/** What of a response waits to be written: content, then perhaps its end with trailers. */
export class QueuedResponse {
  readonly content = new PieceQueue();
  /** Present once the response has been ended. */
  trailers: FieldInput | undefined;
}

/** How far a response has come. */
export type ResponseProgress = 'waiting' | 'content' | 'empty' | 'ended';

/** One stream: its state, its windows, its request as far as it has come and its response as far as it waits. */
export class Http2Stream {
  readonly id: number;
  readonly head: Http2RequestHead;
  readonly sendWindow: SendWindow;
  response: ResponseProgress = 'waiting';
  /** Octets that a declared Content-Length of the response still lacks; `undefined` without one. */
  responseLeft: number | undefined;
  /** Octets of the request's content so far. */
  receivedBytes = 0;
  /** Octets of the request's content that its reader has not consumed. */
  unreadBytes = 0;
  /** Octets of the request's content that came after its response. */
  discardedBytes = 0;
  awaitsContinue: boolean;
  /** Octets of an unfinished DATA frame. */
  partialBytes = 0;
  /** Time of the last progress of the request's content, and how long it has been waited for in all. */
  contentSinceMs: number;
  arrivingMs = 0;
  /** Octets of the response's content that were sent. */
  sentBytes = 0;
  urgency: number;
  isIncremental: boolean;
  #state: StreamState = 'idle';
  // WHY: most streams bring no content and their response never waits, so both are made when they are asked for
  #receiveWindow: ReceiveWindow | undefined;
  #queue: QueuedResponse | undefined;
  #stall: StallClock | undefined;
  readonly #receiveBytes: number;

  constructor(id: number, head: Http2RequestHead, receiveBytes: number, sendBytes: number, nowMs: number) {
    this.id = id;
    this.head = head;
    this.#receiveBytes = receiveBytes;
    this.sendWindow = new SendWindow(sendBytes);
    this.awaitsContinue = head.expectation === 'continue';
    this.contentSinceMs = nowMs;
    this.urgency = head.priority.urgency;
    this.isIncremental = head.priority.isIncremental;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Whether the peer may still send content. */
  get isArriving(): boolean {
    return this.#state === 'open' || this.#state === 'half-closed-local';
  }

  /** What the peer may still send on this stream. */
  get receiveWindow(): ReceiveWindow {
    this.#receiveWindow ??= new ReceiveWindow(this.#receiveBytes, this.#receiveBytes);
    return this.#receiveWindow;
  }

  /** What of the response waits to be written. */
  get queue(): QueuedResponse {
    this.#queue ??= new QueuedResponse();
    return this.#queue;
  }

  /** Whether something of the response waits to be written. */
  get isQueued(): boolean {
    return this.#queue !== undefined && (this.#queue.content.length > 0 || this.#queue.trailers !== undefined);
  }

  /** Octets of the response's content that wait. */
  get queuedBytes(): number {
    return this.#queue?.content.length ?? 0;
  }

  /** For how long the response has waited for this stream's window. */
  get stall(): StallClock {
    this.#stall ??= new StallClock();
    return this.#stall;
  }

  /** Takes a priority in place of the one that its request gave it (RFC9218#7). */
  prioritize({ urgency, isIncremental }: Priority): void {
    this.urgency = urgency;
    this.isIncremental = isIncremental;
  }

  /** Forgets what of the response waits. */
  dropQueue(): void {
    this.#queue = undefined;
  }

  /** Goes on by `input`. @throws InvariantError where the table has no way on: the caller has to ask first */
  enter(input: StreamInput): void {
    const next = nextStreamState(this.#state, input);
    if (next === undefined) throw new InvariantError(`stream ${this.id}: no way on from ${this.#state} by ${input}`);
    this.#state = next;
  }
}
