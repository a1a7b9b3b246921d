/** Where the cases lie that a mutant can fail: all of its module's version, fewer where that is known. */
import type { Mutant } from './mutant.ts';

/** The first that matches holds; other modules, of both versions, concern all. */
const NEAR: readonly (readonly [module: RegExp, cases: RegExp])[] = [
  [/^core\/http1\//, /^h1\//],
  [/^core\/(?:http2|hpack)\//, /^h2\//],
  [/^core\/connection\/h2c/, /^h[12]\/(?:preface|sanity|connection|extension|upgrade)/],
  [
    /(?:conditional|entity-tag|date|range|byteranges|serve-file)$/,
    /^h[12]\/(?:conditional|range|responses|methods|negotiation|lint)\//,
  ],
  [
    /semantics\/(?:host|target)$/,
    /^h[12]\/(?:host|target|methods|request-line|authority|pseudo|connect|extended-connect)\//,
  ],
];

/** Modules of which answers are made, whatever is asked for. */
const ANSWERING =
  /^core\/http1\/(?:response-|exchange$)|^core\/http2\/|^core\/hpack\/encoder$|^core\/semantics\/(?:byteranges|date|entity-tag|status)$|^core\/server\//;

/** Whether this case could fail the mutant. */
export function isNear({ edits }: Mutant, id: string): boolean {
  return edits.some(({ file }) => {
    const row = NEAR.find(([module]) => module.test(file));
    return row === undefined || row[1].test(id);
  });
}

/** Whether any answer of this mutant could be wrong, so that the cases for every response are to see them all. */
export function isAnswering({ edits }: Mutant): boolean {
  return edits.some(({ file }) => ANSWERING.test(file));
}
