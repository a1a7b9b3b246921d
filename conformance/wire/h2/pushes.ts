/** What is wrong with the pushes of a server (RFC9113#8.4). */
import type { Field } from './hpack-reader.ts';

/** Methods that are safe and cacheable (RFC9110#9.2.3). */
const PUSHABLE = ['GET', 'HEAD'];
/** What every request has once (RFC9113#8.3.1); the authority is asked for in RFC9113#8.4. */
const PSEUDO = [':method', ':scheme', ':path', ':authority'];

/** What is wrong with a promise of this stream on another; `last` is the highest stream that was promised before. */
export function* lintPromise(promised: number, last: number, stream: number, isEnded: boolean): Iterable<string> {
  if (promised === 0 || promised % 2 !== 0 || promised <= last) {
    yield `PUSH_PROMISE promises stream ${promised} behind ${last} (RFC9113#5.1.1)`;
  }
  if (stream % 2 === 0) yield `PUSH_PROMISE is sent on stream ${stream}, which is not the client's (RFC9113#6.6)`;
  if (isEnded) yield `PUSH_PROMISE is sent on stream ${stream}, which the server has ended (RFC9113#6.6)`;
}

/** What is wrong with the request of a promise. */
export function* lintPromised(fields: readonly Field[]): Iterable<string> {
  const method = fields.find(([name]) => name === ':method')?.[1] ?? '';
  if (!PUSHABLE.includes(method)) yield `a request with :method "${method}" is pushed (RFC9113#8.4)`;
  for (const name of PSEUDO) {
    const count = fields.filter(([own]) => own === name).length;
    if (count !== 1) yield `a request with ${count} times ${name} is pushed (RFC9113#8.4.1)`;
  }
  const length = fields.find(([name]) => name === 'content-length')?.[1] ?? '0';
  if (length !== '0') yield `a request with content is pushed (RFC9113#8.4)`;
}
