import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { InvariantError } from '../../errors/invariant-error.ts';
import type { ClientHello } from '../../tls/client-hello.ts';
import { SecretBuffer } from '../secret-buffer.ts';
import type { AlarmSink } from './alarm.ts';
import { nameOf, serverOptions, type TlsPolicy } from './policy.ts';
import { staplerOf } from './policy-stapler.ts';
import { Revocation } from './revocation.ts';
import type { Stapler } from './stapler.ts';
import { KEY_BYTES, keyName, type TicketKeys } from './ticket-keys.ts';

/** Who is told how handshakes end. */
export interface HandshakeEvents {
  onSecure(socket: TLSSocket): void;
  /** It failed. No getter of the socket may be touched: in some versions of Node that ends the process. */
  onFailure(error: Error, socket: TLSSocket): void;
  onKeyLog: ((line: Buffer) => void) | undefined;
  onAlarm: AlarmSink;
}

export interface PolicyServerOptions {
  readonly policy: TlsPolicy;
  readonly keys: TicketKeys;
  /** How many spans of keys are known at once. With one, no hello has to be read. */
  readonly window: number;
  readonly ticketSeconds: number;
  readonly handshakeMs: number;
  /** Since 1970. */
  readonly now: () => number;
  /** OCSP responses that were stapled before, for whatever certificates. */
  readonly formerStaples: readonly Buffer[];
}

/** What makes tickets with one key. */
interface Slot {
  readonly server: Server;
  epoch: number;
  keyName: string;
}

/**
 * A policy at work. A `tls.Server` has one key for its tickets, so there is one for each key that is still known, and a
 * connection goes to the one that its ticket was made with. None of them listens: connections are handed to them, which is
 * the one way in which Node checks the certificates of clients by itself.
 */
export class PolicyServer {
  /** Without the private key, of which nothing is kept. */
  readonly policy: Omit<TlsPolicy, 'key'>;
  readonly stapler: Stapler | undefined;
  readonly revocation: Revocation | undefined;
  readonly #keys: TicketKeys;
  readonly #slots: Slot[] = [];
  #newest: Slot;

  /** @throws TlsConfigError where the policy cannot be used */
  constructor(options: PolicyServerOptions, events: HandshakeEvents) {
    const { keys, window, now } = options;
    const nowMs = now();
    const { key: pem, ...policy } = options.policy;
    this.policy = policy;
    this.#keys = keys;
    const key = SecretBuffer.copyOf(pem);
    try {
      const tlsOptions = serverOptions(policy, key, nowMs);
      this.stapler = staplerOf(policy, events.onAlarm, now, options.formerStaples);
      const { revocation } = policy;
      this.revocation = revocation && new Revocation({ ...policy, revocation }, events.onAlarm, now);
      const epoch = keys.epochAt(nowMs);
      for (let age = window - 1; age >= 0; age--) {
        const server = openServer(tlsOptions, options, events, this.stapler);
        this.#slots.push({ server, ...this.#setKey(server, epoch - age) });
      }
    } finally {
      key.wipe();
    }
    const newest = this.#slots.at(-1);
    if (newest === undefined) throw new InvariantError('TLS: a window of no keys');
    this.#newest = newest;
  }

  /** Begins what it does by itself: looking for OCSP responses and lists of revoked certificates. */
  start(): void {
    this.stapler?.start();
    this.revocation?.start();
  }

  /** Takes a connection over, whose octets are all still to be read. Whether it brings a ticket whose key is known. */
  accept(raw: Socket, hello: ClientHello | undefined): void {
    this.#slotFor(hello).server.emit('connection', raw);
  }

  /** Goes over to the key of now; the oldest is overwritten. */
  rotate(nowMs: number): void {
    const epoch = this.#keys.epochAt(nowMs);
    for (let next = Math.max(this.#newest.epoch + 1, epoch - this.#slots.length + 1); next <= epoch; next++) {
      const [oldest] = this.#slots.splice(0, 1);
      if (oldest === undefined) return;
      Object.assign(oldest, this.#setKey(oldest.server, next));
      this.#slots.push(oldest);
      this.#newest = oldest;
    }
  }

  /** Ends that, and overwrites the keys of its tickets; handshakes under way go on, but nobody will resume them. */
  stop(): void {
    this.stapler?.stop();
    this.revocation?.stop();
    for (const { server } of this.#slots) server.setTicketKeys(randomBytes(KEY_BYTES));
  }

  #slotFor(hello: ClientHello | undefined): Slot {
    if (hello === undefined || this.#slots.length === 1) return this.#newest;
    for (const ticket of hello.tickets) {
      const name = keyName(ticket);
      const slot = this.#slots.find((one) => one.keyName === name);
      if (slot !== undefined) return slot;
    }
    return this.#newest;
  }

  #setKey(server: Server, epoch: number): { epoch: number; keyName: string } {
    const key = this.#keys.derive(nameOf(this.policy), epoch);
    server.setTicketKeys(key.bytes);
    const name = keyName(key.bytes);
    key.wipe();
    return { epoch, keyName: name };
  }
}

function openServer(
  tlsOptions: TlsOptions,
  { handshakeMs, ticketSeconds }: PolicyServerOptions,
  events: HandshakeEvents,
  stapler: Stapler | undefined,
): Server {
  const server = createServer({ ...tlsOptions, handshakeTimeout: handshakeMs, sessionTimeout: ticketSeconds });
  server.on('secureConnection', events.onSecure);
  server.on('tlsClientError', events.onFailure);
  // RFC6066#8: a staple goes to clients that ask for one, in the handshake itself, which waits for nothing here
  if (stapler !== undefined)
    server.on('OCSPRequest', (_cert, _issuer, answer) => answer(null, stapler.current ?? null));
  if (events.onKeyLog !== undefined) server.on('keylog', events.onKeyLog);
  return server;
}
