import { completeLimits, type LimitSpec } from './limits.ts';

/** Everything about handshakes that peers can grow, and how far. A budget is a bucket: it starts full, each handshake takes one. */
export interface TlsLimits {
  /** Octets of a ClientHello where it is read before OpenSSL does; a browser's has 2,000. @defaultValue 16_384, 512..131_072. Breach: TLS_HELLO_BYTES. */
  readonly helloBytes: number;
  /** Records that it may come in. @defaultValue 128, 1..16_384. Breach: TLS_HELLO_RECORDS. */
  readonly helloRecords: number;
  /** Time for a whole ClientHello, from the accept. @defaultValue 5_000, 100..3_600_000. Breach: TLS_HELLO_TIMEOUT. */
  readonly helloMs: number;
  /** Time for a whole handshake, from the accept. @defaultValue 10_000, 100..3_600_000. Breach: the connection is cut. */
  readonly handshakeMs: number;
  /** Time for `onPeerVerified`, from the end of the handshake, within `handshakeMs`. @defaultValue 5_000, 10..3_600_000. Breach: the connection is cut. */
  readonly peerHookMs: number;
  /** Handshakes under way at once. @defaultValue 2_000, 1..1_000_000. Breach: a new connection is cut at once. */
  readonly handshakes: number;
  /** Of one address (IPv6: of one /64). @defaultValue 256, 1..1_000_000. Breach: as `handshakes`. */
  readonly handshakesPerAddress: number;
  /** Handshakes in a burst. @defaultValue 10_000, 1..1_000_000. Breach: as `handshakes`. */
  readonly handshakeBurst: number;
  /** Refill of `handshakeBurst` a second. @defaultValue 2_000, 1..1_000_000. */
  readonly handshakesPerSecond: number;
  /** Handshakes of one address in a burst; a gateway or a network behind one address needs many. @defaultValue 5_000, 1..1_000_000. Breach: as `handshakes`. */
  readonly addressBurst: number;
  /** Refill of `addressBurst` a second. @defaultValue 1_000, 1..1_000_000. */
  readonly addressPerSecond: number;
  /** Addresses whose budget is remembered; above it the one that was quiet for longest is forgotten. @defaultValue 16_384, 16..1_000_000. */
  readonly addresses: number;
}

export const TLS_LIMIT_SPECS = {
  helloBytes: { default: 16_384, min: 512, max: 131_072 },
  helloRecords: { default: 128, min: 1, max: 16_384 },
  helloMs: { default: 5_000, min: 100, max: 3_600_000 },
  handshakeMs: { default: 10_000, min: 100, max: 3_600_000 },
  peerHookMs: { default: 5_000, min: 10, max: 3_600_000 },
  handshakes: { default: 2_000, min: 1, max: 1_000_000 },
  handshakesPerAddress: { default: 256, min: 1, max: 1_000_000 },
  handshakeBurst: { default: 10_000, min: 1, max: 1_000_000 },
  handshakesPerSecond: { default: 2_000, min: 1, max: 1_000_000 },
  addressBurst: { default: 5_000, min: 1, max: 1_000_000 },
  addressPerSecond: { default: 1_000, min: 1, max: 1_000_000 },
  addresses: { default: 16_384, min: 16, max: 1_000_000 },
} as const satisfies Record<keyof TlsLimits, LimitSpec>;

/**
 * The limits of one server: `given` over the defaults, frozen.
 * @throws RangeError for a value out of range, TypeError for an unknown name; nothing is clipped.
 */
export function tlsLimits(given: Partial<TlsLimits> = {}): TlsLimits {
  return completeLimits('TLS', TLS_LIMIT_SPECS, given);
}
