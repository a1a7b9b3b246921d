/** Lines of the sources that a built module was made of, for stacks that no runtime maps: those of a thread that hangs. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface Place {
  /** Of a built module, or of what it was built from. */
  readonly url: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** The `.ts` line of a place in a `.js` module; the place itself where no map lies beside the module. */
export function sourcePlace({ url, line, column }: Place): Place {
  const map = mapOf(url);
  const found = map?.findEntry(line - 1, column - 1);
  if (found === undefined || !('originalLine' in found)) return { url, line, column };
  const { originalLine, originalColumn } = found;
  return { url: url.replace(/\.js$/, '.ts'), line: originalLine + 1, column: originalColumn + 1 };
}

function mapOf(url: string): SourceMap | undefined {
  if (!/^file:.*\.js$/.test(url)) return undefined;
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}
