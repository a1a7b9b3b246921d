/** What h2spec reported about one case. */
export interface Reported {
  /** `http2/6.9.1`. */
  readonly section: string;
  readonly outcome: 'passed' | 'skipped' | 'failed';
  /** What it would have taken, a line each; empty where h2spec itself met an error and judged nothing. */
  readonly expected: readonly string[];
  /** What it saw last, or its error. */
  readonly actual: string;
  readonly durationMs: number;
}

/** Larger files are not h2spec's. */
export const MAX_JUNIT_BYTES = 4 * 1024 * 1024;
const MAX_CASES = 1_000;
const MAX_TEXT = 2_000;

/**
 * Reads the JUnit file that h2spec writes, in the order of its cases. It is no XML: messages stand in it unescaped, octets
 * of the peer among them, cases have no name, and a failed check is called an error. So it is read by lines: an opening
 * tag at the start of a line, and a message up to the last closing tag before the next case.
 * @param text the file, one character an octet
 * @returns a sentence in place of the cases, where it cannot be such a file or was cut short
 */
export function readJunit(text: string): readonly Reported[] | string {
  if (text.length > MAX_JUNIT_BYTES) return `the file is larger than ${MAX_JUNIT_BYTES} octets`;
  if (!text.includes('<testsuites>')) return 'the file has no <testsuites>';
  if (!/<\/testsuites>\s*$/.test(text.slice(-64))) return 'the file was cut short';
  const openings = [...text.matchAll(/^[ \t]*<testcase\b([^>\n]*)>/gm)];
  if (openings.length > MAX_CASES) return `the file has more than ${MAX_CASES} cases`;
  const announced = [...text.matchAll(/^[ \t]*<testsuite\b[^>\n]*\btests="(\d{1,6})"/gm)];
  const total = announced.reduce((sum, [, count]) => sum + Number(count), 0);
  if (total !== openings.length) return `the file announces ${total} cases and has ${openings.length}`;
  return openings.map((opening, index) => {
    const body = text.slice(opening.index + opening[0].length, openings[index + 1]?.index);
    const attributes = opening[1] ?? '';
    return {
      section: attribute(attributes, 'package'),
      durationMs: milliseconds(attribute(attributes, 'time')),
      ...readBody(body),
    };
  });
}

function readBody(body: string): Pick<Reported, 'outcome' | 'expected' | 'actual'> {
  for (const tag of ['error', 'failure']) {
    const start = body.indexOf(`<${tag}>`);
    if (start < 0) continue;
    const end = body.lastIndexOf(`</${tag}>`);
    return { outcome: 'failed', ...readMessage(body.slice(start + tag.length + 2, end < start ? undefined : end)) };
  }
  return { outcome: /^\s*<skipped\b/.test(body) ? 'skipped' : 'passed', expected: [], actual: '' };
}

/** Two forms: `Expect:`, lines, `Actual:`, a line; or the same without the captions. */
function readMessage(message: string): Pick<Reported, 'expected' | 'actual'> {
  const lines = message
    .slice(0, MAX_TEXT)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== 'Expect:' && line !== 'Actual:');
  return { expected: lines.slice(0, -1), actual: lines.at(-1) ?? '' };
}

/** Of a number of seconds; 0 where it is none, or none that can be written down again. */
function milliseconds(seconds: string): number {
  const value = Math.round(Number.parseFloat(seconds) * 1_000_000) / 1_000;
  return Number.isFinite(value) && value >= 0 ? value : 0;
}

function attribute(attributes: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]{0,200})"`).exec(attributes)?.[1] ?? '';
}
