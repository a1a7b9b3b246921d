import { spawnSync } from 'node:child_process';

/** The commit that the working folder is on; `undefined` where it is in no repository, or git is not there. */
export function headRevision(cwd: string): string | undefined {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd, encoding: 'utf8', timeout: 10_000 });
  const revision = stdout?.trim() ?? '';
  return status === 0 && /^[0-9a-f]{40,64}$/.test(revision) ? revision : undefined;
}
