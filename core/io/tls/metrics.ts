import type { CrlGauge } from './revocation.ts';
import type { StapleGauge } from './stapler.ts';

/** How handshakes ended. The labels are these and no others, whatever peers do. */
export const TLS_OUTCOMES = [
  'full',
  'resumed',
  'over_limit',
  'plaintext_http',
  'bad_hello',
  'timeout',
  'name_unknown',
  'name_changed',
  'no_protocol',
  'no_cipher',
  'no_version',
  'no_certificate',
  'bad_certificate',
  'bad_cipher',
  'revoked',
  'revocation_unknown',
  'hook_refused',
  'hook_failed',
  'hook_timeout',
  'peer_alert',
  'reset',
  'other',
] as const;

export type TlsOutcome = (typeof TLS_OUTCOMES)[number];

/** Upper bounds of the histogram's buckets, milliseconds; the last bucket has none. */
export const HANDSHAKE_BUCKETS_MS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000,
];

/** What a port has seen since it was opened. */
export interface TlsMetrics {
  readonly outcomes: Readonly<Record<TlsOutcome, number>>;
  /** Of the full handshakes, those whose client brought a session that was not resumed. Told where hellos are read. */
  readonly ticketsRefused: number;
  /** Handshakes under way. */
  readonly underWay: number;
  /** Times from accept to the end of a handshake that succeeded: a count for each bucket of {@link HANDSHAKE_BUCKETS_MS}, and one more. */
  readonly handshakeMs: readonly number[];
  /** Their sum. */
  readonly handshakeMsSum: number;
  /** Whether secrets of connections are being written to a file. */
  readonly keyLogActive: boolean;
  /** Of every policy that staples. */
  readonly staples: readonly StapleGauge[];
  /** Of every policy with lists of revoked certificates. */
  readonly crls: readonly CrlGauge[];
  /** Whether hellos are read before OpenSSL does. */
  readonly readsHello: boolean;
}

export class TlsCounters {
  readonly outcomes: Record<TlsOutcome, number> = {
    full: 0,
    resumed: 0,
    over_limit: 0,
    plaintext_http: 0,
    bad_hello: 0,
    timeout: 0,
    name_unknown: 0,
    name_changed: 0,
    no_protocol: 0,
    no_cipher: 0,
    no_version: 0,
    no_certificate: 0,
    bad_certificate: 0,
    bad_cipher: 0,
    revoked: 0,
    revocation_unknown: 0,
    hook_refused: 0,
    hook_failed: 0,
    hook_timeout: 0,
    peer_alert: 0,
    reset: 0,
    other: 0,
  };
  ticketsRefused = 0;
  readonly handshakeMs: number[] = Array.from({ length: HANDSHAKE_BUCKETS_MS.length + 1 }, () => 0);
  handshakeMsSum = 0;

  count(outcome: TlsOutcome): void {
    this.outcomes[outcome] += 1;
  }

  took(ms: number): void {
    const index = HANDSHAKE_BUCKETS_MS.findIndex((bound) => ms <= bound);
    const at = index === -1 ? HANDSHAKE_BUCKETS_MS.length : index;
    this.handshakeMs[at] = (this.handshakeMs[at] ?? 0) + 1;
    this.handshakeMsSum += ms;
  }
}

/** Errors of OpenSSL and Node whose name says how a handshake ended. */
const BY_CODE: ReadonlyMap<string, TlsOutcome> = new Map([
  ['ERR_SSL_HTTP_REQUEST', 'plaintext_http'],
  ['ERR_SSL_HTTPS_PROXY_REQUEST', 'plaintext_http'],
  ['ERR_SSL_NO_SHARED_CIPHER', 'no_cipher'],
  ['ERR_SSL_NO_APPLICATION_PROTOCOL', 'no_protocol'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'no_version'],
  ['ERR_SSL_VERSION_TOO_LOW', 'no_version'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'no_version'],
  ['ERR_SSL_UNKNOWN_PROTOCOL', 'no_version'],
  ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'no_certificate'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'timeout'],
  ['EPIPE', 'reset'],
]);

/**
 * How a handshake ended that failed with this error. @param authorizationError what Node has to say about the certificate
 * of the client, which is no getter of OpenSSL's: those must not be touched after a failure
 */
export function outcomeOf(error: unknown, authorizationError: unknown): TlsOutcome {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNRESET') return authorizationError ? 'bad_certificate' : 'reset';
  if (/^ERR_SSL_(?:TLSV1_|TLSV13_|SSLV3_)?ALERT_/.test(code)) return 'peer_alert';
  return BY_CODE.get(code) ?? 'other';
}
