import { UsageError } from './command.ts';

/**
 * What `--case` names among the gate's findings: each a glob over the key (`h1/host/* @core`, `crash v1:*`) or over the
 * part before the target.
 *
 * @throws UsageError none is named.
 */
export function keySelector(globs: readonly string[] | undefined): (finding: { readonly key: string }) => boolean {
  if (globs === undefined) throw new UsageError('Name what is meant with --case <key>, or --all');
  const patterns = globs.map(
    (glob) =>
      new RegExp(
        `^${glob
          .split('*')
          .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}$`,
      ),
  );
  return ({ key }) => patterns.some((pattern) => pattern.test(key) || pattern.test(key.split(' @', 1)[0] ?? key));
}
