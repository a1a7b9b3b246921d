/** The import rules of `layers.ts`, import cycles, and imports that name no file. */
import { dirname, normalize } from 'node:path/posix';
import { findImports, type ImportSite } from './find-imports.ts';
import { ROOMS, type Room, TEST_HOUSE, TEST_ROOM } from './layers.ts';
import { isTest, type Problem, type SourceFile } from './source-files.ts';

/** Every import that the plan of the house does not allow, and every cycle. */
export function checkLayers(files: readonly SourceFile[]): readonly Problem[] {
  const paths = new Set(files.map((file) => file.path));
  const edges = new Map<string, string[]>();
  const problems: Problem[] = [];
  for (const file of files) {
    const targets: string[] = [];
    for (const site of findImports(file)) {
      const { message, target } = judgeImport(file, site, paths);
      if (message !== undefined) problems.push({ path: file.path, line: site.line, message });
      // A dynamic import waits, and cannot meet a half-loaded module. A type could not either, but two files that need each
      // other's types are one idea in two places, or hold a third that both need.
      if (target !== undefined && site.kind !== 'dynamic') targets.push(target);
    }
    edges.set(file.path, targets);
  }
  return [...problems, ...findCycles(edges)];
}

interface Judgement {
  readonly message?: string;
  readonly target?: string;
}

function judgeImport(file: SourceFile, site: ImportSite, paths: ReadonlySet<string>): Judgement {
  const roomName = roomOf(file.path);
  const room = roomName === undefined ? undefined : ROOMS[roomName];
  if (roomName === undefined || room === undefined) {
    return { message: 'this file is in no room of scripts/layers.ts' };
  }
  const { specifier } = site;
  if (!specifier.startsWith('.')) return judgeOutside(file, specifier, roomName, room);

  if (!specifier.endsWith('.ts')) return { message: `'${specifier}' must be written with its .ts` };
  const target = normalize(`${dirname(file.path)}/${specifier}`);
  if (!paths.has(target)) return { message: `'${specifier}' names no file of the house (${target})` };
  const isSharedByTests = isTest(file) && target.endsWith('.test.data.ts');
  if (isTest({ path: target }) && !isSharedByTests)
    return { target, message: `a test is imported by nobody (${target})` };
  if (isWithin(target, [roomName])) return { target };
  if (isTest(file) && isWithin(target, TEST_HOUSE[topRoom(file.path)] ?? [])) return { target };
  if (!isWithin(target, room.house)) return { target, message: `${roomName} may not import ${target}` };
  if (isTest(file) || site.kind === 'type') return { target };
  if (isWithin(target, room.typesOnly ?? [])) {
    return { target, message: `${roomName} may import only types from ${target}: write 'import type'` };
  }
  if (site.kind === 'value' && isWithin(target, room.lazily ?? [])) {
    return { target, message: `${roomName} loads ${target} only when it is used: 'await import()' within the action` };
  }
  return { target };
}

function judgeOutside(file: SourceFile, specifier: string, roomName: string, room: Room): Judgement {
  const allowed = isTest(file) ? [room, TEST_ROOM] : [room];
  if (specifier.startsWith('node:')) {
    const mayName = allowed.some(({ node }) => (typeof node === 'boolean' ? node : node.includes(specifier)));
    return mayName ? {} : { message: `${roomName} may not name '${specifier}'` };
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (allowed.some(({ packages }) => packages?.includes(name) === true)) return {};
  return { message: `${roomName} may not import the package '${name}'` };
}

/** The longest room that begins the path. */
function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => isWithin(path, [room]))
    .sort((a, b) => b.length - a.length)[0];
}

function topRoom(path: string): string {
  return path.split('/', 1).join('');
}

function isWithin(path: string, rooms: readonly string[]): boolean {
  return rooms.some((room) => path === room || path.startsWith(`${room}/`));
}

/** Each cycle once, found by a depth-first walk in the order of paths. */
function findCycles(edges: ReadonlyMap<string, readonly string[]>): readonly Problem[] {
  const problems: Problem[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const walk = (path: string): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      problems.push({ path, line: 0, message: `import cycle: ${[...trail.slice(start), path].join(' → ')}` });
      return;
    }
    if (done.has(path)) return;
    trail.push(path);
    for (const next of edges.get(path) ?? []) walk(next);
    trail.pop();
    done.add(path);
  };
  for (const path of edges.keys()) walk(path);
  return problems;
}
