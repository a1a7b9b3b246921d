/** The action of `.github/actions/aeronet`, its entry run as GitHub runs it. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { AERONET, RECORDED, ROOT, repository, run } from './pull-request.test.data.ts';

const ACTION = join(ROOT, '.github', 'actions', 'aeronet', 'main.mjs');

/** Runs the action's entry as GitHub does: inputs in the environment, outputs and summary in files. */
function act(folder: string, inputs: Readonly<Record<string, string>>) {
  const [outputs, summary] = [join(folder, 'outputs'), join(folder, 'summary')];
  for (const file of [outputs, summary]) writeFileSync(file, '');
  const env = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  const defaults = { INPUT_OUT: '.aeronet', INPUT_FAIL: 'true', INPUT_FORMATS: 'md,html,junit,sarif,github' };
  const ran = run(folder, ACTION, [], {
    ...defaults,
    ...env,
    GITHUB_WORKSPACE: folder,
    GITHUB_OUTPUT: outputs,
    GITHUB_STEP_SUMMARY: summary,
  });
  const set = [...readFileSync(outputs, 'utf8').matchAll(/^([\w-]+)<<(\S+)\n(.*)\n\2$/gm)].map(
    ([, name = '', , value = '']) => [name, value],
  );
  return { ...ran, outputs: Object.fromEntries(set), summary: readFileSync(summary, 'utf8') };
}

/** The package as another repository has it after it installed it. */
function installIn(folder: string): void {
  const place = join(folder, 'node_modules', 'aeronet', 'dist', 'scripts');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(folder, 'node_modules', 'aeronet', 'package.json'), '{"name":"aeronet","type":"module"}\n');
  writeFileSync(join(place, 'aeronet.js'), `import(${JSON.stringify(AERONET)});\n`);
}

t.test('the action runs conformance, the gate and the summary in another repository', async (t) => {
  const folder = repository(t);
  const missing = act(folder, { target: 'core' });
  t.match(
    [missing.status, missing.stdout],
    [2, /^::error title=aeronet::aeronet is not installed here: run "npm install --save-dev aeronet"/],
  );
  installIn(folder);
  copyFileSync(join(RECORDED, 'server.mjs'), join(folder, 'server.mjs'));
  const inputs = {
    target: 'cmd:node server.mjs {port}',
    cases: 'h1/host/missing*\nh1/host/twice-differing',
    expectations: 'expected.jsonl',
    base: 'base',
    'base-expectations': 'HEAD',
    history: 'history',
    matrix: 'true',
  };
  const green = act(folder, inputs);
  t.equal(green.status, 0, green.stdout + green.stderr);
  t.match(green.outputs, { verdict: 'pass', exit: '0', new: '0', known: '1', reports: join('.aeronet', 'report') });
  t.match(green.summary, /^<!-- aeronet:cmd -->\n### ✔ aeronet: PASS/);
  t.match(green.stdout, /^::notice title=aeronet%3A PASS::/m);
  for (const file of ['report.md', 'report.html', 'junit.xml', 'report.sarif', 'gate.json']) {
    t.ok(existsSync(join(folder, '.aeronet', 'report', file)), file);
  }
  const page = readFileSync(join(folder, '.aeronet', 'report', 'report.html'), 'utf8');
  const { requirements, history, evidence } = JSON.parse(/id="data">(.*)<\/script>/.exec(page)?.[1] ?? '');
  t.ok(requirements.length > 500 && history.length === 1 && evidence.length > 0, 'the page has all there is to see');
  process.env['BUILD'] = 'breaks';
  t.teardown(() => delete process.env['BUILD']);
  const red = act(folder, inputs);
  t.match([red.status, red.outputs], [1, { verdict: 'fail', exit: '1', new: '3' }], 'a build that breaks a MUST');
  t.match(red.stdout, /^::error title=new failure%3A h1\/host\/missing @cmd::/m);
  t.match(red.summary, /#### Fails the gate \(3\)/);
  // The same results, judged again.
  const again = { ...inputs, target: '', formats: 'md', results: red.outputs['results'] ?? '' };
  t.match(act(folder, { ...again, fail: 'false' }), { status: 0, outputs: { verdict: 'fail' } }, 'fail: false');
  t.match(act(folder, { ...again, rules: 'must=warn' }), { status: 0, outputs: { verdict: 'pass' } }, 'rules');
});

t.test('the action runs shards, and judges them in a later job', async (t) => {
  const folder = repository(t);
  installIn(folder);
  copyFileSync(join(RECORDED, 'server.mjs'), join(folder, 'server.mjs'));
  const inputs = { target: 'cmd:node server.mjs {port}', cases: 'h1/host/missing*', expectations: 'expected.jsonl' };
  const part = act(folder, { ...inputs, shard: '1/2', out: 'part' });
  t.match([part.status, part.outputs], [0, { results: join('part', 'results.ndjson') }], 'a part');
  t.equal(part.outputs['verdict'], undefined, 'is not judged');
  // What a later job downloads: a folder for each shard.
  for (const name of ['shard-1', 'shard-2']) {
    mkdirSync(join(folder, 'shards', name), { recursive: true });
    copyFileSync(join(RECORDED, `${name}.ndjson`), join(folder, 'shards', name, 'results.ndjson'));
  }
  const { expectations } = inputs;
  t.match(act(folder, { results: 'shards', expectations }), { status: 0, outputs: { verdict: 'pass' } });
  const half = act(folder, { results: join('shards', 'shard-1'), expectations });
  t.match([half.status, half.outputs], [5, { verdict: 'inconclusive' }], 'one of two');
  t.match(half.summary, /### \? aeronet: INCONCLUSIVE/);
  const none = act(folder, { results: 'nowhere', expectations });
  t.match(
    [none.status, none.stdout],
    [2, /^::error title=aeronet::aeronet gate ended with 2: see the log$/m],
    'none at all',
  );
  t.match([act(folder, {}).status, act(folder, {}).stdout], [2, /give a target, or results to judge/]);
  t.equal(act(folder, { target: 'http://127.0.0.1:1' }).status, 3, 'a target that is not there');
});
