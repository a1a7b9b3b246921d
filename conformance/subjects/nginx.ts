import { askVersion } from '../run/installed.ts';
import { WWW } from './contract.ts';
import type { Subject } from './subject.ts';

const NJS = '/usr/lib/nginx/modules/ngx_http_js_module.so';

/**
 * The routes of an application, in nginx's own JavaScript. It takes octets for UTF-8 where it can, so they are made octets
 * again. Trailers are not told: nginx drops those of a request. The authority is what nginx chooses a server by.
 */
const ROUTES = String.raw`export default { echo, inspect };
function content(r) {
  return r.variables.request_body ? r.requestBuffer : '';
}
function text(s) {
  const octets = s.toUTF8();
  let out = '"';
  for (let at = 0; at < octets.length; at++) {
    const code = octets.charCodeAt(at);
    const isPlain = code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c;
    out += isPlain ? String.fromCharCode(code) : '\\u' + code.toString(16).padStart(4, '0');
  }
  return out + '"';
}
function echo(r) {
  r.headersOut['Content-Type'] = 'application/octet-stream';
  r.return(200, content(r));
}
function inspect(r) {
  const fields = r.rawHeadersIn.map((pair) => '[' + text(pair[0]) + ',' + text(pair[1]) + ']');
  const host = r.variables.host + ':' + r.variables.server_port;
  r.headersOut['Content-Type'] = 'application/json';
  r.return(200, '{"method":' + text(r.method) + ',"target":' + text(r.variables.request_uri) +
    ',"protocol":"HTTP/' + r.httpVersion + '","authority":' + text(host) + ',"fields":[' + fields.join(',') +
    '],"content":"' + Buffer.from(content(r)).toString('base64') + '","trailers":[]}');
}
`;

const config = (parameters: string) => `daemon off;
# One process, so that its end is seen.
master_process off;
user root;
pid {folder}/nginx.pid;
error_log stderr error;
load_module ${NJS};
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  js_path {folder};
  js_import routes from routes.js;
  server {
    listen 127.0.0.1:{port}${parameters};
    root {folder}/www;
    client_body_buffer_size 1m;
    # Longer than the bench waits, by default: a refused client that has said its FIN may be waited for.
    lingering_timeout 1s;
    location = /echo { js_content routes.echo; }
    location = /inspect { js_content routes.inspect; }
  }
}
`;

const COMMON: Omit<Subject, 'name' | 'about'> = {
  command: ['nginx', '-p', '{folder}', '-c', '{folder}/nginx.conf'],
  requires: ['nginx', NJS],
  install: { from: 'debian', packages: ['nginx', 'libnginx-mod-http-js'] },
  version: () => askVersion('nginx', 'nginx', ['-v'], /nginx\/(\S+)/),
};

const files = (parameters: string) => ({ ...WWW, 'nginx.conf': config(parameters), 'routes.js': ROUTES });

/** nginx over HTTP/1.1: static files, the other routes in njs. */
export const nginx: Subject = {
  ...COMMON,
  name: 'nginx',
  about: 'nginx over HTTP/1.1: static files, echo and inspect in njs',
  files: files(''),
};

/** nginx over HTTP/2 in clear: before 1.25.1 a port takes this or HTTP/1.1. */
export const nginxH2c: Subject = {
  ...COMMON,
  name: 'nginx-h2c',
  about: 'nginx over HTTP/2 in clear, the same otherwise',
  files: files(' http2'),
};
