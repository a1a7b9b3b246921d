/** RFC9113#8 on field lists, read plainly: whether a list makes a request, or a trailer section. */
import type { Field } from '../grammar/hpack-vocabulary.ts';

/** `unsure`: where it depends on the grammar of URIs, which other oracles look after. */
export type MessageVerdict = 'sound' | 'malformed' | 'unsure';

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t \x21-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;
const PSEUDO = [':method', ':scheme', ':path', ':authority'];
const ABOUT_CONNECTIONS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Fields that may not be trailers here: about framing, routing, authentication, and how a message is read (RFC9110#6.5.1). */
const UNTRAILABLE =
  /^(?:content-|transfer-|host$|te$|trailer$|authorization$|cookie$|set-cookie$|expect$|range$|cache-control$|max-forwards$|if-|accept|age$|date$|expires$|location$|retry-after$|vary$|warning$|proxy-|www-|connection$|keep-alive$|upgrade$|pragma$|priority$)/;

/** Judges the list of a request (RFC9113#8.3.1). */
export function judgeRequest(fields: readonly Field[]): MessageVerdict {
  const regularAt = fields.findIndex(([name]) => !name.startsWith(':'));
  const pseudo = regularAt < 0 ? fields : fields.slice(0, regularAt);
  const regular = regularAt < 0 ? [] : fields.slice(regularAt);
  const control = new Map(pseudo);
  if (control.size !== pseudo.length || pseudo.some(([name]) => !PSEUDO.includes(name))) return 'malformed';
  if (regular.some(isBadField)) return 'malformed';
  // A pseudo-header field's value may have white space at its ends for all that the RFC says of field values there
  if (pseudo.some(([, value]) => /[^\t \x21-\x7e\x80-\xff]/.test(value))) return 'malformed';
  const method = control.get(':method');
  if (method === undefined || !METHOD.test(method)) return 'malformed';
  const lengths = regular.filter(([name]) => name === 'content-length');
  if (lengths.length > 1 || lengths.some(([, value]) => !/^[0-9]+$/.test(value))) return 'malformed';
  if (method === 'CONNECT') {
    return control.has(':scheme') || control.has(':path') || !control.has(':authority') ? 'malformed' : 'unsure';
  }
  const path = control.get(':path');
  if (!control.get(':scheme') || !path) return 'malformed';
  const isPlain = /^\/[0-9a-z/]*$/.test(path) && /^https?$/.test(control.get(':scheme') ?? '');
  const isAddressed = /^[a-z]+$/.test(control.get(':authority') ?? '');
  const rest = regular.every(([name]) => name !== 'host' && name !== 'content-length');
  return isPlain && isAddressed && rest ? 'sound' : 'unsure';
}

/** Judges a trailer section (RFC9113#8.1). */
export function judgeTrailers(fields: readonly Field[]): MessageVerdict {
  if (fields.some(([name]) => name.startsWith(':')) || fields.some(isBadField)) return 'malformed';
  return fields.some(([name]) => UNTRAILABLE.test(name)) ? 'unsure' : 'sound';
}

/** The Content-Length of a list, where it has a plain one. */
export function contentLengthOf(fields: readonly Field[]): number | undefined {
  const digits = fields.find(([name]) => name === 'content-length')?.[1] ?? '';
  return /^[0-9]{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** RFC9113#8.2.1, RFC9113#8.2.2. */
function isBadField([name, value]: Field): boolean {
  if (!NAME.test(name) || !VALUE.test(value) || ABOUT_CONNECTIONS.has(name)) return true;
  return name === 'te' && value.toLowerCase() !== 'trailers';
}
