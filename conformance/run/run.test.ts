import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { CaseEvent, ReportEvent } from '../../reports/schema.ts';
import { answer, defineCases, echo, get, pass, post, refuses, status } from '../define.ts';
import type { Case } from '../model.ts';
import { quoteOutput } from './process.ts';
import { type RunOptions, runConformance } from './run.ts';
import { parseTarget, type Target } from './target.ts';

const CONTROLS = { pass: [], fail: refuses() } as const;
const PLAIN = { rfc: 'RFC9112#6', level: 'MUST', title: 'x', needs: [], controls: CONTROLS } as const;
const GET = defineCases([{ ...PLAIN, id: 'h1/test/get', send: get(), allow: [pass(status(200))] }]);
const ECHO = defineCases([
  {
    ...PLAIN,
    id: 'h1/test/echo',
    needs: ['echo'],
    send: post(['Content-Length: 7'], '{nonce}'),
    allow: [pass(echo())],
  },
]);
const DEADLY = defineCases([{ ...PLAIN, id: 'h1/test/deadly', send: get('/die'), allow: [pass(status(200))] }]);
const MANY = defineCases(
  Array.from({ length: 20 }, (_, index) => ({
    ...PLAIN,
    id: `h1/test/get-${index}` as const,
    send: get(),
    allow: [pass(status(200))],
  })),
);

t.test('a run is a stream from run-start to run-end, with one event for each case', async (t) => {
  const { target } = await listen(t, () => answer(200, 'hello'));
  const { events } = await run(t, [target], [...GET, ...ECHO], { scope: 'filtered' });
  t.same(
    events.map((event) => event.kind),
    ['run-start', 'target', 'case', 'case', 'run-end'],
  );
  t.match(events[0], { schema: 1, producer: 'conformance', seed: 7, scope: 'filtered', command: 'aeronet conform x' });
  t.match(caseOf(events, 'h1/test/get'), {
    verdict: 'pass',
    attempts: ['pass'],
    connection: 'open',
    signature: '200 open',
  });
  t.match(events.at(-1), { complete: true });
});

t.test('a case whose need is missing is skipped with the reason', async (t) => {
  const { target } = await listen(t, (head) => (head.startsWith('POST') ? answer(404) : answer(200, 'hello')));
  const { events } = await run(t, [target], ECHO);
  t.match(caseOf(events), { verdict: 'skip', reason: /lacks: echo/ });
});

t.test('a target that answers before it has read the content proves nothing', async (t) => {
  const { target } = await listen(t, (head) => answer(200, head.startsWith('POST /echo') ? 'aeronet-probe' : 'hello'));
  const { events } = await run(t, [target], ECHO);
  t.match(caseOf(events), { verdict: 'inconclusive', reason: /before it has read the content/ });
});

t.test('a failure is tried again, and keeps its octets as evidence', async (t) => {
  const missing = defineCases([{ ...PLAIN, id: 'h1/test/missing', send: get('/missing'), allow: [pass(status(200))] }]);
  const { target } = await listen(t, (head) => answer(head.includes('/missing') ? 404 : 200));
  const { events, out } = await run(t, [target], missing);
  const failed = caseOf(events);
  const repro = `npx aeronet conform ${target.given} --case h1/test/missing`;
  t.match(failed, { verdict: 'fail', attempts: ['fail', 'fail'], signature: '404 open', repro });
  const folder = join(out, failed.evidence ?? 'none');
  t.match(readFileSync(join(folder, 'sent.bin'), 'latin1'), /^GET \/missing HTTP\/1\.1\r\nHost: 127/);
  t.match(readFileSync(join(folder, 'received.bin'), 'latin1'), /^HTTP\/1\.1 404/);
  t.match(JSON.parse(readFileSync(join(folder, 'transcript.json'), 'utf8')), {
    case: 'h1/test/missing',
    verdict: 'fail',
  });
});

t.test(
  'a rule for every response is judged last, by what other cases were answered, unless it may have been misread',
  async (t) => {
    const everywhere: Case['everywhere'] = (response) => (response.status === 404 ? 'a 404' : undefined);
    const rule: Case = { ...PLAIN, id: 'h1/test/rule', send: get(), everywhere, allow: [pass(status(200))] };
    const witness: Case = { ...PLAIN, id: 'h1/test/missing', send: get('/missing'), allow: [pass(status(404))] };
    const missing = answer(404, 'no');
    const rows: readonly (readonly [what: string, answers: readonly string[], expected: Partial<CaseEvent>])[] = [
      ['a fault that stays', [missing, missing], { verdict: 'fail', attempts: ['fail', 'fail'], actual: 'a 404' }],
      ['one that does not', [missing, answer(200)], { verdict: 'fail', attempts: ['fail', 'pass'] }],
      ['none', [answer(200)], { verdict: 'pass', attempts: ['pass'] }],
      ['one behind the response that was expected', [answer(200) + missing], { verdict: 'pass' }],
      ['one that was cut short in its head', [missing.slice(0, 20)], { verdict: 'pass' }],
    ];
    for (const [what, answers, expected] of rows) {
      const left = [...answers];
      const { target } = await listen(t, (head) => {
        if (!head.includes('/missing')) return answer(200);
        return (left.length > 1 ? left.shift() : left[0]) ?? '';
      });
      const { events, out } = await run(t, [target], [rule, witness], { timeoutMs: 300 });
      const judged = events.filter((event) => event.kind === 'case').at(-1);
      t.match(judged, { id: rule.id, ...expected }, what);
      if (judged?.verdict !== 'fail') continue;
      t.match(judged.reason, /In an answer to h1\/test\/missing: a 404/);
      t.match(judged.repro, /--case h1\/test\/rule --case h1\/test\/missing$/);
      t.match(readFileSync(join(out, judged.evidence ?? '', 'sent.bin'), 'latin1'), /^GET \/missing /);
    }
  },
);

