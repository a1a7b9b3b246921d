import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import t from 'tap';
import { type CommandModule, UsageError } from './command.ts';
import { type Host, main } from './main.ts';
import { durationMs, integer, list } from './option-values.ts';
import { createOutput, type Environment, type TextStream } from './output.ts';
import { packageRoot, packageVersion } from './package-version.ts';

class FakeStream implements TextStream {
  readonly isTTY: boolean;
  text = '';
  #fail: ((error: Error & { code?: string }) => void) | undefined;

  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }

  on(_event: 'error', listener: (error: Error & { code?: string }) => void): this {
    this.#fail = listener;
    return this;
  }

  fail(code: string): void {
    this.#fail?.(Object.assign(new Error(`write ${code}`), { code }));
  }
}

/** A clock that stands until it is moved. */
class FakeClock {
  nowMs = 0;
  readonly #timers = new Set<{ readonly periodMs: number; readonly run: () => void; dueMs: number }>();

  now(): number {
    return this.nowMs;
  }

  every(periodMs: number, run: () => void): () => void {
    const timer = { periodMs, run, dueMs: this.nowMs + periodMs };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    const endMs = this.nowMs + ms;
    while (this.nowMs < endMs) {
      this.nowMs = Math.min(endMs, this.nowMs + 10);
      for (const timer of this.#timers) {
        if (timer.dueMs > this.nowMs) continue;
        timer.dueMs += timer.periodMs;
        timer.run();
      }
    }
  }
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Codes given to exitNow. */
  readonly exits: readonly number[];
}

type Signal = 'SIGINT' | 'SIGTERM';

interface Scene {
  readonly commands?: readonly CommandModule[];
  readonly env?: Environment;
  readonly stdout?: FakeStream;
  readonly flush?: () => Promise<void>;
  /** Gets the signals' sender before the command runs. */
  readonly signals?: (send: (signal: Signal) => void) => void;
}

async function run(args: readonly string[], scene: Scene = {}): Promise<Ran> {
  const stdout = scene.stdout ?? new FakeStream();
  const stderr = new FakeStream();
  const exits: number[] = [];
  let listener: ((signal: Signal) => void) | undefined;
  const host: Host = {
    stdout,
    stderr,
    env: scene.env ?? {},
    clock: new FakeClock(),
    onSignal(added) {
      listener = added;
      scene.signals?.((signal) => listener?.(signal));
      return () => {
        listener = undefined;
      };
    },
    exitNow: (code) => exits.push(code),
    flush: scene.flush ?? (() => Promise.resolve()),
  };
  const code = await main(['node', 'aeronet', ...args], host, scene.commands ?? []);
  return { code, out: stdout.text, err: stderr.text, exits };
}

/** A command `act` whose action is the given function. */
function acting(
  action: (context: Parameters<CommandModule['register']>[1]) => number | Promise<number>,
): CommandModule {
  return {
    register(program, context) {
      program
        .command('act')
        .argument('[thing]')
        .option('--level <name>', 'a level')
        .option('--count <n>', 'a count', integer(1, 9))
        .action(context.action(() => action(context)));
    },
  };
}

