/**
 * What a peer can make a connection do and keep, counted while a script is carried out: streams, octets of its own, octets
 * that wait for it, events of each budget, and what it is sent for what it has sent (RFC9113#10.5).
 */
import type { Http2Limits } from '../../core/sans-io.ts';
import { FLAG, splitPayload, TYPE } from '../grammar/http2-frames.ts';
import { brokenRule } from './http2-frame-rules.ts';
import type { Http2Owner, Onlooker } from './http2-owner.ts';
import type { ClientFrame, Script } from './http2-script.ts';
import { isFatal } from './http2-verdicts.ts';
import { OracleError } from './oracle-error.ts';

/** Octets that one answer of the owner's takes before its content, at most. */
const ANSWER_BYTES = 256;
/** Octets out for each octet in, content apart: a PING is its own size, a field block at most a short answer. */
const AMPLIFICATION = 32;
/** The most that a command of the owner's writes, and so the most of a frame that was cut. */
const LONGEST_ANSWER = 20_500;
/** SETTINGS, WINDOW_UPDATE and GOAWAY that come unasked. */
const GREETING_BYTES = 512;
/** What the table may hold before the client has seen the limit (RFC9113#6.5.2). */
const INITIAL_TABLE_BYTES = 4_096;

/** Looks on and counts. */
export class Bounds implements Onlooker {
  readonly #frames: readonly ClientFrame[];
  readonly #limits: Http2Limits;
  readonly #owner: Http2Owner;
  readonly #elapsedMs: number;
  #outputBytes = 0;
  #contentFrames = 0;

  constructor({ frames, steps }: Script, limits: Http2Limits, owner: Http2Owner) {
    this.#frames = frames;
    this.#limits = limits;
    this.#owner = owner;
    this.#elapsedMs = steps.reduce((sum, step) => (step.kind === 'tick' ? sum + step.ms : sum), 0);
  }

  sent(offset: number): void {
    const { connection, commands, records } = this.#owner;
    const limits = this.#limits;
    const { openExchanges, retainedBytes } = connection;
    atMost('streams', openExchanges, limits.concurrentStreams);
    const block = 2 * Math.max(limits.blockBytes, limits.frameBytes);
    atMost(
      'retained',
      retainedBytes,
      limits.frameBytes + 9 + block + Math.max(limits.headerTableBytes, INITIAL_TABLE_BYTES),
    );
    const errors = records.filter(({ kind }) => kind === 'error').length;
    atMost(
      'waiting',
      connection.pendingBytes(),
      limits.queuedControlBytes + GREETING_BYTES + LONGEST_ANSWER + ANSWER_BYTES * (commands + errors),
    );
    if (connection.state !== 'open') return;
    const counts = this.#count(offset);
    this.#within(
      'resets',
      counts.resets,
      limits.resetBurst + limits.lateFrames,
      limits.resetsPerSecond + limits.lateFramesPerSecond,
    );
    // Content that was sent earns WINDOW_UPDATE
    const earned = 2 * this.#contentFrames + 2 * commands;
    this.#within('control', counts.control, limits.controlBurst + earned, limits.controlPerSecond);
    this.#within('empty', counts.empty, limits.emptyFrames, limits.emptyFramesPerSecond);
    this.#within('unknown', counts.unknown, limits.unknownFrames, limits.unknownFramesPerSecond);
    const resets = records.filter(({ kind, text }) => kind === 'error' && !isFatal(text.split(' ', 1).join(''))).length;
    this.#within('self-resets', resets, limits.selfResetBurst, limits.selfResetsPerSecond);
  }

  took(output: string, _isAll: boolean, { received, commands }: Http2Owner): void {
    this.#outputBytes += output.length;
    this.#contentFrames += output.length / 9;
    atMost('amplification', this.#outputBytes, AMPLIFICATION * received + GREETING_BYTES + LONGEST_ANSWER * commands);
  }

  /** Frames that were taken without the end of the connection, by what they cost. */
  #count(offset: number): { resets: number; control: number; empty: number; unknown: number } {
    const counts = { resets: 0, control: 0, empty: 0, unknown: 0 };
    for (const frame of this.#frames) {
      if (!frame.isWhole || frame.end > offset) break;
      if (brokenRule(frame) !== undefined) continue;
      const isEnd = (frame.flags & FLAG.END_STREAM) !== 0;
      const isEndHeaders = (frame.flags & FLAG.END_HEADERS) !== 0;
      switch (frame.type) {
        case TYPE.RST_STREAM:
          counts.resets++;
          break;
        case TYPE.SETTINGS:
        case TYPE.PING:
        case TYPE.WINDOW_UPDATE:
        case TYPE.PRIORITY:
        case TYPE.PRIORITY_UPDATE:
          counts.control++;
          break;
        case TYPE.DATA:
          if (splitPayload(frame).content === '' && !isEnd) counts.empty++;
          break;
        case TYPE.HEADERS:
          if (splitPayload(frame).content === '' && !isEndHeaders) counts.empty++;
          break;
        case TYPE.CONTINUATION:
          if (frame.payload === '' && !isEndHeaders) counts.empty++;
          break;
        case TYPE.GOAWAY:
          break;
        default:
          counts.unknown++;
      }
    }
    return counts;
  }

  /** A bucket that starts full and refills with time lets no more pass. */
  #within(what: string, count: number, burst: number, perSecond: number): void {
    atMost(what, count, burst + (this.#elapsedMs * perSecond) / 1_000);
  }
}

function atMost(what: string, count: number, bound: number): void {
  if (count > bound) throw new OracleError('bounds', `${what}: ${count} is more than ${bound}`, { state: what });
}
