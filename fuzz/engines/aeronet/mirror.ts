/**
 * The instrumented mirror of what a target loads: the same files at the same relative paths, in a folder named after their
 * content. Only modules of the target's subject are instrumented; the rest, and the maps, are copied.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FuzzError } from '../../errors.ts';
import { INSTRUMENTER_VERSION, type InstrumentedModule, instrument } from './instrument.ts';
import { readModuleGraph, type TreeModule } from './module-graph.ts';

export interface Mirror {
  /** Folder that holds the modules. */
  readonly folder: string;
  /** Digest of everything in it: 16 hex digits. */
  readonly id: string;
  readonly edges: number;
  readonly comparisons: number;
  /** Edges of each instrumented module. */
  readonly edgesByModule: ReadonlyMap<string, number>;
  /** Literals of the subject, for the dictionary. */
  readonly words: readonly string[];
  /** Paths of all modules, for telling own stack frames from foreign ones. */
  readonly modules: readonly string[];
}

/** Who puts counters into the modules of a subject. */
export interface Instrumenter {
  /** Changes whenever the same source would be instrumented differently. */
  readonly id: string;
  instrument(source: string, firstEdge: number, firstComparison: number, path: string): InstrumentedModule;
}

const OWN: Instrumenter = { id: `aeronet-${INSTRUMENTER_VERSION}`, instrument };

/**
 * How many mirrors are kept beside each other, the last used ones: a campaign over all targets has one for each, and starts
 * workers in them at any time.
 */
const KEPT_MIRRORS = 64;
const MAX_WORDS = 2_048;

/**
 * Writes the mirror of a target, or finds it written.
 * @throws FuzzError (exit 2) when the subject is not part of what the target loads: nothing would guide the fuzzer.
 */
export function mirrorTarget(
  tree: string,
  entry: string,
  subject: readonly string[],
  cache: string,
  instrumenter = OWN,
): Mirror {
  const modules = readModuleGraph(tree, entry);
  const id = digestOf(modules, subject, instrumenter.id);
  const folder = resolve(cache, id);
  const written = existsSync(folder);
  const staging = `${folder}.${randomUUID()}`;

  let edges = 0;
  let comparisons = 0;
  const edgesByModule = new Map<string, number>();
  const words = new Set<string>();
  try {
    for (const module of modules) {
      let code = module.source;
      if (isSubject(module.path, subject)) {
        const result = instrumenter.instrument(module.source, edges, comparisons, module.path);
        code = result.code;
        edges += result.edges;
        comparisons += result.comparisons;
        edgesByModule.set(module.path, result.edges);
        for (const word of result.words) if (words.size < MAX_WORDS) words.add(word);
      }
      if (!written) writeModule(staging, tree, module.path, code);
    }
    if (edges === 0) {
      throw new FuzzError(2, `${entry} loads no code under ${subject.join(', ')}: correct the target's subject`);
    }
    if (written) {
      touch(folder);
    } else {
      linkPackages(staging, tree);
      publish(staging, folder);
    }
  } finally {
    // A full disk, or a target that is none, leaves nothing half-written.
    rmSync(staging, { recursive: true, force: true });
  }
  prune(cache, id);
  return {
    folder,
    id,
    edges,
    comparisons,
    edgesByModule,
    words: [...words],
    modules: modules.map((module) => module.path),
  };
}

/** A prefix names a folder or a module: `core/http1` covers `core/http1/…` and `core/http1.js`, not `core/http10.js`. */
function isSubject(path: string, subject: readonly string[]): boolean {
  return subject.some((prefix) => path.startsWith(`${prefix}/`) || path.startsWith(`${prefix}.`));
}

function digestOf(modules: readonly TreeModule[], subject: readonly string[], instrumenter: string): string {
  const hash = createHash('sha256').update(JSON.stringify([instrumenter, subject]));
  for (const { path, source } of modules) hash.update(JSON.stringify([path, source]));
  return hash.digest('hex').slice(0, 16);
}

function writeModule(staging: string, tree: string, path: string, code: string): void {
  const to = join(staging, path);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, code);
  const map = join(tree, `${path}.map`);
  if (existsSync(map)) writeFileSync(`${to}.map`, relocateMap(readFileSync(map, 'utf8'), map));
}

/** The map's sources are relative to where it was; stack traces of the mirror shall still name the `.ts` files. */
function relocateMap(text: string, map: string): string {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content !== 'object' || content === null || !('sources' in content)) return text;
    const { sources } = content;
    if (!Array.isArray(sources)) return text;
    const base = pathToFileURL(map);
    return JSON.stringify({ ...content, sources: sources.map((source) => new URL(String(source), base).href) });
  } catch {
    // A map that cannot be read costs line numbers, nothing else.
    return text;
  }
}

/** Packages that the tree finds are found from the mirror too, wherever that lies. */
function linkPackages(staging: string, tree: string): void {
  for (let at = resolve(tree); at !== dirname(at); at = dirname(at)) {
    const packages = join(at, 'node_modules');
    if (!existsSync(packages)) continue;
    symlinkSync(packages, join(staging, 'node_modules'), 'junction');
    return;
  }
}

/** Appears whole or not at all: two runs may write the same mirror at once. */
function publish(staging: string, folder: string): void {
  writeFileSync(join(staging, 'package.json'), '{"type":"module"}\n');
  try {
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Says that a mirror is in use. */
function touch(folder: string): void {
  const now = new Date();
  utimesSync(folder, now, now);
}

function prune(cache: string, current: string): void {
  const mirrors = readdirSync(cache, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[0-9a-f]{16}$/.test(entry.name) && entry.name !== current)
    .map((entry) => ({ path: join(cache, entry.name), mtimeMs: statSync(join(cache, entry.name)).mtimeMs }))
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { path } of mirrors.slice(KEPT_MIRRORS - 1)) rmSync(path, { recursive: true, force: true });
}
