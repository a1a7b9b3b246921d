import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { BenchError } from '../errors.ts';

/** Where `npm run setup:h2spec` puts it, below the working folder. */
export const H2SPEC_CACHE = join('.aeronet', 'tools', 'h2spec');

/** The h2spec that is used. */
export interface H2specBinary {
  readonly path: string;
  /** As it tells itself: `2.6.0`. */
  readonly version: string;
}

const ASK_MS = 10_000;

/**
 * Finds h2spec: `$H2SPEC`, then the PATH, then the project's cache, and asks it for its version.
 * @throws BenchError (exit 2) when there is none, or the one that was found is something else
 */
export async function findH2spec(
  env: Readonly<Record<string, string | undefined>>,
  folder = process.cwd(),
): Promise<H2specBinary> {
  const named = env['H2SPEC'];
  if (named !== undefined && named !== '') {
    const path = resolve(folder, named);
    if (!isProgram(path)) {
      throw new BenchError(2, `H2SPEC names ${path}, which is no program: give the path of h2spec, or unset it`);
    }
    return { path, version: await askVersion(path) };
  }
  const inPath = (env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '');
  const path = [...inPath.map((entry) => join(entry, 'h2spec')), join(folder, H2SPEC_CACHE)].find(isProgram);
  if (path === undefined) {
    throw new BenchError(
      2,
      'h2spec is neither in the PATH nor in .aeronet/tools: run "npm run setup:h2spec" (needs Go), or name it with H2SPEC=<path>',
    );
  }
  return { path, version: await askVersion(path) };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function askVersion(path: string): Promise<string> {
  return new Promise((done, fail) => {
    execFile(path, ['--version'], { timeout: ASK_MS, maxBuffer: 65_536 }, (error, stdout) => {
      const version = /^Version: (\S{1,40})/.exec(stdout)?.[1];
      if (error === null && version !== undefined) return done(version);
      const said = stdout.trim().split('\n', 1)[0]?.slice(0, 80) || (error?.message.split('\n', 1)[0] ?? 'nothing');
      fail(
        new BenchError(
          2,
          `${path} is not h2spec: asked for its version it said "${said}"; give another with H2SPEC=<path>`,
        ),
      );
    });
  });
}
