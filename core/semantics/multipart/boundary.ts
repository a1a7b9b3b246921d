import type { Failure } from '../failure.ts';
import type { MediaType } from '../media-type.ts';

/** bchars, no space at the end, at most 70 (RFC2046#5.1.1). */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

/** Whether parts can be told apart by `text`. */
export function isBoundary(text: string): boolean {
  return BOUNDARY.test(text);
}

/** The boundary that a multipart media type names. */
export function boundaryOf({ parameters }: MediaType): string | Failure {
  const boundary = parameters.get('boundary');
  if (boundary === undefined) return { failure: 'FORM_BOUNDARY_MISSING', at: 0 };
  return isBoundary(boundary) ? boundary : { failure: 'FORM_BOUNDARY', at: 0 };
}
