import { createServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { fromLatin1 } from '../../bytes/latin1.ts';
import { REFUSAL_OF_BAD_CIPHER } from '../../connection/connection.ts';
import { excerptOf } from '../../errors/escape.ts';
import { ProtocolError } from '../../errors/protocol-error.ts';
import { TLS_CODES, type TlsCode } from '../../errors/tls-codes.ts';
import type { TlsLimits } from '../../limits/tls-limits.ts';
import { Admission } from '../../tls/admission.ts';
import { isGoodForHttp2 } from '../../tls/cipher-rules.ts';
import type { ClientHello } from '../../tls/client-hello.ts';
import { farewellOf } from '../../tls/farewell.ts';
import type { HelloEvent } from '../../tls/hello-reader.ts';
import { parseHostName } from '../../tls/host-name.ts';
import { PolicyNames } from '../../tls/policy-names.ts';
import { type AcceptedSocket, acceptedByEvents } from '../accepted-socket.ts';
import { monotonicMs, startTicker } from '../clock.ts';
import { type ListenAddress, type Listener, type ListenOptions, openPort } from '../listener.ts';
import type { TlsAlarm } from './alarm.ts';
import { TlsConfigError } from './config-error.ts';
import { HelloPeek } from './hello-peek.ts';
import { KeyLog, type KeyLogOptions } from './key-log.ts';
import { outcomeOf, TlsCounters, type TlsMetrics, type TlsOutcome } from './metrics.ts';
import { checkPeer } from './peer-check.ts';
import { GOOD_CIPHERS, nameOf, type TlsPolicy } from './policy.ts';
import { PolicyServer } from './policy-server.ts';
import { TicketKeys, type TicketOptions } from './ticket-keys.ts';
import { TlsInfo } from './tls-info.ts';

/** How a TLS port is served; nothing of it is left open. */
export interface TlsPortOptions extends ListenOptions {
  readonly policies: readonly TlsPolicy[];
  readonly limits: TlsLimits;
  /** Whether hellos are read before OpenSSL does: always, or where more than one policy, or names, make it necessary. */
  readonly readHello: 'needed' | 'always';
  readonly tickets: TicketOptions;
  readonly keyLog: KeyLogOptions | undefined;
}

export interface TlsPortOwner {
  onAccept(accepted: AcceptedSocket, protocol: string | undefined, info: TlsInfo): void;
  /** A hello was refused before OpenSSL saw it. */
  onBadHello(error: ProtocolError, address: string, port: number): void;
  /** Someone should see to a certificate. */
  onAlarm(alarm: TlsAlarm): void;
}

/** An open TLS port. */
export interface TlsListener extends Listener {
  readonly metrics: TlsMetrics;
  /** Goes over to other policies; connections that are open keep theirs. @throws TlsConfigError, and nothing has changed */
  reload(policies: readonly TlsPolicy[]): void;
  /** Goes over to the ticket keys of now; by itself it does so whenever their time has come. */
  rotate(): void;
}

/** The policies of one load. */
interface Table {
  readonly names: PolicyNames | undefined;
  readonly servers: readonly PolicyServer[];
}

/** A connection until its handshake is over. */
interface Handshake {
  readonly raw: Socket;
  readonly ends: string;
  readonly address: string;
  readonly beganMs: number;
  readonly table: Table;
  deadlineMs: number;
  index: number;
  hello: ClientHello | undefined;
  peek: HelloPeek | undefined;
  /** What it counts as where its time runs out. */
  late: TlsOutcome;
  isCounted: boolean;
  isOver: boolean;
}

/** Time for a peer that was told why it is refused to take that. */
const FAREWELL_MS = 1_000;

/**
 * Opens a TLS port. @param now milliseconds since 1970, for the dates of certificates and the keys of tickets
 * @throws TlsConfigError for policies that cannot be used, the system's error for a port that cannot be opened
 */
export async function listenTls(
  options: TlsPortOptions,
  owner: TlsPortOwner,
  now: () => number = Date.now,
): Promise<TlsListener> {
  const port = new TlsPort(options, owner, now);
  try {
    await port.open(options);
  } catch (error) {
    port.dispose();
    throw error;
  }
  return port;
}

class TlsPort implements TlsListener {
  readonly #options: Pick<TlsPortOptions, 'limits' | 'readHello'>;
  readonly #ticketSeconds: number;
  readonly #owner: TlsPortOwner;
  readonly #now: () => number;
  readonly #keys: TicketKeys;
  readonly #keyLog: KeyLog | undefined;
  readonly #counters = new TlsCounters();
  readonly #admission: Admission;
  /** By the addresses and ports at both ends, which a connection and its TLS have in common. */
  readonly #handshakes = new Map<string, Handshake>();
  readonly #ofRaw = new WeakMap<object, Handshake>();
  #table: Table = { names: undefined, servers: [] };
  #listener: Listener | undefined;
  #stopTicker: (() => void) | undefined;
  #rotation: NodeJS.Timeout | undefined;

  constructor(options: TlsPortOptions, owner: TlsPortOwner, now: () => number) {
    const { limits, readHello, tickets } = options;
    // WHY: the rest has secrets in it, and the caller may want to wipe them
    this.#options = { limits, readHello };
    this.#ticketSeconds = Math.ceil(tickets.lifetimeMs / 1_000);
    this.#owner = owner;
    this.#now = now;
    this.#admission = new Admission(limits, monotonicMs());
    this.#keys = new TicketKeys(tickets);
    this.#keyLog = options.keyLog && KeyLog.open(options.keyLog);
    try {
      this.#table = this.#makeTable(options.policies);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  get address(): ListenAddress {
    return this.#listener?.address ?? { host: '', port: 0 };
  }

  get metrics(): TlsMetrics {
    const { outcomes, ticketsRefused, handshakeMs, handshakeMsSum } = this.#counters;
    return {
      outcomes: { ...outcomes },
      ticketsRefused,
      underWay: this.#handshakes.size,
      handshakeMs: [...handshakeMs],
      handshakeMsSum,
      keyLogActive: this.#keyLog?.isOpen ?? false,
      crls: this.#table.servers.flatMap(({ revocation }) => revocation?.gauge() ?? []),
      staples: this.#table.servers.flatMap(({ stapler }) => stapler?.gauge() ?? []),
      readsHello: this.#table.names !== undefined || this.#options.readHello === 'always',
    };
  }

  async open(options: ListenOptions): Promise<void> {
    await this.#awaitStaples();
    const server = createServer({ noDelay: true }, (raw) => this.#accept(raw));
    this.#listener = await openPort(server, options);
    const { helloMs, handshakeMs, peerHookMs } = this.#options.limits;
    this.#stopTicker = startTicker(Math.min(250, helloMs / 4, handshakeMs / 4, peerHookMs / 4), () => this.#tick());
    this.#planRotation();
  }

  /** Certificates that need a staple have it before the first client comes, as far as their responders answer in time. */
  async #awaitStaples(): Promise<void> {
    for (const server of this.#table.servers) server.start();
    const needing = this.#table.servers.filter(
      ({ policy, stapler }) => policy.ocsp?.isRequired === true || stapler?.gauge().mustStaple === true,
    );
    await Promise.all(needing.map(({ stapler }) => stapler?.current ?? stapler?.refresh()));
    for (const { policy, stapler } of needing) {
      if (policy.ocsp?.isRequired !== true || stapler?.current !== undefined) continue;
      throw new TlsConfigError('OCSP_NONE', `the certificate of ${nameOf(policy)}`, stapler?.gauge().lastFault);
    }
  }

  reload(policies: readonly TlsPolicy[]): void {
    const { servers } = this.#table;
    this.#table = this.#makeTable(policies);
    for (const server of this.#table.servers) server.start();
    for (const server of servers) server.stop();
  }

  async close(): Promise<void> {
    const closed = this.#listener?.close();
    // WHY: nobody else knows of a connection before its handshake is over, and the port is not free while it is open
    for (const { raw } of [...this.#handshakes.values()]) raw.destroy();
    this.dispose();
    await closed;
  }

  /** Lets go of keys, files and timers. */
  dispose(): void {
    this.#stopTicker?.();
    clearTimeout(this.#rotation);
    this.#keyLog?.close();
    this.#keys.wipe();
    for (const server of this.#table.servers) server.stop();
  }

  #makeTable(policies: readonly TlsPolicy[]): Table {
    const names = namesOf(policies);
    const { limits, readHello } = this.#options;
    const readsHello = names !== undefined || readHello === 'always';
    const keyLog = this.#keyLog;
    const events = {
      onSecure: (socket: TLSSocket) => this.#onSecure(socket),
      onFailure: (error: Error, socket: TLSSocket) => this.#onFailure(error, socket),
      onAlarm: (alarm: TlsAlarm) => this.#owner.onAlarm(alarm),
      onKeyLog: keyLog && ((line: Buffer) => keyLog.write(line)),
    };
    const formerStaples = this.#table.servers.flatMap(({ stapler }) => stapler?.current ?? []);
    const servers = policies.map((policy) => {
      const window = readsHello ? this.#keys.window : 1;
      const ticketSeconds = this.#ticketSeconds;
      const { handshakeMs } = limits;
      return new PolicyServer(
        { policy, keys: this.#keys, window, ticketSeconds, handshakeMs, now: this.#now, formerStaples },
        events,
      );
    });
    return { names, servers };
  }

  #planRotation(): void {
    const wait = this.#keys.untilNext(this.#now());
    this.#rotation = setTimeout(
      () => {
        this.rotate();
        this.#planRotation();
      },
      Math.max(1, wait),
    );
    this.#rotation.unref();
  }

  rotate(): void {
    for (const server of this.#table.servers) server.rotate(this.#now());
  }

  #accept(raw: Socket): void {
    // WHY: 'close' always follows and says all that matters; without a listener an error would end the process
    raw.on('error', () => {});
    const address = raw.remoteAddress;
    const nowMs = monotonicMs();
    if (address === undefined) return void raw.destroy();
    if (this.#admission.enter(address, nowMs) !== undefined) {
      this.#counters.count('over_limit');
      return void raw.destroy();
    }
    const { limits, readHello } = this.#options;
    const table = this.#table;
    const ends = endsOf(raw);
    const deadlineMs = nowMs + limits.handshakeMs;
    const handshake: Handshake = {
      ...{ raw, ends, address, beganMs: nowMs, table, deadlineMs, index: 0 },
      ...{ hello: undefined, peek: undefined, late: 'timeout', isCounted: false, isOver: false },
    };
    this.#handshakes.set(ends, handshake);
    this.#ofRaw.set(raw, handshake);
    // WHY: what Node tells of a failure may come after the end of the connection that it has cut
    raw.once('close', () => setImmediate(() => this.#leave(handshake, 'reset')));
    if (table.names === undefined && readHello === 'needed') table.servers[0]?.accept(raw, undefined);
    else handshake.peek = new HelloPeek(raw, limits, (event) => this.#route(handshake, event));
  }

  #route(handshake: Handshake, event: HelloEvent): void {
    handshake.peek = undefined;
    if (event.kind === 'error') return this.#refuse(handshake, event.error);
    const { table, raw } = handshake;
    const { hello } = event;
    const index = table.names === undefined ? 0 : table.names.find(hello.serverName);
    const server = index === undefined ? undefined : table.servers[index];
    if (index === undefined || server === undefined) {
      return this.#refuse(handshake, nameUnknown(hello.serverName));
    }
    handshake.index = index;
    handshake.hello = hello;
    server.accept(raw, hello);
  }

  /** Says why, in what words there are, and hangs up. */
  #refuse(handshake: Handshake, error: ProtocolError): void {
    const { raw, address } = handshake;
    const { code } = error;
    if (!isTlsCode(code)) return void raw.destroy();
    this.#count(handshake, OUTCOME_OF_CODE[code] ?? 'bad_hello');
    this.#owner.onBadHello(error, address, raw.remotePort ?? 0);
    this.#sayLast(handshake, raw, farewellOf(code));
  }

  #sayLast(handshake: Handshake, socket: Socket, octets: Uint8Array): void {
    handshake.deadlineMs = Math.min(handshake.deadlineMs, monotonicMs() + FAREWELL_MS);
    socket.on('end', () => socket.destroy());
    socket.end(octets);
    // WHY: octets that nobody reads turn the end of a connection into a reset, and the peer loses what it was told
    socket.resume();
  }

  #onSecure(socket: TLSSocket): void {
    const handshake = this.#handshakes.get(endsOf(socket));
    if (handshake === undefined) return void socket.destroy();
    const server = handshake.table.servers[handshake.index];
    const fault = server === undefined ? 'other' : faultOf(socket, server.policy, handshake.hello);
    if (fault !== undefined || server === undefined) return this.#turnAway(handshake, socket, fault ?? 'other');
    const { revocation, policy } = server;
    const checked = checkPeer(socket, revocation, policy.revocation?.unknown === 'refuse', policy.onPeerVerified);
    if (checked instanceof Promise) void this.#await(handshake, socket, checked);
    else this.#settle(handshake, socket, checked);
  }

  /** Nothing is read of a client, and it counts as a handshake, for as long as someone thinks about it. */
  async #await(handshake: Handshake, socket: TLSSocket, checked: Promise<TlsOutcome | undefined>): Promise<void> {
    // WHY: nobody else listens yet, an error would end the process, and behind a failure of TLS Node leaves the connection open
    socket.on('error', () => socket.destroy());
    handshake.late = 'hook_timeout';
    handshake.deadlineMs = Math.min(handshake.deadlineMs, monotonicMs() + this.#options.limits.peerHookMs);
    const outcome = await checked;
    if (!handshake.isOver && !handshake.isCounted && !socket.destroyed) this.#settle(handshake, socket, outcome);
  }

  #turnAway(handshake: Handshake, socket: TLSSocket, fault: TlsOutcome): void {
    this.#count(handshake, fault);
    if (fault === 'bad_cipher') this.#sayLast(handshake, socket, REFUSAL_OF_BAD_CIPHER);
    else socket.destroy();
  }

  /** Hands a connection on, or ends it. */
  #settle(handshake: Handshake, socket: TLSSocket, fault: TlsOutcome | undefined): void {
    if (fault !== undefined) return this.#turnAway(handshake, socket, fault);
    const { hello, table, index, beganMs } = handshake;
    const info = new TlsInfo(socket, { names: table.names, index }, hello);
    if (!info.isResumed && hello !== undefined && hello.tickets.length > 0) this.#counters.ticketsRefused += 1;
    this.#counters.took(monotonicMs() - beganMs);
    this.#leave(handshake, info.isResumed ? 'resumed' : 'full');
    socket.setNoDelay(true);
    // Until now a peer that ends its side has gone; from now on it may wait for an answer
    socket.allowHalfOpen = true;
    this.#owner.onAccept(acceptedByEvents(socket), socket.alpnProtocol || undefined, info);
  }

  /** WHY: a handshake that fails is told here alone, and the socket stays open unless it is destroyed. */
  #onFailure(error: Error, socket: TLSSocket): void {
    const outcome = outcomeOf(error, socket.authorizationError);
    const handshake = this.#handshakes.get(endsOf(socket)) ?? this.#ofParent(socket);
    if (handshake !== undefined) this.#count(handshake, outcome);
    socket.destroy();
  }

  /** WHY: a socket that is closed has no addresses any more. Where Node's inside is otherwise, its failure counts as a reset */
  #ofParent(socket: TLSSocket): Handshake | undefined {
    const parent: unknown = Reflect.get(socket, '_parent');
    return typeof parent === 'object' && parent !== null ? this.#ofRaw.get(parent) : undefined;
  }

  #count(handshake: Handshake, outcome: TlsOutcome): void {
    if (handshake.isCounted) return;
    handshake.isCounted = true;
    this.#counters.count(outcome);
  }

  #leave(handshake: Handshake, outcome: TlsOutcome): void {
    if (handshake.isOver) return;
    handshake.isOver = true;
    this.#count(handshake, outcome);
    if (this.#handshakes.get(handshake.ends) === handshake) this.#handshakes.delete(handshake.ends);
    this.#admission.leave(handshake.address);
  }

  #tick(): void {
    const nowMs = monotonicMs();
    for (const handshake of [...this.#handshakes.values()]) {
      handshake.peek?.tick(nowMs);
      if (nowMs < handshake.deadlineMs) continue;
      this.#count(handshake, handshake.late);
      handshake.raw.destroy();
    }
  }
}

