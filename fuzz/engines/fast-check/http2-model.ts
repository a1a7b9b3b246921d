/** A client of HTTP/2 and the owner behind the server as a model: what may legally come next, on which stream. */
import type * as FastCheck from 'fast-check';
import { representation, serialiseBlock, stringLiteral } from '../../grammar/hpack-representations.ts';
import {
  directive,
  FLAG,
  frameOctets,
  PREFACE,
  TYPE,
  VERB,
  type WireFrame,
  wireFrame,
} from '../../grammar/http2-frames.ts';
import { uint } from '../../grammar/octets.ts';
import type { Fc } from './input-source.ts';

export interface Http2Client {
  text: string;
  nextStream: number;
  /** Streams on which the client may still send content. */
  arriving: number[];
  /** Streams that the owner has not answered. */
  answering: number[];
}

type Http2Command = FastCheck.Command<Http2Client, object>;

/** Indices of the static table: GET, POST, "/", http (RFC7541#A). */
const METHOD = { get: 2, post: 3 } as const;

/** A request's field block: static entries and an authority. */
export function requestBlock(method: keyof typeof METHOD): string {
  return serialiseBlock([
    representation('indexed', METHOD[method]),
    representation('indexed', 4),
    representation('indexed', 6),
    representation('table', 1, undefined, stringLiteral('a', false)),
  ]);
}

/** The beginning of every conversation. */
export const HTTP2_BEGINNING =
  PREFACE + frameOctets(wireFrame(TYPE.SETTINGS, 0, 0)) + frameOctets(wireFrame(TYPE.SETTINGS, FLAG.ACK, 0));

/** Sequences of what a client, the owner and the clock do. */
export function http2Commands(fc: Fc): FastCheck.Arbitrary<Iterable<Http2Command>> {
  const nth = fc.nat(7);
  const bytes = fc.nat(300);
  return fc.commands(
    [
      fc.boolean().map((hasContent) => open(hasContent)),
      fc.tuple(nth, bytes, fc.option(fc.nat(20), { nil: undefined }), fc.boolean()).map((drawn) => data(...drawn)),
      nth.map((which) => trailers(which)),
      fc.tuple(nth, fc.constantFrom(0, 8, 2)).map(([which, code]) => reset(which, code)),
      fc.tuple(nth, fc.nat(15)).map(([which, way]) => answer(which, way)),
      fc
        .tuple(nth, bytes)
        .map(([which, count]) => onStream('consume', which, (id) => directive(VERB.CONSUME, id, count))),
      fc
        .tuple(nth, fc.integer({ min: 1, max: 70_000 }))
        .map(([which, more]) => onStream('window', which, (id) => wireFrame(TYPE.WINDOW_UPDATE, 0, id, uint(more, 4)))),
      fc.constantFrom(
        connection('ping', wireFrame(TYPE.PING, 0, 0, '\0\0\0\0\0\0\0\x01')),
        connection('settings', wireFrame(TYPE.SETTINGS, 0, 0, `\0\x04${uint(100, 4)}`)),
        connection('window', wireFrame(TYPE.WINDOW_UPDATE, 0, 0, uint(1_000, 4))),
        connection('take', directive(VERB.TAKE, 0, 40)),
        connection('tick', directive(VERB.TICK, 0, 1_000)),
        connection('drain', directive(VERB.DRAIN, 0)),
        connection('end', directive(VERB.END, 0)),
      ),
    ],
    { maxCommands: 24 },
  );
}

function open(hasContent: boolean): Http2Command {
  return {
    check: (client) => client.nextStream < 64,
    run(client) {
      const id = client.nextStream;
      client.nextStream += 2;
      client.answering.push(id);
      if (hasContent) client.arriving.push(id);
      const flags = FLAG.END_HEADERS | (hasContent ? 0 : FLAG.END_STREAM);
      write(client, wireFrame(TYPE.HEADERS, flags, id, requestBlock(hasContent ? 'post' : 'get')));
    },
    toString: () => `open(${hasContent})`,
  };
}

function data(which: number, bytes: number, pad: number | undefined, isEnd: boolean): Http2Command {
  return {
    check: (client) => client.arriving.length > 0,
    run(client) {
      const id = client.arriving[which % client.arriving.length] ?? 0;
      const flags = (isEnd ? FLAG.END_STREAM : 0) | (pad === undefined ? 0 : FLAG.PADDED);
      const padded = pad === undefined ? '' : uint(pad, 1);
      write(client, wireFrame(TYPE.DATA, flags, id, padded + 'x'.repeat(bytes) + '\0'.repeat(pad ?? 0)));
      if (isEnd) forget(client.arriving, id);
    },
    toString: () => `data(${which}, ${bytes}, ${pad}, ${isEnd})`,
  };
}

function trailers(which: number): Http2Command {
  const block = serialiseBlock([representation('plain', 0, stringLiteral('x-sum', false), stringLiteral('1', false))]);
  return {
    check: (client) => client.arriving.length > 0,
    run(client) {
      const id = client.arriving[which % client.arriving.length] ?? 0;
      write(client, wireFrame(TYPE.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, id, block));
      forget(client.arriving, id);
    },
    toString: () => `trailers(${which})`,
  };
}

function reset(which: number, code: number): Http2Command {
  return {
    check: (client) => client.nextStream > 1,
    run(client) {
      const id = 1 + 2 * (which % ((client.nextStream - 1) / 2));
      write(client, wireFrame(TYPE.RST_STREAM, 0, id, uint(code, 4)));
      forget(client.arriving, id);
      forget(client.answering, id);
    },
    toString: () => `reset(${which}, ${code})`,
  };
}

function answer(which: number, way: number): Http2Command {
  return {
    check: (client) => client.answering.length > 0,
    run(client) {
      const id = client.answering[which % client.answering.length] ?? 0;
      write(client, wireFrame(TYPE.DIRECTIVE, 0, id, uint(VERB.ANSWER, 1) + uint(way, 1)));
      forget(client.answering, id);
    },
    toString: () => `answer(${which}, ${way})`,
  };
}

/** Anything that may be done to a stream whatever has become of it. */
function onStream(name: string, which: number, frame: (id: number) => WireFrame): Http2Command {
  return {
    check: (client) => client.nextStream > 1,
    run: (client) => write(client, frame(1 + 2 * (which % ((client.nextStream - 1) / 2)))),
    toString: () => `${name}(${which})`,
  };
}

function connection(name: string, frame: WireFrame): Http2Command {
  return { check: () => true, run: (client) => write(client, frame), toString: () => name };
}

function write(client: Http2Client, frame: WireFrame): void {
  if (client.text === '') client.text = HTTP2_BEGINNING;
  client.text += frameOctets(frame);
}

function forget(ids: number[], id: number): void {
  const at = ids.indexOf(id);
  if (at >= 0) ids.splice(at, 1);
}
