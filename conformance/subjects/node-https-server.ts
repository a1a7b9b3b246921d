/**
 * Node's own HTTPS server behind the target contract. Client certificates are asked for as its documentation has it: a context for each name,
 * and the application looks at `servername` and `authorized`. Started as a process: `node node-https-server.js <port> <cert> <key> <ca> <ca>`.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import { answerContract } from './node-http-contract.ts';

const [port, ...paths] = process.argv.slice(2);
const [cert, key, membersCa, staffCa] = paths.map((path) => readFileSync(path));
const guarded: ReadonlySet<string> = new Set(['members.test', 'staff.test']);
const options = { cert, key, requestCert: true, rejectUnauthorized: false, handshakeTimeout: 800 };
const server = createServer(options, (request, response) => {
  const { socket } = request;
  const isStranger = socket instanceof TLSSocket && guarded.has(nameOf(socket)) && !socket.authorized;
  if (isStranger) response.writeHead(403, { 'Content-Length': 0 }).end();
  else answerContract(request, response);
});
server.addContext('members.test', { cert, key, ca: membersCa });
server.addContext('staff.test', { cert, key, ca: staffCa });
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`));
process.on('SIGTERM', () => process.exit(0));

/** Under which name it was asked for, as Node tells; Node 20 tells it as it was written. */
function nameOf({ servername }: TLSSocket): string {
  return String(servername).toLowerCase();
}
