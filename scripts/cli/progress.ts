/**
 * The progress of a long run, on stderr. On a terminal it is a line or a block that is rewritten; elsewhere a plain line a
 * second at most, when another twentieth is done or ten seconds have passed, so that a log stays short and a long job is
 * not mute.
 */

/** Time for the progress line: milliseconds that only grow, and a timer that does not keep the process alive. */
export interface Clock {
  now(): number;
  every(periodMs: number, run: () => void): () => void;
}

export interface Progress {
  /** Begins a line, e.g. `start('conform', 120)`; without a total it shows a bare count. One is open at a time. */
  start(label: string, total?: number): ProgressLine;
  /** Shows a block of lines; elsewhere than on a terminal its one line every ten seconds, and in CI nothing. */
  watch(view: ProgressView): { end(): void };
}

/** What a block shows, asked each time that it is drawn. */
export interface ProgressView {
  /** Lines of at most that many columns; what is longer is cut, and so is what the terminal has no rows for. */
  lines(columns: number): readonly string[];
  /** The same in one line; empty when there is nothing to say yet. */
  line(): string;
}

export interface ProgressLine {
  /** Sets how much is done; `note` is a short remark that replaces the last one, e.g. `3 failed`. */
  update(done: number, note?: string): void;
  /** Removes the live line; call it in `finally`. */
  end(): void;
}

/** A `Progress` whose live line steps aside while others write. */
export interface CourteousProgress extends Progress {
  above(write: () => void): void;
}

interface ProgressOptions {
  readonly live: boolean;
  readonly columns: () => number;
  readonly rows: () => number;
  readonly quiet: () => boolean;
  /** Whether a machine reads along: it needs no blocks. */
  readonly ci?: boolean;
  readonly clock: Clock;
}

const REDRAW_MS = 100;
const PLAIN_GAP_MS = 1_000;
const PLAIN_SILENCE_MS = 10_000;
const PLAIN_STEP = 0.05;
const ERASE_LINE = '\r\u001b[K';
const UP_AND_ERASE = '\u001b[1A\u001b[K';

/** Makes the one progress line of a run. */
export function createProgress(write: (text: string) => void, options: ProgressOptions): CourteousProgress {
  const { clock } = options;
  let shown = '';

  const show = (text: string): void => {
    if (text === shown) return;
    // One write, so that nothing flickers.
    write(ERASE_LINE + UP_AND_ERASE.repeat(shown.split('\n').length - 1) + text);
    shown = text;
  };
  const cut = (line: string): string => line.slice(0, Math.max(1, options.columns() - 1));

  return {
    above(writeOther) {
      if (shown === '') return writeOther();
      const line = shown;
      show('');
      writeOther();
      show(line);
    },

    watch(view) {
      if (options.quiet() || (options.ci === true && !options.live)) return { end: () => undefined };
      const draw = (): void =>
        show(
          view
            .lines(options.columns() - 1)
            .map(cut)
            .join('\n'),
        );
      let saidMs = Number.NEGATIVE_INFINITY;
      const say = (): void => {
        const line = view.line();
        if (line === '' || clock.now() - saidMs < PLAIN_SILENCE_MS) return;
        saidMs = clock.now();
        write(`${line}\n`);
      };
      const stop = clock.every(options.live ? REDRAW_MS : PLAIN_GAP_MS, options.live ? draw : say);
      return {
        end() {
          stop();
          show('');
        },
      };
    },

    start(label, total) {
      if (options.quiet()) return { update: () => undefined, end: () => undefined };
      const startedMs = clock.now();
      let done = 0;
      let note = '';
      let saidMs = startedMs;
      let saidDone = 0;

      const text = (): string => {
        const seconds = Math.floor((clock.now() - startedMs) / 1_000);
        return `${label} ${amount(done, total)}${note === '' ? '' : `, ${note}`} (${seconds} s)`;
      };
      const draw = (): void => show(cut(text()));
      const say = (): void => {
        const passedMs = clock.now() - saidMs;
        const step = total === undefined || total <= 0 ? 0 : (done - saidDone) / total;
        if (passedMs < PLAIN_SILENCE_MS && (passedMs < PLAIN_GAP_MS || step < PLAIN_STEP)) return;
        saidMs = clock.now();
        saidDone = done;
        write(`${text()}\n`);
      };
      const stop = clock.every(options.live ? REDRAW_MS : PLAIN_GAP_MS, options.live ? draw : say);

      return {
        update(nextDone, nextNote) {
          done = nextDone;
          if (nextNote !== undefined) note = nextNote;
          if (!options.live) say();
        },
        end() {
          stop();
          show('');
        },
      };
    },
  };
}

function amount(done: number, total: number | undefined): string {
  if (total === undefined || total <= 0) return String(done);
  return `${done}/${total} ${Math.floor((done / total) * 100)} %`;
}
