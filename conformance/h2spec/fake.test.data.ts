/** By case (`6.9/2`): what the program does with it, time by time; the last word stands for all times after it. */
export type Script = Readonly<
  Record<string, readonly ('pass' | 'fail' | 'absent' | 'break' | 'kill' | 'kill-for-good')[]>
>;

/** A JUnit file as h2spec writes it; a body stands between the tags of each case. */
export function junit(section: string, bodies: readonly string[]): string {
  const cases = bodies.map(
    (body) => `    <testcase package="${section}" classname="Sends &#34;x&#34;" time="0.0123">${body}</testcase>\n`,
  );
  const empty =
    '  <testsuite name="1. Empty" package="generic/1" id="1" tests="0" skipped="0" failures="0" errors="0"></testsuite>\n';
  const suite = `  <testsuite name="6.9. X" package="${section}" id="6.9" tests="${bodies.length}" skipped="0" failures="0" errors="1">\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${empty}${suite}${cases.join('')}  </testsuite>\n</testsuites>`;
}

/** A program with h2spec's command line that does what the JSON file beside it says. */
export const FAKE_H2SPEC = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const { connect } = require('node:net');
const args = process.argv.slice(2);
const value = (name) => args[args.indexOf(name) + 1];
const cases = args.filter((one) => /^http2\\/[\\d.]+\\/\\d+$/.test(one));
const script = JSON.parse(readFileSync(__filename + '.json', 'utf8'));
console.log(cases.join(' ') + (args.includes('--verbose') ? ' --verbose' : ''));
(async () => {
  const bodies = [];
  for (const one of cases) {
    const words = script[one.slice('http2/'.length)] ?? ['pass'];
    const word = words[0];
    if (words.length > 1) words.shift();
    writeFileSync(__filename + '.json', JSON.stringify(script));
    const answer = await new Promise((done) => {
      const socket = connect(Number(value('--port')), value('--host'), () => {
        if (!word.startsWith('kill')) return socket.destroy(), done('up');
        socket.write(word);
      });
      socket.on('error', () => done('down'));
      socket.on('close', () => done('down'));
    });
    if (answer === 'down' && !word.startsWith('kill')) {
      console.log('\\nError: dial tcp: connect: connection refused');
      process.exit(1);
    }
    if (word === 'break') process.exit(1);
    if (word === 'fail') bodies.push('<error>Connection closed\\nTimeout</error>');
    else if (word !== 'absent') bodies.push('');
  }
  if (bodies.length === 0) return console.log('No matched tests found.');
  const lines = bodies.map((body) => '<testcase package="p" classname="c" time="0.001">' + body + '</testcase>\\n');
  const text = '<testsuites>\\n<testsuite package="p" tests="' + bodies.length + '">\\n' + lines.join('') + '</testsuite>\\n</testsuites>';
  writeFileSync(value('--junit-report'), text);
})();
`;

/** An HTTP/2 server in clear that ends when it is told so, and that does not start again when it is told that too. */
export const FAKE_TARGET = `
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createHttp2Server } from 'node:http2';
const mark = import.meta.filename + '.gone';
if (existsSync(mark)) process.exit(1);
const h2 = createHttp2Server((request, response) => response.end('hello'));
h2.on('sessionError', () => {});
createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (octets) => {
    const text = octets.toString('latin1');
    if (text === 'kill-for-good') writeFileSync(mark, '');
    if (text.startsWith('kill')) process.exit(7);
    socket.pause();
    socket.unshift(octets);
    h2.emit('connection', socket);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
`;
