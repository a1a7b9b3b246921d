import type { BareLf } from '../connection/connection.ts';
import type { ListenOptions } from '../io/listener.ts';
import { type Http1Limits, http1Limits } from '../limits/http1-limits.ts';
import { type Http2Limits, http2Limits } from '../limits/http2-limits.ts';
import { type OutputLimits, outputLimits } from '../limits/output-limits.ts';
import { type TlsLimits, tlsLimits } from '../limits/tls-limits.ts';
import { DEFAULT_HOOKS, type ServerHooks } from './hooks.ts';
import { demandInteger, demandObject, demandOneOf, said } from './option-checks.ts';

export interface ServerOptions extends Partial<ServerHooks> {
  /** Limits that differ from the defaults; see {@link Http1Limits}. */
  readonly limits?: Partial<Http1Limits>;
  /** Limits of HTTP/2 that differ from the defaults; see {@link Http2Limits}. */
  readonly http2Limits?: Partial<Http2Limits>;
  /** Limits of TLS handshakes that differ from the defaults; see {@link TlsLimits}. */
  readonly tlsLimits?: Partial<TlsLimits>;
  /** Limits of octets that wait for slow readers, where they differ from the defaults; see {@link OutputLimits}. */
  readonly outputLimits?: Partial<OutputLimits>;
  /** Whether HTTP/2 is offered: by ALPN under TLS, by its preface in clear. @defaultValue true */
  readonly http2?: boolean;
  /**
   * Whether a gateway in front has received https requests that come in clear here; otherwise those get 421 (RFC9110#7.4).
   * @defaultValue false
   */
  readonly trustsGateway?: boolean;
  /** Whether `Upgrade: h2c` is followed on plain ports; RFC9113#3.1 has deprecated it. @defaultValue false */
  readonly h2cUpgrade?: boolean;
  /**
   * Which CONNECT requests over HTTP/2 handlers get: with 'extended' those that name a protocol, which clients are then
   * told that they may (RFC8441#3), with 'any' all. The others are answered with 501. @defaultValue 'refuse'
   */
  readonly connect?: 'refuse' | 'extended' | 'any';
  /** Whether a malformed HTTP/2 request is reset, or answered with 400 first. @defaultValue 'reset' */
  readonly malformed?: 'reset' | 'answer';
  /** Whether a bare LF ends a line of a head. @defaultValue 'refuse' */
  readonly bareLf?: BareLf;
  /**
   * Whether files reach plain sockets by sendfile(2), on Linux and where the optional package `koffi` is installed; elsewhere
   * they are read and written. @defaultValue true
   */
  readonly sendfile?: boolean;
  /** Connections open at once; above it new ones are closed at once. @defaultValue 10_000, 1..1_000_000 */
  readonly maxConnections?: number;
}

/** The options of one server, none left open. */
export interface CompleteOptions {
  readonly limits: Http1Limits;
  readonly http2Limits: Http2Limits;
  readonly tlsLimits: TlsLimits;
  readonly outputLimits: OutputLimits;
  readonly http2: boolean;
  readonly trustsGateway: boolean;
  readonly h2cUpgrade: boolean;
  readonly connect: 'refuse' | 'extended' | 'any';
  readonly malformed: 'reset' | 'answer';
  readonly bareLf: BareLf;
  readonly sendfile: boolean;
  readonly maxConnections: number;
  readonly hooks: ServerHooks;
}

const OPTION_NAMES = [
  'limits',
  'http2Limits',
  'tlsLimits',
  'outputLimits',
  'http2',
  'h2cUpgrade',
  'connect',
  'trustsGateway',
  'malformed',
  'bareLf',
  'sendfile',
  'maxConnections',
  'onProtocolError',
  'onHandlerError',
  'onTlsAlarm',
];

/** `given` over the defaults. @throws RangeError, TypeError for what is out of range, of another type, or unknown */
export function completeOptions(given: ServerOptions): CompleteOptions {
  demandObject('The second argument of createServer()', given, OPTION_NAMES, 'server option');
  const {
    limits = {},
    http2Limits: givenHttp2Limits = {},
    tlsLimits: givenTlsLimits = {},
    outputLimits: givenOutputLimits = {},
    http2 = true,
    trustsGateway = false,
    h2cUpgrade = false,
    connect = 'refuse',
    malformed = 'reset',
    bareLf = 'refuse',
    sendfile = true,
    maxConnections = 10_000,
    onProtocolError = DEFAULT_HOOKS.onProtocolError,
    onHandlerError = DEFAULT_HOOKS.onHandlerError,
    onTlsAlarm = DEFAULT_HOOKS.onTlsAlarm,
  } = given;
  demandObject('Server option limits', limits);
  demandObject('Server option http2Limits', givenHttp2Limits);
  demandObject('Server option tlsLimits', givenTlsLimits);
  demandObject('Server option outputLimits', givenOutputLimits);
  demandOneOf('Server option http2', http2, [true, false]);
  demandOneOf('Server option trustsGateway', trustsGateway, [true, false]);
  demandOneOf('Server option h2cUpgrade', h2cUpgrade, [true, false]);
  demandOneOf('Server option connect', connect, ['refuse', 'extended', 'any']);
  demandOneOf('Server option malformed', malformed, ['reset', 'answer']);
  demandOneOf('Server option bareLf', bareLf, ['refuse', 'accept']);
  demandOneOf('Server option sendfile', sendfile, [true, false]);
  for (const [name, hook] of Object.entries({ onProtocolError, onHandlerError, onTlsAlarm })) {
    if (typeof hook !== 'function') throw new TypeError(`Server option ${name} is ${said(hook)}; it takes a function`);
  }
  demandInteger('Server option maxConnections', maxConnections, 1, 1_000_000);
  return {
    limits: http1Limits(limits),
    http2Limits: http2Limits(givenHttp2Limits),
    tlsLimits: tlsLimits(givenTlsLimits),
    outputLimits: outputLimits(givenOutputLimits),
    http2,
    trustsGateway,
    h2cUpgrade,
    connect,
    malformed,
    bareLf,
    sendfile,
    maxConnections,
    hooks: { onProtocolError, onHandlerError, onTlsAlarm },
  };
}

/** Refuses what `listen()` would misread: `listen(8080)` would otherwise open any port. @throws TypeError, RangeError */
export function demandListenOptions(given: ListenOptions, names: readonly string[] = []): void {
  demandObject('listen()', given, ['port', 'host', ...names], 'listen option');
  const { port = 0, host = '' } = given;
  demandInteger('Listen option port', port, 0, 65_535);
  if (typeof host !== 'string') throw new TypeError(`Listen option host is ${said(host)}; it takes a string`);
}
