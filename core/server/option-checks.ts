/** Options are refused by name where they are unknown, of another type or out of range; none is clipped. */

/** @throws TypeError unless `value` is an object with no other names than these */
export function demandObject(what: string, value: object, names?: readonly string[], kind = ''): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${what} takes an object such as ${EXAMPLES[what] ?? '{}'}, not ${said(value)}`);
  }
  if (names === undefined) return;
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) throw new TypeError(`Unknown ${kind} "${name}"; there are: ${names.join(', ')}`);
  }
}

const EXAMPLES: Readonly<Record<string, string>> = {
  'listen()': '{ port: 8080 }',
  'Option openFiles of staticFiles()': '{ max: 256 }',
  'Server option tlsLimits': '{ handshakeMs: 5000 }',
  'Server option outputLimits': '{ connectionBytes: 1048576 }',
  'Server option limits': '{ headBytes: 8192 }',
  'Server option http2Limits': '{ concurrentStreams: 50 }',
};

/** @throws TypeError unless `value` is one of these */
export function demandOneOf(what: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  const text = allowed.map((one) => (typeof one === 'string' ? `'${one}'` : String(one))).join(' or ');
  throw new TypeError(`${what} is ${said(value)}; it takes ${text}`);
}

/** @throws RangeError unless `value` is an integer from `min` to `max` */
export function demandInteger(what: string, value: unknown, min: number, max: number): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${what} is ${said(value)}; it takes an integer from ${min} to ${max}`);
}

/** A value as a message quotes it. */
export function said(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
