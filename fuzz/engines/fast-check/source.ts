/** A queue of what fast-check makes up, filled a batch at a time: one seed, one sequence of inputs. */
import type { GrammarName } from '../../define.ts';
import type { Grammar } from '../../grammar/grammar.ts';
import type { Dictionary } from '../aeronet/dictionary.ts';
import { deriveSeed } from '../aeronet/prng.ts';
import { inputSources } from './inputs.ts';

/** Inputs that are made at once; fast-check does much anew for each batch. */
const BATCH = 64;

/** Opens the source of a grammar's inputs. */
export async function openFastCheck(
  name: GrammarName,
  grammar: Grammar,
  dictionary: Dictionary,
  seed: number,
): Promise<() => string | Promise<string>> {
  const { default: fc } = await import('fast-check');
  const sources = inputSources(fc, name, grammar, dictionary);
  let waiting: string[] = [];
  let batches = 0;

  const refill = async (): Promise<string> => {
    const source = sources[batches % sources.length];
    const made = (await source?.(deriveSeed(seed, batches++) | 0, BATCH)) ?? [];
    waiting = [...made];
    return waiting.pop() ?? '';
  };
  return () => waiting.pop() ?? refill();
}