t.test('main() turns every outcome into its exit code and says why in one line', async (t) => {
  const failing = (exit: unknown) =>
    acting(() => {
      throw Object.assign(new Error('cannot read "a\u001b[2J\nb": mend it'), { exit });
    });
  const rows: readonly (readonly [
    name: string,
    args: readonly string[],
    command: CommandModule,
    code: number,
    err: RegExp,
  ])[] = [
    ['the number of the action', ['act'], acting(() => 1), 1, /^$/],
    ['its awaited number', ['act'], acting(async () => 5), 5, /^$/],
    ['an error that carries exit 2', ['act'], failing(2), 2, /^aeronet: cannot read "a\\x1b\[2J b": mend it\n$/],
    ['an error that carries exit 3', ['act'], failing(3), 3, /^aeronet: cannot read .*\n$/],
    ['an error that carries exit 5', ['act'], failing(5), 5, /^aeronet: cannot read .*\n$/],
    ['an error with an exit that is not for users', ['act'], failing(1), 4, /a bug of aeronet's own.*\n\s+at /s],
    ['any other error', ['act'], acting(() => Promise.reject(new TypeError('x'))), 4, /TypeError: x\n\s+at /],
    [
      'a usage error',
      ['act'],
      acting(() => Promise.reject(new UsageError('no such case'))),
      2,
      /^aeronet: no such case\n$/,
    ],
    [
      'an unknown option',
      ['act', '--lvel', 'MUST'],
      acting(() => 0),
      2,
      /^aeronet: unknown option '--lvel'; did you mean --level\?\n$/,
    ],
    [
      'an option like no other',
      ['act', '--zz'],
      acting(() => 0),
      2,
      /^aeronet: unknown option '--zz'; see aeronet act --help\n$/,
    ],
    ['an unknown command', ['atc'], acting(() => 0), 2, /^aeronet: unknown command 'atc'; did you mean act\?\n$/],
    [
      'a value that does not parse',
      ['act', '--count', '10'],
      acting(() => 0),
      2,
      /^aeronet: .*'10' is invalid: give a whole number from 1 to 9; see aeronet act --help\n$/,
    ],
    ['help of an unknown command', ['atc', '--help'], acting(() => 0), 2, /^aeronet: unknown command 'atc'; did you/],
    [
      'help of one like no other',
      ['-q', 'zz', '-h'],
      acting(() => 0),
      2,
      /^aeronet: unknown command 'zz'; see aeronet/,
    ],
    ['help, asked for as a command', ['help', 'zz'], acting(() => 0), 2, /^aeronet: unknown command 'zz'; see aeronet/],
    ['too many operands', ['act', 'a', 'b'], acting(() => 0), 2, /^aeronet: too many arguments.*\n$/],
    [
      'flags that contradict',
      ['act', '-q', '-v'],
      acting(() => 0),
      2,
      /^aeronet: option '-q, --quiet' cannot be used with/,
    ],
    ['no command', [], acting(() => 0), 2, /^Usage: aeronet <command>/],
  ];
  for (const [name, args, command, code, err] of rows) {
    const ran = await run(args, { commands: [command] });
    t.equal(ran.code, code, `${name}: exit ${code}`);
    t.match(ran.err, err, `${name}: stderr`);
    t.equal(ran.out, '', `${name}: nothing on stdout`);
  }
});

t.test('main() names the help of a command within a command', async (t) => {
  const nested: CommandModule = {
    register(program, context) {
      const group = program.command('group');
      group
        .command('act')
        .argument('<thing>')
        .action(context.action(() => 0));
    },
  };
  const err = async (...args: string[]): Promise<string> => (await run(args, { commands: [nested] })).err;
  t.equal(await err('group', 'act'), "aeronet: missing required argument 'thing'; see aeronet group act --help\n");
  t.equal(await err('group', 'act', '--zz', 'x'), "aeronet: unknown option '--zz'; see aeronet group act --help\n");
  t.equal(await err('group', 'zz', '--help'), "aeronet: unknown command 'zz'; see aeronet group --help\n");
  t.match(await run(['group', 'act', '--help'], { commands: [nested] }), { code: 0, out: /Usage: aeronet group act/ });
  t.match(await run(['help', 'group'], { commands: [nested] }), { code: 0, out: /Usage: aeronet group/ });
});

t.test('main() answers --help and --version on stdout with 0', async (t) => {
  const help = await run(['--help'], { commands: [acting(() => 0)] });
  t.match(help, { code: 0, out: /Examples:\n {2}aeronet serve.*Exit codes: 0 gate passed/s, err: /^$/ });
  t.match(await run(['act', '--help'], { commands: [acting(() => 0)] }), {
    code: 0,
    out: /--level.*Global Options:.*--no-color/s,
  });
  t.match(await run(['--version']), { code: 0, out: new RegExp(`^${packageVersion()}\n$`), err: /^$/ });
});

t.test('a first signal lets the action end, a second ends the process', async (t) => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    let send: (signal: Signal) => void = () => t.fail('no listener');
    const scene = (action: Parameters<typeof acting>[0]): Scene => ({
      signals: (sender) => {
        send = sender;
      },
      commands: [acting(action)],
    });

    const partial = await run(
      ['act'],
      scene(async ({ signal: aborted, out }) => {
        setImmediate(() => send(signal));
        await once(aborted, 'abort');
        out.line('partial');
        return 1;
      }),
    );
    t.match(
      partial,
      { code, out: /^partial\n$/, err: /partial results are kept/, exits: { length: 0 } },
      `${signal}: results, then ${code}`,
    );

    const thrown = await run(
      ['act'],
      scene(({ signal: aborted }) => {
        send(signal);
        aborted.throwIfAborted();
        return 0;
      }),
    );
    t.match(thrown, { code, exits: { length: 0 } }, 'the abort may be thrown through the command');
    t.notMatch(thrown.err, /bug/, 'and is not called a bug');

    const bug = await run(
      ['act'],
      scene(() => {
        send(signal);
        throw new TypeError('while stopping');
      }),
    );
    t.match(bug, { code, err: /TypeError: while stopping/ }, 'what else breaks meanwhile is told');

    const twice = await run(
      ['act'],
      scene(() => {
        send(signal);
        send(signal);
        return 0;
      }),
    );
    t.same(twice.exits, [code], 'a second signal does not wait');

    const server = await run(
      ['act'],
      scene((context) => {
        context.endsBySignal();
        send(signal);
        return 0;
      }),
    );
    t.match(server, { code: 0, err: /^$/ }, 'a server that a signal ends has ended well');
  }
});

