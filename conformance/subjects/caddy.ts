import { askVersion } from '../run/installed.ts';
import { WWW } from './contract.ts';
import type { Subject } from './subject.ts';

/**
 * `respond` takes what came in front of a fault for the whole content, so echo is proxied: to Caddy itself, by another socket.
 */
const CONFIG = `{
  admin off
  auto_https off
  storage file_system {folder}/storage
  servers {
    protocols h1 h2c
  }
}
http://:{port} {
  bind 127.0.0.1
  root * {folder}/www
  @echo {
    method POST
    path /echo
  }
  reverse_proxy @echo unix/{folder}/echo.socket
  file_server
}
http:// {
  bind unix/{folder}/echo.socket
  respond "{http.request.body}"
}
`;

/** Caddy: HTTP/1.1, and HTTP/2 with prior knowledge, on one port. */
export const caddy: Subject = {
  name: 'caddy',
  about: 'Caddy, HTTP/1.1 and HTTP/2 in clear: static files, echo by reverse_proxy',
  command: ['caddy', 'run', '--adapter', 'caddyfile', '--config', '{folder}/Caddyfile'],
  requires: ['caddy'],
  install: { from: 'debian', packages: ['caddy'] },
  files: { ...WWW, Caddyfile: CONFIG },
  version: () => askVersion('Caddy', 'caddy', ['version'], /^v?(\S+)/),
};
