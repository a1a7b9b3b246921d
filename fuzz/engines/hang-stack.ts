/** The JavaScript stack of a thread that does not answer, by way of the inspector; no port is opened. */
import { Session } from 'node:inspector';

export interface PausedFrame {
  readonly functionName: string;
  readonly url: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** Where one pause falls is chance; the frames common to several say which function never returns. */
const PAUSES = 5;
const BETWEEN_PAUSES_MS = 7;
const PATIENCE_MS = 1_000;

/** Frames that the thread never left while it was looked at, innermost first; empty when it could not be paused. */
export async function hangStack(threadId: number): Promise<readonly PausedFrame[]> {
  const session = new Session();
  session.connect();
  try {
    const stacks: PausedFrame[][] = [];
    await Promise.race([collect(session, threadId, stacks), patience()]);
    return stacks.reduce<readonly PausedFrame[] | undefined>(commonOuter, undefined) ?? [];
  } catch {
    return [];
  } finally {
    session.disconnect();
  }
}

/** Adds a stack at each pause; resolves after the last. */
function collect(session: Session, threadId: number, stacks: PausedFrame[][]): Promise<void> {
  return new Promise((resolve) => {
    session.on('NodeWorker.attachedToWorker', ({ params }) => {
      // `workerId` only counts attachments; the thread's own number stands in the title.
      if (!params.workerInfo.title.startsWith(`[worker ${threadId}]`)) return;
      let id = 0;
      const send = (method: string): void => {
        const message = JSON.stringify({ id: ++id, method });
        session.post('NodeWorker.sendMessageToWorker', { sessionId: params.sessionId, message });
      };
      const urls = new Map<string, string>();
      session.on('NodeWorker.receivedMessageFromWorker', ({ params: received }) => {
        if (received.sessionId !== params.sessionId) return;
        const message: InspectorMessage = JSON.parse(received.message);
        if (message.method === 'Debugger.scriptParsed') urls.set(message.params.scriptId, message.params.url);
        if (message.method !== 'Debugger.paused') return;
        stacks.push(message.params.callFrames.map((frame) => pausedFrame(frame, urls)));
        send('Debugger.resume');
        if (stacks.length === PAUSES) resolve();
        else setTimeout(() => send('Debugger.pause'), BETWEEN_PAUSES_MS);
      });
      send('Debugger.enable');
      send('Debugger.pause');
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  });
}

type InspectorMessage =
  | { readonly method: 'Debugger.paused'; readonly params: { readonly callFrames: readonly CallFrame[] } }
  | { readonly method: 'Debugger.scriptParsed'; readonly params: { readonly scriptId: string; readonly url: string } }
  | { readonly method?: undefined };

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number };
}

function pausedFrame(frame: CallFrame, urls: ReadonlyMap<string, string>): PausedFrame {
  return {
    functionName: frame.functionName,
    url: urls.get(frame.location.scriptId) ?? frame.url,
    line: frame.location.lineNumber + 1,
    column: (frame.location.columnNumber ?? 0) + 1,
  };
}

/** The frames, counted from the outermost, at which two stacks agree. */
function commonOuter(a: readonly PausedFrame[] | undefined, b: readonly PausedFrame[]): readonly PausedFrame[] {
  if (a === undefined) return b;
  let common = 0;
  while (common < Math.min(a.length, b.length) && same(a.at(-1 - common), b.at(-1 - common))) common++;
  return b.slice(b.length - common);
}

function same(a: PausedFrame | undefined, b: PausedFrame | undefined): boolean {
  return a?.functionName === b?.functionName && a?.url === b?.url;
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
}
