import type { AnyCase, H2Case, H2Observation } from '../h2/model.ts';
import { isH2 } from '../h2/model.ts';
import type { Case, Observation, Response } from '../model.ts';
import type { Transcript } from '../wire/transcript.ts';
import { methodsOf } from './perform.ts';

/** The first response that showed a fault, and the case that it answered. */
export interface Sighting {
  readonly complaint: string;
  readonly witness: AnyCase;
  readonly transcript: Transcript;
}

/** A case that is judged by the answers to all others of its version, too. */
export type EverywhereCase = (Case & Required<Pick<Case, 'everywhere'>>) | EverywhereH2Case;
type EverywhereH2Case = H2Case & Required<Pick<H2Case, 'everywhere'>>;

/** Whether a case is judged by the answers to all others. */
export function isEverywhere(one: AnyCase): one is EverywhereCase {
  return 'everywhere' in one && one.everywhere !== undefined;
}

/** Holds all that a case gets to the rules of the cases that are judged everywhere. */
export class LintBook {
  readonly #rules: readonly EverywhereCase[];
  readonly #sightings = new Map<string, { first: Sighting; times: number }>();

  constructor(cases: readonly AnyCase[]) {
    this.#rules = cases.filter(isEverywhere);
  }

  /**
   * Looks at what a case over HTTP/1.1 has got. Left alone is what may have been misread: octets that are no response, what was cut
   * short, and responses beyond those that were expected, whose requests are not known.
   */
  look(witness: Case, seen: Observation, transcript: Transcript): void {
    const expected = seen.responses.slice(0, methodsOf(witness).length);
    const responses = expected.flatMap((one) => [...one.interim, one]).filter(isReadable);
    for (const rule of this.#rules) {
      if (isH2(rule)) continue;
      this.#note(rule, responses.map(rule.everywhere).find(isFault), witness, transcript);
    }
  }

  /** Looks at the frames and responses that a case over HTTP/2 has got. */
  lookH2(witness: H2Case, seen: H2Observation, transcript: Transcript): void {
    for (const rule of this.#rules) if (isH2(rule)) this.#note(rule, rule.everywhere(seen), witness, transcript);
  }

  /** The first response that broke this rule. */
  sighting(one: AnyCase): Sighting | undefined {
    return this.#sightings.get(one.id)?.first;
  }

  /** How many times the case of the first sighting has shown it. */
  times(one: AnyCase): number {
    return this.#sightings.get(one.id)?.times ?? 0;
  }

  #note({ id }: EverywhereCase, complaint: string | undefined, witness: AnyCase, transcript: Transcript): void {
    if (complaint === undefined) return;
    const known = this.#sightings.get(id);
    if (known === undefined) this.#sightings.set(id, { first: { complaint, witness, transcript }, times: 1 });
    else if (known.first.witness === witness) known.times += 1;
  }
}

function isFault(complaint: string | undefined): complaint is string {
  return complaint !== undefined;
}

function isReadable({ status, complete, framing, problems }: Response): boolean {
  const isMisread = problems.some((problem) => /no HTTP response|head not ended/.test(problem));
  return status !== 0 && !isMisread && (complete || framing !== 'none');
}
