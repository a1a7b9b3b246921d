import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import t from 'tap';
import { Sampler, sampleGroup } from './sampler.ts';

/** Holds 64 MiB and a listening socket, has used 200 ms of processor time, and says so. */
const BUSY = `
const held = Buffer.alloc(64 * 1024 * 1024, 1);
const used = process.cpuUsage();
while (process.cpuUsage(used).user < 200_000) held[0]++;
require('node:net').createServer().listen(0, '127.0.0.1', () => console.log('ready'));`;

t.test('a process group is seen with its memory, sockets and processor time', async (t) => {
  if (!existsSync('/proc/self/stat')) return t.comment('there is no /proc here, and nothing to see');
  const child = spawn(process.execPath, ['-e', BUSY], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const { pid = 0 } = child;
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const sampler = new Sampler(() => pid);
  const usage = sampler.stop();
  const atLeast = (given: number | undefined, due: number, what: string) =>
    t.ok((given ?? 0) >= due, `${what}: ${given}`);
  atLeast(usage?.rssPeakBytes, 64 * 1024 * 1024, 'octets of memory');
  atLeast(usage?.cpuMs, 200, 'milliseconds of processor time');
  atLeast(usage?.socketsPeak, 1, 'sockets');

  child.kill('SIGKILL');
  await once(child, 'exit');
  t.equal(sampleGroup(pid), undefined, 'a group that has ended');
  t.equal(new Sampler(() => undefined).stop(), undefined, 'a target that was not started by the bench');
});
