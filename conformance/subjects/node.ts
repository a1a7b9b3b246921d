import { ownProgram, type Subject } from './subject.ts';

/** `node:http` with its defaults, behind the whole contract. */
export const nodeHttp: Subject = {
  name: 'node-http',
  about: 'the HTTP/1.1 server of Node, with its defaults',
  command: [process.execPath, ownProgram('node-http-server'), '{port}'],
  version: () => `node:http of Node ${process.version}`,
};

/** The stream API of `node:http2` in clear. */
export const nodeHttp2: Subject = {
  name: 'node-http2',
  about: 'the HTTP/2 server of Node by its stream API, in clear, with its defaults',
  command: [process.execPath, ownProgram('node-http2-server'), '{port}'],
  version: () => `node:http2 of Node ${process.version}, nghttp2 ${process.versions['nghttp2']}`,
};
