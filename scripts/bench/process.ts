/** A contender seen from outside: its port, its processor time, its end. Each is started, bounded and ended by its own handle. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContenderMessage } from './contender.ts';

/** What a server has used. */
export interface Usage {
  /** Processor time since its start, of all its threads. */
  readonly cpuSeconds: number;
  /** Memory that it holds now. */
  readonly rssBytes: number;
}

/** A server that runs. */
export interface Contender {
  readonly name: string;
  readonly port: number;
  /** @param isCollected whether garbage is collected first, of which there may be much where nobody has needed its memory */
  usage(isCollected?: boolean): Promise<Usage>;
  stop(): void;
}

const ANSWER_MS = 10_000;
const PROGRAM = fileURLToPath(new URL('contender.js', import.meta.url));

/** Names of contenders that another build of this package starts: `base:core`. */
const BASE = 'base:';

/** The program of another build, below the root of its checkout. */
export const programOf = (checkout: string): string => join(checkout, 'dist', 'scripts', 'bench', 'contender.js');

/** What the base's contender of this name is called. */
export const baseOf = (name: string): string => `${BASE}${name}`;

/**
 * Starts a contender, on the server's core. Rejects if it does not say its port within ten seconds.
 * @param folder whose files it serves; without one it serves a text
 * @param base the checkout whose build starts those that `baseOf` names
 * @param flags of Node
 */
export async function startContender(
  name: string,
  folder?: string,
  base?: string,
  flags: readonly string[] = [],
): Promise<Contender> {
  const isBase = name.startsWith(BASE) && base !== undefined;
  const own = isBase ? name.slice(BASE.length) : name;
  const what = folder === undefined ? [own] : [own, folder];
  const [program, ...args] = onCore('server', [
    process.execPath,
    ...flags,
    isBase ? programOf(base) : PROGRAM,
    ...what,
  ]);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const ready = await messageOf(child, name, 'ready');
    return {
      name,
      port: ready.port,
      stop: () => void child.kill('SIGKILL'),
      async usage(isCollected = false) {
        const answer = messageOf(child, name, 'usage');
        child.send(isCollected ? 'collected' : 'usage');
        const { cpuMicroseconds, rssBytes } = await answer;
        return { cpuSeconds: cpuMicroseconds / 1e6, rssBytes };
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/**
 * A command line held to a core of its own, so that server and load never push each other aside. As it is where the system has
 * no `taskset` or only one core.
 */
export function onCore(role: 'server' | 'load', command: readonly [string, ...string[]]): [string, ...string[]] {
  return PINS ? ['taskset', '-c', role === 'server' ? '0' : '1', ...command] : [...command];
}

/** Whether server and load have a core each. */
export const PINS =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0,1', process.execPath, '-v']).status === 0;

type MessageOf<K> = Extract<ContenderMessage, { kind: K }>;

function messageOf<K extends ContenderMessage['kind']>(
  child: ChildProcess,
  name: string,
  kind: K,
): Promise<MessageOf<K>> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => () => end(() => reject(new Error(`${name} ${why}`)));
    const timer = setTimeout(fail(`did not answer "${kind}" within ${ANSWER_MS / 1_000} s`), ANSWER_MS);
    const onMessage = (message: ContenderMessage): void => {
      if (message.kind === kind) end(() => resolve(message as MessageOf<K>));
    };
    const onExit = fail('ended by itself');
    const onError = fail('could not be started');
    const end = (then: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      then();
    };
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
  });
}
