import { completeLimits, type LimitSpec } from './limits.ts';

/**
 * Everything that an HTTP/2 peer can grow, and how far (RFC9113#10.5). Sizes in octets, times in milliseconds. A budget is
 * a bucket: it starts full, each event takes one, and it refills at its rate.
 */
export interface Http2Limits {
  /** Streams open at once: SETTINGS_MAX_CONCURRENT_STREAMS. @defaultValue 100, 1..10_000. Breach: H2_STREAM_LIMIT, REFUSED_STREAM. */
  readonly concurrentStreams: number;
  /** Octets of a frame's payload: SETTINGS_MAX_FRAME_SIZE. @defaultValue 16_384, 16_384..16_777_215. Breach: H2_FRAME_SIZE. */
  readonly frameBytes: number;
  /** Octets of the peer's dynamic table: SETTINGS_HEADER_TABLE_SIZE. @defaultValue 4_096, 0..65_536. Breach: HPACK_SIZE_UPDATE_VALUE. */
  readonly headerTableBytes: number;
  /** Octets of a decoded field list, 32 for each field counted: SETTINGS_MAX_HEADER_LIST_SIZE. @defaultValue 16_384, 1_024..1_048_576. Breach: H2_LIST_BYTES, 431. */
  readonly headerListBytes: number;
  /** Fields of a list, cookie crumbs counted. @defaultValue 100, 8..10_000. Breach: H2_LIST_BYTES, 431. */
  readonly fieldCount: number;
  /** CONTINUATION frames of one field block. @defaultValue 8, 0..1_024. Breach: H2_BUDGET_CONTINUATION. */
  readonly continuations: number;
  /** Octets of one field block before it is decoded. @defaultValue 32_768, 1_024..1_048_576. Breach: H2_BUDGET_CONTINUATION. */
  readonly blockBytes: number;
  /** Octets of content of one request. @defaultValue 1_073_741_824, 0..2^53-1. Breach: H2_CONTENT_BYTES, 413. */
  readonly contentBytes: number;
  /** Unread content of one stream: SETTINGS_INITIAL_WINDOW_SIZE. @defaultValue 262_144, 1..2^31-1. Breach: H2_FLOW_STREAM. */
  readonly streamWindowBytes: number;
  /** Unread content of all streams: the window of the connection. @defaultValue 1_048_576, 65_535..2^31-1. Breach: H2_FLOW_CONNECTION. */
  readonly connectionWindowBytes: number;
  /** Entries of one SETTINGS frame. @defaultValue 32, 8..1_024. Breach: H2_BUDGET_SETTINGS. */
  readonly settingsEntries: number;
  /** RST_STREAM of the peer. @defaultValue 100, 1..1_000_000. Breach: H2_BUDGET_RESETS. */
  readonly resetBurst: number;
  /** Refill of `resetBurst` a second. @defaultValue 10, 0..1_000_000. */
  readonly resetsPerSecond: number;
  /** Streams that the peer makes this side reset. @defaultValue 50, 1..1_000_000. Breach: H2_BUDGET_SELF_RESETS. */
  readonly selfResetBurst: number;
  /** Refill of `selfResetBurst` a second. @defaultValue 5, 0..1_000_000. */
  readonly selfResetsPerSecond: number;
  /** SETTINGS, PING, PRIORITY, PRIORITY_UPDATE, WINDOW_UPDATE and GOAWAY of the peer. @defaultValue 1_000, 1..1_000_000. Breach: H2_BUDGET_CONTROL. */
  readonly controlBurst: number;
  /** Refill of `controlBurst` a second. @defaultValue 200, 0..1_000_000. */
  readonly controlPerSecond: number;
  /** Frames that carry nothing: DATA without content or end, fragments without octets. @defaultValue 100, 1..1_000_000. Breach: H2_BUDGET_EMPTY. */
  readonly emptyFrames: number;
  /** Refill of `emptyFrames` a second. @defaultValue 10, 0..1_000_000. */
  readonly emptyFramesPerSecond: number;
  /** Frames of unknown types. @defaultValue 1_000, 1..1_000_000. Breach: H2_BUDGET_UNKNOWN. */
  readonly unknownFrames: number;
  /** Refill of `unknownFrames` a second. @defaultValue 20, 0..1_000_000. */
  readonly unknownFramesPerSecond: number;
  /** Frames for streams that are gone, and requests after the last one. @defaultValue 1_000, 1..1_000_000. Breach: H2_BUDGET_LATE. */
  readonly lateFrames: number;
  /** Refill of `lateFrames` a second. @defaultValue 100, 0..1_000_000. */
  readonly lateFramesPerSecond: number;
  /** Octets of answers to control frames that wait to be written. @defaultValue 16_384, 1_024..1_048_576. Breach: H2_BUDGET_QUEUE. */
  readonly queuedControlBytes: number;
  /** Requests served on one connection; then it is drained with GOAWAY. @defaultValue 100_000, 1..2^30. */
  readonly requestsPerConnection: number;

