import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = [
  'README.md',
  'core/README.md',
  'fuzz/README.md',
  'conformance/README.md',
  'reports/README.md',
  'corpus/README.md',
  'scripts/README.md',
];

interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

t.test('every JavaScript block of a README runs, and prints what the text block behind it says', async (t) => {
  const folder = join(ROOT, '.aeronet', 'docs');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const blocks = PAGES.flatMap(readBlocks);
  const scripts = blocks.filter(({ language }) => language === 'js');
  t.ok(scripts.length >= 2, 'there are such blocks');
  for (const block of scripts) {
    const file = join(folder, `${block.page.replaceAll('/', '-')}-${block.line}.mjs`);
    writeFileSync(file, block.text);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 20_000 });
    t.equal(status, 0, `${block.page}:${block.line} runs: ${stderr}`);
    const next = blocks[blocks.indexOf(block) + 1];
    if (next?.page === block.page && next.language === 'text') t.equal(stdout, next.text, `${next.page}:${next.line}`);
  }
});

t.test('every aeronet command in a README parses: command, options and their values', async (t) => {
  const commands = PAGES.flatMap(readBlocks)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ page, text }) => text.split('\n').map((line) => ({ page, line })))
    .filter(({ line }) => /^\s*npx aeronet /.test(line));
  t.ok(commands.length >= 5, 'there are such commands');
  const cli = join(ROOT, 'dist', 'scripts', 'aeronet.js');
  for (const { page, line } of commands) {
    // WHY: --help behind the arguments makes commander check the command and print its help without running it
    const args = words(line.replace(/\s#.*$/, '')).slice(2);
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args, '--help'], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    t.equal(status, 0, `${page}: ${line.trim()} ${stderr}`);
    for (const option of args.filter((word) => /^--?[a-z]/.test(word))) {
      const help = spawnSync(process.execPath, [cli, args[0] ?? '', '--help'], { encoding: 'utf8' }).stdout;
      t.match(help, new RegExp(`(^|[\\s,])${option}([\\s,]|$)`, 'm'), `${page}: ${option} of ${args[0]} exists`);
    }
  }
});

function readBlocks(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = readFileSync(join(ROOT, page), 'utf8').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const language = /^```(\w+)$/.exec(lines[at] ?? '')?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at);
    blocks.push({ page, line: at + 1, language, text: `${lines.slice(at + 1, end).join('\n')}\n` });
    at = end;
  }
  return blocks;
}

/** Words of a shell line with plain and single-quoted words. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
