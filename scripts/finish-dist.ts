/**
 * The last step of `npm run build`: removes from `dist` what the sources of today do not make, for tsc only ever adds, and
 * makes the command executable, for npm does that only when it links a package, not when the file is built again.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './cli/package-version.ts';
import { readSourceFiles } from './source-files.ts';

const ROOT = packageRoot();
const DIST = fileURLToPath(new URL('..', import.meta.url));
/** What tsc knows of its last run; without it everything is compiled anew. */
const BUILD_INFO = '.tsbuildinfo';
const OUTPUT = /\.(?:js|d\.ts)(?:\.map)?$/;
/** Tests are left out of the build, and declarations of what others wrote become nothing. */
const NOT_COMPILED = /\.(?:test(?:\.data)?|d)\.ts$/;

/** Of paths below `dist`, those that no source makes: a moved or deleted file, or a test, which is never compiled. */
export function staleOutputs(outputs: readonly string[], sourceExists: (path: string) => boolean): readonly string[] {
  return outputs.filter((path) => {
    if (path === BUILD_INFO) return false;
    const source = path.replace(OUTPUT, '.ts');
    return source === path || NOT_COMPILED.test(source) || !sourceExists(source);
  });
}

/** Of sources, those whose output is not there, since somebody deleted it behind the back of tsc. */
export function uncompiled(sources: readonly string[], outputExists: (path: string) => boolean): readonly string[] {
  return sources.filter((path) => !NOT_COMPILED.test(path) && !outputExists(path.replace(/\.ts$/, '.js')));
}

/** The files that `bin` of this manifest names. */
export function commandFiles(packageJson: string): readonly string[] {
  const { bin }: { readonly bin: Readonly<Record<string, string>> } = JSON.parse(packageJson);
  return Object.values(bin);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const entries = readdirSync(DIST, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(DIST.length).replaceAll('\\', '/'));
  for (const path of staleOutputs(paths, (source) => existsSync(join(ROOT, source)))) {
    rmSync(join(DIST, path), { force: true });
    console.error(`removed dist/${path}: no source makes it any more`);
  }
  const sources = readSourceFiles(ROOT).map(({ path }) => path);
  const missing = uncompiled(sources, (path) => existsSync(join(DIST, path)));
  if (missing.length > 0) {
    rmSync(join(DIST, BUILD_INFO), { force: true });
    console.error(`dist lacks what becomes of ${missing[0]}: run the build once more, it now compiles everything`);
    process.exitCode = 1;
  }
  const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
  for (const file of commandFiles(manifest)) chmodSync(join(ROOT, file), 0o755);
}
