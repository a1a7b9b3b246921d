import type { Level } from '../../reports/schema.ts';
import type { Capability, Case, Citation, Grade, Response, ResponseMatch } from '../model.ts';
import type { Placeholders } from '../run/placeholders.ts';
import type { ScriptedCase } from '../scripted/model.ts';
import type { ErrorName, Frame } from '../wire/h2/frames.ts';

/** A case of any protocol. */
export type AnyCase = Case | H2Case | ScriptedCase;

/** Tells the two apart. */
export function isH2(one: AnyCase): one is H2Case {
  return 'frames' in one;
}

/** Whether it has a protocol of its own. */
export function isScripted(one: AnyCase): one is ScriptedCase {
  return 'attempt' in one;
}

/**
 * Beyond the routes of the target contract, what the target's own SETTINGS announce: `frames-16384` no larger frames than every
 * server takes, `stream-limit` at most 1,000 streams at once, `streams-64` no fewer than that, `table-4096` no smaller table than that of RFC9113#4.3.1,
 * `extended-connect` (RFC8441#3), `priorities` those of RFC9218#2.1. `priority-update`: it knows the frame of RFC9218#7.1, for it makes
 * an error of one that is too short; who does not know it ignores it.
 */
export type H2Capability =
  | Capability
  | 'frames-16384'
  | 'stream-limit'
  | 'streams-64'
  | 'table-4096'
  | 'extended-connect'
  | 'priorities'
  | 'priority-update';

/** One step of a stimulus: octets (usually one frame), or a wait for something that is seen. */
export type H2Step =
  | {
      readonly kind: 'octets';
      /** What they are, for `explain`: `HEADERS [1] END_STREAM :method=GET …`. */
      readonly says: string;
      /** The stream that they name; absent for stream 0 and for octets that are no frame. */
      readonly stream?: number;
      /** Of a request. */
      readonly method?: string;
      readonly octets: (values: Placeholders) => Buffer;
    }
  /** A PING that is answered (or the end): whatever was sent in front of it has been seen by the target. */
  | { readonly kind: 'barrier' }
  /** A PING, and then the end of this stream: its response is whole, or it was reset (or the connection ended). */
  | { readonly kind: 'concluded'; readonly stream: number }
  /**
   * A PING, and then the head of a response and so many octets of content on this stream (0: on all), or its end, or the deadline: a
   * server need not use all its window.
   */
  | { readonly kind: 'content'; readonly stream: number; readonly bytes: number }
  /** A whole exchange on a second connection, so that the target has had its turn with what was sent so far; no PING. */
  | { readonly kind: 'beside' };

/** One thing that may happen. */
export type H2Expectation =
  /** GOAWAY with one of these codes, then the end of the connection (RFC9113#5.4.1). */
  | { readonly kind: 'connection-error'; readonly codes: readonly ErrorName[] }
  /** GOAWAY with one of these codes, though the connection stays open behind it. */
  | { readonly kind: 'left-open'; readonly codes: readonly ErrorName[] }
  /** RST_STREAM with one of these codes, or the same as a connection error, which RFC9113#5.4.1 always allows. */
  | { readonly kind: 'stream-error'; readonly codes: readonly ErrorName[]; readonly stream: number }
  /** A whole response on this stream; the connection stays in use. */
  | { readonly kind: 'response'; readonly match: ResponseMatch; readonly stream: number }
  /** The connection stays in use and no stream was reset. */
  | { readonly kind: 'ignored' }
  /** The connection ended without GOAWAY, or with one that names no error. */
  | { readonly kind: 'closed' }
  /** For what no other can say: what is wrong with what was seen, or undefined. `says` completes `the target …`. */
  | {
      readonly kind: 'seen';
      readonly says: string;
      readonly complaint: (seen: H2Observation) => string | undefined;
    };

export interface H2Outcome {
  readonly grade: Grade;
  readonly expect: H2Expectation;
  readonly note?: string;
}

/** What was seen of one stream. */
export interface StreamSeen {
  readonly response: Response | undefined;
  /** Code of the RST_STREAM that the target sent. */
  readonly reset: number | undefined;
  /** Octets of DATA content, padding not counted. */
  readonly dataBytes: number;
  /** Sum of the increments that the target gave us. */
  readonly credit: number;
}

