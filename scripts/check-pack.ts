/**
 * The package as a user gets it: what the tarball holds, and that it runs when it is installed in an empty folder.
 * Slow (npm twice), so it is a step of `npm run ok` and no test.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PackOutcome {
  readonly ok: boolean;
  readonly output: string;
  readonly remark?: string;
}

/** Packs the checkout (whose dist must be built), installs the tarball elsewhere, and runs the command and a server. */
export function checkPack(root: string): PackOutcome {
  const folder = mkdtempSync(join(tmpdir(), 'aeronet-pack-'));
  try {
    const packed = npm(['pack', '--json', '--pack-destination', folder], root);
    if (packed.status !== 0) return { ok: false, output: packed.text };
    const [tarball] = readPackReport(packed.stdout);
    if (tarball === undefined) return { ok: false, output: `npm pack said nothing that can be read: ${packed.stdout}` };
    const manifest = readFileSync(join(root, 'package.json'), 'utf8');
    const wrong = misplaced(tarball.files, manifest, (source) => existsSync(join(root, source)));
    if (wrong.length > 0) return { ok: false, output: wrong.join('\n') };

    const remark = `${tarball.files.length} files, ${Math.round(tarball.bytes / 1_024)} KiB packed`;
    const user = mkdtempSync(join(folder, 'user-'));
    writeFileSync(join(user, 'package.json'), '{ "name": "user", "private": true, "type": "module" }\n');
    const install = npm(['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarball.name)], user);
    if (install.status !== 0 && OFFLINE.test(install.text)) {
      return {
        ok: true,
        output: '',
        remark: `${remark}\nSKIPPED: the package was not installed, npm reaches no registry`,
      };
    }
    if (install.status !== 0) return { ok: false, output: install.text, remark };

    writeFileSync(join(user, 'server.js'), SERVER);
    writeFileSync(join(user, 'doors.ts'), DOORS);
    writeFileSync(join(user, 'tsconfig.json'), userTsconfig(root));
    const runs = [
      npm(['exec', '--offline', '--', 'aeronet', '--help'], user),
      node(['server.js'], user),
      node([join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], user),
    ];
    const broken = runs.filter((run) => run.status !== 0).map((run) => run.text);
    return { ok: broken.length === 0, output: broken.join('\n'), remark };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a user's first script looks like; it asks itself, so that its exit code tells. */
const SERVER = `import { createServer } from 'aeronet';
const server = createServer((request, response) => response.send('hello'));
const { port } = await server.listen({ port: 0 });
const answer = await (await fetch(\`http://127.0.0.1:\${port}/\`)).text();
await server.close();
if (answer !== 'hello') throw new Error('the server answered: ' + answer);
`;

/** Both doors as a user's compiler sees them, with the declarations themselves checked. */
const DOORS = `import { createServer } from 'aeronet';
import * as sansIo from 'aeronet/sans-io';
export const doors = { createServer, sansIo };
`;

function userTsconfig(root: string): string {
  const typeRoots = [join(root, 'node_modules/@types')];
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots,
  };
  return JSON.stringify({ compilerOptions, files: ['doors.ts'] });
}

const OFFLINE = /\b(?:ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/;

/** Files that a package must not hold, files that a deleted source left in dist, and files that are promised and missing. */
export function misplaced(
  files: readonly string[],
  packageJson: string,
  sourceExists: (path: string) => boolean,
): readonly string[] {
  const extra = files
    .filter((path) => !ALLOWED.test(path) || REFUSED.test(path))
    .map((path) => `a user has no need of ${path}: see "files" in package.json`);
  const stale = files
    .filter((path) => path.startsWith('dist/') && !sourceExists(path.replace(/^dist\//, '').replace(COMPILED, '.ts')))
    .map((path) => `${path} has no source any more: build again`);
  // The targets of "bin" and "exports"; a command line in "scripts" has its path further in.
  const targets = [...packageJson.matchAll(/"(?:\.\/)?(dist\/[^"*]+)"/g)].map((match) => match[1] ?? '');
  // The pages that a README, a help text and a message send the reader to.
  const pages = ['README.md', 'core/README.md', 'conformance/README.md', 'fuzz/README.md', 'reports/README.md'];
  const promised = [...pages, 'LICENSE', ...targets.filter((path) => COMPILED.test(path))];
  const missing = [...new Set(promised)].filter((path) => !files.includes(path)).map((path) => `${path} is not packed`);
  return [...extra, ...stale, ...missing];
}

const ALLOWED =
  /^(?:package\.json|(?:(?:core|conformance|fuzz|reports)\/)?README\.md|LICENSE|corpus\/.+|dist\/(?:core|fuzz|conformance|reports|scripts\/(?:bench|cli))\/.+|dist\/scripts\/aeronet\..+|conformance\/subjects\/[a-z0-9-]+\.expected\.jsonl|reports\/schema\/[a-z-]+\.schema\.json|conformance\/requirements\/rfc[0-9]{4}\.jsonl)$/;
const COMPILED = /\.(?:js|js\.map|d\.ts)$/;
const REFUSED = /\.test\.|(?<!\.d)\.ts$|\.tsbuildinfo$/;

interface Tarball {
  readonly name: string;
  readonly bytes: number;
  readonly files: readonly string[];
}

/** `npm pack --json` as far as it is needed; its lifecycle scripts may have written before the JSON. */
function readPackReport(stdout: string): readonly Tarball[] {
  const report: unknown = JSON.parse(stdout.slice(Math.max(0, stdout.search(/^\[/m))));
  if (!Array.isArray(report)) return [];
  return report.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    if (!('filename' in entry && 'size' in entry && 'files' in entry) || !Array.isArray(entry.files)) return [];
    const files = entry.files.flatMap((file: unknown) =>
      typeof file === 'object' && file !== null && 'path' in file ? [String(file.path)] : [],
    );
    return [{ name: String(entry.filename), bytes: Number(entry.size), files }];
  });
}

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  /** The command and all that it said. */
  readonly text: string;
}

const LONGEST_MS = 180_000;

function npm(args: readonly string[], cwd: string): Run {
  return spawn('npm', args, cwd);
}

function node(args: readonly string[], cwd: string): Run {
  return spawn(process.execPath, args, cwd);
}

function spawn(command: string, args: readonly string[], cwd: string): Run {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: LONGEST_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = `$ ${command} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`;
  return { status, stdout: stdout ?? '', text };
}
