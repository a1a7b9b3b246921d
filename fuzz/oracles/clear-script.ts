/**
 * An input for a connection whose version its octets decide, as a script: a client's octets, and between them lines that
 * begin with DEL and a letter, hold a number and end with LF: `DEL t 9000 LF` is nine seconds. Those are what the owner, the
 * transport and the clock do; whoever does not know them sees octets that no version of HTTP allows.
 */

/** What each letter does. */
const VERBS = {
  /** How the connection is opened: see `OPENINGS`. Heard only before any octet. */
  o: 'open',
  /** So many milliseconds pass. */
  t: 'tick',
  /** So many octets that were taken are not written yet. */
  u: 'unwritten',
  /** This side has stopped reading (1), or reads on (0). */
  p: 'pause',
  /** So many octets of output are taken; all for 0. */
  w: 'take',
  /** The oldest open exchange is answered, in the way of that number; from 12 on the one that was told last. */
  a: 'answer',
  d: 'drain',
  e: 'end',
  f: 'fail',
} as const;

export type ClearStep =
  | { readonly kind: (typeof VERBS)[keyof typeof VERBS]; readonly number: number }
  | { readonly kind: 'octets'; readonly octets: Uint8Array };

const DIRECTIVE = /\x7f([a-z])([0-9]{0,5})\n/g;

/** Reads an input, given as octets and as latin1 text of them. */
export function readClearScript(input: Uint8Array, text: string): ClearStep[] {
  const steps: ClearStep[] = [];
  let read = 0;
  const send = (to: number): void => {
    if (to > read) steps.push({ kind: 'octets', octets: input.subarray(read, to) });
  };
  for (const match of text.matchAll(DIRECTIVE)) {
    const [whole, letter = '', digits = ''] = match;
    if (!isVerb(letter)) continue;
    send(match.index);
    read = match.index + whole.length;
    steps.push({ kind: VERBS[letter], number: Number(digits) });
  }
  send(input.length);
  return steps;
}

/** A directive as octets. */
export function clearDirective(verb: keyof typeof VERBS, number = 0): string {
  return `\x7f${verb}${number}\n`;
}

function isVerb(letter: string): letter is keyof typeof VERBS {
  return Object.hasOwn(VERBS, letter);
}
