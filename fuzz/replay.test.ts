import { join } from 'node:path';
import t from 'tap';
import { readTargetCorpus, seedName } from './campaign/corpus-folder.ts';
import { builtTree } from './campaign/locations.ts';
import { readManifest } from './campaign/manifest.ts';
import { isTarget } from './define.ts';
import { parseDictionary } from './engines/aeronet/dictionary.ts';
import { targetNames } from './engines/load-target.ts';

const CORPUS = 'corpus';

for (const name of targetNames(builtTree())) {
  t.test(`every saved entry of ${name} passes, and every seed has an origin`, async (t) => {
    // From source, in this thread: coverage then counts what the corpus reaches.
    const module: { readonly target?: unknown } = await import(`./targets/${name}.ts`);
    if (!isTarget(module.target)) throw new Error(`targets/${name}.ts exports no target`);
    parseDictionary(module.target.dictionary, `dictionary of ${name}`);
    const entries = readTargetCorpus(CORPUS, name);
    t.ok(entries.length > 0, 'there are seeds');
    for (const entry of entries) {
      if (entry.kind === 'crash' && entry.bundle.meta.status === 'open') {
        t.comment(`open: ${entry.path}`);
        continue;
      }
      const inputs = entry.kind === 'seed' ? [entry.input] : [entry.bundle.input, entry.bundle.smallest];
      for (const input of inputs) {
        try {
          await module.target.fuzz(new Uint8Array(input));
        } catch (thrown) {
          t.fail(`${entry.path} fails; see: npx aeronet replay ${entry.path}`, { thrown });
        }
      }
    }
    const named = readManifest(CORPUS).flatMap((set) => (set.target === name ? set.files : []));
    const seeds = entries.flatMap((entry) => (entry.kind === 'seed' ? [seedName(entry.input)] : []));
    t.same(
      seeds.filter((seed) => !named.includes(seed)),
      [],
      `seeds without an origin in ${join(CORPUS, 'manifest.json')}`,
    );
    t.same(
      named.filter((file) => !seeds.includes(file)),
      [],
      'seeds that are missing',
    );
  });
}
