import type { H2Capability } from '../h2/model.ts';
import { probeH2 } from '../h2/probe.ts';
import type { Capability, Response } from '../model.ts';
import type { ScriptedNeed } from '../scripted/model.ts';
import { offersOfTls } from '../tls/probe.ts';
import type { Address } from '../wire/connection.ts';
import { exchange } from '../wire/exchange.ts';
import { fieldValues } from '../wire/response-reader.ts';
import { echoesMessages } from '../ws/probe.ts';
import { parseInspection } from './inspection.ts';
import { OTHER_TAG, ofFile } from './of-file.ts';

/** What a target can do. */
export interface Probed {
  readonly capabilities: ReadonlySet<Capability>;
  /**
   * It gave a whole answer to `POST /echo` while content was still missing: what it answers says nothing about how it
   * parses content, so cases about content are inconclusive.
   */
  readonly answersEarly: boolean;
  /** Its `Server` field. */
  readonly server?: string;
  /** Whether it answers HTTP/1.1. */
  readonly speaksH1: boolean;
  /** What it can do over HTTP/2; undefined when it does not speak it. */
  readonly h2?: ReadonlySet<H2Capability>;
  /** What else it offers. */
  readonly offers: ReadonlySet<ScriptedNeed>;
}

/** What is known of a target before it is asked. */
export interface Known {
  readonly wsPath?: string;
  readonly handshakeMs?: number;
  readonly hasPolicies?: boolean;
}

/** How long a target is watched that rightly waits for content: the only wait of the bench for something not to come. */
const EARLY_MS = 250;
const PROBE_CONTENT = 'aeronet-probe';

/**
 * Finds out what a target can do, one request on one connection for each.
 * @throws ConnectError when it takes no connection
 */
export async function probe(address: Address, timeoutMs: number, known: Known = {}): Promise<Probed> {
  const { wsPath, handshakeMs, hasPolicies = false } = known;
  const ask = (method: string, path: string, rest = '\r\n', waitMs = timeoutMs) =>
    exchange(address, `${method} ${path} HTTP/1.1\r\nHost: ${address.authority}\r\n${rest}`, waitMs);
  const length = `Content-Length: ${PROBE_CONTENT.length}\r\n\r\n`;
  const get = await ask('GET', '/');
  const [head, post, echo, inspect, file, ranged, mismatched, unfinished] = await Promise.all([
    ask('HEAD', '/'),
    ask('POST', '/', length + PROBE_CONTENT),
    ask('POST', '/echo', length + PROBE_CONTENT),
    ask('POST', '/inspect', length + PROBE_CONTENT),
    ask('HEAD', '/file.bin'),
    ask('GET', '/file.bin', 'Range: bytes=0-0\r\n\r\n'),
    ask('GET', '/file.bin', `If-Match: ${OTHER_TAG}\r\n\r\n`),
    ask('POST', '/echo', length, Math.min(EARLY_MS, timeoutMs)),
  ]);
  const isOk = (response: Response | undefined) => response?.status === 200 && response.complete;
  const answersEarly = isOk(unfinished);
  const capabilities = new Set<Capability>();
  if (!address.tls) capabilities.add('cleartext');
  if (isOk(get)) capabilities.add('get');
  if (isOk(head)) capabilities.add('head');
  if (isOk(post)) capabilities.add('post');
  if (isOk(echo) && echo?.content.toString('latin1') === PROBE_CONTENT && !answersEarly) capabilities.add('echo');
  if (inspect !== undefined && parseInspection(inspect.content)?.content === PROBE_CONTENT) capabilities.add('inspect');
  if (isOk(file) && file !== undefined) {
    for (const capability of ofFile(file.fields, ranged?.status, mismatched?.status)) capabilities.add(capability);
  }
  const server = get === undefined ? undefined : fieldValues(get.fields, 'server')[0];
  const h2 = await probeH2(address, timeoutMs);
  const speaksH1 = get !== undefined && get.status !== 0;
  const offers = new Set<ScriptedNeed>(address.tls ? await offersOfTls(address, timeoutMs) : []);
  if (address.tls && handshakeMs !== undefined) offers.add('tls-deadline');
  if (address.tls && hasPolicies) offers.add('tls-policies');
  if (capabilities.has('inspect')) offers.add('inspect');
  if (h2?.has('inspect') === true) offers.add('h2-inspect');
  if (wsPath !== undefined && (await echoesMessages(address, timeoutMs, wsPath))) offers.add('websocket');
  return {
    capabilities,
    offers,
    answersEarly,
    speaksH1,
    ...(h2 === undefined ? {} : { h2 }),
    ...(server === undefined ? {} : { server }),
  };
}
