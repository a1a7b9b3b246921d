/** Inputs as fast-check makes them: of a grammar, of a model of a connection, of handlers that answer in any order. */
import type * as FastCheck from 'fast-check';
import type { GrammarName } from '../../define.ts';
import type { Grammar } from '../../grammar/grammar.ts';
import type { Dictionary } from '../aeronet/dictionary.ts';
import { createRandom } from '../aeronet/prng.ts';
import { http1Commands } from './http1-model.ts';
import { http2Commands } from './http2-model.ts';
import type { Fc, InputSource } from './input-source.ts';
import { racingAnswers } from './race.ts';

/** What a grammar's inputs can come from. */
export function inputSources(fc: Fc, name: GrammarName, grammar: Grammar, dictionary: Dictionary): InputSource[] {
  const inputs = grammarInputs(fc, grammar, dictionary);
  const sources: InputSource[] = [(seed, numRuns) => fc.sample(inputs, { seed, numRuns })];
  if (name === 'http1-request') sources.push(modelled(fc, http1Commands(fc), () => ({ text: '', isOpen: true })));
  if (name === 'http2') {
    sources.push(modelled(fc, http2Commands(fc), () => ({ text: '', nextStream: 1, arriving: [], answering: [] })));
    sources.push(racingAnswers(fc));
  }
  return sources;
}

/** Fresh inputs, changed ones, and ones with pieces left out; each is a function of a few numbers, so that it shrinks. */
export function grammarInputs(fc: Fc, grammar: Grammar, dictionary: Dictionary): FastCheck.Arbitrary<string> {
  const fresh = fc.integer().map((seed) => grammar.generate(createRandom(seed), dictionary));
  const changed = fc
    .tuple(fresh, fresh, fc.array(fc.integer(), { maxLength: 4 }))
    .map(([input, other, changes]) =>
      changes.reduce((text, seed) => grammar.mutate(text, other, createRandom(seed), dictionary), input),
    );
  const cut = changed
    .chain((input) => fc.subarray([...(grammar.cuts(input).at(-1) ?? [input])]))
    .map((pieces) => pieces.join(''));
  return fc.oneof(fresh, changed, cut);
}

/** What a model of a connection writes down. */
interface Written {
  text: string;
}

/** Runs commands that are legal in their model; what they wrote is the input. */
function modelled<Model extends Written>(
  fc: Fc,
  commands: FastCheck.Arbitrary<Iterable<FastCheck.Command<Model, object>>>,
  begin: () => Model,
): InputSource {
  return (seed, numRuns) =>
    fc.sample(commands, { seed, numRuns }).map((sequence) => {
      const model = begin();
      fc.modelRun(() => ({ model, real: {} }), sequence);
      return model.text;
    });
}
