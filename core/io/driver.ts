import type { Span } from '../bytes/span.ts';
import type { ServerConnection } from '../connection/connection.ts';
import { InvariantError } from '../errors/invariant-error.ts';
import type { ConnectionCommand, ConnectionEvent, EventSink, ExchangeId } from '../semantics/exchange.ts';
import { type AcceptedSocket, cut } from './accepted-socket.ts';
import { beginTurn, monotonicMs } from './clock.ts';
import { Departures, type DepartureTransport } from './departures.ts';
import type { FileCalls } from './file-calls.ts';
import { FileSpan } from './file-span.ts';
import { FileTransfer } from './file-transfer.ts';
import type { OutputRoom } from './output-room.ts';
import { Producers, type ProducerTransport } from './producers.ts';

/**
 * Octets handed to the socket at a time. A socket tells of a write only when the peer has taken all of it, so this is
 * also the least that counts as progress.
 */
const WRITE_BYTES = 65_536;

/** Such writes that one connection may make before the others get their turn. */
const WRITES_PER_TURN = 16;

/** What a turn does to a connection. WHY: one for all turns of a kind, so that a read makes no closure. */
type Step = (connection: ServerConnection, bytes: Uint8Array) => void;

const NO_BYTES = new Uint8Array(0);
const GO_ON: Step = () => {};
const RECEIVE: Step = (connection, bytes) => connection.receive(bytes);
const END: Step = (connection) => connection.end();
const RESUME: Step = (connection) => connection.resume();

/** Who decides about what a connection says. Called inside the driver's turn; commands may be sent at once. */
export interface DriverOwner {
  onEvent(event: ConnectionEvent, driver: ConnectionDriver): void;
  /** The transport is closed; no event follows. */
  onClose(driver: ConnectionDriver): void;
}

/**
 * Pumps octets between a socket and a connection: everything that one turn produces leaves in one write, reading stops
 * while the connection or its owner cannot take more, and every way in which a socket ends is told once.
 */
export class ConnectionDriver implements EventSink {
  readonly #accepted: AcceptedSocket;
  readonly #connection: ServerConnection;
  readonly #owner: DriverOwner;
  readonly #fileCalls: FileCalls | undefined;
  /** Nesting of turns: output is written when the outermost one ends. */
  #depth = 0;
  #isScheduled = false;
  /** Others have their turn: writing goes on after them. */
  #isYielding = false;
  /** The socket tells when it has written what it has now. */
  #isListening = false;
  #ending: 'no' | 'half' | 'whole' = 'no';
  /** The file whose octets are next; what stands behind them waits. */
  #transfer: FileTransfer | undefined;
  #isHeld = false;
  /** Octets that the socket was given, but for those of files that are spans. */
  #givenBytes = 0;
  readonly #producers: Producers;
  readonly #departures: Departures;

