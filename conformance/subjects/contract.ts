/**
 * The target contract as a function, for the subjects that are an application on somebody's server: what is behind the
 * server is the same for all of them, so what differs is the server.
 */

/** A request as the server handed it over. */
export interface Asked {
  readonly method: string;
  /** Request target, or `:path`. */
  readonly target: string;
  readonly protocol: string;
  /** Host and port that the request is for, where the server tells. */
  readonly authority?: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly content: Uint8Array;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/** What the application answers; `fields` says neither length nor date. */
export interface Reply {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly content: Uint8Array;
}

/** More content than this is not collected. */
export const MAX_CONTENT_BYTES = 8 * 1024 * 1024;

/** What each route allows: a 405 has to say it (RFC9110#15.5.6). */
const ROUTES: Readonly<Record<string, string>> = {
  '/': 'GET, HEAD, POST',
  '/echo': 'POST',
  '/file.bin': 'GET, HEAD',
  '/inspect': 'GET, HEAD, POST',
};

/** The small text at `/`. */
export const INDEX = 'hello\n';

/** 64 KiB and a bit of recognisable, uneven content. */
export const FILE = Buffer.from(Array.from({ length: 65_792 }, (_, index) => (index * 31 + (index >> 8)) & 0xff));

/** The files of a server that serves a folder, below `www`. */
export const WWW = { 'www/index.html': INDEX, 'www/file.bin': FILE };

const ETAG = '"65792"';

/** Answers a request. A HEAD is answered like a GET: its content is the server's to leave out. */
export function reply(asked: Asked): Reply {
  const path = asked.target.replace(/^https?:\/\/[^/]*/i, '').split('?', 1)[0] || '/';
  const method = asked.method === 'HEAD' ? 'GET' : asked.method;
  const route = `${method} ${path}`;
  if (route === 'GET /inspect' || route === 'POST /inspect') return ok('application/json', Buffer.from(inspect(asked)));
  if (route === 'POST /echo') return ok('application/octet-stream', asked.content);
  if (route === 'GET /file.bin') return file(asked);
  if (route === 'GET /' || route === 'POST /') return ok('text/plain', Buffer.from(INDEX));
  const allow = ROUTES[path];
  const fields = { 'Content-Type': 'text/plain', ...(allow === undefined ? {} : { Allow: allow }) };
  return { status: allow === undefined ? 404 : 405, fields, content: Buffer.alloc(0) };
}

function inspect({ content, ...rest }: Asked): string {
  return JSON.stringify({ ...rest, content: Buffer.from(content).toString('base64') });
}

function file({ fields }: Asked): Reply {
  const nothing = Buffer.alloc(0);
  const [expected, known] = ['if-match', 'if-none-match'].map((name) => listed(fields, name));
  if (expected !== undefined && !expected.includes(ETAG) && !expected.includes('*')) {
    return { status: 412, fields: {}, content: nothing };
  }
  const isKnown = known?.some((tag) => tag === '*' || tag === ETAG || tag === `W/${ETAG}`) ?? false;
  if (isKnown) return { status: 304, fields: { ETag: ETAG }, content: nothing };
  return { status: 200, fields: { 'Content-Type': 'application/octet-stream', ETag: ETAG }, content: FILE };
}

/** Tags of a field, or `*` alone; undefined where there is no such field. */
function listed(fields: Asked['fields'], name: string): readonly string[] | undefined {
  const values = fields.filter(([own]) => own.toLowerCase() === name).map(([, value]) => value);
  if (values.length === 0) return undefined;
  const value = values.join(', ').trim();
  return value === '*' ? ['*'] : (value.match(/(?:W\/)?"[^"]*"/g) ?? []);
}

function ok(type: string, content: Uint8Array): Reply {
  return { status: 200, fields: { 'Content-Type': type }, content };
}

/** Name and value in turns, as Node has them, as pairs. */
export function pairs(raw: readonly string[]): [string, string][] {
  const out: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2) out.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return out;
}

/** All content of a request. Throws where it breaks off or grows beyond the limit. */
export async function readContent(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of content) {
    bytes += part.length;
    if (bytes > MAX_CONTENT_BYTES) throw new Error('content too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
