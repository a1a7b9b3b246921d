/** Many requests on one connection, each on a stream of its own: what a sweep over octets is made of. */
import { ERROR, errorName, SETTING } from '../wire/h2/frames.ts';
import type { H2Case, H2Dialogue, H2Observation, H2Phase, StreamSeen } from './model.ts';
import { type Block, barrier, goaway, headers, type OctetStep, rstStream } from './octets.ts';
import { connectionError, seen, seenAtEnd } from './outcomes.ts';
import { goesAway, h2Server, response, servesOn } from './replies.ts';

/** One request of a sweep. */
export interface Swept {
  /** What it is about, in few words: `0x41`. */
  readonly says: string;
  readonly block: Block;
}

export type Sweep = Pick<H2Case, 'frames' | 'run' | 'awaits' | 'allow' | 'controls'>;

/** Requests in flight at once, where the target does not announce that it takes fewer. */
const AT_ONCE = 8;
/** Of a malformed request; the second is the generic one (RFC9113#5.4). */
const REFUSALS: readonly string[] = ['PROTOCOL_ERROR', 'INTERNAL_ERROR'];

/** Requests on streams of their own, a few at a time: each has its answer before the next ones are sent (RFC9113#5.1.2). */
export function inTurns(requests: readonly OctetStep[]): Pick<H2Case, 'frames' | 'run' | 'awaits'> {
  const isOver = (stream: StreamSeen | undefined) => stream?.reset !== undefined || stream?.response?.complete === true;
  const run = async (dialogue: H2Dialogue): Promise<H2Observation> => {
    const limit = dialogue.seen.settings.get(SETTING.MAX_CONCURRENT_STREAMS) ?? AT_ONCE;
    const size = Math.max(1, Math.min(AT_ONCE, limit));
    for (let at = 0; at < requests.length; at += size) {
      const group = requests.slice(at, at + size);
      await dialogue.take(...group, barrier);
      const goesOn = await dialogue.until(
        ({ goaways, streams }) => goaways.length > 0 || group.every(({ stream = 0 }) => isOver(streams.get(stream))),
      );
      if (!goesOn) break;
    }
    return dialogue.finish();
  };
  return { frames: requests, run, awaits: requests.flatMap(({ stream }) => stream ?? []) };
}

/** What a canned server says to so many requests `inTurns`. */
export function toEach(count: number, reply: (stream: number) => H2Phase): readonly H2Phase[] {
  const groups = Array.from({ length: Math.ceil(count / AT_ONCE) }, (_, group) =>
    Array.from({ length: Math.min(AT_ONCE, count - group * AT_ONCE) }, (_, index) =>
      reply(streamOf(group * AT_ONCE + index)),
    ).flat(),
  );
  return [...groups, []];
}

/** The stream of the n-th request, from 0. */
export function streamOf(index: number): number {
  return 2 * index + 1;
}

/**
 * Each request has to be refused as malformed (RFC9113#8.1.1): by RST_STREAM or by 400. Where the connection ends, as an error or
 * because there was enough of them (RFC9113#10.5), nothing is learnt of the requests behind; those in front count.
 */
export function refusesEach(swept: readonly Swept[]): Sweep {
  const last = streamOf(swept.length - 1);
  const reset = (stream: number) => [rstStream('PROTOCOL_ERROR', stream)];
  const butLast = (phase: H2Phase) => toEach(swept.length, (stream) => (stream === last ? phase : reset(stream)));
  const taken = response(200, '', last);
  const enough = goaway('ENHANCE_YOUR_CALM', last);
  return {
    ...inTurns(swept.map(({ block }, index) => headers(block, { stream: streamOf(index) }))),
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
        h2Server('resets each', toEach(swept.length, reset)),
        h2Server(
          'answers each with 400',
          toEach(swept.length, (stream) => response(400, '', stream)),
        ),
        h2Server('has enough', butLast([enough]), { ending: 'close' }),
        goesAway('PROTOCOL_ERROR'),
      ],
      fail: [
        h2Server('takes the last', butLast(taken)),
        h2Server(
          'takes all',
          toEach(swept.length, (stream) => response(200, '', stream)),
        ),
        h2Server('takes the last and has enough', butLast([...taken, enough]), { ending: 'close' }),
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
  const wrong = swept.filter((_, index) => isWrong(streams.get(streamOf(index))));
  return wrong.length === 0 ? undefined : `not refused: ${wrong.map(({ says }) => says).join(', ')}`;
}

function isRefused(stream: StreamSeen | undefined): boolean {
  if (stream === undefined) return false;
  if (stream.reset !== undefined && REFUSALS.includes(errorName(stream.reset))) return true;
  return stream.response?.complete === true && stream.response.status === 400;
}