/** What was seen on one connection. */
export interface H2Observation {
  /** Every frame in order. */
  readonly frames: readonly Frame[];
  readonly streams: ReadonlyMap<number, StreamSeen>;
  /** The settings that the target announced, the last value of each. */
  readonly settings: ReadonlyMap<number, number>;
  /** Error codes of the GOAWAY frames, in order, with their last stream. */
  readonly goaways: readonly { readonly code: number; readonly lastStream: number }[];
  /** SETTINGS acknowledgements. */
  readonly acks: number;
  /** Payloads of the PING acknowledgements, as hex. */
  readonly pongs: readonly string[];
  /** Credit of the connection's own window. */
  readonly credit: number;
  /** Table size updates in front of the field blocks received, by block. */
  readonly sizeUpdates: readonly (readonly number[])[];
  /** What the target's own frames had wrong, in words. */
  readonly problems: readonly string[];
  /** Whether a second connection was served, the last time that one was tried; undefined where none was. */
  readonly beside: boolean | undefined;
  /** `open`: a PING and a sentinel request were answered. */
  readonly connection: 'open' | 'closed' | 'reset' | 'silent';
}

/** A dialogue in code, for what steps cannot describe. */
export interface H2Dialogue {
  /** What the target has sent so far. */
  readonly seen: H2Observation;
  take(...steps: readonly H2Step[]): Promise<void>;
  /** Waits until this holds of what was seen; false at the end of the connection or at the deadline. */
  until(holds: (seen: H2Observation) => boolean): Promise<boolean>;
  /** The closing barrier and sentinel. */
  finish(): Promise<H2Observation>;
}

/** Frames that a canned server sends at one barrier. */
export type H2Phase = readonly H2Step[];

/** A canned server: at each barrier of the case it sends the frames of one phase (the last phase meets the closing barrier). */
export interface H2Control {
  readonly name: string;
  readonly phases: readonly H2Phase[];
  /** Behind the last phase; `serve` answers the barrier and the sentinel. */
  readonly ending: 'serve' | 'close' | 'hang';
  /** What it sends at once. @defaultValue empty SETTINGS, and the acknowledgement of ours */
  readonly front?: H2Phase;
  /** It does not answer on a second connection. */
  readonly isAlone?: true;
}

/** One case over HTTP/2. */
export interface H2Case {
  readonly id: `h2/${string}/${string}`;
  readonly title: string;
  readonly rfc: Citation;
  readonly level: Level;
  readonly needs: readonly H2Capability[];
  readonly tags?: readonly string[];
  readonly why?: string;
  /**
   * `none`: the case sends the preface itself, or what it has in its place. A list: the settings that ours announces.
   * @defaultValue an empty SETTINGS frame
   */
  readonly handshake?: 'none' | readonly (readonly [id: number, value: number])[];
  readonly frames: readonly H2Step[];
  /** Octets of one write, between two of which the target gets its turn. @defaultValue all that stands between two waits */
  readonly cut?: number;
  /** Replaces the default dialogue (all of `frames`, then `finish`); `frames` is then what `explain` shows. */
  readonly run?: (dialogue: H2Dialogue) => Promise<H2Observation>;
  /** Streams that have to be concluded before the observation is whole. @defaultValue those that the outcomes name */
  readonly awaits?: readonly number[];
  /**
   * Stream of the closing request. `none`: no stream can be opened behind the case, so the answer to a PING has to prove that the
   * connection is in use.
   * @defaultValue the next one of a client's above all that the case names
   */
  readonly sentinel?: number | 'none';
  /**
   * What is wrong with what the target sent in any other case of the run, in words: such a case comes last, and fails by the first
   * connection that shows the fault.
   */
  readonly everywhere?: (seen: H2Observation) => string | undefined;
  readonly allow: readonly H2Outcome[];
  readonly controls: {
    readonly pass: H2Control | readonly H2Control[];
    readonly fail: H2Control | readonly H2Control[];
  };
}
