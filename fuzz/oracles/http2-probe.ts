/**
 * What the two sides think of their windows, to the octet: at the end of a script the client sends as much content as brings
 * the server's count of what it has to give back to half a window, and no octet less does. A leak of a single octet shows.
 */
import { octetsOf } from '../engines/latin1-input.ts';
import { FLAG, frameOctets, PREFACE, TYPE, type WireFrame, wireFrame } from '../grammar/http2-frames.ts';
import type { ClientView } from './http2-client.ts';
import type { Http2Owner } from './http2-owner.ts';
import type { Script } from './http2-script.ts';
import { OracleError } from './oracle-error.ts';

/** `POST / HTTP/2` of `a`, without a table: read as it comes, answered at its end. */
const POST = '\x83\x86\x84\x01\x01a';
/** `GET /4444`: answered with more than most windows hold. */
const GET_MUCH = '\x82\x86\x04\x05/4444\x01\x01a';
const PIECE = 1_024;

/** Probes a connection that is still open; others are left alone. */
export function probe(script: Script, owner: Http2Owner, view: ClientView): void {
  const stream = view.lastStream + 2 + ((view.lastStream + 1) % 2);
  const isWhole = script.octets.length === script.frames.at(-1)?.end;
  const isUsable =
    script.lead === PREFACE && isWhole && view.isAtRest && owner.connection.state === 'open' && stream < 0x7fff_fff0;
  if (!isUsable || owner.overAt !== Number.POSITIVE_INFINITY || view.goaway !== undefined) return;
  const give = (frame: WireFrame): void => {
    owner.receive(octetsOf(frameOctets(frame)));
    view.noteSent(frame);
    view.took(owner.take(0), true, owner);
  };
  const half = Math.ceil(view.connectionWindow / 2);
  const needed = half - view.withheld(owner);
  if (needed > view.receiveWindow) return;
  give(wireFrame(TYPE.HEADERS, FLAG.END_HEADERS, stream, POST));
  if (!owner.told.has(stream)) return;
  for (let left = needed - 1; left > 0; left -= PIECE)
    give(wireFrame(TYPE.DATA, 0, stream, 'x'.repeat(Math.min(left, PIECE))));
  if (needed > 1 && view.withheld(owner) !== half - 1) wrong('the window of the connection is widened before its time');
  give(wireFrame(TYPE.DATA, FLAG.END_STREAM, stream, 'x'));
  if (view.withheld(owner) !== 0) wrong('what was read of the window of the connection was not given back');
  give(wireFrame(TYPE.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, stream + 2, GET_MUCH));
}

function wrong(message: string): never {
  throw new OracleError('probe', message);
}
