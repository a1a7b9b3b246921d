import { askVersion } from '../run/installed.ts';
import { WWW } from './contract.ts';
import { LUA_TEXT } from './lua.ts';
import type { Subject } from './subject.ts';

const MODULES = '/usr/lib/apache2/modules';
const LOADED = ['mpm_event', 'authz_core', 'dir', 'mime', 'alias', 'cgi', 'env', 'lua', 'http2'];

/**
 * The routes, in CGI: of all that Apache has, only this gets content of any length, and not what came in front of a fault in it.
 * Fields come with their own names from the hook below.
 */
const ROUTES = `#!/usr/bin/perl
use MIME::Base64;
binmode STDIN;
binmode STDOUT;
local $/;
my $content = <STDIN> // '';
my $type = 'application/octet-stream';
if ($ENV{SCRIPT_NAME} eq '/inspect') {
  $type = 'application/json';
  $content = $ENV{SEEN} . '"content":"' . encode_base64($content, '') . '","trailers":[]}';
}
print "Content-Type: $type\\r\\nContent-Length: ", length $content, "\\r\\n\\r\\n", $content;
`;

/** What is understood of a head. Apache joins the lines of a field, and does not hand trailers to an application. */
const SEEN = `${LUA_TEXT}function seen(r)
  local fields = {}
  for name, value in pairs(r:headers_in_table()) do
    fields[#fields + 1] = '[' .. text(name) .. ',' .. text(value) .. ']'
  end
  r.subprocess_env['SEEN'] = '{"method":' .. text(r.method) .. ',"target":' .. text(r.unparsed_uri) .. ',"protocol":' ..
    text(r.protocol) .. ',"fields":[' .. table.concat(fields, ',') .. '],'
  return apache2.DECLINED
end
`;

const CONFIG = `ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/httpd.pid
Listen 127.0.0.1:{port}
ServerName localhost
ServerTokens Minimal
${LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
User www-data
Group www-data
ErrorLog "|/bin/cat"
LogLevel error
StartServers 1
ServerLimit 1
ThreadsPerChild 64
MaxRequestWorkers 64
TypesConfig /dev/null
Protocols h2c http/1.1
DocumentRoot {folder}/www
DirectoryIndex index.html
# So that an answer has a length whenever its end is read.
SetEnv ap_trust_cgilike_cl 1
ScriptAlias /echo {folder}/routes.cgi
ScriptAlias /inspect {folder}/routes.cgi
LuaHookFixups {folder}/seen.lua seen
`;

/** Apache httpd: HTTP/1.1, and HTTP/2 with prior knowledge, on one port. */
export const apache: Subject = {
  name: 'apache',
  about: 'Apache httpd, HTTP/1.1 and mod_http2 in clear: static files, echo and inspect by CGI',
  command: ['apache2', '-f', '{folder}/httpd.conf', '-DFOREGROUND'],
  requires: ['apache2', '/usr/bin/perl', `${MODULES}/mod_http2.so`, `${MODULES}/mod_lua.so`],
  install: { from: 'debian', packages: ['apache2'] },
  files: { ...WWW, 'httpd.conf': CONFIG, 'routes.cgi': ROUTES, 'seen.lua': SEEN },
  version: () => askVersion('Apache httpd', 'apache2', ['-v'], /Apache\/(\S+)/),
};