t.test('verdicts that differ are kept, and two of a kind settle the case', async (t) => {
  let asked = 0;
  const flaky = defineCases([{ ...PLAIN, id: 'h1/test/flaky', send: get('/flaky'), allow: [pass(status(200))] }]);
  const { target } = await listen(t, (head) => answer(head.includes('/flaky') && ++asked === 1 ? 500 : 200));
  const { events } = await run(t, [target], flaky);
  t.match(caseOf(events), { verdict: 'pass', attempts: ['fail', 'pass', 'pass'], evidence: /flaky/ });
});

t.test('a case that is never answered hangs, while others pass', async (t) => {
  const mute = defineCases([{ ...PLAIN, id: 'h1/test/mute', send: get('/mute'), allow: [pass(status(200))] }]);
  const { target } = await listen(t, (head) => (head.includes('/mute') ? '' : answer(200)));
  const { events } = await run(t, [target], [...mute, ...GET], { timeoutMs: 400 });
  t.match(caseOf(events, 'h1/test/mute'), { verdict: 'hang', attempts: ['hang', 'hang'], signature: 'none silent' });
  t.match(caseOf(events, 'h1/test/get'), { verdict: 'pass' });
});

t.test('a target that never answers ends the run with exit 3', async (t) => {
  const { target } = await listen(t, () => '');
  const { events, error } = await run(t, [target], GET, { timeoutMs: 100 });
  t.match(error, { name: 'BenchError', exit: 3, message: /did not answer GET \/ where 200 is due/ });
  t.match(events.at(-1), { kind: 'run-end', complete: false });
});

t.test('a target that answers something else, or no HTTP, ends the run with exit 3', async (t) => {
  for (const [text, message] of [
    [answer(404), /answered GET \/ with 404 where 200 is due/],
    ['220 smtp ready\r\n', /answered GET \/ with octets that are no HTTP response/],
  ] as const) {
    const { target } = await listen(t, () => text);
    t.match((await run(t, [target], GET)).error, { exit: 3, message });
  }
});

t.test('a target that is not there ends the run with exit 3', async (t) => {
  const { target, stop } = await listen(t, () => '');
  await stop();
  t.match((await run(t, [target], GET)).error, { exit: 3, message: /unreachable .*ECONNREFUSED.*start it/ });
});

t.test('a command that does not come up ends the run with exit 3 and its last words', async (t) => {
  const target = script(t, 'console.error("Error: no luck with", process.argv[2]); process.exit(7)');
  const { error } = await run(t, [target], GET);
  t.match(error, { exit: 3, message: /ended \(exit code 7\); its last output: Error: no luck with \d+/ });
});

