/** The READMEs are held to what is true: their programs and commands run, what they print is what comes, names exist. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { HTTP1_CODES } from '../core/errors/http1-codes.ts';
import { HTTP1_LIMIT_SPECS } from '../core/limits/http1-limits.ts';
import { OUTPUT_LIMIT_SPECS } from '../core/limits/output-limits.ts';
import { type Host, main } from './cli/main.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const AERONET = join(ROOT, 'dist', 'scripts', 'aeronet.js');
const PAGES = [
  'README.md',
  'core/README.md',
  'fuzz/README.md',
  'conformance/README.md',
  'reports/README.md',
  'corpus/README.md',
  'scripts/README.md',
];
const LANGUAGES = ['js', 'ts', 'json', 'sh', 'console', 'text', 'yaml'];

interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

t.test('every JavaScript block of a README runs, and prints what the text block behind it says', async (t) => {
  const folder = scratch('js');
  const blocks = PAGES.flatMap(readBlocks);
  const scripts = blocks.filter(({ language }) => language === 'js');
  t.ok(scripts.length >= 3, 'there are such blocks');
  for (const block of scripts) {
    const file = join(folder, `${block.page.replaceAll('/', '-')}-${block.line}.mjs`);
    writeFileSync(file, block.text);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 30_000 });
    t.equal(status, 0, `${block.page}:${block.line} runs: ${stderr}`);
    const next = blocks[blocks.indexOf(block) + 1];
    if (next?.page === block.page && next.language === 'text') t.equal(stdout, next.text, `${next.page}:${next.line}`);
  }
});

t.test('what the README shows of a failure is what comes, and its repro shows it again', async (t) => {
  const folder = scratch('console');
  const shown = PAGES.flatMap(readBlocks).filter(({ language }) => language === 'console');
  t.ok(shown.length > 0, 'there is such a block');
  for (const { page, line, text } of shown) {
    const [command = '', ...output] = text.split('\n');
    const ran = await aeronet(folder, ...words(command.replace(/^\$ npx aeronet /, '')));
    t.equal(settled(ran.stdout), settled(output.join('\n')), `${page}:${line}`);
    const [, repro = ''] = /repro +npx aeronet (.*)/.exec(text) ?? [];
    const again = await aeronet(folder, ...words(repro));
    t.same([again.code, settled(again.stdout)], [ran.code, settled(ran.stdout)], repro);
  }
});

t.test('the commands of the README run, one after the other, and end with 0', async (t) => {
  const folder = scratch('use');
  mkdirSync(join(folder, 'public'));
  writeFileSync(join(folder, 'my-server.js'), MY_SERVER);
  const { port } = await served(t, folder, 'serve', '--port', '0');
  const block = readBlocks('README.md').find(
    ({ language, text }) => language === 'sh' && text.includes('npx aeronet conform'),
  );
  const lines = commandsOf(block?.text ?? '');
  t.ok(lines.length >= 8, 'there are such commands');
  for (const line of lines) {
    // What is long is made short, and what names a port gets one that is free or taken as it should be.
    const args = words(line.replace('127.0.0.1:8080', `127.0.0.1:${port}`).replace('30s', '1s').replace('8080', '0'));
    const [command] = args;
    if (command === 'serve') {
      const { child } = await served(t, folder, ...args);
      child.kill('SIGTERM');
      await once(child, 'close');
      t.equal(child.exitCode, 0, line);
      continue;
    }
    const { code, stdout, stderr } = await aeronet(
      folder,
      ...args,
      ...(command === 'conform' ? ['-c', 'h1/sanity/*'] : []),
    );
    t.equal(code, 0, `${line} ${stderr}`);
    t.ok(stdout.length > 0, 'and says something');
    for (const [, made = ''] of line.matchAll(/: (\.aeronet\/\S+)$/g)) t.ok(existsSync(join(folder, made)), made);
  }
});

t.test(
  'every command in a README is one: of aeronet with its options and their values, of npm, of a file',
  async (t) => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const commands = PAGES.flatMap((page) => allCommands(page).map((command) => ({ page, command })));
    t.ok(commands.length >= 30, `there are ${commands.length} such commands`);
    for (const { page, command } of commands) {
      const [program, ...rest] = words(command);
      const [first = '', second = ''] = program === 'node' ? rest.filter((word) => !word.startsWith('-')) : rest;
      const name = `${page}: ${command}`;
      if (program === 'npm')
        t.ok(['ci', 'install', 'pack', 'test'].includes(first) || scripts[second] !== undefined, name);
      else if (program === 'node') t.ok(existsSync(join(ROOT, first)), name);
      else if (program === 'npx' && first === 'tap') t.ok(existsSync(join(ROOT, second)), name);
      else await parses(t, name, words(command.replace(/^(npx )?aeronet /, '')));
    }
  },
);

/** WHY `--help` behind the arguments: commander checks the command and the values and prints its help, and runs nothing. */
async function parses(t: Test, name: string, args: readonly string[]): Promise<void> {
  const { code, out, err } = await inProcess([...args.filter((word) => word !== '--help'), '--help']);
  t.same([code, err], [0, ''], name);
  for (const option of args.filter((word) => /^--?[a-z]/.test(word))) {
    t.match(out, new RegExp(`(^|[\\s,])${option}([\\s,]|$)`, 'm'), `${name}: there is ${option}`);
  }
}

