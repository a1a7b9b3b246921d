/** What a server does to any request, learnt from plain ones: without it, every stimulus would look like a disagreement. */
import { parseInspection } from '../run/inspection.ts';
import type { Address } from '../wire/connection.ts';
import { exchange } from '../wire/exchange.ts';

export interface Quirks {
  /** It tells what it understood (`/inspect` of the target contract). */
  readonly inspects: boolean;
  /** It sends content back (`POST /echo`), so that a sentinel can be told from any other answer. */
  readonly echoes: boolean;
  /** Names, in lower case, of fields that it adds to every request. */
  readonly adds: ReadonlySet<string>;
}

const PLAIN = ['host', 'x-aeronet', 'content-length'];

/** Asks plain questions, one connection each. @throws ConnectError when it takes no connection */
export async function learnQuirks(address: Address, timeoutMs: number): Promise<Quirks> {
  const post = (path: string) =>
    exchange(
      address,
      `POST ${path} HTTP/1.1\r\nHost: ${address.authority}\r\nX-Aeronet: 1\r\nContent-Length: 5\r\n\r\nhello`,
      timeoutMs,
    );
  const [inspect, echo] = await Promise.all([post('/inspect'), post('/echo')]);
  const inspection = inspect?.status === 200 ? parseInspection(inspect.content) : undefined;
  const names = inspection?.fields.map(([name]) => name.toLowerCase()) ?? [];
  return {
    inspects: inspection?.content === 'hello',
    echoes: echo?.status === 200 && echo.content.toString('latin1') === 'hello',
    adds: new Set(names.filter((name) => !PLAIN.includes(name))),
  };
}

/** The quirks in words, for whoever reads the comparison. */
export function describeQuirks({ inspects, adds }: Quirks): string {
  if (!inspects) return 'does not tell what it understood (no /inspect): its answers are counted';
  return adds.size === 0 ? 'tells what it understood' : `tells what it understood; adds ${[...adds].join(', ')}`;
}
