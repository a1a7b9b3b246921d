/**
 * The load generator for machines without h2load: `node generator.js <http1|h2c> <port> <connections> <in flight> <requests> <targets> [path]`.
 * It keeps so many requests in flight on each connection and ends with h2load's line of status codes. It gathers
 * less into a write than h2load does, so a server has more reads for the same requests and lower figures, and a ratio that
 * batching makes is smaller: only runs of one generator may be compared.
 */
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';

const [protocol, port = 0, connections = 1, inFlight = 1, requests = 0, targets = 1] = process.argv
  .slice(2)
  .map((word, index) => (index === 0 ? word : Number(word)));
const first = process.argv[8] ?? '/';
const origin = `http://127.0.0.1:${port}`;
const run = protocol === 'h2c' ? overHttp2 : overHttp1;
const shares = Array.from({ length: Number(connections) }, (_, index) =>
  Math.floor((Number(requests) + index) / Number(connections)),
);
/** Path of the n-th request of a connection. */
const pathOf = (n: number): string => (n % Number(targets) === 0 ? first : `/target-${n % Number(targets)}`);
const counts = await Promise.all(shares.map((share) => run(share)));
console.log(`status codes: ${counts.reduce((sum, count) => sum + count, 0)} 2xx`);

/** Answers of a contender are of one length, so that counting them is counting octets; each must begin like the first. */
function overHttp1(share: number): Promise<number> {
  const fields = `Host: 127.0.0.1:${port}\r\nUser-Agent: aeronet-bench\r\n\r\n`;
  const texts = Array.from({ length: Number(targets) }, (_, n) => `GET ${pathOf(n)} HTTP/1.1\r\n${fields}`);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), noDelay: true });
    let sent = 0;
    let done = 0;
    let rest = '';
    const fill = (): void => {
      const more = Math.min(share, done + Number(inFlight)) - sent;
      let text = '';
      for (let n = sent; n < sent + more; n += 1) text += texts[n % texts.length] ?? '';
      if (more > 0) socket.write(text);
      sent += Math.max(0, more);
    };
    socket.setEncoding('latin1');
    socket.on('connect', () => (share === 0 ? socket.end() : fill()));
    socket.on('data', (part: string) => {
      rest += part;
      const answers = rest.split('HTTP/1.1 200 OK\r\n');
      const last = answers.pop() ?? '';
      // The last answer counts when its content is there: thirteen octets behind the empty line.
      const whole = last.length - last.indexOf('\r\n\r\n') === 17 && last.includes('\r\n\r\n');
      done += answers.length - 1 + (whole ? 1 : 0);
      rest = whole ? '' : `HTTP/1.1 200 OK\r\n${last}`;
      if (done >= share) socket.end();
      else fill();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(done));
  });
}

function overHttp2(share: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(origin);
    let sent = 0;
    let done = 0;
    let open = 0;
    const next = (): void => {
      if (sent === share) {
        if (open === 0) session.close();
        return;
      }
      const stream = session.request({ ':path': pathOf(sent) });
      sent += 1;
      open += 1;
      stream.on('response', ({ ':status': status }) => {
        if (status !== undefined && status >= 200 && status < 300) done += 1;
      });
      stream.on('error', reject);
      stream.on('close', () => {
        open -= 1;
        next();
      });
      stream.resume();
      stream.end();
    };
    session.on('connect', () => {
      for (let index = 0; index < Math.max(1, Math.min(Number(inFlight), share)); index += 1) next();
    });
    session.on('error', reject);
    session.on('close', () => resolve(done));
  });
}
