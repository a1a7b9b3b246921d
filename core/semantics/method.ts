/** Methods whose meaning is essentially read-only (RFC9110#9.2.1). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Whether requests with this method may be worked on at the same time as others (RFC9112#9.3.2). */
export function isSafe(method: string): boolean {
  return SAFE.has(method);
}
