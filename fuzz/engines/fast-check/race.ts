/**
 * Races: requests are open at once, and their handlers, the client's resets and its windows come in an order that fast-check's
 * scheduler chooses. The order is written down as directives and frames, so that a race is an input like any other.
 */
import { FLAG, frameOctets, TYPE, VERB, type WireFrame, wireFrame } from '../../grammar/http2-frames.ts';
import { uint } from '../../grammar/octets.ts';
import { HTTP2_BEGINNING, requestBlock } from './http2-model.ts';
import type { Fc, InputSource } from './input-source.ts';

/** Two to five requests whose ends race. */
export function racingAnswers(fc: Fc): InputSource {
  const races = fc.tuple(
    fc.scheduler(),
    fc.array(fc.record({ way: fc.nat(15), isReset: fc.boolean(), window: fc.nat(100) }), {
      minLength: 2,
      maxLength: 5,
    }),
  );
  return async (seed, numRuns) => {
    const inputs: string[] = [];
    for (const [scheduler, requests] of fc.sample(races, { seed, numRuns })) {
      let text = HTTP2_BEGINNING;
      const write = (frame: WireFrame): void => {
        text += frameOctets(frame);
      };
      const ids = requests.map((_, index) => 1 + 2 * index);
      for (const id of ids) write(wireFrame(TYPE.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, id, requestBlock('get')));
      for (const [index, { way, isReset, window }] of requests.entries()) {
        const id = ids[index] ?? 1;
        const answer = wireFrame(TYPE.DIRECTIVE, 0, id, uint(VERB.ANSWER, 1) + uint(way, 1));
        void scheduler.schedule(Promise.resolve(answer)).then(write);
        if (isReset)
          void scheduler.schedule(Promise.resolve(wireFrame(TYPE.RST_STREAM, 0, id, uint(8, 4)))).then(write);
        if (window > 0)
          void scheduler.schedule(Promise.resolve(wireFrame(TYPE.WINDOW_UPDATE, 0, id, uint(window, 4)))).then(write);
      }
      await scheduler.waitIdle();
      inputs.push(text);
    }
    return inputs;
  };
}
