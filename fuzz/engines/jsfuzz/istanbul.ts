/** The counters of jsfuzz: istanbul's, put in by the very packages that jsfuzz brings, and into the subject's modules alone. */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Instrumenter, mirrorTarget } from '../aeronet/mirror.ts';
import { loadTarget, targetModule } from '../load-target.ts';
import { resolveEngine } from '../optional-package.ts';

/** The version that the adapter is made for; it is the last one that there is. */
export const JSFUZZ_VERSION = '1.0.15';

/** Path of jsfuzz's fuzzer. @throws FuzzError (exit 2) where it is not installed */
export function resolveJsfuzz(): string {
  return resolveEngine('jsfuzz', JSFUZZ_VERSION, 'jsfuzz/build/src/fuzzer.js');
}

/** Folder of a mirror of a target with istanbul's counters in `globalThis.__coverage__`. @throws FuzzError (exit 2) */
export async function istanbulMirror(tree: string, name: string, cache: string): Promise<string> {
  const target = await loadTarget(tree, name);
  mkdirSync(cache, { recursive: true });
  return mirrorTarget(tree, targetModule(name), target.subject, cache, istanbul(resolveJsfuzz())).folder;
}

/** The instrumenter of jsfuzz as it uses it, on the subject's modules alone. */
export function istanbul(jsfuzz: string): Instrumenter {
  const load = createRequire(jsfuzz);
  const {
    createInstrumenter,
  }: {
    createInstrumenter(options: object): {
      instrumentSync(source: string, path: string): string;
      lastFileCoverage(): { readonly s: object; readonly f: object; readonly b: Readonly<Record<string, number[]>> };
    };
  } = load('istanbul-lib-instrument');
  return {
    id: `jsfuzz-${JSFUZZ_VERSION}`,
    instrument(source, _firstEdge, _firstComparison, path) {
      const instrumenter = createInstrumenter({ compact: true, esModules: true });
      const code = instrumenter.instrumentSync(source, path);
      const { s, f, b } = instrumenter.lastFileCoverage();
      const branches = Object.values(b).reduce((sum, ways) => sum + ways.length, 0);
      return { code, edges: Object.keys(s).length + Object.keys(f).length + branches, comparisons: 0, words: [] };
    },
  };
}
