import type { CommandModule } from './command.ts';
import { main } from './main.ts';

/** Runs one command line of these commands in this process and keeps what it wrote. */
export async function runInProcess(commands: readonly CommandModule[], args: readonly string[]) {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text;
      return true;
    },
    on: () => undefined,
  });
  const host = {
    stdout: stream('out'),
    stderr: stream('err'),
    env: {},
    clock: { now: () => 0, every: () => () => undefined },
    onSignal: () => () => undefined,
    exitNow: () => undefined,
    flush: () => Promise.resolve(),
  };
  const exit = await main(['node', 'aeronet', ...args], host, commands);
  return { exit, ...written };
}
