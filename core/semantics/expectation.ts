import type { RequestHead } from './exchange.ts';
import { membersOf } from './list.ts';

/** What the values of Expect ask for (RFC9110#10.1.1): names are case-insensitive, and a list may be empty. */
export function parseExpectation(expect: string): RequestHead['expectation'] {
  const members = membersOf(expect).filter((member) => member !== '');
  if (members.some((member) => member !== '100-continue')) return 'unknown';
  return members.length === 0 ? 'none' : 'continue';
}
