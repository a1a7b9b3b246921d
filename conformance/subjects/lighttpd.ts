import { askVersion } from '../run/installed.ts';
import { WWW } from './contract.ts';
import { LUA_TEXT } from './lua.ts';
import type { Subject } from './subject.ts';

const MAGNET = '/usr/lib/lighttpd/mod_magnet.so';

/**
 * The routes, in lighttpd's Lua. It joins the lines of a field, and does not hand trailers to an application. What 1.4.69 calls
 * the content may have the head in front of it, where both came in one segment: only the end is content.
 */
const ROUTES = `local r = lighty.r
${LUA_TEXT}local path, method = r.req_attr['uri.path'], r.req_attr['request.method']
local content = ''
if method == 'POST' then
  if r.req_body.collect == false then return 0 end
  content = r.req_body.len > 0 and r.req_body.get:sub(-r.req_body.len) or ''
end
if path == '/echo' and method == 'POST' then
  r.resp_header['Content-Type'] = 'application/octet-stream'
  r.resp_body.set(content)
  return 200
end
if path == '/inspect' then
  local fields = {}
  for name, value in pairs(r.req_header) do fields[#fields + 1] = '[' .. text(name) .. ',' .. text(value) .. ']' end
  r.resp_header['Content-Type'] = 'application/json'
  r.resp_body.set('{"method":' .. text(method) .. ',"target":' .. text(r.req_attr['request.orig-uri']) .. ',"protocol":' ..
    text(r.req_attr['request.protocol']) .. ',"fields":[' .. table.concat(fields, ',') .. '],"content":"' ..
    lighty.c.b64enc(content) .. '","trailers":[]}')
  return 200
end
`;

const CONFIG = `server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "{folder}/www"
server.modules = ("mod_indexfile", "mod_magnet", "mod_staticfile")
index-file.names = ("index.html")
mimetype.assign = (".html" => "text/html", ".bin" => "application/octet-stream")
magnet.attract-raw-url-to = ("{folder}/routes.lua")
`;

/** lighttpd: HTTP/1.1, and HTTP/2 with prior knowledge, on one port. */
export const lighttpd: Subject = {
  name: 'lighttpd',
  about: 'lighttpd, HTTP/1.1 and HTTP/2 in clear: static files, echo and inspect in mod_magnet',
  command: ['lighttpd', '-D', '-f', '{folder}/lighttpd.conf'],
  requires: ['lighttpd', MAGNET],
  install: { from: 'debian', packages: ['lighttpd', 'lighttpd-modules-lua'] },
  files: { ...WWW, 'lighttpd.conf': CONFIG, 'routes.lua': ROUTES },
  version: () => askVersion('lighttpd', 'lighttpd', ['-v'], /lighttpd\/(\S+)/),
};
