import { OutputQueue } from '../bytes/output-queue.ts';
import type { ExchangeId } from '../semantics/exchange.ts';
import { isSafe } from '../semantics/method.ts';
import type { Http1RequestHead } from './head.ts';
import { type ResponseContext, ResponseWriter } from './response-writer.ts';

/** How far the content of a request has come. */
export type RequestProgress = 'arriving' | 'discarded' | 'complete';

/** One request and the response to it, as the connection keeps it. */
export interface Http1Exchange {
  readonly id: ExchangeId;
  /** Safe requests behind it may be worked on beside it (RFC9112#9.3.2). */
  readonly isSafe: boolean;
  /** Whether another request may follow: false as soon as either side says `close` (RFC9112#9.6). */
  isPersistent: boolean;
  /** The client waits for 100 (Continue) before it sends content (RFC9110#10.1.1). */
  awaitsContinue: boolean;
  /** The handler has begun to read the content. */
  isDemanded: boolean;
  progress: RequestProgress;
  /** Octets of content that are announced and have not come; `undefined` where only the chunks will tell. */
  contentLeft: number | undefined;
  readonly writer: ResponseWriter;
}

/** Stands for a request whose head was refused: what is answered is not about its method. */
export const REFUSED: Parameters<typeof openExchange>[1] = {
  method: 'GET',
  minor: 1,
  framing: { kind: 'none' },
  isPersistent: false,
  expectation: 'none',
};

/** The exchange that `head` opens; its response is written to `output`, or held back where there is none yet. */
export function openExchange(
  id: ExchangeId,
  head: Pick<Http1RequestHead, 'method' | 'minor' | 'framing' | 'isPersistent' | 'expectation'>,
  isLast: boolean,
  date: ResponseContext['date'],
  output: OutputQueue | undefined,
): Http1Exchange {
  const { framing } = head;
  return {
    id,
    // WHY: the response to an HTTP/1.0 request may have to end by closing, so nothing may stand behind it
    isSafe: isSafe(head.method) && head.minor > 0,
    // A tunnel is never opened here, and what follows a refused CONNECT is not HTTP (RFC9110#9.3.6)
    isPersistent: head.isPersistent && !isLast && head.method !== 'CONNECT',
    awaitsContinue: head.expectation === 'continue' && framing.kind !== 'none',
    isDemanded: false,
    progress: 'arriving',
    contentLeft: framing.kind === 'chunked' ? undefined : framing.kind === 'length' ? framing.length : 0,
    writer: new ResponseWriter({ method: head.method, minor: head.minor, date }, output ?? new OutputQueue()),
  };
}

/** Octets in memory of responses that wait for the first one to be finished. */
export function heldBehindFirst(exchanges: readonly Http1Exchange[]): number {
  let bytes = 0;
  for (let at = 1; at < exchanges.length; at++) bytes += exchanges[at]?.writer.output.heldBytes ?? 0;
  return bytes;
}

/** Whether more of a request's content is still to come than is read where nobody wants it, or it may come at any time. */
export function leavesTooMuch({ awaitsContinue, contentLeft = 0 }: Http1Exchange, drainBytes: number): boolean {
  return awaitsContinue || contentLeft > drainBytes;
}
