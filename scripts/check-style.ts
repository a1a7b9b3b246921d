/** What no formatter sees: the size of files, unfinished work, silenced checkers, tests that do not run. */
import { countLines, isGenerated, isTest, lineAt, type Problem, type SourceFile } from './source-files.ts';

/** Lines above which a file is refused; generated files are exempt. */
export const MAX_LINES = 500;

/** Every file past 500 lines, mark of unfinished work, silenced checker, and test that is held back or runs alone. */
export function checkStyle(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => {
    const lines = countLines(file);
    const tooLong =
      lines > MAX_LINES && !isGenerated(file)
        ? [{ path: file.path, line: 0, message: `${lines} lines: split it by idea, at most ${MAX_LINES}` }]
        : [];
    return [
      ...tooLong,
      ...REFUSED.flatMap(({ pattern, why, testsOnly }) => {
        if (testsOnly === true && !isTest(file)) return [];
        return [...file.text.matchAll(pattern)].map((match) => ({
          path: file.path,
          line: lineAt(file.text, match.index),
          message: `${match[0]}: ${why}`,
        }));
      }),
    ];
  });
}

/** `{1}` keeps each pattern from finding itself. */
const REFUSED: readonly { readonly pattern: RegExp; readonly why: string; readonly testsOnly?: boolean }[] = [
  { pattern: /\b(?:TO{1}DO|FIX{1}ME|X{3})\b/g, why: 'finish it, or write the missing case as skip with its reason' },
  { pattern: /@ts-{1}(?:ignore|nocheck)\b/g, why: 'say what the type is' },
  { pattern: /\bbiome-{1}ignore\b/g, why: 'mend the code, or the rule in scripts/biome.json' },
  { pattern: /\.only{1}\(/g, why: 'the other tests would not run', testsOnly: true },
  {
    pattern: /\b(?:t|tt|tap|test)\.(?:skip|todo){1}\(/g,
    why: 'a test that does not run proves nothing',
    testsOnly: true,
  },
];
