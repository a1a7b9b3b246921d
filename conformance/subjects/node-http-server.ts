/**
 * Node's own HTTP/1.1 server behind the target contract, with every default of `node:http` left alone.
 * Started as a process: `node node-http-server.js <port>`.
 */
import { createServer } from 'node:http';
import { answerContract } from './node-http-contract.ts';

const port = Number(process.argv[2]);
const server = createServer(answerContract);
server.listen(port, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`));
process.on('SIGTERM', () => process.exit(0));