t.test('the context knows the command line, the flags and the version', async (t) => {
  const seen: unknown[] = [];
  const command = acting(({ commandLine, quiet, verbose, version, color }) => {
    seen.push(commandLine, quiet, verbose, version, color);
    return 0;
  });
  await run(['act', '-q', "it's", '--no-color'], { commands: [command], env: { FORCE_COLOR: '1' } });
  t.same(seen, ["npx aeronet act -q 'it'\\''s' --no-color", true, false, packageVersion(), false]);
});

t.test('a closed stdout is quiet and keeps the verdict, a broken one is told', async (t) => {
  const closing = (code: string, when: 'at once' | 'on the way out'): Scene => {
    const stdout = new FakeStream();
    const command = acting(({ out }) => {
      out.line('one');
      if (when === 'at once') stdout.fail(code);
      out.line('two');
      return 1;
    });
    return { stdout, commands: [command], ...(when === 'at once' ? {} : { flush: async () => stdout.fail(code) }) };
  };
  t.match(await run(['act'], closing('EPIPE', 'at once')), { code: 1, out: /^one\n$/, err: /^$/ });
  t.match(await run(['act'], closing('EPIPE', 'on the way out')), { code: 1, out: /^one\ntwo\n$/, err: /^$/ });
  const said = /^aeronet: Cannot write to stdout \(write ENOSPC\): send it to another place\n$/;
  t.match(await run(['act'], closing('ENOSPC', 'at once')), { code: 2, out: /^one\n$/, err: said });
  t.match(await run(['act'], closing('ENOSPC', 'on the way out')), { code: 2, out: /^one\ntwo\n$/, err: said });
});

t.test('colour follows --no-color, NO_COLOR, FORCE_COLOR and the terminal, in this order', async (t) => {
  const rows: readonly (readonly [tty: boolean, env: Environment, flag: boolean, expected: boolean])[] = [
    [true, {}, true, true],
    [false, {}, true, false],
    [true, { TERM: 'dumb' }, true, false],
    [true, { NO_COLOR: '1' }, true, false],
    [true, { NO_COLOR: '' }, true, true],
    [false, { FORCE_COLOR: '1' }, true, true],
    [true, { FORCE_COLOR: '0' }, true, false],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
    [true, { FORCE_COLOR: '1' }, false, false],
  ];
  for (const [tty, env, color, expected] of rows) {
    const output = createOutput(new FakeStream(tty), new FakeStream(), env, new FakeClock());
    output.configure({ color, quiet: false, verbose: false });
    const what = `${tty ? 'terminal' : 'pipe'} ${JSON.stringify(env)} ${color ? '' : '--no-color'}`;
    t.equal(output.out.color, expected, what);
    t.equal(output.out.style('red', 'x'), expected ? '\u001b[31mx\u001b[39m' : 'x', `style: ${what}`);
  }
});

