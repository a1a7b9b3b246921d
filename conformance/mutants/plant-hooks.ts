/** The loader's side of `plant.ts`; it runs on a thread of its own. */
import type { LoadFnOutput, LoadHookContext } from 'node:module';
import { type Mutant, mutate } from './mutant.ts';

let planted: Mutant | undefined;
let target = '';

/** Called once with the data that `register()` was given. */
export function initialize(mutant: Mutant): void {
  planted = mutant;
  target = new URL(`../../${mutant.file}.js`, import.meta.url).href;
}

export async function load(
  url: string,
  context: LoadHookContext,
  nextLoad: (url: string, context: LoadHookContext) => LoadFnOutput | Promise<LoadFnOutput>,
): Promise<LoadFnOutput> {
  const loaded = await nextLoad(url, context);
  if (planted === undefined || url !== target || loaded.source === undefined) return loaded;
  const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
  return { ...loaded, source: mutate(planted, source) };
}
