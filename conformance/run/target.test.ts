import { existsSync } from 'node:fs';
import t from 'tap';
import { findSubject, subjectNames } from '../subjects/index.ts';
import { distinctlyNamed, isLoopback, parseTarget } from './target.ts';

t.test('parseTarget() takes URLs of this machine', async (t) => {
  const rows: readonly [given: string, host: string, port: number, tls: boolean, authority: string][] = [
    ['http://127.0.0.1:8080', '127.0.0.1', 8080, false, '127.0.0.1:8080'],
    ['http://127.9.9.9/', '127.9.9.9', 80, false, '127.9.9.9'],
    ['HTTP://LocalHost:81', 'localhost', 81, false, 'localhost:81'],
    ['https://localhost', 'localhost', 443, true, 'localhost'],
    ['http://[::1]:8080', '::1', 8080, false, '[::1]:8080'],
  ];
  for (const [given, host, port, tls, authority] of rows) {
    t.same(parseTarget(given), { kind: 'url', name: 'url', given, address: { host, port, tls, authority } }, given);
  }
});

t.test('parseTarget() takes commands and subjects', async (t) => {
  t.match(parseTarget('cmd: node x.js {port}'), {
    kind: 'command',
    name: 'cmd',
    start: { command: 'node x.js {port}' },
  });
  for (const name of subjectNames()) t.match(parseTarget(name), { kind: 'command', name });
});

t.test('parseTarget() refuses everything else with exit 2 and the fix', async (t) => {
  const rows: readonly [given: string, message: RegExp][] = [
    ['http://example.com', /not on this machine: add --allow-host example\.com/],
    ['http://10.0.0.1:80', /not on this machine/],
    ['http://0.0.0.0:80', /not on this machine/],
    ['http://128.0.0.1', /not on this machine/],
    ['http://localhost.example.com', /not on this machine/],
    ['http://x.localhost', /not on this machine/],
    ['http://notlocalhost', /not on this machine/],
    ['http://127.0.0.1.example.com', /not on this machine/],
    ['http://[::2]:80', /not on this machine: add --allow-host ::2/],
    ['http://[::ffff:10.0.0.1]', /not on this machine/],
    ['http://127.0.0.1@example.com', /says more than host and port/],
    ['http://127.0.0.1/path', /says more than host and port.*write http:\/\/127\.0\.0\.1$/],
    ['http://127.0.0.1/?q', /says more than host and port/],
    ['http://', /no valid URL/],
    ['http://127.0.0.1:99999', /no valid URL/],
    ['ftp://127.0.0.1', /Unknown target "ftp:/],
    ['127.0.0.1:8080', /Unknown target .*; did you mean http:\/\/127\.0\.0\.1:8080\?$/],
    ['[::1]:80', /Unknown target .*; did you mean http:\/\/\[::1\]:80\?$/],
    ['croe', /Unknown target "croe": .*; did you mean core\?$/],
    ['node_http', /Unknown target .*; did you mean node-http\?$/],
    ['apples', /Unknown target "apples": [^?]*$/],
    ['iis', /Unknown target "iis": .*core, core-tls, core-policies, core-files, node-http, /],
    ['', /Unknown target ""/],
    ['cmd:', /names no command/],
    ['cmd:node x.js', /has no \{port\}/],
  ];
  for (const [given, message] of rows) {
    t.throws(() => parseTarget(given), { name: 'BenchError', exit: 2, message }, `${given} → ${message}`);
  }
});

t.test('--allow-host lets exactly that host through', async (t) => {
  t.match(parseTarget('http://example.com:8080', ['example.com']), { address: { host: 'example.com', port: 8080 } });
  t.throws(() => parseTarget('http://www.example.com', ['example.com']), {
    name: 'BenchError',
    message: /not on this machine/,
  });
  t.match(parseTarget('http://[::2]:80', ['::2']), { address: { host: '::2' } });
});

t.test('isLoopback() knows no name that a resolver could send elsewhere', async (t) => {
  for (const host of ['127.0.0.1', '127.255.255.254', '::1', 'localhost']) t.ok(isLoopback(host), host);
  for (const host of ['127.1', 'x.localhost', 'localhost.', '0.0.0.0', '::', 'localhos', '127.0.0.1.nip.io'])
    t.notOk(isLoopback(host), host);
});

t.test('targets of one name are told apart', async (t) => {
  const targets = ['http://127.0.0.1:1', 'node-http', 'http://127.0.0.1:2', 'http://127.0.0.1:3'].map((given) =>
    parseTarget(given),
  );
  t.same(
    distinctlyNamed(targets).map(({ name }) => name),
    ['url', 'node-http', 'url-2', 'url-3'],
  );
});

t.test('a subject that has expectations has them in the package', async (t) => {
  const path = findSubject('node-http')?.expectations;
  t.ok(path !== undefined && existsSync(path), String(path));
});
