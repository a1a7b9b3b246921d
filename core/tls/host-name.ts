/** Names of hosts as policies are chosen by them: letters, digits, hyphens and underscores in labels, in lower case. */

const MAX_NAME = 253;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const STRAY = /[^A-Za-z0-9._-]/;

/** Why a text is no name of a host; `at` is the index of the unit that belongs in none. */
export type HostNameFailure = { readonly failure: 'octet'; readonly at: number } | { readonly failure: 'label' };

/**
 * A name in its one form: lower case, without the dot of the root. RFC6066#3 wants neither that dot nor addresses.
 * LENIENT RFC6066#3: an IPv4 address has the form of a name and is one, which no policy will have; so is an underscore,
 * which no host name has, but the names of many networks do.
 */
export function parseHostName(text: string): string | HostNameFailure {
  const at = text.search(STRAY);
  if (at !== -1) return { failure: 'octet', at };
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name.length > MAX_NAME || !name.split('.').every((label) => LABEL.test(label))) return { failure: 'label' };
  return name;
}
