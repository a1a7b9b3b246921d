/**
 * Servers that answer with the files of a folder. Node's pipe a read stream into the response, as their documentation
 * shows it, and are told the length: asking for it would only make them slower.
 */
import { createReadStream } from 'node:fs';
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { join } from 'node:path';
import { createServer, staticFiles } from '../../core/index.ts';
import { bytesOf } from './content.ts';
import { certificateOf, HOST, portOf, UNBOUNDED } from './listening.ts';

const TYPE = 'application/octet-stream';

export const FILE_CONTENDERS: Readonly<Record<string, (folder: string) => Promise<number>>> = {
  core: async (folder) => (await createServer(staticFiles(folder), UNBOUNDED).listen({ host: HOST })).port,
  'core:copied': async (folder) => {
    const server = createServer(staticFiles(folder), { ...UNBOUNDED, sendfile: false });
    return (await server.listen({ host: HOST })).port;
  },
  'core:tls': async (folder) => {
    const server = createServer(staticFiles(folder), UNBOUNDED);
    return (await server.listenTls({ host: HOST, ...certificateOf(folder) })).port;
  },
  'node:http': (folder) => portOf(createHttp1(pipe(folder))),
  'node:https': (folder) => portOf(createHttps(certificateOf(folder), pipe(folder))),
  'node:http2': (folder) => {
    const server = createHttp2();
    server.on('stream', (stream, { ':path': path = '' }) => {
      // A load generator that leaves in the middle of a stream must not end the measurement.
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200, 'content-type': TYPE, 'content-length': bytesOf(path) });
      createReadStream(join(folder, path)).pipe(stream);
    });
    return portOf(server);
  },
};

function pipe(folder: string) {
  return ({ url = '' }: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': TYPE, 'content-length': bytesOf(url) });
    createReadStream(join(folder, url)).pipe(response);
  };
}
