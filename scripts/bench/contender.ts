/**
 * One server under measurement, as a process of its own: `node contender.js <name>`, with a name of `CONTENDERS`. Each gives
 * the same answer to every target: 200, thirteen octets of text. It talks to its parent over IPC: it says its port, answers each `'cpu'` with
 * the processor time it has used so far, and ends when the parent does.
 */
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { Server } from 'node:net';
import { createServer } from '../../core/index.ts';
import { boundH2c, boundHttp1 } from './bound.ts';

/** What a contender tells its parent. */
export type ContenderMessage =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'cpu'; readonly microseconds: number };

const TEXT = 'Hello, World!';
const TYPE = 'text/plain; charset=utf-8';
const HOST = '127.0.0.1';

/** Node's servers let a connection live for any number of requests. */
const UNBOUNDED = { limits: { requestsPerConnection: 2 ** 40 }, http2Limits: { requestsPerConnection: 2 ** 30 } };

const CONTENDERS: Readonly<Record<string, () => Promise<number>>> = {
  core: async () => {
    const server = createServer((_request, response) => {
      response.set('content-type', TYPE);
      response.send(TEXT);
    }, UNBOUNDED);
    return (await server.listen({ host: HOST, port: 0 })).port;
  },
  'node:http': () =>
    portOf(
      createHttp1((_request, response) => {
        response.writeHead(200, { 'content-type': TYPE, 'content-length': TEXT.length });
        response.end(TEXT);
      }),
    ),
  'node:http2': () => {
    const server = createHttp2();
    server.on('stream', (stream) => {
      // A load generator that leaves in the middle of a stream must not end the measurement.
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200, 'content-type': TYPE, 'content-length': TEXT.length });
      stream.end(TEXT);
    });
    return portOf(server);
  },
  'bound:http1': boundHttp1,
  'bound:h2c': boundH2c,
};

const start = CONTENDERS[process.argv[2] ?? ''];
if (start === undefined) throw new Error(`no such contender: ${process.argv[2]}`);
process.on('disconnect', () => process.exit(0));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  tell({ kind: 'cpu', microseconds: user + system });
});
tell({ kind: 'ready', port: await start() });

function portOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });
}

function tell(message: ContenderMessage): void {
  process.send?.(message);
}
