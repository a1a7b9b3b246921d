import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StartCommand } from './start-command.ts';

/** A known server: how it is started, what it needs, which of its failures are known. One file of this folder each. */
export interface Subject extends StartCommand {
  readonly name: string;
  /** What it is and how it is set up, in a line. */
  readonly about: string;
  readonly command: readonly string[];
  /** What `npm run setup:subjects` gets where it is missing; absent where the checkout has all that is needed. */
  readonly install?: Install;
  /** File of known failures, in the gate's format; absent where none is expected. */
  readonly expectations?: string;
}

/** Debian's packages, or packages of npm at exact versions. */
export type Install =
  | { readonly from: 'debian'; readonly packages: readonly string[] }
  | { readonly from: 'npm'; readonly packages: Readonly<Record<string, string>> };

/** Root of the package, whether this file runs as it is or compiled, in a checkout or installed; the working folder does not matter. */
const ROOT = new URL(import.meta.url.endsWith('.js') ? '../../../' : '../../', import.meta.url);

/** A path of the package. */
export function inRoot(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}

/** The built program of this folder that is a subject: `node-http-server`. */
export function ownProgram(name: string): string {
  return inRoot(`dist/conformance/subjects/${name}.js`);
}

/** The file of known failures of a subject. */
export function expectationsOf(name: string): { readonly expectations?: string } {
  const expectations = inRoot(`conformance/subjects/${name}.expected.jsonl`);
  return existsSync(expectations) ? { expectations } : {};
}

/** Where packages of npm are kept for a subject, below the working folder: they are none of the project's dependencies. */
export function npmFolder(name: string): string {
  return resolve('.aeronet', 'servers', name);
}
