/**
 * One server under measurement, as a process of its own: `node contender.js <name> [folder]`, with a name of `CONTENDERS`, or
 * of `FILE_CONTENDERS` or `TLS_CONTENDERS` where there is a folder. The former give the same answer to every target: 200, thirteen octets of text.
 * It talks to its parent over IPC: it says its port, answers each `'usage'` and `'collected'` with what it has used, the latter without what
 * is garbage where the runtime lets it, and ends when the parent does.
 */
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer } from '../../core/index.ts';
import { boundH2c, boundHttp1 } from './bound.ts';
import { FILE_CONTENDERS } from './file-contenders.ts';
import { HOST, portOf, UNBOUNDED } from './listening.ts';
import { TLS_CONTENDERS } from './tls-contenders.ts';

/** What a contender tells its parent. */
export type ContenderMessage =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'usage'; readonly cpuMicroseconds: number; readonly rssBytes: number };

const TEXT = 'Hello, World!';
const TYPE = 'text/plain; charset=utf-8';

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

const [name = '', folder] = process.argv.slice(2);
const start = folder === undefined ? CONTENDERS[name] : { ...FILE_CONTENDERS, ...TLS_CONTENDERS }[name];
if (start === undefined) throw new Error(`no such contender: ${name}`);
process.on('disconnect', () => process.exit(0));
process.on('message', (asked) => {
  if (asked === 'collected') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  tell({ kind: 'usage', cpuMicroseconds: user + system, rssBytes: process.memoryUsage.rss() });
});
tell({ kind: 'ready', port: await start(folder ?? '') });

function tell(message: ContenderMessage): void {
  process.send?.(message);
}
