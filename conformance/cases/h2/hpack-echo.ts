import { type Block, data, type H2Step, headers, indexed, literal } from '../../h2/define.ts';

/**
 * What an index stands for is proven by the path of a request: `/echo` comes from the dynamic table, and the content comes back.
 */
export const FRONT: Block = [
  [':method', 'POST'],
  [':scheme', '{scheme}'],
  [':authority', '{host}'],
];
/** First index of the dynamic table. */
export const NEWEST = 62;
/** Index of `:path` in the static table. */
export const PATH = 4;

/** A literal with indexing (RFC7541#6.2.1). */
export const keep = (name: string | number, value: string) => literal(name, value, { kind: 'indexing' });

/** `:path: /echo`, and its size in the table (RFC7541#4.1). */
export const ECHO = keep(PATH, '/echo');
export const ECHO_BYTES = ':path'.length + '/echo'.length + 32;
/** `x: v`, and its size. */
export const SMALL = keep('x', 'v');
export const SMALL_BYTES = 34;

/** A whole request for `/echo` whose path is told in this way. */
export function asks(path: Block[number], stream: number, front: Block = [], more: Block = []): readonly H2Step[] {
  return [headers([...front, ...FRONT, path, ...more], { stream, end: false }), data('{nonce}', { stream })];
}

/** The same by an index, usually as the last step of a case: the content comes back where the index was understood. */
export const byIndex = (index: number, stream: number) => asks(indexed(index), stream);