t.test('links lead to files, and names of modules are names of some', async (t) => {
  for (const page of PAGES) {
    const prose = readFileSync(join(ROOT, page), 'utf8').replace(/```.*?```/gs, '');
    const room = dirname(join(ROOT, page));
    for (const [, target = ''] of prose.matchAll(/\]\(([^)#]+)\)/g)) {
      if (!/^https?:/.test(target)) t.ok(existsSync(join(room, target)), `${page}: ${target}`);
    }
    const files = sources(room);
    for (const [, name = ''] of prose.matchAll(/`([\w./-]+\.ts)`/g)) {
      t.ok(existsSync(join(ROOT, name)) || files.some((file) => file.endsWith(`/${name}`)), `${page}: ${name}`);
    }
  }
});

t.test("core's README has every limit with its default, and the status that a breach gets", async (t) => {
  const page = readFileSync(join(ROOT, 'core/README.md'), 'utf8');
  const said = [...page.matchAll(/^\| `(\w+)` \| [^|]+ \| ([\d,]+)(?: ms)? \| ([^|]*) \|$/gm)];
  t.same(
    said.map(([, name = '', value = '']) => [name, Number(value.replaceAll(',', ''))]),
    Object.entries({ ...HTTP1_LIMIT_SPECS, ...OUTPUT_LIMIT_SPECS }).map(([name, spec]) => [name, spec.default]),
  );
  const source = readFileSync(join(ROOT, 'core/limits/http1-limits.ts'), 'utf8');
  for (const [, name, , consequence] of said) {
    const comment = new RegExp(`/\\*\\* (.*) \\*/\\n {2}readonly ${name}:`).exec(source)?.[1];
    const [, code = ''] = /Breach: (\w+)/.exec(comment ?? '') ?? [];
    const row = Object.entries(HTTP1_CODES).find(([known]) => known === code)?.[1];
    if (row !== undefined)
      t.equal(consequence, row.status === 'close' ? 'closes' : String(row.status), `${name}: ${code}`);
    else t.equal(code, '', `${name} names a code that there is`);
  }
});

const MY_SERVER = `require('node:http').createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => response.end(request.url === '/echo' ? Buffer.concat(pieces) : 'hello'));
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

/** An empty folder of this test. */
function scratch(name: string): string {
  const folder = join(ROOT, '.aeronet', 'docs', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // What is run there is no part of the project's own modules.
  if (name !== 'js') writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  return folder;
}

function start(cwd: string, args: readonly string[]): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [AERONET, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  return child;
}

async function aeronet(
  cwd: string,
  ...args: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(cwd, args);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** Starts a server, and waits for the line that says where it is. */
async function served(
  t: Test,
  cwd: string,
  ...args: readonly string[]
): Promise<{ child: ChildProcess; port: number }> {
  const child = start(cwd, args);
  t.teardown(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, port: JSON.parse(String(line)).port };
}

/** Runs a command line in this process. */
async function inProcess(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const stream = (take: (text: string) => void) => ({
    write: (text: string) => {
      take(text);
      return true;
    },
    on: () => undefined,
  });
  const host: Host = {
    stdout: stream((text) => {
      out += text;
    }),
    stderr: stream((text) => {
      err += text;
    }),
    env: {},
    clock: { now: () => 0, every: () => () => undefined },
    onSignal: () => () => undefined,
    exitNow: () => undefined,
    flush: () => Promise.resolve(),
  };
  const code = await main(['node', 'aeronet', ...args], host);
  return { code, out, err };
}

/** Text in which times and seeds are the same every time. */
function settled(text: string): string {
  return text.replace(/\[[\d.]+ m?s, seed \d+\]/g, '[time, seed]').trimEnd();
}

/** The commands of a page: those of its shell blocks, and those that stand in its prose. */
function allCommands(page: string): string[] {
  const blocks = readBlocks(page).filter(({ language }) => language === 'sh');
  const prose = readFileSync(join(ROOT, page), 'utf8').replace(/```.*?```/gs, '');
  const spans = [...prose.matchAll(/`((?:npx |npm |node |aeronet )[^`\n]+)`/g)].map(([, span = '']) => span);
  return [...blocks.flatMap(({ text }) => text.split('\n')), ...spans]
    .flatMap((line) => line.replace(/\s#\s.*$/, '').split('&&'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('cp '));
}

/** Lines of a shell block that run aeronet, without the words in front; comments stay. */
function commandsOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith('npx aeronet ') ? [line.slice('npx aeronet '.length)] : []));
}

/** Every block between fences; one whose language is not named would escape its test. */
function readBlocks(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = readFileSync(join(ROOT, page), 'utf8').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const fence = /^```(\w*)$/.exec(lines[at] ?? '');
    if (fence === null) continue;
    const [, language = ''] = fence;
    if (!LANGUAGES.includes(language)) throw new Error(`${page}:${at + 1}: a block of "${language}"`);
    const end = lines.indexOf('```', at + 1);
    blocks.push({ page, line: at + 1, language, text: `${lines.slice(at + 1, end).join('\n')}\n` });
    at = end;
  }
  return blocks;
}

/** Words of a shell line with plain and quoted words, up to its comment. */
function words(line: string): string[] {
  const said = line.replace(/\s#\s.*$/, '');
  return [...said.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}

/** Sources below a folder. Hidden folders are not entered: tests that run beside this one make and remove files there. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'dist') return [];
    const below = entry.isDirectory() ? sources(join(folder, entry.name)) : entry.name.endsWith('.ts') ? [''] : [];
    return below.map((path) => `/${entry.name}${path}`);
  });
}
