import { askVersion } from '../run/installed.ts';
import { INDEX } from './contract.ts';
import { LUA_TEXT } from './lua.ts';
import type { Subject } from './subject.ts';

/** The routes, in HAProxy's Lua: a field is a list of its lines. Trailers are not handed to a service. */
const ROUTES = `${LUA_TEXT}core.register_service('echo', 'http', function(applet)
  local content = applet:receive()
  applet:set_status(200)
  applet:add_header('content-type', 'application/octet-stream')
  applet:add_header('content-length', #content)
  applet:start_response()
  applet:send(content)
end)
core.register_service('inspect', 'http', function(applet)
  local content = applet.c:base64(applet:receive())
  local fields = {}
  for name, values in pairs(applet.headers) do
    for at = 0, #values do fields[#fields + 1] = '[' .. text(name) .. ',' .. text(values[at]) .. ']' end
  end
  local target = applet.qs == '' and applet.path or applet.path .. '?' .. applet.qs
  -- The version comes without its name, but for a request line with more than one space between its words.
  local version = applet.version:gsub('^HTTP/', '')
  local seen = '{"method":' .. text(applet.method) .. ',"target":' .. text(target) .. ',"protocol":"HTTP/' ..
    version .. '","fields":[' .. table.concat(fields, ',') .. '],"content":"' .. content .. '","trailers":[]}'
  applet:set_status(200)
  applet:add_header('content-type', 'application/json')
  applet:add_header('content-length', #seen)
  applet:start_response()
  applet:send(seen)
end)
`;

const CONFIG = `global
  lua-load {folder}/routes.lua
  maxconn 512
defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 5s
  timeout http-request 10s
frontend subject
  bind 127.0.0.1:{port}
  # A target without a path asks for the root (RFC9110#4.2.3).
  acl is_root path -m str /
  acl is_root url -m reg -i '^https?://[^/?#*]*$'
  http-request return status 200 content-type text/plain file {folder}/www/index.html if is_root { method GET HEAD }
  http-request use-service lua.echo if { path /echo } { method POST }
  http-request use-service lua.inspect if { path /inspect } { method GET POST }
  http-request return status 404
`;

/** HAProxy as the server itself: HTTP/1.1, and HTTP/2 with prior knowledge, on one port; what is behind it is its own Lua. */
export const haproxy: Subject = {
  name: 'haproxy',
  about: 'HAProxy, HTTP/1.1 and HTTP/2 in clear: fixed text at /, echo and inspect in Lua',
  command: ['haproxy', '-db', '-f', '{folder}/haproxy.cfg'],
  requires: ['haproxy'],
  install: { from: 'debian', packages: ['haproxy'] },
  files: { 'www/index.html': INDEX, 'haproxy.cfg': CONFIG, 'routes.lua': ROUTES },
  version: () => askVersion('HAProxy', 'haproxy', ['-v'], /version ([\d.]+)/),
};
