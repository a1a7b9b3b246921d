/** The loader's side of `plant.ts`; it runs on a thread of its own. */
import type { LoadFnOutput, LoadHookContext } from 'node:module';
import { type Edit, type Mutant, mutate } from './mutant.ts';

let planted = '';
/** By the URL of their modules. */
const edits = new Map<string, Edit>();

/** Called once with the data that `register()` was given. */
export function initialize(mutant: Mutant): void {
  planted = mutant.id;
  for (const edit of mutant.edits) edits.set(new URL(`../../${edit.file}.js`, import.meta.url).href, edit);
}

export async function load(
  url: string,
  context: LoadHookContext,
  nextLoad: (url: string, context: LoadHookContext) => LoadFnOutput | Promise<LoadFnOutput>,
): Promise<LoadFnOutput> {
  const loaded = await nextLoad(url, context);
  const edit = edits.get(url);
  if (edit === undefined || loaded.source === undefined) return loaded;
  const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
  return { ...loaded, source: mutate(planted, edit, source) };
}
