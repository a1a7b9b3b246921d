import t from 'tap';
import { FLAG, FRAME, type Frame, frameOctets, readFrame, SETTING, settingsPayload, uint32 } from './frames.ts';
import { literal, sizeUpdate } from './hpack-writer.ts';
import { Received } from './received.ts';

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Frame {
  const reading = readFrame(frameOctets(type, flags, stream, payload));
  if (reading === undefined) throw new Error('No whole frame');
  return reading.frame;
}

const OK = literal(':status', '200');
const ask = (stream = 1) => frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, stream);
const set = (id: number, value: number) => frame(FRAME.SETTINGS, 0, 0, settingsPayload([[id, value]]));
const ack = frame(FRAME.SETTINGS, FLAG.ACK, 0);
const answer = (block = OK, flags: number = FLAG.END_HEADERS, stream = 1) => frame(FRAME.HEADERS, flags, stream, block);
const content = (bytes: number, flags = 0, stream = 1) => frame(FRAME.DATA, flags, stream, Buffer.alloc(bytes));
const credit = (bytes: number, stream = 0) => frame(FRAME.WINDOW_UPDATE, 0, stream, uint32(bytes));
const reset = frame(FRAME.RST_STREAM, 0, 1, uint32(8));
const goaway = (last: number) => frame(FRAME.GOAWAY, 0, 0, Buffer.concat([uint32(last), uint32(0)]));

/** Frames of ours behind `>`, the target's behind `<`, and what is wrong with those. */
interface Row {
  readonly name: string;
  readonly frames: readonly (readonly ['>' | '<', Frame])[];
  readonly problem?: RegExp;
}

const window = (bytes: number) => set(SETTING.INITIAL_WINDOW_SIZE, bytes);
const table = (bytes: number) => set(SETTING.HEADER_TABLE_SIZE, bytes);
const kept = Buffer.concat([OK, literal('x', 'y', { kind: 'indexing' })]);

const ROWS: readonly Row[] = [
  {
    name: 'a window that is filled',
    frames: [
      ['>', ask()],
      ['<', answer()],
      ['>', set(SETTING.MAX_FRAME_SIZE, 100_000)],
      ['<', content(65_535)],
    ],
  },
  {
    name: 'an octet more',
    frames: [
      ['>', ask()],
      ['<', answer()],
      ['>', set(SETTING.MAX_FRAME_SIZE, 100_000)],
      ['<', content(65_536)],
    ],
    problem: /window/,
  },
  {
    name: 'a smaller window that is not acknowledged does not bind yet',
    frames: [
      ['>', window(1)],
      ['>', ask()],
      ['<', answer()],
      ['<', content(2)],
    ],
  },
  {
    name: 'one that is acknowledged does',
    frames: [
      ['>', window(1)],
      ['<', ack],
      ['>', ask()],
      ['<', answer()],
      ['<', content(2)],
    ],
    problem: /stream's window/,
  },
  {
    name: 'a larger window may be used before it is acknowledged',
    frames: [
      ['>', window(0)],
      ['<', ack],
      ['>', ask()],
      ['>', window(10)],
      ['<', answer()],
      ['<', content(10)],
    ],
  },
  {
    name: 'credit counts from below zero',
    frames: [
      ['>', window(10)],
      ['<', ack],
      ['>', ask()],
      ['<', answer()],
      ['<', content(10)],
      ['>', window(0)],
      ['<', ack],
      ['>', credit(10, 1)],
      ['<', content(1)],
    ],
    problem: /stream's window/,
  },
  {
    name: 'an empty frame needs no window',
    frames: [
      ['>', window(0)],
      ['<', ack],
      ['>', ask()],
      ['<', answer()],
      ['<', content(0, FLAG.END_STREAM)],
    ],
  },
  { name: 'a window may be opened to 2^31-1', frames: [['<', credit(0x7fff_ffff - 65_535)]] },
  { name: 'not beyond', frames: [['<', credit(0x7fff_ffff - 65_534)]], problem: /above 2\^31-1/ },
  {
    name: 'what we have sent makes room',
    frames: [
      ['>', content(1)],
      ['<', credit(0x7fff_ffff - 65_534)],
    ],
  },
  {
    name: 'a table that holds more than it may',
    frames: [
      ['>', ask()],
      ['<', answer(kept)],
      ['>', table(0)],
      ['<', ack],
      ['>', ask(3)],
      ['<', answer(OK, FLAG.END_HEADERS, 3)],
    ],
    problem: /no size update|holds more/,
  },
  {
    name: 'one that is emptied',
    frames: [
      ['>', ask()],
      ['<', answer(kept)],
      ['>', table(0)],
      ['<', ack],
      ['>', ask(3)],
      ['<', answer(Buffer.concat([sizeUpdate(0), OK]), FLAG.END_HEADERS, 3)],
    ],
  },
  {
    name: 'one that held nothing',
    frames: [
      ['>', ask()],
      ['<', answer()],
      ['>', table(0)],
      ['<', ack],
      ['>', ask(3)],
      ['<', answer(OK, FLAG.END_HEADERS, 3)],
    ],
  },
  {
    name: 'a longer frame where we allow it',
    frames: [
      ['>', set(SETTING.MAX_FRAME_SIZE, 20_000)],
      ['>', ask()],
      ['<', answer()],
      ['<', content(20_000)],
    ],
  },
  {
    name: 'one where we do not',
    frames: [
      ['>', ask()],
      ['<', answer()],
      ['<', content(20_000)],
    ],
    problem: /MAX_FRAME_SIZE/,
  },
  {
    name: 'a push that is welcome',
    frames: [
      ['>', ask()],
      ['<', promise()],
      ['<', answer(OK, FLAG.END_HEADERS, 2)],
    ],
  },
  {
    name: 'a push that is not',
    frames: [
      ['>', set(SETTING.ENABLE_PUSH, 0)],
      ['<', ack],
      ['>', ask()],
      ['<', promise()],
    ],
    problem: /PUSH_PROMISE/,
  },
  {
    name: 'a push of an odd stream',
    frames: [
      ['>', ask()],
      ['<', promise(3)],
    ],
    problem: /promises stream 3/,
  },
  {
    name: 'a second push of a stream',
    frames: [
      ['>', ask()],
      ['<', promise()],
      ['<', promise()],
    ],
    problem: /promises stream 2 behind 2/,
  },
  {
    name: 'a push behind the end',
    frames: [
      ['>', ask()],
      ['<', answer(OK, FLAG.END_HEADERS | FLAG.END_STREAM)],
      ['<', promise()],
    ],
    problem: /has ended/,
  },
  {
    name: 'a push of what is not safe',
    frames: [
      ['>', ask()],
      ['<', promise(2, 'POST')],
    ],
    problem: /:method "POST" is pushed/,
  },
  {
    name: 'credit for a stream that is only promised',
    frames: [
      ['>', ask()],
      ['<', promise()],
      ['<', credit(1, 2)],
    ],
    problem: /only promised/,
  },
  {
    name: 'a PING that is answered',
    frames: [
      ['>', ping('aeronet!')],
      ['>', ping('aeronet!')],
      ['<', ping('aeronet!', FLAG.ACK)],
      ['<', ping('aeronet!', FLAG.ACK)],
    ],
  },
  {
    name: 'one that is answered twice',
    frames: [
      ['>', ping('aeronet!')],
      ['<', ping('aeronet!', FLAG.ACK)],
      ['<', ping('aeronet!', FLAG.ACK)],
    ],
    problem: /a PING is answered/,
  },
  {
    name: 'a stream that nobody promised',
    frames: [
      ['>', ask()],
      ['<', answer(OK, FLAG.END_HEADERS, 2)],
    ],
    problem: /idle/,
  },
  {
    name: 'a second reset',
    frames: [
      ['>', ask()],
      ['<', reset],
      ['<', reset],
    ],
  },
  {
    name: 'an answer behind a reset',
    frames: [
      ['>', ask()],
      ['<', reset],
      ['<', answer()],
    ],
    problem: /behind RST_STREAM/,
  },
  {
    name: 'a GOAWAY that takes back',
    frames: [
      ['<', goaway(9)],
      ['<', goaway(3)],
    ],
  },
  {
    name: 'one that grows',
    frames: [
      ['<', goaway(3)],
      ['<', goaway(9)],
    ],
    problem: /grows/,
  },
  {
    name: 'an answer above it',
    frames: [
      ['>', ask(5)],
      ['<', goaway(3)],
      ['<', answer(OK, FLAG.END_HEADERS, 5)],
    ],
    problem: /above the last/,
  },
  {
    name: 'one below it',
    frames: [
      ['>', ask(3)],
      ['<', goaway(3)],
      ['<', answer(OK, FLAG.END_HEADERS, 3)],
    ],
  },
];

