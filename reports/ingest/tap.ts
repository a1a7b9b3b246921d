/**
 * Reads TAP 13 and 14, as tap and node:test write it: every named test of a file becomes a case of the target `tests`, so that one
 * gate decides over all. Assertions are not cases: the first that failed is the reason of its test.
 */
import type { EventSource } from '../fold.ts';
import { ReportsError } from '../reports-error.ts';
import type { CaseEvent, ReportEvent } from '../schema.ts';
import { splitLines } from './lines.ts';
import type { IngestLimits } from './ndjson.ts';

/**
 * Parses a stream of octets as TAP. A plan that is missing or not kept, or a bail-out, makes the run incomplete.
 *
 * @param startedAt when the run began, ISO 8601: the text does not say
 * @throws ReportsError exit 2 naming the line: not TAP, or beyond a limit; exit 5: nothing ran
 */
export async function parseTap(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  startedAt: string,
  limits: IngestLimits,
): Promise<EventSource> {
  const reader = new TapReader(name);
  let number = 0;
  for await (const line of splitLines(chunks, name, limits.lineBytes)) {
    number = line.number;
    reader.line(line.text.trimEnd(), number);
    if (reader.cases.length > limits.events)
      throw new ReportsError(2, `${name}:${number}: more than ${limits.events} tests`);
  }
  return reader.end(startedAt);
}

/** A test point: `not ok 3 - name # SKIP why`. */
const POINT =
  /^(not ok|ok)\b(?: +(\d+))?(?: +-)? *(.*?)(?: +# *(skip|todo)\b *(.*?))?(?: +# *time=([\d.]+)ms)?(?: +\{)?$/i;
const INDENT = 4;

class TapReader {
  readonly cases: CaseEvent[] = [];
  readonly #name: string;
  readonly #ids = new Map<string, number>();
  /** Names of the subtests that are open, outermost first. */
  readonly #open: string[] = [];
  #started = false;
  /** Within a YAML block nothing is a point. */
  #yaml = false;
  #planned: number | undefined;
  #points = 0;
  /** Tests of the file that is open: it stands for itself where it has none. */
  #inFile = 0;
  #failedInFile = false;
  #reason: string | undefined;
  #bailed: string | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  line(text: string, number: number): void {
    const content = text.trimStart();
    if (!this.#started) {
      if (content === '') return;
      if (!/^TAP version 1[34]$/.test(text)) {
        throw new ReportsError(2, `${this.#name}:${number}: not TAP, which begins with "TAP version 14"`);
      }
      this.#started = true;
      return;
    }
    if (this.#yaml || content === '---') {
      this.#yaml = content !== '...';
      return;
    }
    const depth = Math.floor((text.length - content.length) / INDENT);
    const subtest = /^# Subtest(?:: (.*))?$/.exec(content);
    if (subtest !== null) {
      this.#open.length = Math.min(depth, this.#open.length);
      this.#open.push(subtest[1] ?? '');
      return;
    }
    if (/^Bail out!/.test(content)) this.#bailed ??= content;
    const plan = /^1\.\.(\d+)/.exec(content);
    if (plan !== null && depth === 0) this.#planned = Number(plan[1]);
    const point = POINT.exec(content);
    if (point !== null) this.#point(depth, point);
  }

  end(startedAt: string): EventSource {
    if (!this.#started || (this.cases.length === 0 && this.#points === 0)) {
      throw new ReportsError(5, `${this.#name}: no test ran`);
    }
    const note =
      this.#bailed ??
      (this.#planned === undefined
        ? 'the plan is missing: it was broken off'
        : this.#planned === this.#points
          ? undefined
          : `${this.#points} of ${this.#planned} ran`);
    const elapsedMs = this.cases.reduce((sum, one) => sum + one.durationMs, 0);
    const events: ReportEvent[] = [
      {
        kind: 'run-start',
        schema: 1,
        producer: 'tests',
        version: '',
        node: '',
        os: '',
        startedAt,
        seed: 0,
        command: 'npm test',
        scope: 'filtered',
      },
      ...this.cases,
      { kind: 'run-end', elapsedMs, complete: note === undefined, ...(note === undefined ? {} : { note }) },
    ];
    return { name: this.#name, events };
  }

  #point(depth: number, [, ok = '', , words = '', directive, , time]: RegExpExecArray): void {
    const failed = ok.toLowerCase() !== 'ok' && directive === undefined;
    if (depth >= 2) {
      if (failed) this.#reason ??= words;
      return;
    }
    const file = this.#open[0] ?? '';
    const isFile = depth === 0;
    if (isFile) this.#points += 1;
    // A file whose tests all passed and that failed all the same: a timeout, an exit code.
    if (!isFile || this.#inFile === 0 || (failed && !this.#failedInFile)) {
      this.#judge(isFile ? words : file, isFile ? '' : words, failed, directive !== undefined, Number(time ?? 0));
    }
    this.#inFile = isFile ? 0 : this.#inFile + 1;
    this.#failedInFile = !isFile && (this.#failedInFile || failed);
    this.#reason = undefined;
    this.#open.length = Math.min(this.#open.length, depth);
  }

  #judge(file: string, test: string, failed: boolean, skipped: boolean, durationMs: number): void {
    const verdict = failed ? 'fail' : skipped ? 'skip' : 'pass';
    const [title, path] = [(test === '' ? file : test).slice(0, 2_000), file.slice(0, 2_000)];
    this.cases.push({
      kind: 'case',
      id: this.#idOf(path, test),
      target: 'tests',
      area: 'tests',
      title,
      level: 'MUST',
      rfc: 'its test',
      verdict,
      connection: 'none',
      reason: failed ? `not ok: ${(this.#reason ?? title).slice(0, 2_000)}` : skipped ? 'it was skipped' : 'ok',
      expected: 'ok',
      actual: failed ? 'not ok' : 'ok',
      durationMs: Number.isFinite(durationMs) ? durationMs : 0,
      attempts: [verdict],
      repro: `npx tap ${path}`,
    });
  }

  /** A key without white space and `@`; of tests that are called alike, the later ones get a number. */
  #idOf(file: string, test: string): string {
    const slug = (text: string): string =>
      text
        .replace(/[^\p{L}\p{N}./_-]+/gu, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 150);
    const id = ['tests', slug(file), slug(test)].filter((part) => part !== '').join('/');
    const count = (this.#ids.get(id) ?? 0) + 1;
    this.#ids.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  }
}
