/**
 * Fields that must not come or go in a trailer section, because they frame, route, modify, authenticate or describe the
 * message before its content is read (RFC9110#6.5.1). Lower case.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'date',
  'expect',
  'expires',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'location',
  'max-forwards',
  'pragma',
  'proxy-authenticate',
  'proxy-authorization',
  'range',
  'retry-after',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'vary',
  'www-authenticate',
]);

/** Whether a field called `name`, in any case, is refused in a trailer section. */
export function isForbiddenTrailer(name: string): boolean {
  return FORBIDDEN.has(name.toLowerCase());
}

/** Index in `text` of the first forbidden name among `spans` (four positions a field line), or -1. */
export function findForbiddenTrailer(text: string, spans: readonly number[]): number {
  for (let i = 0; i < spans.length; i += 4) {
    const from = spans[i] ?? 0;
    if (isForbiddenTrailer(text.slice(from, spans[i + 1]))) return from;
  }
  return -1;
}
