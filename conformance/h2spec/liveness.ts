import { connect } from 'node:http2';
import { BenchError } from '../errors.ts';
import type { Liveness } from '../run/live-target.ts';
import type { Address } from '../wire/connection.ts';

const ANSWER_MS = 2_000;

/** Asks a target over HTTP/2, with prior knowledge in clear and by ALPN under TLS: it may speak nothing else. */
export const BY_HTTP2: Liveness = {
  answers: async (address) => (await getStatus(address, ANSWER_MS)) === 200,
  demand: async (given, address, timeoutMs) => {
    const status = await getStatus(address, timeoutMs);
    if (status === 200) return;
    if (typeof status === 'string' && NO_CONNECTION.test(status)) {
      throw new BenchError(3, `Target "${given}" is unreachable (${status}): start it, or check host and port`);
    }
    const got =
      typeof status === 'number'
        ? `answered GET / with ${status} where 200 is due`
        : `did not answer GET / over HTTP/2 (${status})`;
    const other = address.tls ? `http://${address.authority} if it has no TLS` : `https://${address.authority} for TLS`;
    throw new BenchError(3, `Target "${given}" ${got}: start it with HTTP/2 enabled, or write ${other}`);
  },
};

const NO_CONNECTION = /^(?:ECONN|EHOST|ENET|ENOTFOUND|ETIMEDOUT)/;

/** The status of `GET /`, or why there is none. */
function getStatus(address: Address, timeoutMs: number): Promise<number | string> {
  const { host, port, tls, authority } = address;
  return new Promise((resolve) => {
    const name = host.includes(':') ? `[${host}]` : host;
    const session = connect(`${tls ? 'https' : 'http'}://${name}:${port}`, { rejectUnauthorized: false });
    const timer = setTimeout(() => end(`nothing within ${timeoutMs} ms`), timeoutMs);
    const end = (result: number | string) => {
      clearTimeout(timer);
      session.destroy();
      resolve(result);
    };
    session.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    session.on('close', () => end('closed'));
    const stream = session.request({ ':path': '/', ':authority': authority });
    stream.on('response', (fields) => end(fields[':status'] ?? 0));
    // A session that fails takes its streams along, and they tell less of the reason than it does right behind them.
    stream.on('error', () => {});
    stream.on('close', () => setImmediate(() => end(`the stream was closed with code ${stream.rstCode}`)));
    stream.resume();
  });
}
