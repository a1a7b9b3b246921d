/** The core's reader of ClientHello messages: what it says, and what a plain second reading of the octets says. */
import { createHash } from 'node:crypto';
import {
  type ClientHello,
  ClientHelloReader,
  CODES,
  farewellOf,
  type HelloEvent,
  ja4,
  tlsLimits,
} from '../../core/sans-io.ts';
import { OracleError, quoted } from './oracle-error.ts';
import type { EventRecord } from './segmentation.ts';

const LIMITS = tlsLimits({ helloBytes: 4_096, helloRecords: 24 });

/** Runs a reader over pieces, and its time out behind them; it says one thing: what came, or that it did not come in time. */
export function readHello(pieces: Iterable<Uint8Array>): EventRecord[] {
  const reader = new ClientHelloReader(LIMITS);
  reader.tick(0);
  const records: EventRecord[] = [];
  let event: HelloEvent | undefined;
  for (const piece of pieces) {
    const next = reader.receive(piece);
    if (next !== undefined && event !== undefined) throw new OracleError('hello-once', 'a second thing was told');
    event ??= next;
    if (next !== undefined) records.push(recordOf(next));
    const wanted = event === undefined ? undefined : event.kind === 'hello' ? 'read' : 'failed';
    if (wanted !== undefined && reader.state !== wanted)
      throw new OracleError('hello-state', `the reader is ${reader.state}`, { state: event?.kind ?? '' });
    if (reader.heldBytes > LIMITS.helloBytes) throw new OracleError('held', `"${reader.heldBytes}" octets are held`);
  }
  if (reader.tick(LIMITS.helloMs - 1) !== undefined) throw new OracleError('hello-time', 'its time is over too early');
  const late = reader.tick(LIMITS.helloMs);
  if ((late === undefined) === (event === undefined)) throw new OracleError('hello-time', 'not told once, at its time');
  if (late !== undefined) records.push(recordOf(late));
  return records;
}

/** Demands that a hello was read exactly where the plain reading finds one, and as it reads it. */
export function assertHello(octets: Uint8Array, told: readonly EventRecord[]): void {
  const plain = plainHello(octets);
  const [record] = told;
  const text = record?.kind === 'hello' ? record.text : undefined;
  if (text === plain) return;
  throw new OracleError('hello', `read ${quoted(text ?? 'none')}; plainly there is ${quoted(plain ?? 'none')}`, {
    offset: record?.offset ?? 0,
    state: text === undefined ? `refused ${record?.kind ?? ''}` : plain === undefined ? 'accepted' : 'differs',
  });
}

function recordOf(event: HelloEvent): EventRecord {
  if (event.kind === 'hello') {
    assertJa4(event.hello);
    return { kind: 'hello', offset: 0, text: textOf(event.hello) };
  }
  const { code, offset, message } = event.error;
  assertFarewell(code);
  return { kind: code, offset, text: message };
}

/** RFC8446#6.2: a fatal alert in a record of its own; who speaks no TLS gets a whole response in clear. */
function assertFarewell(code: string): void {
  const octets = isTlsCode(code) ? Buffer.from(farewellOf(code)) : Buffer.alloc(0);
  const [, length = '', content = ''] =
    /^HTTP\/1\.1 400 [^\r]*\r\n[\s\S]*\r\nContent-Length: (\d+)\r\nConnection: close\r\n\r\n([\s\S]*)$/.exec(
      octets.toString('latin1'),
    ) ?? [];
  const isAlert = /^15030[0-4]000202[0-9a-f]{2}$/.test(octets.toString('hex'));
  const isResponse = content.length === Number(length) && content !== '';
  if (isAlert !== (code !== 'TLS_PLAINTEXT_HTTP') || isAlert === isResponse)
    throw new OracleError('farewell', `${code} is answered with ${quoted(octets.toString('latin1'))}`, { state: code });
}

function isTlsCode(code: string): code is Parameters<typeof farewellOf>[0] {
  return code.startsWith('TLS_') && Object.hasOwn(CODES, code);
}

/** A fingerprint has its form, and is the same in whatever order a client names its suites and extensions. */
function assertJa4(hello: ClientHello): void {
  const [cipherSuites, extensionTypes] = [hello.cipherSuites.toReversed(), hello.extensionTypes.toReversed()];
  const print = ja4(hello, sha256);
  if (!JA4.test(print)) throw new OracleError('ja4', `${quoted(print)} has not the form of a JA4`);
  const turned = ja4({ ...hello, cipherSuites, extensionTypes }, sha256);
  if (turned !== print) throw new OracleError('ja4', `${quoted(print)} becomes ${quoted(turned)} in another order`);
}

