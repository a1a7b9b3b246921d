import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BenchError } from '../errors.ts';
import type { StartCommand } from '../subjects/start-command.ts';
import { atExit } from './at-exit.ts';
import { certificateFiles } from './certificate-files.ts';
import { findProgram, firstMissing } from './installed.ts';

/** A process that was started; its group is its own. */
export interface Launched {
  readonly child: ChildProcess;
  /** It was asked to speak TLS. */
  readonly tls: boolean;
  /** Temporary folder of its files; empty where it has none. */
  readonly folder: string;
  /** Removes that folder. */
  clear(): void;
}

/**
 * Starts a command on a port, with its files in a temporary folder of their own.
 * @throws BenchError (exit 3) when something that it requires is not installed
 */
export function launch(start: StartCommand, given: string, port: number): Launched {
  const missing = firstMissing(start.requires ?? []);
  if (missing !== undefined) {
    throw new BenchError(
      3,
      `Target "${given}" is not installed (there is no ${missing}): npm run setup:subjects ${given}`,
    );
  }
  const texts = [...wordsOf(start.command), ...Object.values(start.files ?? {})];
  const tls = texts.some((text) => typeof text === 'string' && text.includes('{cert}'));
  const pair = tls ? certificateFiles() : { cert: '', key: '', membersCa: '', staffCa: '' };
  const folder = start.files === undefined ? '' : mkdtempSync(join(tmpdir(), 'aeronet-subject-'));
  const { cert, key, membersCa, staffCa } = pair;
  const files = { '{cert}': cert, '{key}': key, '{membersCa}': membersCa, '{staffCa}': staffCa };
  const values = { '{port}': String(port), '{folder}': folder, ...files };
  const put = (text: string) =>
    Object.entries(values).reduce((done, [name, value]) => done.replaceAll(name, value), text);
  const remove = () => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  };
  const forget = atExit(remove);
  const clear = () => {
    forget();
    remove();
  };
  writeFiles(folder, start.files ?? {}, put);
  return { child: run(start.command, put), tls, folder, clear };
}

/** A file that has only just changed has no strong validator (RFC9110#8.8.2.2), so these have not. */
const AGE_MS = 3_600_000;

/** A server that gives up its rights must still be able to read what is there, and to run what begins with `#!`. */
function writeFiles(folder: string, files: NonNullable<StartCommand['files']>, put: (text: string) => string): void {
  if (folder !== '') chmodSync(folder, 0o755);
  const changed = new Date(Date.now() - AGE_MS);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const mode = typeof content === 'string' && content.startsWith('#!') ? 0o755 : 0o644;
    writeFileSync(join(folder, path), typeof content === 'string' ? put(content) : content, { mode });
    utimesSync(join(folder, path), changed, changed);
  }
}

function run(command: StartCommand['command'], put: (text: string) => string): ChildProcess {
  const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'], detached: true };
  if (typeof command === 'string') return spawn(put(command), { ...options, shell: true });
  const [program = '', ...rest] = command.map(put);
  return spawn(findProgram(program) ?? program, rest, options);
}

function wordsOf(command: StartCommand['command']): readonly string[] {
  return typeof command === 'string' ? [command] : command;
}
