import type { Level } from '../reports/schema.ts';

/**
 * What a target can do, as the probe found it; a case that needs a missing one is skipped with that reason.
 * `cleartext`: it is reached without TLS. Of the file: `ranges` an octet of it is to be had by itself, `etag` and `strong-etag` it has
 * such a tag, `last-modified` a date, `if-match` another tag in If-Match keeps it back.
 */
export type Capability =
  | 'get'
  | 'head'
  | 'post'
  | 'echo'
  | 'inspect'
  | 'file'
  | 'cleartext'
  | 'ranges'
  | 'etag'
  | 'strong-etag'
  | 'last-modified'
  | 'if-match';

/** Grade of an allowed outcome; whatever no outcome allows is `fail` (or `hang`). */
export type Grade = 'pass' | 'weak' | 'warn';

/** Stable name of a case: protocol, area, slug. Never renamed, never reused. */
export type CaseId = `h1/${string}/${string}`;

/** The clause a case tests, e.g. `RFC9112#6.3`. */
export type Citation = `RFC${number}#${string}`;

/** A wait between two writes; always for something that is seen, never for a time alone. */
export type Barrier =
  /** A whole exchange on a second connection, so that the target has had its turn with what was sent so far. */
  | { readonly kind: 'progress' }
  /** A 1xx response (or a final one, or the end) has arrived. */
  | { readonly kind: 'interim' }
  /** One more final response (or the end) has arrived. */
  | { readonly kind: 'response' }
  /** Our FIN is sent; the connection is then read to its end and no sentinel follows. */
  | { readonly kind: 'half-close' };

/**
 * One step of a stimulus: octets, or a barrier. Text is latin1, one character an octet, with these placeholders:
 * `{scheme}` (http or https), `{host}` (authority of the target), `{nonce}` (7 characters, as many as its placeholder has, so that lengths
 * computed from the text are true), `{sentinel}` (the whole sentinel request, when it has to be pipelined).
 */
export type Step = string | Barrier;

/** A status code, or a class of them. */
export type StatusPattern = number | '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

/** What a field of the response has to be: present, absent, equal, or matching. */
export type FieldCheck = true | false | string | RegExp;

/** A field list as `/inspect` reports it: name and value in order of arrival. */
export type FieldList = readonly (readonly [name: string, value: string])[];

/** What `/inspect` has to report about the request; only what is named is compared. */
export interface InspectMatch {
  readonly method?: string;
  readonly target?: string;
  readonly protocol?: string;
  /** Whom the target takes to be addressed (RFC9112#3.3); a target that does not tell never matches. */
  readonly authority?: string;
  /** The content, as text with placeholders. */
  readonly content?: string;
  /** By lower-case name: all values in order; an empty list demands that the field is absent. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** The same for trailers. */
  readonly trailers?: Readonly<Record<string, readonly string[]>>;
}

/** What one final response has to be; only what is named is compared. */
export interface ResponseMatch {
  readonly status?: readonly StatusPattern[];
  /** The whole content, as text with placeholders. */
  readonly content?: string;
  /** By lower-case name. */
  readonly fields?: Readonly<Record<string, FieldCheck>>;
  /** The request as the target understood it; for requests to `/inspect`. */
  readonly inspect?: InspectMatch;
  /** Status codes of the interim responses before it, exactly; `[]` demands that there were none. */
  readonly interim?: readonly number[];
  /** For what no other member can say: what is wrong with it, in words, or undefined. `says` is printed by `explain`. */
  readonly where?: { readonly says: string; readonly complaint: (response: Response) => string | undefined };
}

/** One allowed outcome, in two parts: what is answered, and what becomes of the connection. */
export interface Outcome {
  readonly grade: Grade;
  /** `none`: no octet of a final response. `aborted`: the connection ended inside a response. A list: exactly these, in order. */
  readonly response: 'none' | 'aborted' | ResponseMatch | readonly ResponseMatch[];
  /** `open`: a sentinel request was answered. `closed`: FIN or RST. `any`: one of these two (a silent connection never matches). */
  readonly connection: 'open' | 'closed' | 'any';
  /** Why this is allowed, where it is not plain. */
  readonly note?: string;
}

