/**
 * The client for files: `node reader.js <http1|https1> <port> <connections> <requests> <path> <bytes> [true: a connection for
 * each request]`. It reads as fast as it
 * can and keeps nothing, one request in flight on each connection. Ends with h2load's line of status codes.
 */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const [protocol = '', port = '', connections = '1', requests = '0', path = '/', bytes = '0', reconnects] =
  process.argv.slice(2);
const REQUEST = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: aeronet-bench\r\n\r\n`;
const CONTENT_BYTES = Number(bytes);
const READ_BYTES = 262_144;
/** Octets among which the end of a head is looked for at a time. */
const HEAD_BYTES = 1_024;

const shares = Array.from({ length: Number(connections) }, (_, index) =>
  Math.floor((Number(requests) + index) / Number(connections)),
);
const counts = await Promise.all(shares.map((share) => (reconnects === 'true' ? runEach(share) : run(share))));
console.log(`status codes: ${counts.reduce((sum, count) => sum + count, 0)} 2xx`);

/** A connection for each request, one after the other. */
async function runEach(share: number): Promise<number> {
  let done = 0;
  for (let i = 0; i < share; i++) done += await run(1);
  return done;
}

/** Resolves to the number of complete answers, at most `share`. Rejects for an answer that is not the file. */
function run(share: number): Promise<number> {
  if (share === 0) return Promise.resolve(0);
  return new Promise((resolve, reject) => {
    let done = 0;
    let head = '';
    let left = 0;
    const take = (data: Buffer, length: number): void => {
      for (let at = 0; at < length; ) {
        if (left > 0) {
          const part = Math.min(left, length - at);
          at += part;
          left -= part;
        } else {
          const to = Math.min(length, at + HEAD_BYTES);
          head += data.toString('latin1', at, to);
          const end = head.indexOf('\r\n\r\n');
          if (end === -1) {
            at = to;
            continue;
          }
          const text = head.slice(0, end);
          if (!isExpected(text)) return void socket.destroy(new Error(`unexpected answer:\n${text}`));
          at = to - (head.length - end - 4);
          head = '';
          left = CONTENT_BYTES;
        }
        if (left > 0) continue;
        done += 1;
        if (done === share) socket.end();
        else socket.write(REQUEST);
      }
    };
    const socket = open(take);
    socket.on('error', reject);
    socket.on('close', () => resolve(done));
    socket.write(REQUEST);
  });
}

function isExpected(head: string): boolean {
  return /^HTTP\/1\.1 200 /.test(head) && new RegExp(`\r\ncontent-length: ${CONTENT_BYTES}(\r|$)`, 'i').test(head);
}

function open(take: (data: Buffer, length: number) => void): Socket {
  if (protocol === 'https1') {
    const socket = connectTls({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false });
    return socket.on('data', (data: Buffer) => take(data, data.length));
  }
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (length: number): boolean => {
    take(buffer, length);
    return true;
  };
  return connect({ host: '127.0.0.1', port: Number(port), noDelay: true, onread: { buffer, callback } });
}
