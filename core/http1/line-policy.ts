/**
 * What a line feed without a carriage return means in a head.
 * RFC9112#2.2 MAY: a recipient may take it for a line's end. STRICTER by default: it is refused, because two parsers
 * that disagree about it can be played against each other. Chunk lines and trailers always refuse it.
 */
export type BareLf = 'refuse' | 'accept';
