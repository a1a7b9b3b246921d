import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Server, ServerOptions, TlsPort } from '../../core/index.ts';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { port } from './option-values.ts';
import { messageOf, orUsage, type ReadTls, readConfig, readTls, type TlsOptions } from './serve-tls.ts';

interface ServeOptions extends TlsOptions {
  readonly host: string;
  readonly port: number;
  readonly wsPath?: string;
  readonly config?: string;
}

const DRAIN_MS = 5_000;

/** `aeronet serve`: the core as a server, and the bench's reference target. */
export const serveCommand: CommandModule = {
  register(program: Command, context: CliContext): void {
    program
      .command('serve')
      .description('serve the files of a folder, and the routes of the target contract')
      .argument('[dir]', 'folder to serve; without one, a small text at / and a file at /file.bin')
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option('--port <n>', 'port; 0 lets the system choose', port, 8080)
      .option('--tls-port <n>', 'TLS port, with --cert and --key, or --tls-config', port)
      .option('--cert <file>', 'certificate chain, PEM')
      .option('--key <file>', 'private key, PEM')
      .option('--tls-config <file>', 'JSON: options of listenTls(), with names of files where that takes PEM')
      .option('--ws-path <path>', 'path of a WebSocket echo (not served by this version)')
      .option(
        '--config <file>',
        'JSON: options of createServer(), such as {"limits": {…}, "http2Limits": {…}, "h2cUpgrade": true}',
      )
      .addHelpText(
        'after',
        `
Examples:
  $ aeronet serve public --port 8080
  $ aeronet serve --port 0                 prints {"ready":true,"pid":…,"port":…}
  $ aeronet serve --port 0 --tls-port 0 --cert cert.pem --key key.pem
  $ aeronet serve --tls-port 8443 --tls-config tls.json
                                         {"policies": [{"names": ["a.test"], "cert": "a.pem", "key": "a.key"}, …]}
SIGHUP reads the files of TLS anew: open connections go on, and what cannot be used changes nothing.`,
      )
      .action(context.action((dir: string | undefined, options: ServeOptions) => serve(dir, options, context)));
  },
};

async function serve(dir: string | undefined, options: ServeOptions, context: CliContext): Promise<number> {
  const { createServer, formatDiagnostic, referenceRouter } = await import('../../core/index.ts');
  const tls = await readTls(options);
  if (options.wsPath !== undefined)
    throw new UsageError('--ws-path: WebSocket is not served by this version; leave it out');
  if (dir !== undefined && !(await isFolder(dir))) {
    throw new UsageError(`"${dir}" is no folder: name one whose files are to be served, or none`);
  }
  const config = options.config === undefined ? {} : await readConfig(options.config);
  const onProtocolError: ServerOptions['onProtocolError'] = (error, peer) =>
    context.err.note(`${peer.address}:${peer.port} ${formatDiagnostic(error)}`);
  const make = async (): Promise<Server> => createServer(referenceRouter(dir), { ...config, onProtocolError });
  const server = await orUsage(options.config ?? 'options', make());
  const { host } = options;
  const plain = await orUsage(
    `Cannot listen on ${host} port ${options.port}`,
    server.listen({ host, port: options.port }),
    'choose another --port (0: any that is free) or --host',
  );
  const ready: Record<string, unknown> = { ready: true, pid: process.pid, port: plain.port };
  if (tls !== undefined) {
    const secure = await orUsage(
      `Cannot listen with TLS on ${host} port ${tls.port}`,
      listenTls(server, host, tls),
      options.tlsConfig === undefined
        ? `choose another --tls-port, or look whether ${options.cert} and ${options.key} are a certificate and its key in PEM`
        : `correct ${options.tlsConfig} or a file that it names, or choose another --tls-port`,
    );
    process.on('SIGHUP', () => reload(secure, options, context));
    ready['tlsPort'] = secure.port;
  }
  context.endsBySignal();
  context.out.line(JSON.stringify(ready));
  await aborted(context.signal);
  const { cut } = await server.drain(DRAIN_MS);
  if (cut > 0) context.err.note(`drained; ${cut} connections were still busy after ${DRAIN_MS / 1_000} s and were cut`);
  return 0;
}

async function listenTls(server: Server, host: string, tls: ReadTls): Promise<TlsPort> {
  try {
    // Hellos are read so that it can tell what is wrong with them, and so that a name without octets is refused
    return await server.listenTls({ readHello: 'always', ...tls.rest, host, port: tls.port, policies: tls.policies });
  } finally {
    tls.wipe();
  }
}

async function reload(secure: TlsPort, options: ServeOptions, context: CliContext): Promise<void> {
  try {
    const tls = await readTls(options);
    if (tls === undefined) return;
    try {
      secure.reload(tls.policies);
    } finally {
      tls.wipe();
    }
    context.err.note('the files of TLS were read anew');
  } catch (error) {
    context.err.line(`the files of TLS stay as they were: ${messageOf(error)}`);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