t.test('a target that dies of the first questions ends the run with exit 3, not as a bug of the bench', async (t) => {
  const target = script(
    t,
    `require('node:net').createServer((socket) => socket.on('data', () => {
      socket.end('HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi', () => process.exit(7));
    })).listen(Number(process.argv[2]), '127.0.0.1')`,
  );
  const { events, error } = await run(t, [target], GET);
  t.match(error, { name: 'BenchError', exit: 3, message: /died of the bench's first questions: its process ended/ });
  t.match(events.at(-1), { kind: 'run-end', complete: false });
});

t.test('the case that kills a target is told from those beside it, with evidence and last words', async (t) => {
  const target = script(t, KILLABLE);
  const { events, out } = await run(t, [target], [...MANY.slice(0, 10), ...DEADLY, ...MANY.slice(10)]);
  const crash = caseOf(events, 'h1/test/deadly');
  t.match(crash, { verdict: 'crash', connection: 'none', evidence: 'cases/cmd/h1-test-deadly' });
  t.match(
    crash.reason,
    /^The target died under this case: its process ended with exit code 1, saying: Error: killed by \/die \| at /,
  );
  t.match(readFileSync(join(out, 'cases/cmd/h1-test-deadly/sent.bin'), 'latin1'), /^GET \/die HTTP/);
  t.match(readFileSync(join(out, 'cases/cmd/h1-test-deadly/output.txt'), 'utf8'), /Error: killed by \/die\n {4}at /);
  t.match(JSON.parse(readFileSync(join(out, 'cases/cmd/h1-test-deadly/transcript.json'), 'utf8')), {
    verdict: 'crash',
  });
  const others = cases(events).filter((event) => event.id !== 'h1/test/deadly');
  t.equal(others.length, 20);
  t.same([...new Set(others.map((event) => event.verdict))], ['pass']);
  t.match(events.at(-1), { complete: true });
});

t.test('a death by a signal names it', async (t) => {
  const target = script(t, KILLABLE.replace('throw', "process.kill(process.pid, 'SIGKILL'); throw"));
  const { events } = await run(t, [target], DEADLY);
  t.match(caseOf(events), { verdict: 'crash', reason: /its process ended with SIGKILL/ });
});

t.test('a target by URL that dies leaves the rest unjudged and the run incomplete', async (t) => {
  const { target, stop } = await listen(t, (head) => {
    if (!head.includes('/die')) return answer(200, 'hello');
    void stop();
    return '';
  });
  const { events } = await run(t, [target], [...DEADLY, ...MANY], { parallel: 2, timeoutMs: 300 });
  t.match(caseOf(events, 'h1/test/deadly'), { verdict: 'crash', reason: /takes no connections any more/ });
  t.match(events.at(-1), { complete: false, note: /died and did not come back/ });
});

t.test('an interrupted run ends early and says so', async (t) => {
  const abort = new AbortController();
  const { target } = await listen(t, () => answer(200, 'hello'));
  const { events } = await run(t, [target], MANY, { parallel: 1, signal: abort.signal }, (event) => {
    if (event.kind === 'case') abort.abort();
  });
  t.equal(cases(events).length, 1);
  t.match(events.at(-1), { kind: 'run-end', complete: false, note: /interrupted/ });
});

t.test('a process that the bench started is gone when the run ends', async (t) => {
  const target = script(t, `require('node:fs').writeFileSync(__dirname + '/pid', String(process.pid)); ${KILLABLE}`);
  await run(t, [target], GET);
  const pid = Number(readFileSync(join(t.testdirName, 'pid'), 'utf8'));
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

t.test('quoteOutput() finds what a dying process said', async (t) => {
  const rows: readonly [output: string, quote: string][] = [
    ['', ''],
    ['listening\n\nError: boom\n    at a\n    at b\n    at c\n\nNode.js v20\n', 'Error: boom | at a | at b'],
    ['Traceback:\n  File "x", line 1\n    raise MyError\nMyError: 7\n', 'MyError: 7'],
    ['a\r\nb\r\nc\r\nd\r\n', 'b | c | d'],
    ['panic: nil map\n\ngoroutine 1', 'panic: nil map | goroutine 1'],
    [`Error: ${'x'.repeat(500)}`, `Error: ${'x'.repeat(293)}…`],
  ];
  for (const [output, quote] of rows) t.equal(quoteOutput(output), quote);
});

/** A server that throws on `/die`, closing its port before the process is gone. */
const KILLABLE = `
const server = require('node:http').createServer((request, response) => {
  if (request.url === '/die') { server.close(); setImmediate(() => { throw new Error('killed by /die'); }); }
  else response.end('hello');
}).listen(Number(process.argv[2]), '127.0.0.1');`;

function script(t: Test, text: string): Target {
  const folder = t.testdir({ 'server.cjs': text });
  return parseTarget(`cmd:exec '${process.execPath}' '${join(folder, 'server.cjs')}' {port}`);
}

/** A server that answers each head as it is told; an empty text is no answer. */
async function listen(
  t: Test,
  reply: (head: string) => string,
): Promise<{ readonly target: Target; readonly stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let received = '';
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (octets) => {
      received += octets.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const head = received.slice(0, end);
        received = received.slice(end + 4);
        socket.write(reply(head));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  t.teardown(stop);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('No port was bound');
  return { target: parseTarget(`http://127.0.0.1:${bound.port}`), stop };
}

async function run(
  t: Test,
  targets: readonly Target[],
  selected: readonly Case[],
  options: Partial<RunOptions> = {},
  watch: (event: ReportEvent) => void = () => {},
): Promise<{ readonly events: readonly ReportEvent[]; readonly out: string; readonly error?: unknown }> {
  const events: ReportEvent[] = [];
  const out = join(t.testdirName, 'out');
  const emit = (event: ReportEvent) => {
    events.push(event);
    watch(event);
  };
  const base = { timeoutMs: 3_000, seed: 7, out, version: '0', command: 'aeronet conform x', emit };
  try {
    await runConformance(targets, selected, { ...base, ...options });
    return { events, out };
  } catch (error) {
    return { events, out, error };
  }
}

const cases = (events: readonly ReportEvent[]): readonly CaseEvent[] =>
  events.flatMap((event) => (event.kind === 'case' ? [event] : []));

function caseOf(events: readonly ReportEvent[], id?: string): CaseEvent {
  const found = cases(events).find((event) => id === undefined || event.id === id);
  if (found === undefined) throw new Error(`No event of case ${id ?? 'any'}`);
  return found;
}
