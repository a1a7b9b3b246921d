import type { Control, FieldList } from '../model.ts';
import { answer, type Ending, replies } from './replies.ts';

/** What a canned `/inspect` claims to have understood; the rest is a plain `GET /inspect` without fields. */
export interface Claim {
  readonly method?: string;
  readonly target?: string;
  readonly protocol?: string;
  readonly authority?: string;
  readonly fields?: FieldList;
  /** latin1 */
  readonly content?: string;
  readonly trailers?: FieldList;
}

/** Accepts: 200 with the JSON of `/inspect` for this understanding. Placeholders as long as themselves only: `{nonce}`. */
export function sees(claim: Claim, ending: Ending = 'serve'): Control {
  const { name, play } = replies(answer(200, inspectionOf(claim)), ending);
  return { name: `${name}, having seen ${asciiJson(claim)}`, play };
}

/** The JSON of `/inspect` for this understanding. */
export function inspectionOf(claim: Claim): string {
  const { content = '', ...rest } = claim;
  const plain = { method: 'GET', target: '/inspect', protocol: 'HTTP/1.1', fields: [], trailers: [] };
  return asciiJson({ ...plain, ...rest, content: Buffer.from(content, 'latin1').toString('base64') });
}

/** JSON whose octets are the same in every encoding that a reader may assume. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
