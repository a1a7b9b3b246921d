/**
 * Targets as other people's fuzzers want them: for each a module with `module.exports.fuzz`, beside the built modules that it
 * loads. Jazzer.js takes it as it is, and so do OSS-Fuzz and ClusterFuzzLite, which run Jazzer.js.
 */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDictionary } from '../engines/aeronet/dictionary.ts';
import { readModuleGraph } from '../engines/aeronet/module-graph.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { loadTarget, targetModule } from '../engines/load-target.ts';
import { FuzzError } from '../errors.ts';
import { readTargetCorpus } from './corpus-folder.ts';

export interface Exported {
  readonly target: string;
  /** The module with `module.exports.fuzz`. */
  readonly module: string;
  readonly seeds: number;
}

/**
 * Writes targets, their dictionaries and their seeds into a new or empty folder.
 * @throws FuzzError (exit 2) where the folder holds something
 */
export async function exportTargets(
  tree: string,
  names: readonly string[],
  corpus: string,
  folder: string,
): Promise<Exported[]> {
  if (existsSync(folder) && !(statSync(folder).isDirectory() && readdirSync(folder).length === 0)) {
    throw new FuzzError(2, `${folder} is no empty folder: name a new folder, so that nothing in it is lost`);
  }
  const exported: Exported[] = [];
  write(folder, 'package.json', '{ "private": true, "type": "commonjs" }\n');
  write(folder, 'modules/package.json', '{ "type": "module" }\n');
  for (const name of names) {
    const target = await loadTarget(tree, name);
    for (const { path, source } of readModuleGraph(tree, targetModule(name))) write(folder, `modules/${path}`, source);
    const includes = target.subject.map((prefix) => `-i modules/${prefix}`).join(' ');
    const module = write(
      folder,
      `${name}.js`,
      `// npx jazzer ${name}.js seeds/${name} ${includes} -- -dict=${name}.dict -max_len=${target.maxLength}
const loading = import(${JSON.stringify(`./modules/${targetModule(name)}`)});

module.exports.fuzz = async (data) => {
  const { target } = await loading;
  await target.fuzz(new Uint8Array(data).subarray(0, target.maxLength));
};
`,
    );
    write(folder, `${name}.dict`, parseDictionary(target.dictionary, name).map(dictionaryLine).join(''));
    let seeds = 0;
    for (const entry of readTargetCorpus(corpus, name)) {
      if (entry.kind !== 'seed') continue;
      write(folder, `seeds/${name}/${String(seeds++).padStart(4, '0')}`, entry.input);
    }
    exported.push({ target: name, module, seeds });
  }
  return exported;
}

/** A word in AFL's and libFuzzer's syntax. */
function dictionaryLine(word: string): string {
  const escaped = inputOf(Buffer.from(word, 'latin1')).replace(
    /[^\x20-\x7e]|["\\]/g,
    (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"\n`;
}

function write(folder: string, path: string, content: string | Uint8Array): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
