/** What must hold for every workflow: pinned actions, least rights, no code of a pull request beside a token that may write. */
import { readdirSync, readFileSync } from 'node:fs';
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
