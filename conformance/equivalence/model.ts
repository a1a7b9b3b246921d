import type { H2Step } from '../h2/model.ts';
import type { Citation, FieldList } from '../model.ts';
import type { Placeholders } from '../run/placeholders.ts';
import type { Logical } from './logical.ts';

/** Octets of one write, or a wait until the target has had its turn with what was sent so far. */
export type Piece = string | { readonly kind: 'turn' };

/** A request as octets of HTTP/1.1. */
export interface Http1Form {
  readonly pieces: readonly Piece[];
  /** Methods of all requests that are answered; the last one is the logical request. @defaultValue its own alone */
  readonly methods?: readonly string[];
  readonly trailers?: FieldList;
}

/** A request as frames of HTTP/2, behind the exchange of SETTINGS. */
export interface Http2Form {
  readonly frames: readonly H2Step[];
  /** Stream of the logical request. @defaultValue 1 */
  readonly stream?: number;
  /** Octets of one write, between two of which the target gets its turn. */
  readonly cut?: number;
  readonly trailers?: FieldList;
}

/** One way to write requests; a request that it has no words for is left out. */
interface SpellingOf<Form> {
  /** Behind `equivalence/h1/` or `equivalence/h2/`. */
  readonly slug: string;
  /** `Chunks of seven octets`; completed by ` are the same request`. */
  readonly says: string;
  readonly rfc: Citation;
  /** @defaultValue MUST */
  readonly level?: 'MUST' | 'SHOULD';
  readonly why?: string;
  readonly write: (logical: Logical, values: Placeholders) => Form | undefined;
}

export type Http1Spelling = SpellingOf<Http1Form>;
export type Http2Spelling = SpellingOf<Http2Form>;
