import type { Http2Code } from '../errors/http2-codes.ts';
import type { Http2Limits } from '../limits/http2-limits.ts';
import type { TransportReport, TransportState } from '../semantics/exchange.ts';
import type { FieldBlock } from './block.ts';
import type { Http2Stream } from './stream.ts';

/** What the deadlines are about, as it stands now. */
export interface DeadlineView {
  readonly state: TransportState;
  readonly hasSettings: boolean;
  readonly block: FieldBlock | undefined;
  readonly streams: Iterable<Http2Stream>;
  readonly openStreams: number;
  /** Streams so far. */
  readonly requests: number;
  /** Streams whose response waits. */
  readonly waiting: readonly Http2Stream[];
  /** Window of the connection towards the peer. */
  readonly windowBytes: number;
}

/** What ran out of time: of a stream, or of the connection. */
export interface Lateness {
  readonly code: Http2Code;
  readonly stream: Http2Stream | undefined;
}

/** Time for the peer to show that it has seen the first GOAWAY of a drain. */
const DRAIN_MS = 1_000;

/** Deadlines of one connection. Time comes in with `tick()` alone; between two ticks it stands still. */
export class Deadlines {
  /** When the first octets of a HEADERS or CONTINUATION frame came that is not complete. */
  partialSince: number | undefined;
  #now: number | undefined;
  #openedAt = 0;
  #idleSince = 0;
  /** Streams at the last tick. */
  #requests = 0;
  #lingerSince: number | undefined;
  #drainSince: number | undefined;
  /** Our SETTINGS that the peer has not acknowledged. */
  #unacknowledged = 1;
  #takenBytes = 0;
  #writtenBytes = 0;
  #writeSince = 0;
  readonly #limits: Http2Limits;

  constructor(limits: Http2Limits) {
    this.#limits = limits;
  }

  get nowMs(): number {
    return this.#now ?? 0;
  }

  addTaken(bytes: number): void {
    this.#takenBytes += bytes;
  }

  /** Content of a request has come. */
  touch(stream: Http2Stream): void {
    stream.contentSinceMs = this.nowMs;
  }

  /** The peer acknowledges SETTINGS; false where none was sent. */
  acknowledge(): boolean {
    this.#unacknowledged -= 1;
    return this.#unacknowledged >= 0;
  }

  startDrain(): void {
    this.#drainSince = this.nowMs;
  }

  isDrainOver(nowMs: number): boolean {
    return this.#drainSince !== undefined && nowMs - this.#drainSince > DRAIN_MS;
  }

  /** Returns what ran out of time, or `linger` when the peer was waited for long enough. */
  tick(nowMs: number, { unwrittenBytes = 0 }: TransportReport, view: DeadlineView): Lateness | 'linger' | undefined {
    this.#start(nowMs);
    this.#now = nowMs;
    const code = this.#connectionCode(nowMs, unwrittenBytes, view);
    if (view.state === 'lingering') {
      this.#lingerSince ??= nowMs;
      return nowMs - this.#lingerSince >= this.#limits.lingerMs ? 'linger' : undefined;
    }
    if (code !== undefined) return { code, stream: undefined };
    return this.#stalled(nowMs, view) ?? this.#starved(nowMs, view);
  }

  #start(nowMs: number): void {
    if (this.#now !== undefined) return;
    this.#openedAt = nowMs;
    this.#idleSince = nowMs;
    this.#writeSince = nowMs;
  }

  #connectionCode(nowMs: number, unwrittenBytes: number, view: DeadlineView): Http2Code | undefined {
    const { prefaceMs, settingsMs, blockMs, idleMs, writeMs } = this.#limits;
    const written = this.#takenBytes - unwrittenBytes;
    if (unwrittenBytes === 0 || written > this.#writtenBytes) {
      this.#writtenBytes = written;
      this.#writeSince = nowMs;
    }
    if (nowMs - this.#writeSince > writeMs) return 'H2_WRITE_TIMEOUT';
    if (view.state !== 'open') return undefined;
    if (!view.hasSettings) return nowMs - this.#openedAt > prefaceMs ? 'H2_PREFACE_TIMEOUT' : undefined;
    // RFC9113#6.5.3: an acknowledgement that does not come in time is SETTINGS_TIMEOUT
    if (this.#unacknowledged > 0 && nowMs - this.#openedAt > settingsMs) return 'H2_SETTINGS_TIMEOUT';
    const blockSince = view.block?.sinceMs ?? this.partialSince;
    if (blockSince !== undefined && nowMs - blockSince > blockMs) return 'H2_BLOCK_TIMEOUT';
    // WHY: a stream may come and go between two ticks
    if (view.openStreams > 0 || view.requests > this.#requests) this.#idleSince = nowMs;
    this.#requests = view.requests;
    return nowMs - this.#idleSince > idleMs ? 'H2_IDLE_TIMEOUT' : undefined;
  }

  /** A response that waits for window that the peer does not give. */
  #stalled(nowMs: number, { waiting, windowBytes }: DeadlineView): Lateness | undefined {
    for (const stream of waiting) {
      const lacksWindow = stream.queuedBytes > 0 && (windowBytes <= 0 || stream.sendWindow.available <= 0);
      stream.stalledSinceMs = lacksWindow ? (stream.stalledSinceMs ?? nowMs) : undefined;
      if (lacksWindow && nowMs - (stream.stalledSinceMs ?? nowMs) > this.#limits.stallMs) {
        return { code: 'H2_STALL_TIMEOUT', stream };
      }
    }
    return undefined;
  }

  /** A request whose content the peer has window for and does not send. */
  #starved(nowMs: number, { streams }: DeadlineView): Lateness | undefined {
    for (const stream of streams) {
      const isOurs = stream.awaitsContinue || stream.unreadBytes > 0 || stream.receiveWindow.available <= 0;
      // WHY: a tunnel is silent for as long as its ends are (RFC9110#9.3.6)
      const isTunnel = stream.head.method === 'CONNECT';
      if (!stream.isArriving || isOurs || isTunnel) stream.contentSinceMs = nowMs;
      else if (nowMs - stream.contentSinceMs > this.#limits.contentMs) return { code: 'H2_CONTENT_TIMEOUT', stream };
    }
    return undefined;
  }
}
