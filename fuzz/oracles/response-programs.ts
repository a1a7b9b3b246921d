/**
 * A handler as a program: what it may say it says over HTTP/1.1 and over HTTP/2, and what comes out is read by readers that
 * share nothing with the core. No name, value or order of its can split a response, and what is refused writes nothing.
 *
 *     program = first line: method and minor version · then a line each: verb [status] [length] [name: value]
 */
import {
  CallerError,
  type ConnectionCommand,
  Http1Connection,
  Http2Connection,
  http2Limits,
  latin1,
} from '../../core/sans-io.ts';
import type { Tell } from '../define.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { outputWords } from '../events/frame-words.ts';
import { FLAG, frameOctets, PREFACE, TYPE, wireFrame } from '../grammar/http2-frames.ts';
import { readResponses } from './http1-responses.ts';
import { ClientView } from './http2-client.ts';
import { readScript } from './http2-script.ts';
import { OracleError, quoted } from './oracle-error.ts';

const MAX_COMMANDS = 12;
const GET = '\x82\x86\x84\x01\x01a';
const HEAD = '\x02\x04HEAD\x86\x84\x01\x01a';

/** A command and the octet of the input that its line begins with. */
interface Said {
  readonly command: ConnectionCommand;
  readonly offset: number;
}

/** Fields that are none, by the number behind the verb: each is refused. */
const ODD_FIELDS: readonly string[] = ['"a: b"', 'null', '1', '{"A":1}', '{"A":["b",1]}', '[["A",1]]', '[[1,"a"]]'];

/** Runs the program over both versions. @param tell hears what is written for each command, or why it is refused */
export function assertResponds(input: string, tell: Tell = () => undefined): void {
  const [first = '', ...rest] = input.split('\n');
  const isHead = first.startsWith('H');
  let offset = first.length + 1;
  const program = rest.slice(0, MAX_COMMANDS).flatMap((line): Said[] => {
    const command = commandOf(line, 1);
    const said = command === undefined ? [] : [{ command, offset }];
    offset += line.length + 1;
    return said;
  });
  const one = over1(isHead, first.endsWith('0') ? 0 : 1, program, tell);
  const two = over2(isHead, program, tell);
  // HTTP/1.0 is told less, HTTP/1.1 has a place for trailers behind chunks alone, and HTTP/2 none for a reason
  const isComparable = !first.endsWith('0') && !/TRAILERS_UNFRAMED|REASON/.test(one);
  if (isComparable && one !== two) {
    throw new OracleError('responses', `over HTTP/1.1 ${quoted(one)}, over HTTP/2 ${quoted(two)}`, {
      state: 'versions',
    });
  }
}

/** The command of a line; undefined where it is none. */
function commandOf(line: string, exchange: number): ConnectionCommand | undefined {
  const [, verb = '', status = '', length = '', name = '', value = ''] =
    /^(\w)(\d*) ?(\d*) ?([^:]*):?([\s\S]*)$/.exec(line) ?? [];
  const fields: [string, string][] = name === '' ? [] : [[name, value]];
  const head = { status: Number(status), fields };
  const content = octetsOf(value.slice(0, 200));
  switch (verb) {
    case 'i':
      return { kind: 'interim', exchange, status: Number(status), fields };
    case 'h':
      return { kind: 'head', exchange, head, ...(length === '' ? {} : { contentLength: Number(length) }) };
    case 'x':
      // What the compiler does not let through, and a program without types says
      return { kind: 'head', exchange, head: { status: 200, fields: JSON.parse(ODD_FIELDS[Number(status)] ?? '{}') } };
    case 'r':
      return { kind: 'head', exchange, head: { status: Number(status), reason: value } };
    case 'w':
      return { kind: 'respond', exchange, head, content: octetsOf('x'.repeat(Number(length) % 300)) };
    case 'c':
      return { kind: 'content', exchange, bytes: content };
    case 'e':
      return { kind: 'end', exchange, trailers: fields };
    default:
      return undefined;
  }
}

/** Says the commands; answers which were refused, and for what. */
function say(
  connection: Http1Connection | Http2Connection,
  program: readonly Said[],
  take: () => string,
  tell: Tell,
): { output: string; refused: string[] } {
  const refused: string[] = [];
  let output = '';
  const version = connection instanceof Http1Connection ? 'HTTP/1.1' : 'HTTP/2';
  for (const { command, offset } of program) {
    const kind = `${version} ${command.kind}`;
    try {
      connection.send(command);
      const text = take();
      tell({ kind, offset, text: version === 'HTTP/2' ? outputWords(text) : text });
      output += text;
    } catch (error) {
      if (!(error instanceof CallerError)) throw error;
      tell({ kind, offset, text: `refused: ${error.code}` });
      refused.push(`${command.kind} ${error.code}`);
      const written = take();
      if (written !== '')
        throw new OracleError('responses', `${error.code} wrote ${quoted(written)}`, { state: 'refused' });
    }
  }
  return { output, refused };
}

function over1(isHead: boolean, minor: number, program: readonly Said[], tell: Tell): string {
  const connection = new Http1Connection();
  connection.receive(octetsOf(`${isHead ? 'HEAD' : 'GET'} / HTTP/1.${minor}\r\nHost: a\r\n\r\n`));
  const take = (): string =>
    connection
      .take()
      .map((part) => latin1(part))
      .join('');
  const { output, refused } = say(connection, program, take, tell);
  const isWhole = connection.openExchanges === 0;
  if (!isWhole) return refused.join();
  const responses = readResponses(output, () => isHead);
  const final = responses.filter(({ status }) => status >= 200);
  if (final.length !== 1)
    throw new OracleError('responses', `${final.length} final responses in ${quoted(output)}`, { state: 'split' });
  return `${final[0]?.status} ${final[0]?.content.length} ${refused.join()}`;
}

function over2(isHead: boolean, program: readonly Said[], tell: Tell): string {
  const limits = http2Limits();
  const connection = new Http2Connection({ limits });
  const request = wireFrame(TYPE.HEADERS, FLAG.END_STREAM | FLAG.END_HEADERS, 1, isHead ? HEAD : GET);
  connection.receive(octetsOf(PREFACE + frameOctets(wireFrame(TYPE.SETTINGS, 0, 0)) + frameOctets(request)));
  const view = new ClientView(readScript(octetsOf(PREFACE), PREFACE), limits);
  view.noteSent(wireFrame(TYPE.SETTINGS, 0, 0));
  view.noteSent(request);
  const take = (): string =>
    connection
      .take()
      .map((part) => latin1(part))
      .join('');
  const greeting = take();
  const { output, refused } = say(connection, program, take, tell);
  view.received(greeting + output);
  const { answer, status, contentBytes } = view.streams.get(1) ?? {};
  if (connection.openExchanges > 0) return refused.join();
  if (answer !== 'ended')
    throw new OracleError('responses', `the exchange is over, its answer ${answer}`, { state: 'cut' });
  return `${status} ${contentBytes} ${refused.join()}`;
}