  /** Time for the preface and the first SETTINGS. @defaultValue 10_000, 100..3_600_000. Breach: H2_PREFACE_TIMEOUT. */
  readonly prefaceMs: number;
  /** Time for the acknowledgement of SETTINGS. @defaultValue 10_000, 100..3_600_000. Breach: H2_SETTINGS_TIMEOUT. */
  readonly settingsMs: number;
  /** Time for a whole field block, from the head of its first frame. @defaultValue 10_000, 100..3_600_000. Breach: H2_BLOCK_TIMEOUT. */
  readonly blockMs: number;
  /** Longest pause between two octets of a request's content while its window is open. @defaultValue 10_000, 100..3_600_000. Breach: H2_CONTENT_TIMEOUT. */
  readonly contentMs: number;
  /** Least octets of a request's content per second, averaged over the time in which they could come, asked after `contentGraceMs`; 0 asks none. @defaultValue 500, 0..1_048_576. Breach: H2_CONTENT_RATE. */
  readonly contentBytesPerSecond: number;
  /** Time before `contentBytesPerSecond` is asked for. @defaultValue 5_000, 0..3_600_000. */
  readonly contentGraceMs: number;
  /** Longest time in which the peer gives window for less than 1 KiB of a response that waits for it. @defaultValue 30_000, 100..3_600_000. Breach: H2_STALL_TIMEOUT. */
  readonly stallMs: number;
  /** Time without open streams after which the connection is closed. @defaultValue 60_000, 100..3_600_000. Breach: H2_IDLE_TIMEOUT. */
  readonly idleMs: number;
  /** Longest time in which the peer takes nothing of what is ready to be written. @defaultValue 10_000, 100..3_600_000. Breach: H2_WRITE_TIMEOUT. */
  readonly writeMs: number;
  /** Time for the peer to end a connection that this side has ended, before it is cut. @defaultValue 1_000, 0..60_000. */
  readonly lingerMs: number;
}

const MAX_TIME = 3_600_000;
const MAX_COUNT = 1_000_000;

export const HTTP2_LIMIT_SPECS = {
  concurrentStreams: { default: 100, min: 1, max: 10_000 },
  frameBytes: { default: 16_384, min: 16_384, max: 16_777_215 },
  headerTableBytes: { default: 4_096, min: 0, max: 65_536 },
  headerListBytes: { default: 16_384, min: 1_024, max: 1_048_576 },
  fieldCount: { default: 100, min: 8, max: 10_000 },
  continuations: { default: 8, min: 0, max: 1_024 },
  blockBytes: { default: 32_768, min: 1_024, max: 1_048_576 },
  contentBytes: { default: 1_073_741_824, min: 0, max: Number.MAX_SAFE_INTEGER },
  streamWindowBytes: { default: 262_144, min: 1, max: 0x7fffffff },
  connectionWindowBytes: { default: 1_048_576, min: 65_535, max: 0x7fffffff },
  settingsEntries: { default: 32, min: 8, max: 1_024 },
  resetBurst: { default: 100, min: 1, max: MAX_COUNT },
  resetsPerSecond: { default: 10, min: 0, max: MAX_COUNT },
  selfResetBurst: { default: 50, min: 1, max: MAX_COUNT },
  selfResetsPerSecond: { default: 5, min: 0, max: MAX_COUNT },
  controlBurst: { default: 1_000, min: 1, max: MAX_COUNT },
  controlPerSecond: { default: 200, min: 0, max: MAX_COUNT },
  emptyFrames: { default: 100, min: 1, max: MAX_COUNT },
  emptyFramesPerSecond: { default: 10, min: 0, max: MAX_COUNT },
  unknownFrames: { default: 1_000, min: 1, max: MAX_COUNT },
  unknownFramesPerSecond: { default: 20, min: 0, max: MAX_COUNT },
  lateFrames: { default: 1_000, min: 1, max: MAX_COUNT },
  lateFramesPerSecond: { default: 100, min: 0, max: MAX_COUNT },
  queuedControlBytes: { default: 16_384, min: 1_024, max: 1_048_576 },
  requestsPerConnection: { default: 100_000, min: 1, max: 2 ** 30 },
  prefaceMs: { default: 10_000, min: 100, max: MAX_TIME },
  settingsMs: { default: 10_000, min: 100, max: MAX_TIME },
  blockMs: { default: 10_000, min: 100, max: MAX_TIME },
  contentMs: { default: 10_000, min: 100, max: MAX_TIME },
  contentBytesPerSecond: { default: 500, min: 0, max: 1_048_576 },
  contentGraceMs: { default: 5_000, min: 0, max: MAX_TIME },
  stallMs: { default: 30_000, min: 100, max: MAX_TIME },
  idleMs: { default: 60_000, min: 100, max: MAX_TIME },
  writeMs: { default: 10_000, min: 100, max: MAX_TIME },
  lingerMs: { default: 1_000, min: 0, max: 60_000 },
} as const satisfies Record<keyof Http2Limits, LimitSpec>;

/**
 * The limits of one server: `given` over the defaults, frozen.
 * @throws RangeError for a value out of range, TypeError for an unknown name; nothing is clipped.
 */
export function http2Limits(given: Partial<Http2Limits> = {}): Http2Limits {
  return completeLimits('HTTP/2', HTTP2_LIMIT_SPECS, given);
}