  /**
   * @param open makes the connection; it tells its events to the sink it is given
   * @param room for octets that wait, of all connections of the server
   * @param fileCalls how octets of files reach a plain socket; without them they are read and written
   */
  constructor(
    accepted: AcceptedSocket,
    open: (sink: EventSink) => ServerConnection,
    owner: DriverOwner,
    room: OutputRoom,
    fileCalls?: FileCalls,
  ) {
    this.#accepted = accepted;
    this.#owner = owner;
    this.#fileCalls = fileCalls;
    this.#connection = open(this);
    const transport = this.#transport();
    this.#producers = new Producers(transport, room);
    this.#departures = new Departures(transport);
    this.#connection.tick(monotonicMs());
    const { socket } = accepted;
    socket.on('end', () => {
      // WHY: octets and a reset that come together are told as an end; a write of nothing finds out, and then 'close' follows
      if (socket.writable) socket.write(NO_BYTES);
      this.#turn(END);
    });
    socket.on('drain', () => this.#turn(GO_ON));
    // WHY: behind a failure of TLS Node leaves the connection open; 'close' always follows then, and says all that matters
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#onClose());
    accepted.read((bytes) => this.#turn(RECEIVE, bytes));
  }

  /** For the connection: tells the owner of an event. */
  push(event: ConnectionEvent): void {
    this.#owner.onEvent(event, this);
  }

  /**
   * Sends a command; its octets leave at the end of this turn. An interim response is left out where there is no room for it, which
   * RFC9110#15.2 allows. @throws CallerError as `ServerConnection.send()`
   */
  send(command: ConnectionCommand): void {
    if (command.kind === 'interim' && this.#producers.roomBytes(command.exchange) <= 0) return;
    if (this.#depth === 0) beginTurn();
    this.#connection.send(command);
    if (command.kind === 'abort') this.abandon(command.exchange);
    this.#schedule();
  }

  /**
   * Sends a piece of content; settles when there is room for more of `exchange`, or the connection is gone.
   * @throws CallerError as `send()`, CONTENT_UNAWAITED where the piece before it was not awaited and the limits leave no room
   */
  write(exchange: ExchangeId, bytes: Uint8Array): Promise<void> {
    this.#producers.admit(exchange, bytes.length);
    this.send({ kind: 'content', exchange, bytes });
    return this.#producers.whenRoom(exchange, bytes.length);
  }

  /** Settles once all content of `exchange` has left the socket; with false where it may still be read, for one of them is over. */
  whenLeft(exchange: ExchangeId): Promise<boolean> {
    const left = this.#departures.whenLeft(exchange);
    if (this.#departures.isWaiting) this.#schedule();
    return left;
  }

  /** Octets of content of `exchange` that the peer lets come now. */
  windowBytes(exchange: ExchangeId): number {
    return this.#connection.windowBytes(exchange);
  }

  /** Nothing more comes of `exchange`, and who waits for it is told so. */
  abandon(exchange: ExchangeId): void {
    this.#producers.forget(exchange);
    this.#departures.forget(exchange);
  }

  /** Whether content that was read has to be told, so that as much may come again. */
  get givesWindow(): boolean {
    return this.#connection.isMultiplexed;
  }

  /** Whether octets of a file can be given as a span: one content at a time is written as it is. */
  get takesFiles(): boolean {
    return !this.#connection.isMultiplexed;
  }

  /** Stops or starts reading on behalf of a consumer of content. */
  holdReading(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (this.#depth === 0) this.#adjustReading();
  }

  tick(nowMs: number): void {
    const { socket } = this.#accepted;
    const unwrittenBytes = socket.writableLength + (this.#transfer?.leftBytes ?? 0);
    const report = { unwrittenBytes, isPaused: socket.isPaused() };
    this.#turn((connection) => connection.tick(nowMs, report));
  }

  /** Cuts the connection at once. */
  destroy(): void {
    this.#accepted.socket.destroy();
  }

  #turn(step: Step, bytes: Uint8Array = NO_BYTES): void {
    if (this.#depth === 0) beginTurn();
    this.#guard(step, bytes);
    if (this.#depth === 0) this.#flush();
  }

  /** Runs what may call the owner. @throws what the owner throws, after the socket was destroyed */
  #guard(step: Step, bytes: Uint8Array): void {
    this.#depth += 1;
    try {
      step(this.#connection, bytes);
    } catch (error) {
      // WHY: an owner that fails in the middle of a turn leaves the connection in a state that nobody knows
      this.destroy();
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  #schedule(): void {
    if (this.#depth > 0 || this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(this.#scheduledTurn);
  }

  readonly #scheduledTurn = (): void => {
    this.#isScheduled = false;
    this.#turn(GO_ON);
  };

  /** Writes what is ready and goes on with octets that had to wait, until either has to wait again. */
  #flush(): void {
    const connection = this.#connection;
    this.#write();
    while (connection.hasBacklog && !connection.isBlocked && !this.#isBehind()) {
      this.#guard(RESUME, NO_BYTES);
      this.#write();
    }
    this.#settleState();
    this.#adjustReading();
    this.#producers.update();
    this.#departures.update();
    this.#listen();
  }

  #write(): void {
    const { socket } = this.#accepted;
    if (!socket.writable || this.#isYielding || this.#transfer !== undefined) return;
    for (let count = 0; count < WRITES_PER_TURN; count++) {
      // WHY: a socket that still has as much as that tells when it has none
      const room = WRITE_BYTES - socket.writableLength;
      const parts = room > 0 ? this.#connection.take(room) : [];
      const span = this.#connection.takeSpan();
      if (span !== undefined) return this.#startTransfer(span, parts);
      if (parts.length === 0) return;
      if (parts.length > 1) socket.cork();
      for (const part of parts) {
        this.#givenBytes += part.length;
        socket.write(part);
      }
      if (parts.length > 1) socket.uncork();
      if (this.#connection.pendingBytes() === 0) return;
    }
    this.#isYielding = true;
    setImmediate(() => {
      this.#isYielding = false;
      this.#turn(GO_ON);
    });
  }

  /** WHY: a socket tells that it is empty only where it had as much as it thinks is much; somebody waits for less */
  #listen(): void {
    const { socket } = this.#accepted;
    if (!this.#departures.isWaiting && !this.#producers.isWaiting) return;
    if (this.#isListening || socket.writableLength === 0 || socket.writableNeedDrain || !socket.writable) return;
    this.#isListening = true;
    socket.write(NO_BYTES, () => {
      this.#isListening = false;
      this.#turn(GO_ON);
    });
  }

  /** Begins with the octets of a file and the `parts` before it, behind what the socket still has to write. */
  #startTransfer(span: Span, parts: readonly Uint8Array[]): void {
    const { socket } = this.#accepted;
    if (!(span instanceof FileSpan)) throw new InvariantError('driver: a span that is of no file');
    if (!span.take()) return cut(socket);
    const transfer = new FileTransfer(span, socket, this.#fileCalls, {
      onSent: () => {
        this.#transfer = undefined;
        this.#schedule();
      },
      onBroken: () => {
        this.#transfer = undefined;
        cut(socket);
      },
    });
    this.#transfer = transfer;
    transfer.begin(parts);
  }

  #settleState(): void {
    const { socket } = this.#accepted;
    const { state } = this.#connection;
    if (state === 'aborted') return cut(socket);
    // WHY: what ends the connection stands behind the file
    if (this.#transfer !== undefined) return;
    if (state === 'lingering' && this.#ending === 'no') {
      this.#ending = 'half';
      socket.end();
    } else if (state === 'closed' && this.#ending !== 'whole') {
      this.#ending = 'whole';
      socket.destroySoon();
    }
  }

  #adjustReading(): void {
    const { socket } = this.#accepted;
    const isHeld = this.#isHeld && !this.#connection.isMultiplexed;
    const shouldPause = isHeld || this.#connection.hasBacklog || this.#isBehind();
    if (shouldPause !== socket.isPaused()) {
      if (shouldPause) socket.pause();
      else socket.resume();
    }
  }

  #isBehind(): boolean {
    const unwritten = this.#accepted.socket.writableLength + this.#connection.pendingBytes();
    return unwritten + (this.#transfer?.leftBytes ?? 0) >= this.#connection.writeHighBytes;
  }

  /** What is to be known of those who write. */
  #transport(): ProducerTransport & DepartureTransport {
    const { socket } = this.#accepted;
    const connection = this.#connection;
    const given = (): number => this.#givenBytes;
    return {
      get highBytes() {
        return connection.writeHighBytes;
      },
      get heldBytes() {
        return socket.writableLength + connection.heldBytes;
      },
      get isGone() {
        return socket.destroyed;
      },
      get goneBytes() {
        return given() - socket.writableLength;
      },
      unwrittenBytes: (exchange?: ExchangeId) => socket.writableLength + connection.pendingBytes(exchange),
      queuedBytes: (exchange) => connection.queuedBytes(exchange),
    };
  }

  #onClose(): void {
    this.#transfer?.stop();
    this.#connection.fail();
    this.#producers.close();
    this.#departures.close();
    this.#owner.onClose(this);
  }
}