const JA4 = /^t(?:1[0-3]|s3|00)[di]\d{4}[\da-zA-Z]{2}_[\da-f]{12}_[\da-f]{12}$/;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function textOf(hello: ClientHello): string {
  const { legacyVersion, cipherSuites, extensionTypes, serverName, protocols, versions, groups, tickets } = hello;
  const { signatureAlgorithms, keyShareGroups, sessionIdBytes } = hello;
  const hexed = tickets.map((ticket) => Buffer.from(ticket).toString('hex'));
  const lists = [cipherSuites, extensionTypes, protocols, versions, groups, signatureAlgorithms, keyShareGroups, hexed];
  return JSON.stringify([legacyVersion, sessionIdBytes, serverName ?? null, ...lists]);
}

/** Octets that can be taken from the front; taking more than there are throws. */
class Plain {
  rest: Buffer;

  constructor(octets: Uint8Array) {
    this.rest = Buffer.from(octets);
  }

  take(count: number): Buffer {
    if (count > this.rest.length) throw new RangeError('cut');
    const taken = this.rest.subarray(0, count);
    this.rest = this.rest.subarray(count);
    return taken;
  }

  number(octets: number): number {
    return this.take(octets).readUIntBE(0, octets);
  }

  vector(lengthOctets: number): Plain {
    return new Plain(this.take(this.number(lengthOctets)));
  }

  /** All that is left, by a reader of one. */
  all<T>(read: (plain: Plain) => T, least = 1): T[] {
    const list: T[] = [];
    while (this.rest.length > 0) list.push(read(this));
    return demand(list.length >= least, list);
  }

  end<T>(value: T): T {
    return demand(this.rest.length === 0, value);
  }
}

function demand<T>(isSo: boolean, value: T): T {
  if (!isSo) throw new RangeError('broken');
  return value;
}

/** A hello as text, by the grammar of RFC8446#4.1.2 read word for word; `undefined` where there is none. */
function plainHello(octets: Uint8Array): string | undefined {
  try {
    return plainText(messageOf(octets));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function messageOf(octets: Uint8Array): Plain {
  const stream = new Plain(octets);
  let message = Buffer.alloc(0);
  let wanted = 4;
  for (let records = 1; message.length < wanted; records++) {
    demand(stream.number(1) === 22 && stream.number(1) === 3 && records <= LIMITS.helloRecords, undefined);
    stream.take(1);
    const length = stream.number(2);
    demand(length > 0 && length <= 16_384, undefined);
    message = Buffer.concat([message, stream.take(length)]);
    if (message.length >= 4) wanted = 4 + message.readUIntBE(1, 3);
    demand(wanted <= LIMITS.helloBytes, undefined);
    demand(message.length <= wanted, undefined);
  }
  demand(message[0] === 1, undefined);
  return new Plain(message.subarray(4));
}

/** A vector with nothing behind it. */
function whole(plain: Plain, lengthOctets: number): Plain {
  const content = plain.vector(lengthOctets);
  return plain.end(content);
}

const two = (plain: Plain): number => plain.number(2);

function plainText(message: Plain): string {
  const legacyVersion = message.number(2);
  message.take(32);
  const sessionIdBytes = message.vector(1).rest.length;
  demand(sessionIdBytes <= 32, undefined);
  const suites = message.vector(2).all(two);
  demand(message.vector(1).rest.includes(0), undefined);
  const extensions =
    message.rest.length === 0 ? [] : whole(message, 2).all((list) => [two(list), list.vector(2)] as const, 0);
  const types = extensions.map(([type]) => type);
  demand(new Set(types).size === types.length && [-1, types.length - 1].includes(types.indexOf(41)), undefined);
  const found = new Map(extensions);
  const listOf = <T>(type: number, octets: number, read: (plain: Plain) => T, least = 1): T[] => {
    const content = found.get(type);
    if (content === undefined) return [];
    const list = content.vector(octets).all(read, least);
    return content.end(list);
  };
  const names = listOf(0, 2, (list) => demand(list.number(1) === 0, list.vector(2).rest.toString('latin1')));
  demand(names.length <= 1, undefined);
  const name = names[0]?.replace(/\.$/, '').toLowerCase();
  const isName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
  demand(name === undefined || isName.test(name), undefined);
  const ticket = found.get(35)?.rest.toString('hex') ?? '';
  const lists = [
    suites,
    types,
    listOf(16, 2, (list) => list.vector(1).all((one) => one.take(one.rest.length).toString('latin1'))[0]),
    listOf(43, 1, two),
    listOf(10, 2, two),
    listOf(13, 2, two),
    listOf(51, 2, (list) => [two(list), list.vector(2).all((one) => one.number(1))][0], 0),
    found.has(41) ? identitiesOf(found.get(41)) : ticket === '' ? [] : [ticket],
  ];
  return JSON.stringify([legacyVersion, sessionIdBytes, name ?? null, ...lists]);
}

function identitiesOf(content: Plain | undefined): string[] {
  if (content === undefined) return [];
  const identities = content.vector(2).all((list) => {
    const identity = list.vector(2).rest;
    list.take(4);
    return demand(identity.length > 0, identity.toString('hex'));
  });
  const binders = content.vector(2).all((list) => demand(list.vector(1).rest.length >= 32, 1));
  return content.end(demand(binders.length === identities.length, identities));
}
