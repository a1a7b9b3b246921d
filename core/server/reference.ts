import { createHash } from 'node:crypto';
import type { FieldLine } from '../semantics/field.ts';
import type { FileInMemory } from './files/open-file.ts';
import { serveFile } from './files/serve-file.ts';
import { staticFiles } from './files/static-files.ts';
import type { Handler } from './handler.ts';
import type { ServerRequest } from './request.ts';
import { Router } from './router.ts';

/** Most content that `/echo` and `/inspect` take, octets; more is answered with 413. */
const ECHO_BYTES = 8_388_608;
const FILE_BYTES = 65_536;
/** Its octets are made by this program, and have been the same since. */
const BUILT_IN_CHANGED_MS = Date.UTC(2025, 0, 1);

/**
 * The routes of the target contract, which any bench can run against: `/` answers, `/file.bin` is a file with a
 * validator, `/echo` answers with the content, `/inspect` with the request as it was understood.
 * @param root folder of files to serve beside them; its `index.html` and `file.bin` come before the built-in ones
 */
export function referenceRouter(root?: string): Router {
  const filesOr = (otherwise?: Handler): Handler =>
    root === undefined ? (otherwise ?? greet) : staticFiles(root, otherwise);
  const router = new Router()
    .on('POST', '/', consume)
    .on('POST', '/echo', echo)
    .on('GET', '/inspect', inspect)
    .on('POST', '/inspect', inspect)
    .on('GET', '/', filesOr(greet))
    .on('GET', '/file.bin', filesOr(sendBuiltInFile));
  return root === undefined ? router : router.on('GET', '/*', filesOr());
}

const greet: Handler = (_request, response) => {
  response.set('Content-Type', 'text/plain; charset=utf-8').send('aeronet\n');
};

const consume: Handler = async (request, response) => {
  for await (const _piece of request.content);
  response.set('Content-Type', 'text/plain; charset=utf-8').send('aeronet\n');
};

const echo: Handler = async (request, response) => {
  const content = await request.content.bytes(ECHO_BYTES);
  response.set('Content-Type', 'application/octet-stream').send(content);
};

const inspect: Handler = async (request, response) => {
  const content = await request.content.bytes(ECHO_BYTES);
  response.json({
    method: request.method,
    target: request.target,
    protocol: request.protocol,
    authority: authorityOf(request),
    fields: [...request.fields],
    content: Buffer.from(content).toString('base64'),
    trailers: trailersOf(request),
  });
};

/** Host and port that the request was taken to address. */
function authorityOf({ host }: ServerRequest): string | null {
  if (host === undefined) return null;
  return host.port === undefined ? host.name : `${host.name}:${host.port}`;
}

function trailersOf(request: ServerRequest): FieldLine[] {
  return [...(request.content.trailers ?? [])];
}

const builtInFile = makeFile();
const builtInRepresentation: FileInMemory = {
  octets: builtInFile,
  bytes: builtInFile.length,
  validators: {
    entityTag: { opaque: createHash('sha256').update(builtInFile).digest('hex').slice(0, 16), isWeak: false },
    lastModifiedMs: BUILT_IN_CHANGED_MS,
  },
};

const sendBuiltInFile: Handler = (request, response) =>
  serveFile(request, response, builtInRepresentation, 'application/octet-stream');

/** Octets that show a shift, a swap and a cut: no two places look alike for long. */
function makeFile(): Uint8Array {
  return Uint8Array.from({ length: FILE_BYTES }, (_, i) => (i * 31 + (i >> 8) * 17) & 0xff);
}
