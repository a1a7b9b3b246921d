/** Whether requests with this method are essentially read-only (RFC9110#9.2.1), and may be worked on side by side (RFC9112#9.3.2). */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'TRACE';
}