/** One response of the target, read leniently; the reader's complaints are kept in `problems`. */
export interface Response {
  readonly version: string;
  /** 0 when the octets were no HTTP response at all. */
  readonly status: number;
  readonly reason: string;
  /** Names as sent. */
  readonly fields: FieldList;
  readonly content: Buffer;
  readonly trailers: FieldList;
  readonly framing: 'none' | 'content-length' | 'chunked' | 'close';
  /** False when the connection ended (or the deadline came) inside it. */
  readonly complete: boolean;
  /** Interim (1xx) responses that came before it. */
  readonly interim: readonly Response[];
  /** Deviations that the reader forgave, in words. */
  readonly problems: readonly string[];
}

/** What was seen of one case on one connection. */
export interface Observation {
  /** Final responses to the stimulus, in order, complete or not; the sentinel's is not among them. */
  readonly responses: readonly Response[];
  /** `silent`: neither answered nor closed before the deadline. */
  readonly connection: 'open' | 'closed' | 'reset' | 'silent';
}

/** A canned server: it plays one part on one connection. */
export interface Control {
  /** What it does, as a phrase: `refuses with 400 and closes`. */
  readonly name: string;
  readonly play: (peer: ControlPeer) => Promise<void>;
}

/** The server's side of a connection, as a control sees it. */
export interface ControlPeer {
  /** Waits for the next part of the stimulus: the octets up to its next `interim` or `response` barrier, or to its end. */
  part(): Promise<void>;
  /** Waits until the octets since the last wait contain this text (with placeholders); they are consumed up to its end. */
  until(text: string): Promise<void>;
  /** Writes this text (with placeholders). */
  say(text: string): void;
  /** Waits for the sentinel and answers it. */
  serveSentinel(): Promise<void>;
  close(): void;
  reset(): void;
}

/** A dialogue with the target, for the rare case that steps cannot describe. */
export interface Dialogue {
  send(text: string): Promise<void>;
  /** Waits for one more final response; undefined at the end of the connection or at the deadline. */
  response(): Promise<Response | undefined>;
  /** Waits for a 1xx response; undefined when a final one, the end or the deadline came first. */
  interim(): Promise<Response | undefined>;
  /** A whole exchange on a second connection. */
  progress(): Promise<void>;
  halfClose(): void;
  /** Waits for outstanding responses, then tells open from closed by a sentinel request, or by the end of the connection. */
  finish(): Promise<Observation>;
}

/** One case: what is sent, what is allowed, and two servers that prove that the case can tell them apart. */
export interface Case {
  readonly id: CaseId;
  /** A sentence about the target that is true when it passes. */
  readonly title: string;
  readonly rfc: Citation;
  readonly level: Level;
  readonly needs: readonly Capability[];
  readonly tags?: readonly string[];
  /** Why it matters or how it is judged, for `aeronet explain`. */
  readonly why?: string;
  /** Methods of the requests that are expected to be answered, in order; by default one: the stimulus's first token. */
  readonly methods?: readonly string[];
  readonly send: string | readonly Step[];
  /** Replaces the default dialogue (all steps of `send`, then `finish`); `send` is then what `explain` shows. */
  readonly run?: (dialogue: Dialogue) => Promise<Observation>;
  /**
   * What is wrong with a response to any other case of the run, in words: such a case comes last, and fails by the first response
   * that shows the fault.
   */
  readonly everywhere?: (response: Response) => string | undefined;
  readonly allow: readonly Outcome[];
  readonly controls: { readonly pass: Control | readonly Control[]; readonly fail: Control | readonly Control[] };
}
