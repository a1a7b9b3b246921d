import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from './command.ts';

/** What the command line says about TLS. */
export interface TlsOptions {
  readonly tlsPort?: number;
  readonly cert?: string;
  readonly key?: string;
  readonly tlsConfig?: string;
}

/** A policy with what its files hold. */
interface Policy {
  readonly [name: string]: unknown;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Options of `listenTls()`, and the way to wipe the keys among them once they have served. */
export interface ReadTls {
  readonly port: number;
  readonly policies: readonly Policy[];
  readonly rest: Readonly<Record<string, unknown>>;
  wipe(): void;
}

/** Reads what `--cert` and `--key`, or `--tls-config`, name. @throws UsageError where that does not go together, or cannot be read */
export async function readTls(options: TlsOptions): Promise<ReadTls | undefined> {
  const { tlsPort, cert, key, tlsConfig } = options;
  if (tlsPort === undefined) {
    if (cert !== undefined || key !== undefined) throw new UsageError('--cert and --key go with --tls-port: add it');
    if (tlsConfig !== undefined) throw new UsageError('--tls-config goes with --tls-port: add it');
    return undefined;
  }
  if (tlsConfig !== undefined) {
    if (cert !== undefined || key !== undefined)
      throw new UsageError('--tls-config stands in place of --cert and --key');
    return withWipe(tlsPort, await readTlsConfig(tlsConfig));
  }
  if (cert === undefined || key === undefined)
    throw new UsageError('--tls-port needs --cert and --key, or --tls-config');
  return withWipe(tlsPort, { policies: [{ cert: await octets(cert), key: await octets(key) }], rest: {} });
}

function withWipe(port: number, read: Pick<ReadTls, 'policies' | 'rest'>): ReadTls {
  return {
    port,
    ...read,
    wipe() {
      for (const { key } of read.policies) key.fill(0);
    },
  };
}

/** JSON as `listenTls()` takes it, with names of files, from its folder, where that takes PEM or a secret. */
async function readTlsConfig(path: string): Promise<Pick<ReadTls, 'policies' | 'rest'>> {
  const folder = dirname(resolve(path));
  const { policies, tickets, ...rest } = await readConfig(path);
  if (!Array.isArray(policies)) throw new UsageError(`${path} must hold "policies": a list`);
  const read: Policy[] = [];
  for (const policy of policies) {
    const { cert, key, ca, ...others }: Record<string, unknown> = { ...policy };
    const files = { cert: await file(folder, 'cert', cert), key: await file(folder, 'key', key) };
    read.push({ ...others, ...files, ...(ca === undefined ? {} : { ca: await file(folder, 'ca', ca) }) });
  }
  if (typeof tickets !== 'object' || tickets === null || !('secret' in tickets)) {
    return { policies: read, rest: tickets === undefined ? rest : { ...rest, tickets } };
  }
  const secret = await file(folder, 'secret', tickets.secret);
  return { policies: read, rest: { ...rest, tickets: { ...tickets, secret } } };
}

function file(folder: string, what: string, name: unknown): Promise<Buffer> {
  if (typeof name !== 'string') throw new UsageError(`--tls-config: ${what} must be the name of a file`);
  return octets(resolve(folder, name));
}

/** A JSON object. @throws UsageError */
export async function readConfig(path: string): Promise<Record<string, unknown>> {
  const text = (await octets(path)).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${messageOf(error)}`);
  }
  throw new UsageError(`${path} must hold a JSON object`);
}

/** WHY: a file with a key is never made into a string, which nobody could wipe. */
async function octets(path: string): Promise<Buffer> {
  return orUsage(`Cannot read ${path}`, readFile(path), 'correct the path');
}

/** The outcome of something that the command line asked for; its failure is a mistake in the command line. */
export async function orUsage<T>(what: string, work: Promise<T>, fix?: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const why = messageOf(error);
    throw new UsageError(fix === undefined ? `${what}: ${why}` : `${what} (${why}): ${fix}`);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