t.test('progress is one live line on a terminal, and steps aside for other lines', async (t) => {
  const stderr = new FakeStream(true);
  const clock = new FakeClock();
  const { err, progress } = createOutput(new FakeStream(), stderr, {}, clock);
  const line = progress.start('conform', 40);
  line.update(10, '2 failed');
  t.equal(stderr.text, '', 'nothing is drawn before its time');
  clock.advance(200);
  t.equal(stderr.text, '\r\u001b[Kconform 10/40 25 %, 2 failed (0 s)', 'and nothing twice');
  stderr.text = '';
  err.line('a message');
  t.equal(stderr.text, '\r\u001b[Ka message\n\r\u001b[Kconform 10/40 25 %, 2 failed (0 s)');
  stderr.text = '';
  line.end();
  clock.advance(500);
  t.equal(stderr.text, '\r\u001b[K', 'the end leaves no trace');
});

t.test('a block is rewritten on a terminal, said every ten seconds elsewhere, and not at all in CI', async (t) => {
  const view = { lines: () => ['fuzz 1 of 2', '  target', '  x'.repeat(60)], line: () => 'fuzz 1 of 2; target' };
  const watch = (stderr: FakeStream, env: Environment): string[] => {
    const clock = new FakeClock();
    const { err, progress } = createOutput(new FakeStream(), stderr, env, clock);
    const block = progress.watch(view);
    clock.advance(200);
    const drawn = stderr.text;
    stderr.text = '';
    err.line('a message');
    clock.advance(22_000);
    const later = stderr.text;
    stderr.text = '';
    block.end();
    clock.advance(500);
    return [drawn, later, stderr.text];
  };
  const block = `\r\u001b[Kfuzz 1 of 2\n  target\n${'  x'.repeat(60).slice(0, 79)}`;
  const erase = '\r\u001b[K\u001b[1A\u001b[K\u001b[1A\u001b[K';
  t.same(watch(new FakeStream(true), {}), [block, `${erase}a message\n${block}`, erase]);
  const plain = 'fuzz 1 of 2; target\n';
  t.same(watch(new FakeStream(), {}), ['', `a message\n${plain.repeat(3)}`, '']);
  t.same(watch(new FakeStream(), { CI: 'true' }), ['', 'a message\n', '']);
});

t.test('progress elsewhere is a plain line at 5 % or 10 s, a second apart, and none with --quiet', async (t) => {
  const lines = (
    configure: (output: ReturnType<typeof createOutput>) => void,
    steps: number,
    stepMs: number,
  ): string[] => {
    const stderr = new FakeStream();
    const clock = new FakeClock();
    const output = createOutput(new FakeStream(), stderr, {}, clock);
    configure(output);
    const line = output.progress.start('fuzz', 100);
    for (let done = 1; done <= steps; done++) {
      clock.advance(stepMs);
      line.update(done);
    }
    line.end();
    return stderr.text.split('\n').slice(0, -1);
  };
  const nothing = (): void => undefined;
  t.same(lines(nothing, 100, 5), [], 'a run under a second needs no line');
  t.same(lines(nothing, 100, 500).length, 20, 'a line for each twentieth');
  t.same(
    lines(nothing, 4, 6_000),
    ['fuzz 1/100 1 % (10 s)', 'fuzz 3/100 3 % (20 s)'],
    'a sign of life each ten seconds',
  );
  t.same(
    lines((output) => output.configure({ color: true, quiet: true, verbose: false }), 100, 500),
    [],
    'quiet',
  );
});

t.test('option values out of range are refused, never clipped', async (t) => {
  t.equal(integer(1, 64)('64'), 64);
  for (const text of ['0', '65', '1e1', '0x1', ' 1', '', '1.5', '99999999999999999999'])
    t.throws(() => integer(1, 64)(text), /from 1 to 64/, text);
  t.equal(durationMs(0, 3_600_000)('1.5s'), 1_500);
  t.equal(durationMs(0, 3_600_000)('5m'), 300_000);
  for (const text of ['5', '2h', '-1s', '1d', 's', ''])
    t.throws(() => durationMs(0, 3_600_000)(text), /duration/, text);
  t.same(list('md, junit', ['json']), ['json', 'md', 'junit']);
  t.throws(() => list('md,,'), /names/);
});

t.test('the built command, as a process', async (t) => {
  const entry = join(packageRoot(), 'dist', 'scripts', 'aeronet.js');
  const outcome = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, [entry, 'confrom', 'http://127.0.0.1:1'], (error, _stdout, stderr) => {
      resolve({ code: error?.code, stderr });
    });
  });
  t.match(outcome, { code: 2, stderr: /^aeronet: .*\n$/ });
});