function promise(stream = 2, method = 'GET'): Frame {
  const request = [literal(':method', method), Buffer.from([0x84, 0x86]), literal(':authority', 'localhost')];
  return frame(FRAME.PUSH_PROMISE, FLAG.END_HEADERS, 1, Buffer.concat([uint32(stream), ...request]));
}

function ping(payload: string, flags = 0): Frame {
  return frame(FRAME.PING, flags, 0, Buffer.from(payload));
}

t.test('Received tells what a target may send, and what it may not', async (t) => {
  for (const { name, frames, problem } of ROWS) {
    const received = new Received();
    received.take(frame(FRAME.SETTINGS, 0, 0));
    for (const [from, one] of frames) {
      if (from === '<') received.take(one);
      else received.noteSent(one);
    }
    const { problems } = received.observe('open');
    if (problem === undefined) t.same(problems, [], name);
    else t.ok(problems.length > 0 && problems.every((text) => problem.test(text)), `${name}: ${problems.join('; ')}`);
  }
});

t.test('Received makes nothing of what depends on octets that were no frames', async (t) => {
  const received = new Received();
  received.take(frame(FRAME.SETTINGS, 0, 0));
  received.noteSent(table(0));
  received.loseCount();
  for (const one of [ack, ack, ping('whatever', FLAG.ACK), answer(kept, FLAG.END_HEADERS, 5), content(65_536, 0, 5)])
    received.take(one);
  t.same(received.problems, []);
  received.take(frame(FRAME.PING, 0, 1, Buffer.alloc(8)));
  t.match(received.problems, [/PING names stream 1/], 'a fault in itself stays one');
});

t.test('Received knows how much content may be sent', async (t) => {
  const received = new Received();
  received.take(set(SETTING.INITIAL_WINDOW_SIZE, 100));
  t.equal(received.room(1), 100, 'a stream that nobody has opened yet');
  received.noteSent(content(60));
  t.same([received.room(1), received.room(3)], [40, 100]);
  received.take(credit(10, 1));
  t.equal(received.room(1), 50);
  received.take(set(SETTING.INITIAL_WINDOW_SIZE, 100_000));
  t.equal(received.room(3), 65_475, 'no more than the connection has');
  received.take(credit(25));
  t.equal(received.room(3), 65_500);
});