const OUTCOME_OF_CODE: Readonly<Partial<Record<TlsCode, TlsOutcome>>> = {
  TLS_PLAINTEXT_HTTP: 'plaintext_http',
  TLS_HELLO_TIMEOUT: 'timeout',
  TLS_NAME_UNKNOWN: 'name_unknown',
};

/** Why a connection cannot be served whose handshake is over. */
function faultOf(
  socket: TLSSocket,
  policy: PolicyServer['policy'],
  hello: ClientHello | undefined,
): TlsOutcome | undefined {
  // WHY: after a HelloRetryRequest a client may name another host than the one whose policy it has (RFC8446#4.1.2 MUST NOT)
  const named: unknown = Reflect.get(socket, 'servername');
  if (hello !== undefined && typeof named === 'string' && parseHostName(named) !== hello.serverName)
    return 'name_changed';
  if (policy.clientCertificates !== 'none') {
    const isThere = socket.getPeerX509Certificate() !== undefined;
    if (isThere && !socket.authorized) return 'bad_certificate';
    // WHY: some versions of Node call a resumed session authorized that never had a certificate
    if (!isThere && policy.clientCertificates === 'require') return 'no_certificate';
  }
  if (policy.ciphers === GOOD_CIPHERS || socket.alpnProtocol !== 'h2') return undefined;
  // RFC9113#9.2.2 MAY: a suite that it prohibits is refused with INADEQUATE_SECURITY
  return isGoodForHttp2(socket.getCipher().standardName) ? undefined : 'bad_cipher';
}

/** Who has which name; undefined where one policy is for all. @throws TlsConfigError NAMES */
function namesOf(policies: readonly TlsPolicy[]): PolicyNames | undefined {
  const [first] = policies;
  if (policies.length === 1 && first?.names.length === 0) return undefined;
  try {
    return new PolicyNames(policies.map(({ names }) => names));
  } catch (error) {
    throw new TlsConfigError('NAMES', 'the policies', error instanceof Error ? error.message : '', error);
  }
}

function isTlsCode(code: string): code is TlsCode {
  return Object.hasOwn(TLS_CODES, code);
}

function nameUnknown(name: string | undefined): ProtocolError {
  const excerpt = name === undefined ? undefined : excerptOf(fromLatin1(name), 0);
  return new ProtocolError('TLS_NAME_UNKNOWN', excerpt === undefined ? { offset: 0 } : { offset: 0, excerpt });
}

function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
