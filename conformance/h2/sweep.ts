/** Many requests on one connection, each on a stream of its own: what a sweep over octets is made of. */
import { ERROR, errorName } from '../wire/h2/frames.ts';
import type { H2Case, H2Observation, H2Phase, H2Step, StreamSeen } from './model.ts';
import { type Block, barrier, goaway, headers, rstStream } from './octets.ts';
import { connectionError, seen, seenAtEnd } from './outcomes.ts';
import { goesAway, h2Server, response, servesOn } from './replies.ts';

/** One request of a sweep. */
export interface Swept {
  /** What it is about, in few words: `0x41`. */
  readonly says: string;
  readonly block: Block;
}

export type Sweep = Pick<H2Case, 'frames' | 'awaits' | 'allow' | 'controls'>;

/** Requests between two waits: a case needs `streams-64` where it sweeps over more than a few. */
const GROUP = 16;
/** Of a malformed request; the second is the generic one (RFC9113#5.4). */
const REFUSALS: readonly string[] = ['PROTOCOL_ERROR', 'INTERNAL_ERROR'];

/**
 * Each of at most 128 requests has to be refused as malformed (RFC9113#8.1.1): by RST_STREAM or by 400. Where the connection ends, as
 * an error or because there was enough of them (RFC9113#10.5), nothing is learnt of the requests behind; those in front count.
 */
export function refusesEach(swept: readonly Swept[]): Sweep {
  const streams = swept.map((_, index) => 2 * index + 1);
  const last = streams.at(-1) ?? 1;
  const each = (reply: (stream: number) => H2Phase) => streams.flatMap(reply);
  const reset = (stream: number) => [rstStream('PROTOCOL_ERROR', stream)];
  const resetsFirst = each((stream) => (stream === last ? [] : reset(stream)));
  return {
    frames: framesOf(swept),
    awaits: streams,
    allow: [
      seen(`refuses each of ${swept.length} requests`, ({ streams }) => complain(swept, streams)),
      seenAtEnd('refuses each until there are too many', ({ goaways, connection, streams }) => {
        const isEnough = goaways.some(({ code }) => code === ERROR.ENHANCE_YOUR_CALM) && connection !== 'silent';
        return isEnough ? complain(swept, streams, 'until then') : 'there was no GOAWAY with ENHANCE_YOUR_CALM';
      }),
      ...connectionError('PROTOCOL_ERROR'),
    ],
    controls: {
      pass: [
        h2Server('resets each', [each(reset)]),
        h2Server('answers each with 400', [each((stream) => response(400, '', stream))]),
        h2Server('has enough', [[...resetsFirst, goaway('ENHANCE_YOUR_CALM', last)]], { ending: 'close' }),
        goesAway('PROTOCOL_ERROR'),
      ],
      fail: [
        h2Server('takes the last', [[...resetsFirst, ...response(200, '', last)]]),
        h2Server('takes all', [each((stream) => response(200, '', stream))]),
        h2Server(
          'takes the last and has enough',
          [[...resetsFirst, ...response(200, '', last), goaway('ENHANCE_YOUR_CALM', last)]],
          {
            ending: 'close',
          },
        ),
        servesOn(),
        goesAway('COMPRESSION_ERROR'),
      ],
    },
  };
}

/** Names the requests that were not refused; with `until then` those that were answered otherwise. */
function complain(
  swept: readonly Swept[],
  streams: H2Observation['streams'],
  until?: 'until then',
): string | undefined {
  const isWrong = (stream: StreamSeen | undefined) =>
    !isRefused(stream) && (until === undefined || stream !== undefined);
  const wrong = swept.filter((_, index) => isWrong(streams.get(2 * index + 1)));
  return wrong.length === 0 ? undefined : `not refused: ${wrong.map(({ says }) => says).join(', ')}`;
}

function framesOf(swept: readonly Swept[]): readonly H2Step[] {
  return swept.flatMap(({ block }, index) => {
    const request = headers(block, { stream: 2 * index + 1 });
    return index > 0 && index % GROUP === 0 ? [barrier, request] : [request];
  });
}

function isRefused(stream: StreamSeen | undefined): boolean {
  if (stream === undefined) return false;
  if (stream.reset !== undefined && REFUSALS.includes(errorName(stream.reset))) return true;
  return stream.response?.complete === true && stream.response.status === 400;
}
