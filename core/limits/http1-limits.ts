import { completeLimits, type LimitSpec } from './limits.ts';

/** Everything that an HTTP/1.1 peer can grow, and how far. Sizes in octets, times in milliseconds. */
export interface Http1Limits {
  /** Empty lines taken before a request line. @defaultValue 2, 0..64. Breach: H1_EMPTY_LINES. */
  readonly emptyLines: number;
  /** Octets of a method. @defaultValue 32, 7..256. Breach: H1_METHOD_BYTES, 501. */
  readonly methodBytes: number;
  /** Octets of a request target; RFC9112#3 asks for at least 8000 in a request line. @defaultValue 8_192, 64..1_048_576. Breach: H1_TARGET_BYTES, 414. */
  readonly targetBytes: number;
  /** Octets from the first of the request line to the last of the empty line that ends the head. @defaultValue 16_384, 256..16_777_216. Breach: H1_HEAD_BYTES, 431. */
  readonly headBytes: number;
  /** Field lines of a head. @defaultValue 100, 1..10_000. Breach: H1_FIELD_COUNT, 431. */
  readonly fieldCount: number;
  /** Octets of one field line, without its CRLF. @defaultValue 8_192, 64..1_048_576. Breach: H1_FIELD_BYTES, 431. */
  readonly fieldBytes: number;
  /** Octets of content, after transfer coding. @defaultValue 1_073_741_824, 0..2^53-1. Breach: H1_CONTENT_BYTES, 413. */
  readonly contentBytes: number;
  /** Hex digits of one chunk-size, leading zeros counted. @defaultValue 16, 1..64. Breach: H1_CHUNK_SIZE_DIGITS. */
  readonly chunkSizeDigits: number;
  /** Octets of all chunk extensions of one content, so that many small ones are bounded too. @defaultValue 4_096, 0..1_048_576. Breach: H1_CHUNK_EXT_BYTES. */
  readonly chunkExtensionBytes: number;
  /** Octets of a trailer section. @defaultValue 4_096, 2..1_048_576. Breach: H1_TRAILER_BYTES, 431. */
  readonly trailerBytes: number;
  /** Field lines of a trailer section. @defaultValue 20, 0..1_000. Breach: H1_TRAILER_COUNT, 431. */
  readonly trailerCount: number;
  /** Requests served on one connection; the last answer says `Connection: close`. @defaultValue 10_000, 1..2^53-1. */
  readonly requestsPerConnection: number;
  /** Requests read ahead of their responses; at the limit reading pauses. @defaultValue 16, 1..1_024. */
  readonly pipelinedRequests: number;
  /** Octets of responses that wait to be written before their producers are told to wait and no further request is read. @defaultValue 262_144, 1_024..1_073_741_824. */
  readonly heldResponseBytes: number;
  /** Content octets still read and thrown away after an early response, so that it is not lost to a reset; above it the connection closes. @defaultValue 262_144, 0..1_073_741_824. */
  readonly drainBytes: number;

  /** Time for a whole head, from its first octet. @defaultValue 10_000, 100..3_600_000. Breach: H1_HEAD_TIMEOUT, 408. */
  readonly headMs: number;
  /** Longest pause between two octets of content. @defaultValue 10_000, 100..3_600_000. Breach: H1_CONTENT_TIMEOUT, 408. */
  readonly contentMs: number;
  /** Least octets of content per second, averaged since it began, asked after `contentGraceMs`; 0 asks none. @defaultValue 500, 0..1_048_576. Breach: H1_CONTENT_RATE, 408. */
  readonly contentBytesPerSecond: number;
  /** Time before `contentBytesPerSecond` is asked for. @defaultValue 5_000, 0..3_600_000. */
  readonly contentGraceMs: number;
  /** Time in which the first request of a connection must begin. @defaultValue 10_000, 100..3_600_000. Breach: H1_IDLE_TIMEOUT, closes. */
  readonly idleMs: number;
  /** Time in which a further request must begin. @defaultValue 5_000, 100..3_600_000. Breach: H1_IDLE_TIMEOUT, closes. */
  readonly keepAliveMs: number;
  /** Longest time in which the peer takes nothing of what is ready to be written. @defaultValue 10_000, 100..3_600_000. Breach: H1_WRITE_TIMEOUT, closes. */
  readonly writeMs: number;
  /** Time for the peer to end a connection that this side has ended, before it is cut. @defaultValue 2_000, 0..60_000. */
  readonly lingerMs: number;
}

const MAX = Number.MAX_SAFE_INTEGER;

export const HTTP1_LIMIT_SPECS = {
  emptyLines: { default: 2, min: 0, max: 64 },
  methodBytes: { default: 32, min: 7, max: 256 },
  targetBytes: { default: 8_192, min: 64, max: 1_048_576 },
  headBytes: { default: 16_384, min: 256, max: 16_777_216 },
  fieldCount: { default: 100, min: 1, max: 10_000 },
  fieldBytes: { default: 8_192, min: 64, max: 1_048_576 },
  contentBytes: { default: 1_073_741_824, min: 0, max: MAX },
  chunkSizeDigits: { default: 16, min: 1, max: 64 },
  chunkExtensionBytes: { default: 4_096, min: 0, max: 1_048_576 },
  trailerBytes: { default: 4_096, min: 2, max: 1_048_576 },
  trailerCount: { default: 20, min: 0, max: 1_000 },
  requestsPerConnection: { default: 10_000, min: 1, max: MAX },
  pipelinedRequests: { default: 16, min: 1, max: 1_024 },
  heldResponseBytes: { default: 262_144, min: 1_024, max: 1_073_741_824 },
  drainBytes: { default: 262_144, min: 0, max: 1_073_741_824 },
  headMs: { default: 10_000, min: 100, max: 3_600_000 },
  contentMs: { default: 10_000, min: 100, max: 3_600_000 },
  contentBytesPerSecond: { default: 500, min: 0, max: 1_048_576 },
  contentGraceMs: { default: 5_000, min: 0, max: 3_600_000 },
  idleMs: { default: 10_000, min: 100, max: 3_600_000 },
  keepAliveMs: { default: 5_000, min: 100, max: 3_600_000 },
  writeMs: { default: 10_000, min: 100, max: 3_600_000 },
  lingerMs: { default: 2_000, min: 0, max: 60_000 },
} as const satisfies Record<keyof Http1Limits, LimitSpec>;

/**
 * The limits of one server: `given` over the defaults, frozen.
 * @throws RangeError for a value out of range, TypeError for an unknown name; nothing is clipped.
 */
export function http1Limits(given: Partial<Http1Limits> = {}): Http1Limits {
  return completeLimits('HTTP/1.1', HTTP1_LIMIT_SPECS, given);
}
