import t from 'tap';
import { fromLatin1, latin1 } from '../bytes/latin1.ts';
import { http1Limits } from '../limits/http1-limits.ts';
import { http2Limits } from '../limits/http2-limits.ts';
import type { ConnectionEvent } from '../semantics/exchange.ts';
import { openConnection, type ServerConnection } from './connection.ts';

const SEED = Number(process.env['AERONET_SEED'] ?? 7_540);
t.comment(`seed ${SEED} (AERONET_SEED)`);

const ASK = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const SETTINGS = '\0\0\0\x04\0\0\0\0\0';
const SETTINGS_ACK = '\0\0\0\x04\x01\0\0\0\0';
const PING = `\0\0\x08\x06\0\0\0\0\0abcdefgh`;
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';

const get = (fields: string, target = '/'): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;

/** A client's octets in, what the connection tells and writes out; every request is answered with its target at its end. */
class Peer {
  readonly told: string[] = [];
  written = '';
  readonly connection: ServerConnection;

  constructor(h2cUpgrade = true) {
    const targets = new Map<number, string>();
    const push = (event: ConnectionEvent): void => {
      this.told.push(describe(event));
      if (event.kind === 'request') targets.set(event.exchange, event.head.rawTarget);
      if (event.kind !== 'end') return;
      const content = fromLatin1(targets.get(event.exchange) ?? '?');
      this.connection.send({ kind: 'respond', exchange: event.exchange, head: { status: 200 }, content });
    };
    this.connection = openConnection('by-preface', {
      http1: { limits: http1Limits(), bareLf: 'refuse' },
      http2: { limits: http2Limits() },
      h2cUpgrade,
      date: () => undefined,
      sink: { push },
    });
    this.connection.tick(0);
  }

  receive(text: string): this {
    this.connection.receive(fromLatin1(text));
    for (let parts = this.connection.take(7); parts.length > 0; parts = this.connection.take(7)) {
      for (const part of parts) this.written += latin1(part);
    }
    return this;
  }
}

function describe(event: ConnectionEvent): string {
  if (event.kind === 'request') return `request ${event.exchange} ${event.head.rawTarget} at ${event.offset}`;
  if (event.kind === 'error') return `error ${event.error.code} at ${event.error.offset}`;
  return `${event.kind} ${event.exchange}`;
}

/** Types, flags and stream identifiers of the frames in `octets`. */
function framesOf(octets: string): string[] {
  const frames: string[] = [];
  for (let at = 0; at < octets.length; ) {
    const bytes = fromLatin1(octets.slice(at, at + 9));
    const length = ((bytes[0] ?? 0) << 16) | ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
    frames.push(`${bytes[3]}:${bytes[4]}:${bytes[8]}`);
    at += 9 + length;
  }
  return frames;
}

t.test('an upgraded request is answered on stream 1, behind 101 and the SETTINGS of this side', async (t) => {
  const before = get('', '/before');
  const peer = new Peer().receive(before);
  const answered = peer.written.length;
  t.match(peer.written, /^HTTP\/1\.1 200 OK\r\n/, 'a connection may be upgraded by its second request');
  peer.receive(get(ASK, '/up'));
  const at = before.length;
  t.same(peer.told.slice(2), [`request 1 /up at ${at}`, 'end 1']);
  t.ok(peer.written.startsWith(SWITCHING, answered));
  const frames = framesOf(peer.written.slice(answered + SWITCHING.length));
  t.same(frames, ['4:0:0', '8:0:0', '1:4:1', '0:1:1'], 'SETTINGS, WINDOW_UPDATE, HEADERS and DATA with END_STREAM');
  const written = peer.written.length;
  peer.receive(PREFACE + SETTINGS + SETTINGS_ACK + PING);
  t.same(framesOf(peer.written.slice(written)), ['6:1:0', '4:1:0'], 'the preface still comes, and HTTP/2 goes on');
  t.same([peer.connection.state, peer.connection.openExchanges], ['open', 0]);
});

