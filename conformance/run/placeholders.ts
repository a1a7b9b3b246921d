import { createHash } from 'node:crypto';

/** What the placeholders of a case stand for on one connection. */
export interface Placeholders {
  /** `http` or `https`, as the target is reached. */
  readonly scheme: string;
  /** Authority of the target. */
  readonly host: string;
  /** Seven characters, as many as `{nonce}` has. */
  readonly nonce: string;
  /** The whole sentinel request. */
  readonly sentinel: string;
}

/** Puts the values in place; text in braces that is no placeholder stays as it is. */
export function fillIn(text: string, values: Placeholders): string {
  return text.replace(/\{(scheme|host|nonce|sentinel)\}/g, (all, name: string) => {
    if (name === 'scheme') return values.scheme;
    if (name === 'host') return values.host;
    if (name === 'nonce') return values.nonce;
    return name === 'sentinel' ? values.sentinel : all;
  });
}

/** The nonce of one attempt at one case: the same seed gives the same octets again. */
export function nonceFor(seed: number, caseId: string, attempt: number): string {
  return createHash('sha256').update(`${seed} ${caseId} ${attempt}`).digest('hex').slice(0, 7);
}

/** Content of the sentinel request where the target echoes. */
export function sentinelContent(nonce: string): string {
  return `sentinel-${nonce}`;
}

/**
 * A plain request whose answer proves that the connection is open and in step: where the target echoes, it gets its own
 * content back; elsewhere a GET, which is a weaker proof.
 */
export function sentinelRequest(host: string, nonce: string, canEcho: boolean): string {
  const content = sentinelContent(nonce);
  return canEcho
    ? `POST /echo HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${content.length}\r\n\r\n${content}`
    : `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
}
