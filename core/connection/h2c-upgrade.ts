/**
 * The Upgrade of an HTTP/1.1 connection to HTTP/2 in clear. RFC9113#3.1 has deprecated it in favour of prior knowledge, so
 * it is taken only where the server was told to; what it looked like is the "h2c" token and the HTTP2-Settings field.
 */
import type { RequestHead } from '../semantics/exchange.ts';
import type { FieldLines } from '../semantics/field.ts';
import { trimSpace } from '../semantics/list.ts';

/** Octets of HTTP2-Settings that are looked at: far more than there are settings. */
const MAX_SETTINGS_UNITS = 1_024;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Payload of the client's SETTINGS where `head` asks for h2c and may have it, else `undefined`: a server may ignore an
 * Upgrade (RFC9110#7.8). Only requests without content are upgraded, because nothing has to be kept for those.
 */
export function readUpgrade(head: RequestHead): Uint8Array | undefined {
  const { fields } = head;
  if (!fields.has('http2-settings') || head.protocol !== 'HTTP/1.1' || head.method === 'CONNECT') return undefined;
  if (!isToken(fields, 'upgrade', 'h2c') || hasContent(head)) return undefined;
  // RFC9110#7.8 MUST: who sends Upgrade names it in Connection, as every field that is meant for the next hop alone
  if (!isToken(fields, 'connection', 'upgrade') || !isToken(fields, 'connection', 'http2-settings')) return undefined;
  const [settings, second] = fields.all('http2-settings');
  if (settings === undefined || second !== undefined) return undefined;
  const payload = fromBase64url(settings);
  // RFC9113#6.5: the payload of SETTINGS is a number of entries of six octets
  return payload === undefined || payload.length % 6 !== 0 ? undefined : payload;
}

function hasContent({ fields, expectation }: RequestHead): boolean {
  return fields.has('transfer-encoding') || !/^0*$/.test(fields.get('content-length') ?? '') || expectation !== 'none';
}

function isToken(fields: FieldLines, name: string, token: string): boolean {
  const members = (fields.get(name) ?? '').split(',');
  return members.some((member) => trimSpace(member).toLowerCase() === token);
}

/** Octets of unpadded base64url (RFC4648#5); `undefined` for anything else. */
function fromBase64url(text: string): Uint8Array | undefined {
  if (text.length > MAX_SETTINGS_UNITS || text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const unit of text) {
    const value = ALPHABET.indexOf(unit);
    if (value === -1) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 0xff;
  }
  return bytes;
}
