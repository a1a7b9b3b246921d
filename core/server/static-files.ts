import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { imfFixdate } from '../semantics/date.ts';
import type { Handler } from './handler.ts';
import { answerStatus } from './policy.ts';
import type { ServerRequest } from './request.ts';
import type { ServerResponse } from './response.ts';

const READ_BYTES = 65_536;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
};

/**
 * Serves the regular files below `root`: GET and HEAD, `index.html` for a folder. Names that begin with a dot are not
 * there, and no link or encoded path leads out of `root`.
 * @param otherwise answers where there is no such file; by default with 404
 */
export function staticFiles(root: string, otherwise: Handler = answerNotFound): Handler {
  return async (request, response) => {
    const name = fileName(request.path);
    const handle = name === undefined ? undefined : await openInside(root, name);
    if (handle === undefined) return otherwise(request, response);
    try {
      await sendFile(handle, name ?? '', request, response);
    } finally {
      await handle.close();
    }
  };
}

const answerNotFound: Handler = (_request, response) => answerStatus(response, 404);

/** Relative file name behind a raw path, or `undefined` where no file may be meant. */
function fileName(path: string): string | undefined {
  const names: string[] = [];
  for (const segment of path.split('/').slice(1)) {
    const name = decode(segment);
    if (name === undefined || name.startsWith('.') || /[/\\\0]/.test(name)) return undefined;
    names.push(name);
  }
  if (names.at(-1) === '') names.splice(-1, 1, 'index.html');
  return names.includes('') ? undefined : names.join('/');
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** A handle on the regular file `name`, if it is one and really lies below `root`. */
async function openInside(root: string, name: string): Promise<FileHandle | undefined> {
  try {
    const base = await realpath(root);
    const path = await realpath(join(base, name));
    if (!path.startsWith(base.endsWith(sep) ? base : base + sep)) return undefined;
    // WHY: without O_NONBLOCK, opening a FIFO would wait for its writer
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  return undefined;
}

async function sendFile(
  handle: FileHandle,
  name: string,
  request: ServerRequest,
  response: ServerResponse,
): Promise<void> {
  const { size, mtimeMs } = await handle.stat();
  const tag = `"${size.toString(16)}-${Math.trunc(mtimeMs).toString(16)}"`;
  response
    .set('Content-Type', TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream')
    .set('ETag', tag)
    .set('Last-Modified', imfFixdate(mtimeMs));
  if (matches(request.fields.get('if-none-match'), tag)) {
    response.status = 304;
    return response.send();
  }
  response.contentLength = size;
  if (request.method === 'HEAD') return response.end();
  await response.stream(pieces(handle, size));
}

/** RFC9110#13.1.2: If-None-Match compares weakly, and "*" matches whatever is there. */
function matches(condition: string | undefined, tag: string): boolean {
  if (condition === undefined) return false;
  return condition.split(',').some((member) => ['*', tag, `W/${tag}`].includes(member.trim()));
}

/** Exactly `size` octets of the file. @throws Error when it has become shorter: the response must not look whole */
async function* pieces(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  while (at < size) {
    const { buffer, bytesRead } = await handle.read(
      Buffer.allocUnsafe(Math.min(READ_BYTES, size - at)),
      0,
      Math.min(READ_BYTES, size - at),
      at,
    );
    if (bytesRead === 0) throw new Error(`the file became shorter than the ${size} octets that were announced`);
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
