/**
 * `npm run demo:report`: a report that has something in every tab, from real runs: conformance of up to five servers that
 * are installed here, a short fuzz run, what its corpus reaches, a measurement, and the requirement matrix. The same
 * commands that a user would type, each shown; some minutes in all.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSubject, isInstalled } from '../conformance/index.ts';

const CLI = fileURLToPath(new URL('aeronet.js', import.meta.url));
const OUT = join('.aeronet', 'demo-report');
/** One of each kind first: our own, Node's, and the servers that most people run. */
const WANTED = ['core', 'node-http', 'nginx', 'apache', 'node-http2', 'h2o', 'haproxy', 'caddy', 'lighttpd', 'nghttpd'];
const MOST = 5;

/** Runs one command of aeronet. */
function aeronet(says: string, args: readonly string[]): void {
  process.stdout.write(`\n# ${says}\n$ npx aeronet ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 15 * 60_000,
  });
  if (status !== 0) {
    process.stdout.write(`this step ended with ${status}, expected 0\n`);
    process.exitCode = 1;
  }
}

const subjects = WANTED.filter((name) => {
  const subject = findSubject(name);
  return subject !== undefined && isInstalled(subject);
}).slice(0, MOST);

const history = join('.aeronet', 'demo-history');
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
aeronet(`Conformance of ${subjects.join(', ')}`, ['conform', ...subjects, '--out', OUT, '--no-gate']);
aeronet('Coverage-guided fuzzing of the request parser', ['fuzz', 'http1-request', '--budget', '20s', '--out', OUT]);
aeronet('What its corpus reaches', ['corpus', 'coverage', 'http1-request', '--no-reports', '-o', OUT]);
aeronet('A measurement in pairs, beside node:http', [
  ...['bench', 'h1-keepalive', '--vs', 'node:http', '--duration', '300ms', '-o', OUT],
]);
aeronet('The report', ['report', OUT, '-f', 'html', '-o', OUT, '--matrix', '--history', history]);

const report = join(OUT, 'report.html');
process.stdout.write(existsSync(report) ? `\nReport: ${report}\n` : '\nNo report was written.\n');
if (!existsSync(report)) process.exitCode = 1;
