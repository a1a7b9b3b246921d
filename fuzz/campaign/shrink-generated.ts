/** What campaigns generated, made smaller: of each target the inputs that reach what its saved seeds do not, and no others. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MeasureOptions } from '../coverage/features.ts';
import { merge, seedsOf } from './corpus-shrink.ts';
import { readForeign } from './flat-folder.ts';

/** What became of a target's generated inputs. */
export interface ShrunkInputs {
  readonly target: string;
  readonly before: number;
  readonly after: number;
}

/**
 * Removes generated inputs of a target that add nothing to its seeds and to the others; what fails stays. An input that
 * another process adds meanwhile is left alone. Undefined where there are none.
 * @throws FuzzError (exit 2 or 3) when the target cannot be run; then nothing is removed.
 */
export async function shrinkGenerated(
  options: MeasureOptions,
  root: string,
  corpus: string,
): Promise<ShrunkInputs | undefined> {
  const { target } = options;
  const folder = join(root, target, 'corpus');
  if (!existsSync(folder)) return undefined;
  const { inputs } = readForeign([folder]);
  const { kept, failing } = await merge(options, inputs, existsSync(corpus) ? seedsOf(corpus, target) : []);
  const stays = new Set([...kept, ...failing].map(({ path }) => path));
  for (const { path } of inputs) if (!stays.has(path)) rmSync(path);
  return { target, before: inputs.length, after: stays.size };
}
