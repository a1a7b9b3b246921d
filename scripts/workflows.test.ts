/** What must hold for every workflow: pinned actions, least rights, no code of a pull request beside a token that may write. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const FOLDER = fileURLToPath(new URL('../.github/workflows/', import.meta.url));
const WORKFLOWS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

t.test('every action is pinned by its commit, with the version beside it, or is our own', async (t) => {
  for (const { name, text } of WORKFLOWS) {
    const uses = [...text.matchAll(/uses: *(.+)$/gm)].map(([, used = '']) => used.trim());
    t.same(
      uses.filter((used) => !/^(?:[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/actions\/[\w-]+)$/.test(used)),
      [],
      name,
    );
  }
});

/** The shell lines of a step. */
function scriptOf(file: string, step: string): string {
  const text = WORKFLOWS.find(({ name }) => name === file)?.text ?? '';
  const lines = text.slice(text.indexOf(`- name: ${step}\n`)).split(/\n {8}run: \|\n/, 2)[1] ?? '';
  const all = lines.split('\n');
  const end = all.findIndex((line) => !/^(?: {10}|$)/.test(line));
  const script = end === -1 ? all : all.slice(0, end);
  if (script.length === 0) throw new Error(`${file} has no step "${step}"`);
  return script.map((line) => line.slice(10)).join('\n');
}

const hasJq = spawnSync('jq', ['--version']).status === 0;

t.test(
  'each new signature gets one issue',
  { skip: hasJq ? false : 'THE STEP WAS NOT RUN: there is no jq' },
  async (t) => {
    const script = scriptOf('fuzz-nightly.yml', 'Open, or open again');
    const [open, closed, fresh] = ['v1:00000000000000aa', 'v1:00000000000000bb', 'v1:00000000000000cc'];
    const known = [
      { number: 7, state: 'OPEN', title: `${open} http1-request: TypeError` },
      { number: 8, state: 'CLOSED', title: `${closed} http1-request: TypeError` },
    ];
    const line = (signature: string): string =>
      `${JSON.stringify({ key: `crash ${signature}`, title: `${signature} x: $(touch pwned) \`y\``, body: 'the body' })}\n`;
    /** Runs the step beside a `gh` that notes what it is told. */
    const run = (issues: string) => {
      const cwd = t.testdir({
        gh: `#!/bin/sh\nif [ "$2" = list ]; then exec cat known; fi\nprintf '%s|' "$@" >> said; echo >> said\n`,
        known: JSON.stringify(known),
        said: '',
        night: { report: { 'issues.ndjson': issues } },
      });
      chmodSync(join(cwd, 'gh'), 0o755);
      const env = { ...process.env, PATH: `${cwd}:${process.env['PATH']}`, RUN: 'https://git.example/run' };
      const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
        cwd,
        encoding: 'utf8',
        env,
      });
      return { status, stdout, stderr, said: readFileSync(join(cwd, 'said'), 'utf8'), files: readdirSync(cwd) };
    };
    const { status, stderr, said, files } = run([open, closed, fresh].map(line).join(''));
    t.equal(status, 0, stderr);
    t.same(said.trimEnd().split('\n'), [
      'issue|reopen|8|',
      'issue|comment|8|--body-file|body.md|',
      `issue|create|--title|${fresh} x: $(touch pwned) \`y\`|--body-file|body.md|`,
    ]);
    t.notOk(files.includes('pwned'), 'what an issue is called is no command');
    t.match(run(''), { status: 0, stdout: /no new signature/, said: '' });
    t.match(run(line('nonsense')), { status: 1, stdout: /::error::not a signature/, said: '' });
  },
);

t.test('an action has one version in all workflows', async (t) => {
  const versions = new Map<string, Set<string>>();
  for (const { text } of WORKFLOWS) {
    for (const [, action = '', version = ''] of text.matchAll(/uses: *([\w-]+\/[\w-]+)[\w/-]*@(.+)$/gm)) {
      versions.set(action, (versions.get(action) ?? new Set()).add(version));
    }
  }
  t.ok(versions.size >= 5);
  for (const [action, of] of versions) t.equal(of.size, 1, `${action}: ${[...of].join(' and ')}`);
});

t.test('a release says what has to be set before the registry refuses it', async (t) => {
  const step = scriptOf('release.yml', 'The package names this repository');
  const here = 'https://git.example/a/b';
  for (const [repository, status] of [
    [undefined, 1],
    ['git+https://git.example/other/b.git', 1],
    [here, 0],
    [{ type: 'git', url: `git+${here}.git` }, 0],
  ] as const) {
    const cwd = t.testdir({ 'package.json': JSON.stringify({ repository }) });
    const ran = spawnSync('bash', ['-e', '-c', step], { cwd, encoding: 'utf8', env: { ...process.env, HERE: here } });
    t.equal(ran.status, status, JSON.stringify(repository));
    if (status === 1)
      t.match(ran.stdout, /^::error file=package\.json::.*set it to git\+https:\/\/git\.example\/a\/b\.git/);
  }
});

t.test('a workflow begins with few rights, and keeps no credentials of a checkout', async (t) => {
  for (const { name, text } of WORKFLOWS) {
    t.match(text, /^permissions:(?: \{\}|\n {2}contents: read)$/m, `${name}: rights at the top`);
    t.notMatch(text, /pull_request_target/, `${name}: no write token beside code of a pull request`);
    t.notMatch(text, /permissions: *write-all/, name);
    const checkouts = text.split('uses: actions/checkout@').slice(1);
    t.ok(
      checkouts.every((rest) => rest.split('- ', 1)[0]?.includes('persist-credentials: false')),
      `${name}: checkouts`,
    );
    t.notMatch(
      text,
      /run:[^\n]*\$\{\{ *github\.event\.(?!number\b)/,
      `${name}: no text of an event within a shell line`,
    );
    if (text.includes('workflow_run:'))
      t.notMatch(text, /actions\/checkout|npm |node /, `${name}: runs nothing that it was given`);
    t.ok(
      [...text.matchAll(/runs-on:/g)].length === [...text.matchAll(/timeout-minutes:/g)].length,
      `${name}: each job is bounded`,
    );
  }
});

t.test('the action runs what it names, and names every input that it reads', async (t) => {
  const folder = join(FOLDER, '..', 'actions', 'aeronet');
  const [yaml, entry] = ['action.yml', 'main.mjs'].map((name) => readFileSync(join(folder, name), 'utf8'));
  const [inputs = '', outputs = ''] = (yaml ?? '').split(/^(?:inputs|outputs|runs):$/m).slice(1);
  const named = (text: string) => [...text.matchAll(/^ {2}([\w-]+):$/gm)].map(([, name = '']) => name).sort();
  const read = new Set([...(entry ?? '').matchAll(/(?:input|lines)\('([\w-]+)'\)/g)].map(([, name = '']) => name));
  const set = new Set([...(entry ?? '').matchAll(/output\('([\w-]+)'/g)].map(([, name = '']) => name));
  t.same([...read].sort(), named(inputs), 'inputs');
  t.same([...set].sort(), named(outputs), 'outputs');
});
