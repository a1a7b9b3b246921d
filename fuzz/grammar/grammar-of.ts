import type { FuzzTarget, GrammarName } from '../define.ts';
import { clientHelloGrammar } from './client-hello.ts';
import type { Grammar } from './grammar.ts';
import { hpackGrammar } from './hpack-blocks.ts';
import { http1Grammar } from './http1.ts';
import { http2Grammar } from './http2.ts';
import { wordsGrammar } from './words.ts';

/** The grammar of that name. */
export function grammarOf(name: GrammarName, target: Pick<FuzzTarget, 'maxLength'>): Grammar {
  switch (name) {
    case 'bytes':
      return wordsGrammar(target.maxLength);
    case 'http1-request':
      return http1Grammar;
    case 'http2':
      return http2Grammar;
    case 'hpack':
      return hpackGrammar;
    case 'client-hello':
      return clientHelloGrammar;
    default:
      return name satisfies never;
  }
}
