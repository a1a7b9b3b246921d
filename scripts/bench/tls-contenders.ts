/**
 * What the core's TLS costs beside a plain `tls.Server`, with nothing of HTTP: each answers what looks like a request with the octets
 * that it asks for. The routed one has two policies and reads each hello before OpenSSL does, the single one does not. All turn
 * Nagle's algorithm off, as servers of HTTP do: it costs octets in bulk and saves handshakes, and it is not what is compared.
 */
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import { GOOD_CIPHERS, type TlsPolicy } from '../../core/io/tls/policy.ts';
import { listenTls } from '../../core/io/tls/tls-listener.ts';
import { tlsLimits } from '../../core/limits/tls-limits.ts';
import { bytesOf } from './content.ts';
import { certificateOf, HOST, portOf } from './listening.ts';

const MANY = 1_000_000;
const LIMITS = tlsLimits({
  ...{ handshakes: MANY, handshakesPerAddress: MANY, handshakeBurst: MANY, handshakesPerSecond: MANY },
  ...{ addressBurst: MANY, addressPerSecond: MANY },
});

export const TLS_CONTENDERS: Readonly<Record<string, (folder: string) => Promise<number>>> = {
  'tls:routed': (folder) => listen(folder, [['a.test'], []]),
  'tls:single': (folder) => listen(folder, [[]]),
  'node:tls': (folder) =>
    portOf(createServer({ ...certificateOf(folder), noDelay: true, ALPNProtocols: ['http/1.1'] }, answer)),
};

async function listen(folder: string, names: readonly (readonly string[])[]): Promise<number> {
  const policies = names.map(
    (some): TlsPolicy => ({
      ...{ names: some, ...certificateOf(folder), ca: [], clientCertificates: 'none', alpn: ['http/1.1'] },
      ...{
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        ciphers: GOOD_CIPHERS,
        ocsp: undefined,
        revocation: undefined,
        onPeerVerified: undefined,
      },
    }),
  );
  const tickets = { secret: undefined, rotationMs: 43_200_000, lifetimeMs: 3_600_000 };
  const { address } = await listenTls(
    { host: HOST, policies, limits: LIMITS, readHello: 'needed', tickets, keyLog: undefined },
    { onAccept: ({ socket }) => answer(socket), onBadHello() {}, onAlarm() {} },
  );
  return address.port;
}

const contents = new Map<number, Buffer>();

function answer(socket: Socket): void {
  // A load generator that leaves in the middle must not end the measurement.
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
  socket.on('data', (request: Buffer) => {
    const [, path = ''] = request.toString('latin1', 0, 64).split(' ');
    const bytes = bytesOf(path);
    const content = contents.get(bytes) ?? Buffer.alloc(bytes, 'octets ');
    contents.set(bytes, content);
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`);
    socket.write(content);
  });
}
