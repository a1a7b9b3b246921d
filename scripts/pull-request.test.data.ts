/** What the tests of pull requests and of the action share: a repository on its base commit, and processes that run in it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const AERONET = join(ROOT, 'dist', 'scripts', 'aeronet.js');

/** Results of three builds of `server.mjs`, and what is known of the first. */
export const RECORDED = join(ROOT, 'scripts', 'fixtures', 'pull-request');

/** A repository on its base commit: results of the base, and what is known of it. */
export function repository(t: Test): string {
  const folder = t.testdir({ base: {} });
  copyFileSync(join(RECORDED, 'base.ndjson'), join(folder, 'base', 'results.ndjson'));
  copyFileSync(join(RECORDED, 'expected.jsonl'), join(folder, 'expected.jsonl'));
  const git = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  };
  git('init', '--quiet');
  git('add', 'expected.jsonl');
  git('commit', '--quiet', '-m', 'base');
  return folder;
}

/** Runs a program to its end. */
export function run(cwd: string, file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}
