import type { Http2Code } from '../errors/http2-codes.ts';
import type { Http2Limits } from '../limits/http2-limits.ts';
import type { TransportReport, TransportState } from '../semantics/exchange.ts';
import type { FieldBlock } from './block.ts';
import { StallClock } from './stall.ts';
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
  /** Windows of the connection: what this side may send, and what the peer may. */
  readonly sendWindowBytes: number;
  readonly receiveWindowBytes: number;
  /** Octets of content that were sent so far. */
  readonly sentBytes: number;
}

/** What ran out of time: of a stream, or of the connection. */
export interface Lateness {
  readonly code: Http2Code;
  readonly stream: Http2Stream | undefined;
}

/** Time for the peer to show that it has seen the first GOAWAY of a drain. */
const DRAIN_MS = 1_000;

/**
 * Deadlines of one connection. Time comes in with `tick()` alone; between two ticks it stands still. What the peer has to
 * say is measured on a clock that stops while this side does not read.
 */
export class Deadlines {
  /** When the first octets of a HEADERS or CONTINUATION frame came that is not complete, by {@link peerMs}. */
  partialSince: number | undefined;
  #now: number | undefined;
  #peerMs = 0;
  readonly #stall = new StallClock();
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

  /** Time in which the peer could be heard. */
  get peerMs(): number {
    return this.#peerMs;
  }

  /** The peer has acknowledged what it was told, so it knows the limits. */
  get isAcknowledged(): boolean {
    return this.#unacknowledged <= 0;
  }

  addTaken(bytes: number): void {
    this.#takenBytes += bytes;
  }

  /** Content of a request has come. */
  touch(stream: Http2Stream): void {
    stream.contentSinceMs = this.#peerMs;
  }

  /** The peer acknowledges SETTINGS; false where none was sent. */
  acknowledge(): boolean {
    this.#unacknowledged -= 1;
    return this.#unacknowledged >= 0;
  }

  startDrain(): void {
    this.#drainSince = this.#now ?? 0;
  }

  isDrainOver(nowMs: number): boolean {
    return this.#drainSince !== undefined && nowMs - this.#drainSince > DRAIN_MS;
  }

  /** Returns what ran out of time, or `linger` when the peer was waited for long enough. */
  tick(nowMs: number, report: TransportReport, view: DeadlineView): Lateness | 'linger' | undefined {
    const { unwrittenBytes = 0, isPaused = false } = report;
    this.#start(nowMs);
    const elapsedMs = isPaused ? 0 : nowMs - (this.#now ?? nowMs);
    this.#peerMs += elapsedMs;
    this.#now = nowMs;
    const code = this.#connectionCode(nowMs, unwrittenBytes, view);
    if (view.state === 'lingering') {
      this.#lingerSince ??= nowMs;
      return nowMs - this.#lingerSince >= this.#limits.lingerMs ? 'linger' : undefined;
    }
    if (code !== undefined) return { code, stream: undefined };
    return this.#stalled(view) ?? this.#starved(elapsedMs, view);
  }

  #start(nowMs: number): void {
    if (this.#now !== undefined) return;
    this.#peerMs = nowMs;
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
    const peerMs = this.#peerMs;
    if (!view.hasSettings) return peerMs - this.#openedAt > prefaceMs ? 'H2_PREFACE_TIMEOUT' : undefined;
    // RFC9113#6.5.3: an acknowledgement that does not come in time is SETTINGS_TIMEOUT
    if (this.#unacknowledged > 0 && peerMs - this.#openedAt > settingsMs) return 'H2_SETTINGS_TIMEOUT';
    const blockSince = view.block?.sinceMs ?? this.partialSince;
    if (blockSince !== undefined && peerMs - blockSince > blockMs) return 'H2_BLOCK_TIMEOUT';
    // WHY: a stream may come and go between two ticks
    if (view.openStreams > 0 || view.requests > this.#requests) this.#idleSince = nowMs;
    this.#requests = view.requests;
    return nowMs - this.#idleSince > idleMs ? 'H2_IDLE_TIMEOUT' : undefined;
  }

  /** A response that waits for window that the peer does not give: its own, or that of the connection. */
  #stalled({ waiting, sendWindowBytes, sentBytes }: DeadlineView): Lateness | undefined {
    const { stallMs } = this.#limits;
    const isNarrow = sendWindowBytes <= 0 && waiting.some(({ queuedBytes }) => queuedBytes > 0);
    const isStalled = this.#stall.tick(this.#peerMs, isNarrow, sentBytes) > stallMs;
    for (const stream of waiting) {
      if (stream.queuedBytes === 0) continue;
      const lacksWindow = stream.sendWindow.available <= 0;
      const isLate = stream.stall.tick(this.#peerMs, lacksWindow, stream.sentBytes) > stallMs;
      // WHY: who waits for the connection waits no longer than it stands still; others may take all that it gives
      if (lacksWindow ? isLate : isStalled) return { code: 'H2_STALL_TIMEOUT', stream };
    }
    return undefined;
  }

  /** A request whose content the peer has window for and does not send, or hardly. */
  #starved(elapsedMs: number, { streams, receiveWindowBytes }: DeadlineView): Lateness | undefined {
    let late: Lateness | undefined;
    for (const stream of streams) {
      const lacksWindow = receiveWindowBytes <= 0 || stream.receiveWindow.available <= 0;
      const isOurs = stream.awaitsContinue || stream.unreadBytes > 0 || lacksWindow;
      // WHY: a tunnel is silent for as long as its ends are (RFC9110#9.3.6), but one that was refused or has ended is none
      const isTunnel = stream.head.method === 'CONNECT' && stream.response !== 'ended';
      if (!stream.isArriving || isOurs || isTunnel) {
        stream.contentSinceMs = this.#peerMs;
        continue;
      }
      stream.arrivingMs += elapsedMs;
      const isSilent = this.#peerMs - stream.contentSinceMs > this.#limits.contentMs;
      if (isSilent) late ??= { code: 'H2_CONTENT_TIMEOUT', stream };
      else if (this.#isTooSlow(stream)) late ??= { code: 'H2_CONTENT_RATE', stream };
    }
    return late;
  }

  #isTooSlow({ arrivingMs, receivedBytes, partialBytes }: Http2Stream): boolean {
    const { contentBytesPerSecond, contentGraceMs } = this.#limits;
    return arrivingMs > contentGraceMs && (receivedBytes + partialBytes) * 1_000 < contentBytesPerSecond * arrivingMs;
  }
}
