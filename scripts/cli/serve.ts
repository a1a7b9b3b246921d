import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Server, ServerOptions } from '../../core/index.ts';
import { type CliContext, type CommandModule, UsageError } from './command.ts';
import { port } from './option-values.ts';

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly tlsPort?: number;
  readonly cert?: string;
  readonly key?: string;
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
      .option('--tls-port <n>', 'TLS port, with --cert and --key', port)
      .option('--cert <file>', 'certificate chain, PEM')
      .option('--key <file>', 'private key, PEM')
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
  $ aeronet serve --port 0 --tls-port 0 --cert cert.pem --key key.pem`,
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
      server.listenTls({ host, ...tls }),
      `choose another --tls-port, or look whether ${options.cert} and ${options.key} are a certificate and its key in PEM`,
    );
    ready['tlsPort'] = secure.port;
  }
  context.endsBySignal();
  context.out.line(JSON.stringify(ready));
  await aborted(context.signal);
  const { cut } = await server.drain(DRAIN_MS);
  if (cut > 0) context.err.note(`drained; ${cut} connections were still busy after ${DRAIN_MS / 1_000} s and were cut`);
  return 0;
}

async function readTls(options: ServeOptions): Promise<{ port: number; cert: string; key: string } | undefined> {
  const { tlsPort, cert, key } = options;
  if (tlsPort === undefined) {
    if (cert !== undefined || key !== undefined) throw new UsageError('--cert and --key go with --tls-port: add it');
    return undefined;
  }
  if (cert === undefined || key === undefined) throw new UsageError('--tls-port needs --cert and --key');
  return { port: tlsPort, cert: await readText(cert), key: await readText(key) };
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  const text = await readText(path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${messageOf(error)}`);
  }
  throw new UsageError(`${path} must hold a JSON object`);
}

async function readText(path: string): Promise<string> {
  return orUsage(`Cannot read ${path}`, readFile(path, 'utf8'), 'correct the path');
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** The outcome of something that the command line asked for; its failure is a mistake in the command line. */
async function orUsage<T>(what: string, work: Promise<T>, fix?: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const why = messageOf(error);
    throw new UsageError(fix === undefined ? `${what}: ${why}` : `${what} (${why}): ${fix}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
