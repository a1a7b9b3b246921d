/** The suite's own octets as stimuli. */
import { allCases } from '../cases/index.ts';
import { BenchError } from '../errors.ts';
import { isH2, isScripted } from '../h2/model.ts';
import { selectCases } from '../run/select.ts';
import type { Stimulus } from './diff.ts';

/**
 * The octets of the HTTP/1.1 cases that the selectors name; a case that is a dialogue of its own is left out.
 * @throws BenchError (exit 5) when nothing is left
 */
export function selectStimuli(selectors: readonly string[]): readonly Stimulus[] {
  const stimuli = selectCases(allCases, selectors).flatMap((one) =>
    isH2(one) || isScripted(one) || one.run !== undefined
      ? []
      : [{ name: one.id, send: one.send, ...(one.methods === undefined ? {} : { methods: one.methods }) }],
  );
  if (stimuli.length === 0)
    throw new BenchError(5, `${selectors.join(' ')} names no HTTP/1.1 case that is octets alone`);
  return stimuli;
}
