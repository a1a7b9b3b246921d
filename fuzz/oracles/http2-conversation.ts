/** Everything that is demanded of a server connection of HTTP/2: the same for every cut, and right. */
import { CODES, type Http2Limits } from '../../core/sans-io.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { ClientView } from './http2-client.ts';
import { Http2Owner, type OwnerRecord } from './http2-owner.ts';
import { probe } from './http2-probe.ts';
import { readScript, type Script } from './http2-script.ts';
import { assertVerdicts, isFatal } from './http2-verdicts.ts';
import { OracleError } from './oracle-error.ts';
import { assertSameForEveryWay, uncut } from './segmentation.ts';

/** RFC9113#4.3: what a block that does not decode is answered with. */
const COMPRESSION_ERROR = 0x9;

/** Carries an input out as a script, in every cut, and judges what came of it. */
export function assertConversation(octets: Uint8Array, limits: Http2Limits): void {
  const script = readScript(octets, inputOf(octets));
  const whole = new Http2Owner({ limits });
  const view = new ClientView(script, limits);
  const records = assertSameForEveryWay((cut) =>
    cut === uncut ? whole.run(script, cut, view) : new Http2Owner({ limits }).run(script, cut),
  );
  assertOrder(records, script);
  const { endedAt, overAt } = whole;
  assertVerdicts(script, { records, endedAt, overAt, outputBytes: view.contentBytes }, limits);
  assertFarewell(records, view, script);
  probe(script, whole, view);
  assertNothingLeft(whole);
}

/** Events of an exchange come in their order, exchanges in that of their streams, and no offset runs back. */
function assertOrder(records: readonly OwnerRecord[], script: Script): void {
  const phases = new Map<number, 'begun' | 'ended' | 'abandoned'>();
  let last = 0;
  let at = 0;
  for (const { kind, offset, exchange = 0, text } of records) {
    const broken = (message: string): never => {
      throw new OracleError('event-order', `${message} (${kind})`, { offset: script.inputOffset(offset), state: kind });
    };
    const phase = phases.get(exchange);
    switch (kind) {
      case 'request':
        if (exchange % 2 === 0 || exchange <= last) broken('a request on a stream that cannot be the next');
        last = exchange;
        phases.set(exchange, 'begun');
        break;
      case 'content':
        if (phase !== 'begun' || text === '') broken('content that is empty or of no open request');
        break;
      case 'end':
        if (phase !== 'begun') broken('an end of no open request');
        phases.set(exchange, 'ended');
        break;
      case 'abandoned':
        // What was refused before it was told is abandoned too
        if (phase === 'abandoned') broken('abandoned twice');
        phases.set(exchange, 'abandoned');
        break;
      default:
    }
    if (kind !== 'request' && kind !== 'content' && kind !== 'end') continue;
    if (offset < at) broken('an offset runs back');
    at = offset;
  }
}

/** RFC9113#5.4.1: an error of the connection is told to the peer, by its number, and ends what this side sends. */
function assertFarewell(records: readonly OwnerRecord[], { goaway }: ClientView, { steps }: Script): void {
  const fatal = records.findLast(({ kind, text }) => kind === 'error' && isFatal(codeOf(text)));
  if (fatal === undefined || steps.some(({ kind }) => kind === 'fail')) return;
  const code = codeOf(fatal.text);
  const spec = Object.entries(CODES).find(([name]) => name === code)?.[1];
  const h2 = spec !== undefined && 'h2' in spec ? spec.h2 : COMPRESSION_ERROR;
  if (goaway?.debug === code && goaway.error === h2) return;
  throw new OracleError('farewell', `${code} is said as "${goaway?.debug}", ${goaway?.error}`, { state: code });
}

/** A connection that has ended, or whose transport is gone, holds no exchange and tells nothing more. */
function assertNothingLeft(owner: Http2Owner): void {
  const { connection, records } = owner;
  const { state, openExchanges } = connection;
  const isOver = state !== 'open' && state !== 'half-closed';
  if (isOver && openExchanges > 0) left(`${openExchanges} exchanges are open while the connection is ${state}`);
  connection.fail();
  const told = records.length;
  if (connection.openExchanges > 0) left(`${connection.openExchanges} exchanges outlive the transport`);
  connection.receive(Uint8Array.of(0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  connection.tick(1e9);
  if (records.length > told) left('a connection without a transport goes on telling events');
}

function codeOf(text: string): string {
  return text.split(' ', 1).join('');
}

function left(message: string): never {
  throw new OracleError('leftovers', message);
}
