import { fileURLToPath } from 'node:url';

/** A known server: how it is started, and which of its failures are known. */
export interface Subject {
  readonly name: string;
  /** Program and arguments; `{port}` is the port it has to listen on, with TLS where `{cert}` and `{key}` are asked for. */
  readonly command: readonly string[];
  /** For servers whose `Server` field says nothing. */
  readonly version?: string;
  /** File of known failures, in the gate's format; absent where none is expected. */
  readonly expectations?: string;
}

/** Root of the package, whether this file runs as it is or compiled, in a checkout or installed; the working folder does not matter. */
const ROOT = new URL(import.meta.url.endsWith('.js') ? '../../../' : '../../', import.meta.url);

const SUBJECTS: readonly Subject[] = [
  {
    name: 'core',
    command: [process.execPath, inRoot('dist/scripts/aeronet.js'), 'serve', '--port', '{port}'],
    expectations: inRoot('conformance/subjects/core.expected.jsonl'),
  },
  {
    name: 'core-tls',
    command: [
      ...[process.execPath, inRoot('dist/scripts/aeronet.js'), 'serve', '--port', '0'],
      ...['--tls-port', '{port}', '--cert', '{cert}', '--key', '{key}'],
    ],
  },
  {
    name: 'node-http',
    command: [process.execPath, inRoot('dist/conformance/subjects/node-http-server.js'), '{port}'],
    version: `node:http of Node ${process.version}`,
    expectations: inRoot('conformance/subjects/node-http.expected.jsonl'),
  },
];

/** The subject of this name. */
export function findSubject(name: string): Subject | undefined {
  return SUBJECTS.find((subject) => subject.name === name);
}

/** Names that may stand where a target is asked for. */
export function subjectNames(): readonly string[] {
  return SUBJECTS.map((subject) => subject.name);
}

function inRoot(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}
