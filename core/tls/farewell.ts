import { fromLatin1 } from '../bytes/latin1.ts';
import type { TlsCode } from '../errors/tls-codes.ts';
import { TLS_CODES } from '../errors/tls-codes.ts';

const ALERT = 21;
const FATAL = 2;

const TEXT = 'This port speaks TLS: write https:// in place of http://\n';

/** To a request in clear: what is wrong, in the only words that its client understands. */
const PLAINTEXT_ANSWER = fromLatin1(
  `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${TEXT.length}\r\nConnection: close\r\n\r\n${TEXT}`,
);

/** Last octets for a peer whose hello failed: a fatal alert (RFC8446#6.2), or an HTTP response to who does not speak TLS. */
export function farewellOf(code: TlsCode): Uint8Array {
  const { alert } = TLS_CODES[code];
  return alert === undefined ? PLAINTEXT_ANSWER : Uint8Array.of(ALERT, 3, 3, 0, 2, FATAL, alert);
}