t.test("the client's settings hold from the first frame on, and offsets go on counting", async (t) => {
  // SETTINGS_INITIAL_WINDOW_SIZE 2: of "/up" two octets may leave
  const request = get(ASK.replace('AAMAAABkAAQAAP__', 'AAQAAAAC'), '/up');
  const peer = new Peer().receive(request);
  t.ok(peer.written.endsWith('\0\0\x02\0\0\0\0\0\x01/u'), 'DATA as far as the window goes');
  peer.receive(`${PREFACE}${SETTINGS}\0\0\x03\x06\0\0\0\0\0abc`);
  t.ok(peer.told.includes(`error H2_PING_LENGTH at ${request.length + PREFACE.length + SETTINGS.length}`));
  const broken = new Peer().receive(`${get(ASK)}PRI * HTTP/1`);
  t.same(broken.told.at(-1), `error H2_PREFACE at ${get(ASK).length + 11}`);
});

t.test('octets that come with the request, or singly, make no difference', async (t) => {
  const all = get(ASK, '/up') + PREFACE + SETTINGS + SETTINGS_ACK + PING;
  const whole = new Peer().receive(all);
  t.same(framesOf(whole.written.slice(SWITCHING.length)).toSorted(), [
    '0:1:1',
    '1:4:1',
    '4:0:0',
    '4:1:0',
    '6:1:0',
    '8:0:0',
  ]);
  const singly = new Peer();
  for (const octet of all) singly.receive(octet);
  t.same(singly.told, whole.told);
  t.same(
    framesOf(singly.written.slice(SWITCHING.length)).toSorted(),
    framesOf(whole.written.slice(SWITCHING.length)).toSorted(),
  );
});

t.test('what does not ask for h2c in every way that it must is served over HTTP/1.1', async (t) => {
  const rows: Record<string, string> = {
    'no Upgrade': get(ASK.replace('Upgrade: h2c\r\n', '')),
    'another protocol': get(ASK.replace('h2c', 'websocket')),
    'h2, which is for TLS': get(ASK.replace('h2c', 'h2')),
    'no HTTP2-Settings': get('Connection: Upgrade\r\nUpgrade: h2c\r\n'),
    'HTTP2-Settings twice': get(`${ASK}HTTP2-Settings: AAMAAABk\r\n`),
    'HTTP2-Settings not in Connection': get(ASK.replace(', HTTP2-Settings', '')),
    'Upgrade not in Connection': get(ASK.replace('Upgrade, ', '')),
    'settings cut': get(ASK.replace('AAMAAABkAAQAAP__', 'AAMAAABkAAQA')),
    'settings of an impossible length': get(ASK.replace('AAMAAABkAAQAAP__', 'AAMAA')),
    'settings in base64 with padding': get(ASK.replace('AAMAAABkAAQAAP__', 'AAMAAABkAAQAAP//')),
    'settings without end': get(ASK.replace('AAMAAABkAAQAAP__', 'AAMAAABk'.repeat(200))),
    'HTTP/1.0': get(ASK).replace('HTTP/1.1', 'HTTP/1.0').replace('Connection: ', 'Connection: keep-alive, '),
    'an expectation': `${get(`${ASK}Expect: 100-continue\r\nContent-Length: 1\r\n`)}x`,
    content: `${get(`${ASK}Content-Length: 1\r\n`)}x`,
    'chunked content': `${get(`${ASK}Transfer-Encoding: chunked\r\n`)}0\r\n\r\n`,
  };
  for (const [what, request] of Object.entries(rows)) {
    const peer = new Peer().receive(request).receive(get('', '/next'));
    const answers = peer.written.match(/HTTP\/1\.1 \d+/g);
    t.same(
      answers?.filter((line) => !line.endsWith('100')),
      ['HTTP/1.1 200', 'HTTP/1.1 200'],
      what,
    );
  }
  const off = new Peer(false).receive(get(ASK));
  t.match(off.written, /^HTTP\/1\.1 200/, 'off by default');
  const behind = new Peer().receive(get('Expect: 100-continue\r\nContent-Length: 1\r\n') + get(ASK));
  t.notMatch(behind.written, /^HTTP\/1\.1 101/, 'a request is not upgraded before those ahead of it are answered');
});

t.test('an upgrade with settings out of range ends with GOAWAY', async (t) => {
  // SETTINGS_ENABLE_PUSH 2
  const peer = new Peer().receive(get(ASK.replace('AAMAAABkAAQAAP__', 'AAIAAAAC')));
  t.same(peer.told, ['error H2_SETTINGS_PUSH at 0']);
  t.ok(framesOf(peer.written.slice(SWITCHING.length)).includes('7:0:0'));
});
