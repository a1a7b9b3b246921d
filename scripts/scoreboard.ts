/** The numbers that say how the house is doing, printed with every run of the checks. */
import { countCitations } from './check-citations.ts';
import { countLines, isGenerated, isTest, type SourceFile } from './source-files.ts';

/** The numbers that HOUSE asks to see with every run. */
export interface Scoreboard {
  readonly coreFiles: number;
  readonly medianLines: number;
  readonly p90Lines: number;
  readonly maxLines: number;
  readonly longestFile: string;
  readonly protocolLines: number;
  readonly citationsPer1000: number;
  readonly codes: number;
  /** Codes that no other file of core names: nothing can raise them. */
  readonly unraisedCodes: readonly string[];
  /** Codes that no test, case or corpus file names. */
  readonly unreachedCodes: readonly string[];
  /** Names that each public door exports. */
  readonly doors: Readonly<Record<string, number>>;
  readonly testFiles: number;
  readonly testLinesPerSourceLine: number;
}

/** Counts over the code and, for the reach of error codes, the texts of the corpus. */
export function scoreboard(files: readonly SourceFile[], corpus: readonly SourceFile[]): Scoreboard {
  const sources = files.filter((file) => !isTest(file) && !isGenerated(file));
  const tests = files.filter(isTest);
  const core = sources.filter((file) => file.path.startsWith('core/'));
  const sizes = core.map(countLines).sort((a, b) => a - b);
  const protocol = core.filter((file) => PROTOCOL_ROOMS.test(file.path));
  const protocolLines = sum(protocol.map(countLines));
  const citations = sum(protocol.map((file) => countCitations(file.text)));
  const codes = findCodes(core);
  return {
    coreFiles: core.length,
    medianLines: quantile(sizes, 0.5),
    p90Lines: quantile(sizes, 0.9),
    maxLines: sizes.at(-1) ?? 0,
    longestFile: core.find((file) => countLines(file) === sizes.at(-1))?.path ?? '',
    protocolLines,
    citationsPer1000: protocolLines === 0 ? 0 : (citations * 1_000) / protocolLines,
    codes: codes.length,
    unraisedCodes: unnamed(
      codes,
      core.filter((file) => !REGISTRY.test(file.path)),
    ),
    unreachedCodes: unnamed(codes, [...tests, ...corpus, ...files.filter((file) => CASES.test(file.path))]),
    doors: Object.fromEntries(
      core.filter((file) => DOORS.has(file.path)).map((file) => [file.path, countExports(file.text)]),
    ),
    testFiles: tests.length,
    testLinesPerSourceLine: sum(tests.map(countLines)) / Math.max(1, sum(sources.map(countLines))),
  };
}

/** The scoreboard for a reader, with the aims beside it. */
export function formatScoreboard(score: Scoreboard): string {
  return [
    `lines per file in core   median ${score.medianLines} · p90 ${score.p90Lines} · max ${score.maxLines} ${score.longestFile}` +
      `  (aim 120 / 280 / 500; ${score.coreFiles} files)`,
    `RFC citations per 1,000  ${score.citationsPer1000.toFixed(1)} over ${score.protocolLines} lines of protocol code  (aim ≥ 15)`,
    `error codes              ${score.codes} · never raised ${some(score.unraisedCodes)} · in no test, case or corpus file ` +
      `${some(score.unreachedCodes)}  (aim 0, 0)`,
    `names exported by        ${
      Object.entries(score.doors)
        .map(([door, count]) => `${door} ${count}`)
        .join(' · ') || 'no door yet'
    }`,
    `tests                    ${score.testFiles} files  (aim ≤ 60) · ${score.testLinesPerSourceLine.toFixed(2)} test lines per source line`,
  ].join('\n');
}

function some(names: readonly string[]): string {
  if (names.length === 0) return '0';
  return `${names.length} (${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''})`;
}

const PROTOCOL_ROOMS = /^core\/(?:bytes|errors|limits|semantics|hpack|http1|http2|websocket|tls)\//;
const CASES = /^(?:conformance\/cases|fuzz\/targets)\//;

const DOORS: ReadonlySet<string> = new Set(['core/index.ts', 'core/sans-io.ts']);

/** A door re-exports by name, `export { a, b } from`; `export *` counts as one, for want of knowing. */
function countExports(text: string): number {
  const braces = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)];
  const names = braces.flatMap((match) => (match[1] ?? '').split(',').filter((name) => name.trim() !== ''));
  return names.length + [...text.matchAll(/^export (?!(?:type )?\{)/gm)].length;
}

const REGISTRY = /^core\/errors\/[\w-]+-codes\.ts$/;

/** The codes of the registry: the keys in capitals that open a row. */
function findCodes(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter((file) => REGISTRY.test(file.path))
    .flatMap((file) =>
      [...file.text.matchAll(/^ {2}([A-Z][A-Z0-9_]+): (?:\{|[a-z]+\()/gm)].map((match) => match[1] ?? ''),
    );
}

function unnamed(codes: readonly string[], texts: readonly SourceFile[]): readonly string[] {
  const words = new Set(texts.flatMap((file) => file.text.match(/\b[A-Z][A-Z0-9_]{2,}\b/g) ?? []));
  return codes.filter((code) => !words.has(code));
}

/** Nearest-rank quantile of sorted numbers, 0 where there are none. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
