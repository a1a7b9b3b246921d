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

/** `node:https`, with client certificates as its documentation has them: a context for each name, and the application looks. */
export const nodeHttps: Subject = {
  name: 'node-https',
  about: 'the HTTPS server of Node, asking for client certificates under two names',
  command: [process.execPath, ownProgram('node-https-server'), '{port}', '{cert}', '{key}', '{membersCa}', '{staffCa}'],
  handshakeMs: 800,
  hasPolicies: true,
  version: () => `node:https of Node ${process.version}, OpenSSL ${process.versions.openssl}`,
};

/** `node:http2` over TLS, with HTTP/1.1 for whoever wants that. */
export const nodeHttp2Tls: Subject = {
  name: 'node-http2-tls',
  about: 'the HTTP/2 server of Node over TLS, with HTTP/1.1 beside it',
  command: [process.execPath, ownProgram('node-http2-tls-server'), '{port}', '{cert}', '{key}'],
  version: () => `node:http2 of Node ${process.version}, nghttp2 ${process.versions['nghttp2']}`,
};
