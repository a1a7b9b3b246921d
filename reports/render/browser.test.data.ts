/**
 * A headless Chromium for the tests of the HTML report, driven over the pipe of its DevTools protocol: no port, no package.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars'],
  ...['--disable-default-apps', '--disable-extensions', '--remote-debugging-pipe'],
];
/** Bound of everything that the browser is asked. */
const PATIENCE_MS = 60_000;

/** The path of a Chromium on PATH. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A page that shows one report. */
export interface Page {
  /** What a person would call wrong: console messages, exceptions, breaches of the policy. */
  readonly complaints: readonly string[];
  /** Every address that was asked for, the page's own included. */
  readonly requests: readonly string[];
  /** Value of an expression in the page; a promise is awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until an expression is true. @throws after a minute, with the expression */
  until(expression: string): Promise<void>;
  /** Presses one key. */
  press(key: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** What the reader prefers, or how the page is shown. */
  media(media: '' | 'print', scheme?: 'light' | 'dark'): Promise<void>;
  screenshot(path: string): Promise<void>;
}

export interface Browser {
  /** Writes the HTML to disk and opens it there, with a fragment. */
  open(html: string, hash?: string, script?: boolean): Promise<Page>;
  close(): Promise<void>;
}

type Message = { readonly [key: string]: unknown };

/** Starts a browser with a profile of its own. */
export async function startBrowser(path: string): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'aeronet-report-'));
  const child = spawn(path, [...FLAGS, `--user-data-dir=${join(folder, 'profile')}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const wire = connect(child);
  let count = 0;
  return {
    async open(html, hash = '', script = true) {
      count += 1;
      const file = join(folder, `report-${count}.html`);
      writeFileSync(file, html);
      const page = await openPage(wire, script);
      await page.go(`${pathToFileURL(file).href}${hash}`);
      return page;
    },
    async close() {
      await wire.call('Browser.close').catch(() => child.kill('SIGKILL'));
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(late);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

interface Wire {
  call(method: string, params?: Message, session?: string): Promise<Message>;
  listen(session: string, listener: (method: string, params: Message) => void): void;
}

/** Messages are JSON texts that end in NUL, on the third and fourth pipe of the process. */
function connect(child: ChildProcess): Wire {
  const [, , , writer, reader] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Map<string, (method: string, params: Message) => void>();
  let [next, rest] = [0, ''];
  reader.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const message: Message = JSON.parse(part);
      if (typeof message['id'] === 'number') waiting.get(message['id'])?.(message);
      else
        listeners.get(String(message['sessionId']))?.(String(message['method']), (message['params'] ?? {}) as Message);
    }
  });
  writer.on('error', () => undefined);
  return {
    listen: (session, listener) => listeners.set(session, listener),
    call(method, params = {}, session = undefined) {
      next += 1;
      const id = next;
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${method} was not answered`)), PATIENCE_MS);
        waiting.set(id, (message) => {
          clearTimeout(late);
          waiting.delete(id);
          const { error, result } = message;
          if (error === undefined) resolve((result ?? {}) as Message);
          else reject(new Error(`${method}: ${JSON.stringify(error)}`));
        });
        writer.write(
          `${JSON.stringify({ id, method, params, ...(session === undefined ? {} : { sessionId: session }) })}\0`,
        );
      });
    },
  };
}

async function openPage(wire: Wire, script: boolean): Promise<Page & { go(url: string): Promise<void> }> {
  const { targetId } = await wire.call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await wire.call('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const call = (method: string, params: Message = {}): Promise<Message> => wire.call(method, params, session);
  const [complaints, requests]: [string[], string[]] = [[], []];
  let loaded = (): void => undefined;
  wire.listen(session, (method, params) => {
    if (method === 'Runtime.consoleAPICalled' || method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded') {
      complaints.push(JSON.stringify(params));
    } else if (method === 'Network.requestWillBeSent') {
      requests.push(String((params['request'] as Message)['url']));
    } else if (method === 'Page.loadEventFired') loaded();
  });
  for (const domain of ['Runtime', 'Log', 'Network', 'Page']) await call(`${domain}.enable`);
  if (!script) await call('Emulation.setScriptExecutionDisabled', { value: true });
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await call('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as Message)['value'];
  };
  return {
    complaints,
    requests,
    evaluate,
    async go(url) {
      const load = new Promise<void>((resolve) => {
        loaded = resolve;
      });
      await call('Page.navigate', { url });
      await load;
    },
    async until(expression) {
      await evaluate(`new Promise((resolve, reject) => {
        const end = performance.now() + ${PATIENCE_MS / 2};
        const look = () => (${expression}) ? resolve(true) : performance.now() > end ? reject(new Error('never')) : setTimeout(look, 20);
        look();
      })`);
    },
    async press(key) {
      const text = key.length === 1 ? { text: key } : key === 'Enter' ? { text: '\r' } : {};
      await call('Input.dispatchKeyEvent', { type: 'keyDown', key, windowsVirtualKeyCode: VIRTUAL[key] ?? 0, ...text });
      await call('Input.dispatchKeyEvent', { type: 'keyUp', key });
    },
    async resize(width, height) {
      await call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    },
    async media(media, scheme) {
      const features = scheme === undefined ? [] : [{ name: 'prefers-color-scheme', value: scheme }];
      await call('Emulation.setEmulatedMedia', { media, features });
    },
    async screenshot(path) {
      const { data } = await call('Page.captureScreenshot', { format: 'png' });
      writeFileSync(path, Buffer.from(String(data), 'base64'));
    },
  };
}

const VIRTUAL: Readonly<Record<string, number>> = { Enter: 13, Escape: 27 };
