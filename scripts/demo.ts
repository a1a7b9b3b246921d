/**
 * `npm run demo`: the main job on real servers, in under a minute. It runs the same commands that a user would type, shows
 * each, and ends with the path of a report.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('aeronet.js', import.meta.url));
const OUT = join('.aeronet', 'demo');

/** What a step may exit with when everything works. */
interface Step {
  readonly says: string;
  readonly args: readonly string[];
  readonly exits: readonly number[];
}

const STEPS: readonly Step[] = [
  {
    says: 'Conformance of the bundled core and of node:http, whose known failures are listed with reasons',
    args: ['conform', 'core', 'node-http', '--out', OUT],
    exits: [0],
  },
  {
    says: 'Ten seconds of coverage-guided fuzzing of the request parser, from the committed corpus',
    args: ['fuzz', 'http1-request', '--budget', '10s', '--seed', '1', '--out', OUT],
    exits: [0],
  },
  {
    says: 'A report from both',
    args: ['report', join(OUT, 'results.ndjson'), join(OUT, 'fuzz.ndjson'), '-f', 'html,md,junit', '-o', OUT],
    exits: [0],
  },
];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
let failed = false;
for (const { says, args, exits } of STEPS) {
  process.stdout.write(`\n# ${says}\n$ npx aeronet ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [CLI, ...args], { stdio: 'inherit' });
  if (!exits.includes(status ?? -1)) {
    failed = true;
    process.stdout.write(`this step ended with ${status}, expected ${exits.join(' or ')}\n`);
  }
}
const report = join(OUT, 'report.html');
process.stdout.write(existsSync(report) ? `\nReport: ${relative('.', report)}\n` : '\nNo report was written.\n');
process.exitCode = failed || !existsSync(report) ? 1 : 0;
