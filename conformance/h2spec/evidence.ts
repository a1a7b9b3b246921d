import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Saves what h2spec told about one case (`h2spec.txt`: every frame, where it was run alone), and what the target printed
 * where it died (`output.txt`).
 * @returns the folder, relative to `out`
 */
export function saveOutput(out: string, target: string, id: string, output: string, targetOutput = ''): string {
  const folder = join('cases', target, id.replaceAll('/', '-'));
  const path = join(out, folder);
  // What an earlier run left there is not evidence of this one.
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'h2spec.txt'), output, 'latin1');
  if (targetOutput !== '') writeFileSync(join(path, 'output.txt'), targetOutput);
  return folder;
}
