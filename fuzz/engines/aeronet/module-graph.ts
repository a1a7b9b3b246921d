/** Which modules of a built tree a target loads: its own imports, followed as far as they stay relative. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parse } from 'acorn';
import { FuzzError } from '../../errors.ts';

export interface TreeModule {
  /** Path in the tree, with `/`: `core/http1/parser.js`. */
  readonly path: string;
  readonly source: string;
}

/** More modules than any target has: a tree that needs more is not ours. */
const MAX_MODULES = 2_000;

/**
 * All modules reachable from one of them, sorted by path, so that edges are numbered the same on every machine.
 * @throws FuzzError (exit 2) when a module is missing or leaves the tree.
 */
export function readModuleGraph(tree: string, entry: string): TreeModule[] {
  const root = realpathSync(tree);
  const found = new Map<string, TreeModule>();
  const open = [resolve(root, entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const path = relative(root, file).split(sep).join('/');
    if (found.has(path)) continue;
    if (path.startsWith('../')) throw new FuzzError(2, `${entry} imports ${path}, which is outside of ${tree}`);
    if (!existsSync(file)) throw new FuzzError(2, `${path} is missing in ${tree}; build it with: npm run build`);
    if (found.size >= MAX_MODULES) throw new FuzzError(2, `${entry} loads more than ${MAX_MODULES} modules`);
    const source = readFileSync(file, 'utf8');
    found.set(path, { path, source });
    for (const specifier of knownImportsOf(file, source, path)) {
      if (specifier.startsWith('.')) open.push(join(dirname(file), specifier));
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What was found in a file before: targets of one tree load the same modules, and parsing them is what takes time. */
const KNOWN = new Map<string, { readonly source: string; readonly specifiers: readonly string[] }>();

function knownImportsOf(file: string, source: string, path: string): readonly string[] {
  const known = KNOWN.get(file);
  if (known?.source === source) return known.specifiers;
  const specifiers = importsOf(source, path);
  KNOWN.set(file, { source, specifiers });
  return specifiers;
}

function importsOf(source: string, path: string): string[] {
  const specifiers: string[] = [];
  try {
    const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
    for (const node of program.body) {
      const from = 'source' in node && node.source ? node.source.value : undefined;
      if (typeof from === 'string') specifiers.push(from);
    }
  } catch (error) {
    throw new FuzzError(2, `${path} is no ES module: ${error instanceof Error ? error.message : String(error)}`);
  }
  return specifiers;
}
