import type { Socket } from 'node:net';
import { selfSigned } from '../run/self-signed.ts';
import { cannedServer } from '../scripted/canned-server.ts';
import type { CannedServer } from '../scripted/model.ts';
import { extension, message } from '../wire/tls/hello.ts';
import { MESSAGE, VERSION } from '../wire/tls/names.ts';
import { uint, vector } from '../wire/tls/octets.ts';

export const OK = 'HTTP/1.1 200 Control\r\nContent-Length: 2\r\n\r\nok';

/** A canned server that may be talked to when the other side has ended. */
export function canned(name: string, play: (socket: Socket) => void): CannedServer {
  return cannedServer(name, play, { allowHalfOpen: true });
}

let pair: ReturnType<typeof selfSigned> | undefined;

/** One pair for all canned servers of a process. */
export function cannedPair(): ReturnType<typeof selfSigned> {
  pair ??= selfSigned();
  return pair;
}

/** What a ServerHello says. */
export interface Greeting {
  readonly version?: number;
  readonly random?: Buffer;
  readonly sessionId?: Buffer;
  readonly cipherSuite?: number;
  readonly compression?: number;
  readonly extensions?: readonly (readonly [type: number, content: Buffer])[];
  /** Messages behind it. @defaultValue ServerHelloDone */
  readonly more?: readonly Buffer[];
}

/** A ServerHello as octets, with its head of four. */
export function serverHello(greeting: Greeting): Buffer {
  const { version = VERSION.TLS12, random = Buffer.alloc(32, 7), sessionId = Buffer.alloc(0) } = greeting;
  const { cipherSuite = 0xc02b, compression = 0, extensions = [] } = greeting;
  const fixed = [uint(version, 2), random, vector(1, sessionId), uint(cipherSuite, 2), uint(compression, 1)];
  const list = extensions.map(([type, content]) => extension(type, content));
  return message(MESSAGE.SERVER_HELLO, Buffer.concat([...fixed, vector(2, ...list)]));
}
