/** nginx as a contender: one process, sendfile(2), and whatever else it does by default. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { HOST, portOf } from './listening.ts';
import { type Contender, onCore } from './process.ts';

/** Where nginx is looked for: not every user's PATH holds what an administrator runs. */
const PROGRAM = ['nginx', '/usr/sbin/nginx', '/usr/local/sbin/nginx'].find(
  (path) => spawnSync(path, ['-v']).status === 0,
);

const START_MS = 10_000;

/** Why nginx cannot be measured here; undefined where it can. */
export function whyNoNginx(): string | undefined {
  if (PROGRAM === undefined) return 'nginx is not installed';
  return process.platform === 'linux' ? undefined : 'the processor time of nginx is read from /proc, which is of Linux';
}

/** Which version it is. */
export function nginxVersion(): string | undefined {
  if (PROGRAM === undefined) return undefined;
  return /nginx\/(\S+)/.exec(spawnSync(PROGRAM, ['-v'], { encoding: 'utf8' }).stderr)?.[1];
}

/** Starts nginx on the files of `folder`. Rejects if it does not accept within ten seconds. */
export async function startNginx(folder: string): Promise<Contender> {
  const port = await freePort();
  const config = join(folder, '.nginx.conf');
  writeFileSync(config, configOf(folder, port));
  const [program, ...args] = onCore('server', [PROGRAM ?? 'nginx', '-p', folder, '-c', config, '-e', 'stderr']);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = (): void => void child.kill('SIGKILL');
  const { pid } = child;
  for (const untilMs = performance.now() + START_MS; !(await accepts(port)); ) {
    if (child.exitCode !== null || pid === undefined || performance.now() > untilMs) {
      stop();
      throw new Error('nginx did not start');
    }
    await wait(50);
  }
  return {
    name: 'nginx',
    port,
    stop,
    async usage() {
      // Nanoseconds on a processor, of its only thread
      const [cpuNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
      const rssKib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return { cpuSeconds: Number(cpuNs) / 1e9, rssBytes: Number(rssKib) * 1_024 };
    },
  };
}

function configOf(folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((what) => `${what}_temp_path ${join(folder, '.nginx')};`)
    .join(' ');
  return `daemon off; master_process off; worker_processes 1; pid ${join(folder, '.nginx.pid')};
events { worker_connections 1024; }
http {
  ${temporary}
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type application/octet-stream;
  server { listen ${HOST}:${port}; root ${folder}; }
}
`;
}

/** A port that nobody listens on: nginx cannot be told to choose one. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
