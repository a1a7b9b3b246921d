import type { ErrorName } from '../wire/h2/frames.ts';
import type { H2Control, H2Phase } from './model.ts';
import { data, goaway, headers, rstStream } from './octets.ts';

/** RFC9113#4.2 */
const FRAME_BYTES = 16_384;

/** Ends the connection with GOAWAY and this code. */
export function goesAway(code: ErrorName): H2Control {
  return { name: `goes away with ${code}`, phases: [[goaway(code, 1)]], ending: 'close' };
}

/** Says GOAWAY with this code, and does not close. */
export function staysBehind(code: ErrorName): H2Control {
  return { name: `says GOAWAY ${code} and stays`, phases: [[goaway(code, 1)]], ending: 'hang' };
}

/** Resets the stream with this code and serves on. */
export function resetsStream(code: ErrorName, stream = 1): H2Control {
  return { name: `resets stream ${stream} with ${code}`, phases: [[rstStream(code, stream)]], ending: 'serve' };
}

/** Answers on the stream and serves on. Text has placeholders. */
export function responds(
  status = 200,
  content = '',
  stream = 1,
  fields: readonly (readonly [string, string])[] = [],
): H2Control {
  return {
    name: `answers ${status} ${content === '' ? '' : `"${content}" `}on stream ${stream}`,
    phases: [response(status, content, stream, fields)],
    ending: 'serve',
  };
}

/** The frames of a response. */
export function response(
  status: number,
  content = '',
  stream = 1,
  fields: readonly (readonly [string, string])[] = [],
): H2Phase {
  const head = headers([[':status', String(status)], ...fields], { stream, end: content === '' });
  return content === '' ? [head] : [head, data(content, { stream })];
}

/** DATA with so many octets of content, in frames of the size that everybody takes. */
export function contentOf(bytes: number, stream = 1, end = true): H2Phase {
  const frames = Math.max(1, Math.ceil(bytes / FRAME_BYTES));
  return Array.from({ length: frames }, (_, index) => {
    const text = 'x'.repeat(Math.min(FRAME_BYTES, bytes - index * FRAME_BYTES));
    return data(text, { stream, end: end && index === frames - 1 });
  });
}

/** The head of a response that has content. */
export function head(stream = 1, fields: readonly (readonly [string, string])[] = []): H2Phase {
  return [headers([[':status', '200'], ...fields], { stream, end: false })];
}

/** Lives on as if nothing had been sent. */
export function servesOn(): H2Control {
  return { name: 'ignores it', phases: [], ending: 'serve' };
}

/** Closes without GOAWAY. */
export function bareCloses(): H2Control {
  return { name: 'closes', phases: [], ending: 'close' };
}

/** Never answers and never closes. */
export function hangs(): H2Control {
  return { name: 'hangs', phases: [], ending: 'hang' };
}

/** Any other part. */
export function h2Server(name: string, phases: readonly H2Phase[], more: Partial<H2Control> = {}): H2Control {
  return { name, phases, ending: 'serve', ...more };
}
