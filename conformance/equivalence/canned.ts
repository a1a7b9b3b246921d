/** Canned targets with an `/inspect`: they parse nothing, for they know from the spelling what is asked of them, and when it is all there. */
import type { Socket } from 'node:net';
import { answer } from '../controls/replies.ts';
import { BESIDE, barrierPayload } from '../h2/dialogue.ts';
import { data, headers, ping, settings } from '../h2/octets.ts';
import { TURN } from '../h2/turns.ts';
import type { FieldList } from '../model.ts';
import type { Placeholders } from '../run/placeholders.ts';
import { listenCanned } from '../scripted/canned-server.ts';
import type { CannedServer } from '../scripted/model.ts';
import { sideRequest } from '../wire/exchange.ts';
import { FLAG } from '../wire/h2/frames.ts';
import { type Logical, logicals } from './logical.ts';
import type { Http1Form, Http1Spelling, Http2Form, Http2Spelling } from './model.ts';
import { plainHttp1 } from './plain.ts';

/** What a target gets wrong about requests in another spelling; undefined: it refuses them. */
export interface Bend {
  readonly name: string;
  readonly change: (logical: Logical) => Logical | undefined;
}

export const BENDS: readonly Bend[] = [
  { name: 'refuses the spelling', change: () => undefined },
  { name: 'loses the query', change: (logical) => ({ ...logical, path: '/inspect' }) },
  { name: 'loses an octet of content', change: (logical) => ({ ...logical, content: `${logical.content}x`.slice(1) }) },
  { name: 'loses a field', change: (logical) => ({ ...logical, fields: logical.fields.slice(1) }) },
  {
    name: 'takes a trailer for a field',
    change: (one) => ({ ...one, fields: [...one.fields, ['x-trailer', 'late']] }),
  },
];

/** What one connection is asked: `isWhole` of the octets that came. */
interface Due {
  readonly logical: Logical;
  readonly isSpelled: boolean;
  readonly isWhole: (received: string) => boolean;
  readonly say: (socket: Socket, json: string | undefined) => void;
}

/** A target that tells plain requests as they are, and those in this spelling likewise, or bent. */
export function cannedTarget(spelling: Http1Spelling | Http2Spelling, bend?: Bend): CannedServer {
  const name = bend === undefined ? 'tells every spelling alike' : bend.name;
  return { name, listen: () => listen((values) => duesOf(spelling, values), bend) };
}

async function listen(dues: (values: Placeholders) => readonly Due[], bend: Bend | undefined) {
  let queue: Due[] = [];
  let authority = '';
  const listening = await listenCanned((socket) => {
    let received = '';
    let isServed = false;
    socket.on('data', (octets: Buffer) => {
      received += octets.toString('latin1');
      if (received.startsWith('PRI') && received.length === octets.length) {
        write(socket, settings(), settings([], FLAG.ACK));
      }
      if (octets.includes(BESIDE)) return write(socket, headers([[':status', '200']]));
      if (octets.includes(TURN)) return write(socket, ping(TURN, FLAG.ACK));
      if (octets.toString('latin1') === sideRequest(authority)) return void socket.write(answer(200));
      const [due] = queue;
      if (isServed || due === undefined || !due.isWhole(received)) return;
      isServed = true;
      queue.shift();
      const told = due.isSpelled && bend !== undefined ? bend.change(due.logical) : due.logical;
      due.say(socket, told === undefined ? undefined : inspectionOf(told));
    });
  });
  authority = listening.address.authority;
  queue = [...dues({ scheme: 'http', host: authority, nonce: 'n0nce42', sentinel: '' })];
  return listening;
}

/** In the order in which they are asked: each request plainly, then in the spelling. */
function duesOf({ write }: Http1Spelling | Http2Spelling, values: Placeholders): readonly Due[] {
  return logicals(values.nonce).flatMap((logical) => {
    const form = write(logical, values);
    if (form === undefined) return [];
    const plain = plainHttp1(logical, values);
    return [
      { logical, isSpelled: false, ...http1Due(plain) },
      { logical, isSpelled: true, ...('frames' in form ? http2Due(form) : http1Due(form)) },
    ];
  });
}

function http1Due({ pieces, methods = [''] }: Http1Form): Pick<Due, 'isWhole' | 'say'> {
  const bytes = pieces.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece.length : 0), 0);
  return {
    isWhole: (received) => received.length >= bytes,
    say: (socket, json) => {
      const before = methods.slice(1).map(() => answer(200));
      socket.write([...before, json === undefined ? answer(400) : answer(200, json)].join(''));
    },
  };
}

function http2Due({ stream = 1 }: Http2Form): Pick<Due, 'isWhole' | 'say'> {
  return {
    isWhole: (received) => received.includes(barrierPayload(0)),
    say: (socket, json) => {
      const head = headers([[':status', json === undefined ? '400' : '200']], { stream, end: json === undefined });
      write(socket, ping(barrierPayload(0), FLAG.ACK), head, ...(json === undefined ? [] : [data(json, { stream })]));
    },
  };
}

function inspectionOf({ method, path, fields, content }: Logical): string {
  const list: FieldList = fields;
  const told = { method, target: path, protocol: 'HTTP', fields: list, trailers: [] };
  return JSON.stringify({ ...told, content: Buffer.from(content, 'latin1').toString('base64') });
}

function write(socket: Socket, ...steps: readonly ReturnType<typeof ping>[]): void {
  const values = { scheme: '', host: '', nonce: '', sentinel: '' };
  for (const step of steps) socket.write(step.octets(values));
}
