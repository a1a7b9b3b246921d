import type { Level } from '../../reports/schema.ts';
import type { Citation, Grade } from '../model.ts';
import type { Judgement } from '../run/judge.ts';
import type { Placeholders } from '../run/placeholders.ts';
import type { Address } from '../wire/connection.ts';
import type { Transcript } from '../wire/transcript.ts';

/**
 * What a target has to offer: `websocket` it echoes messages at a path that was named; `tls` it is reached over TLS; `tls13` it serves HTTP/1.1
 * over TLS 1.3, `tls12` it takes clients that know no more than TLS 1.2, `tls-h2` it agrees on h2; `tls-deadline` it is known how long a
 * handshake may take; `tls-policies` it asks for client certificates where they are due (see `tls/identities.ts`); `inspect` it tells how it
 * understood a request of HTTP/1.1, `h2-inspect` the same of HTTP/2.
 */
export type ScriptedNeed =
  | 'tls'
  | 'tls13'
  | 'tls12'
  | 'tls-h2'
  | 'tls-deadline'
  | 'tls-policies'
  | 'websocket'
  | 'inspect'
  | 'h2-inspect';

/** How a connection stood at the end; `open` was proven by an answer. */
export type ScriptedEnd = 'open' | 'closed' | 'reset' | 'silent';

/** Where one attempt takes place. */
export interface ScriptedStage {
  readonly address: Address;
  readonly values: Placeholders;
  readonly timeoutMs: number;
  /** Path of the WebSocket echo. */
  readonly wsPath: string;
  /** What the target offers. */
  readonly offers: ReadonlySet<ScriptedNeed>;
  /** How long the target lets a handshake take, in milliseconds. */
  readonly handshakeMs?: number;
}

export interface ScriptedResult {
  readonly judgement: Judgement;
  readonly connection: ScriptedEnd;
  readonly transcript: Transcript;
}

/** A canned server that plays one part. */
export interface CannedServer {
  /** What it does, as a phrase: `accepts and echoes`. */
  readonly name: string;
  listen(): Promise<{ readonly address: Address; close(): void }>;
}

/** A case over a protocol of its own, which knows how it is performed and judged: a room's `define.ts` makes it of data. */
export interface ScriptedCase {
  readonly id: `ws/${string}/${string}` | `tls/${string}/${string}` | `equivalence/${string}/${string}`;
  readonly title: string;
  readonly rfc: Citation;
  readonly level: Level;
  readonly needs: readonly ScriptedNeed[];
  readonly tags?: readonly string[];
  readonly why?: string;
  /** What is sent, a line a step, for `explain`. */
  readonly says: readonly string[];
  readonly allow: readonly { readonly grade: Grade; readonly words: string; readonly note?: string }[];
  /**
   * Performs it once on a fresh connection.
   * @throws ConnectError when the target takes no connection
   */
  readonly attempt: (stage: ScriptedStage) => Promise<ScriptedResult>;
  readonly controls: { readonly pass: readonly CannedServer[]; readonly fail: readonly CannedServer[] };
}
