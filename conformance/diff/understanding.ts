/** What a server made of some octets, as far as it shows: how many requests, which, and what became of the connection. */
import type { Observation, Response } from '../model.ts';
import { type Inspection, parseInspection } from '../run/inspection.ts';
import type { Quirks } from './quirks.ts';

/** One request that a server took from the octets. */
export interface Understood {
  readonly status: number;
  /** Absent where the server does not tell: it has no `/inspect`, or the request was for something else. */
  readonly request?: UnderstoodRequest;
}

export interface UnderstoodRequest {
  readonly method: string;
  /** Path and query; of the absolute-form, without scheme and authority. */
  readonly target: string;
  /** As the server tells it, else Host; `{host}` where it is the server's own. */
  readonly authority: string;
  /** latin1. */
  readonly content: string;
  /** `name: value`, names in lower case, lines of one name joined, without framing and without what this server adds itself. */
  readonly fields: readonly string[];
}

export interface Understanding {
  /** Those that it did not refuse, in order. */
  readonly accepted: readonly Understood[];
  /** The status of what it refused behind them; `none`: it closed without a word. Absent where it refused nothing. */
  readonly refusal?: number | 'none';
  /** `waits`: neither answered nor closed; it takes the octets for the beginning of something longer. */
  readonly connection: 'open' | 'closed' | 'waits';
}

/** Statuses that say "this is no request that I understand"; any other one answers a request. */
const REFUSALS: ReadonlySet<number> = new Set([400, 408, 411, 413, 414, 417, 421, 426, 431, 500, 501, 502, 505]);

/** Fields that frame or carry a message: what they did to it shows in its content and in the count of requests. */
const CARRYING: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Reads an observation with the server's quirks taken out. */
export function understand(observation: Observation, quirks: Quirks, ownAuthority: string): Understanding {
  const first = observation.responses.findIndex(isRefusal);
  const answers = first === -1 ? observation.responses : observation.responses.slice(0, first);
  const refused = observation.responses[first];
  const connection =
    observation.connection === 'silent' ? 'waits' : observation.connection === 'open' ? 'open' : 'closed';
  const isMute = refused === undefined && answers.length === 0 && connection === 'closed';
  return {
    accepted: answers.map((answer) => understood(answer, quirks, ownAuthority)),
    ...(refused === undefined ? {} : { refusal: refused.status }),
    ...(isMute ? { refusal: 'none' as const } : {}),
    connection,
  };
}

function isRefusal({ status, complete }: Response): boolean {
  return status === 0 || REFUSALS.has(status) || !complete;
}

function understood({ status, content }: Response, quirks: Quirks, ownAuthority: string): Understood {
  const inspection = quirks.inspects && status === 200 ? parseInspection(content) : undefined;
  return inspection === undefined ? { status } : { status, request: requestOf(inspection, quirks, ownAuthority) };
}

function requestOf(
  { method, target, authority, content, fields }: Inspection,
  quirks: Quirks,
  ownAuthority: string,
): UnderstoodRequest {
  const neutral = (text: string) => text.replaceAll(ownAuthority, '{host}');
  const joined = new Map<string, string>();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  const kept = [...joined].filter(([name]) => !CARRYING.has(name) && !quirks.adds.has(name));
  return {
    method,
    target: neutral(target.replace(/^https?:\/\/[^/?]*/i, '')),
    authority: neutral(authority ?? joined.get('host') ?? ''),
    content: neutral(content),
    fields: kept.map(([name, value]) => neutral(`${name}: ${value.split(/\s*,\s*/).join(', ')}`)).sort(),
  };
}
