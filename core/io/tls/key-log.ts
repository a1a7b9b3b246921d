import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { TlsConfigError } from './config-error.ts';

/** Where the secrets of connections go, so that a capture of them can be read; for debugging and nothing else. */
export interface KeyLogOptions {
  readonly file: string;
  /** Also where NODE_ENV is production. */
  readonly isForced: boolean;
}

const OTHERS = 0o077;

/** A file in the format of NSS that nobody else may read. Whoever has it reads every connection that it holds. */
export class KeyLog {
  readonly #descriptor: number;
  #isOpen = true;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Opens the file, says so on stderr, and goes on at its end. @throws TlsConfigError KEY_LOG */
  static open({ file, isForced }: KeyLogOptions): KeyLog {
    if (process.env['NODE_ENV'] === 'production' && !isForced) {
      throw new TlsConfigError('KEY_LOG', file, 'NODE_ENV is production, and it is not forced');
    }
    const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_WRONLY } = constants;
    let descriptor: number;
    try {
      descriptor = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
    } catch (error) {
      throw new TlsConfigError('KEY_LOG', file, error instanceof Error ? error.message : String(error), error);
    }
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || (process.platform !== 'win32' && (stat.mode & OTHERS) !== 0)) {
      closeSync(descriptor);
      throw new TlsConfigError('KEY_LOG', file, 'others may read it: chmod 600');
    }
    process.stderr.write(
      `aeronet: WARNING: the secrets of all TLS connections are written to ${file}: debugging only\n`,
    );
    return new KeyLog(descriptor);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Appends a line, and wipes it. WHY: a failure to write must not end the process, which it would if it left a listener */
  write(line: Buffer): void {
    try {
      if (this.#isOpen) writeSync(this.#descriptor, line);
    } catch {
      this.close();
    } finally {
      line.fill(0);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#descriptor);
  }
}
