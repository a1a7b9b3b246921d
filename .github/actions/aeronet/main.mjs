/**
 * The action's entry: inputs become a command line of `aeronet conform` and one of `aeronet gate`, and what these say becomes the
 * summary, the annotations and the outputs. It decides nothing itself: each step is a command that runs anywhere.
 * No package is needed: the action is this file.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** GitHub keeps 1 MiB of summary of a step; the page is smaller by far. */
const MAX_SUMMARY = 1_000_000;

process.exitCode = main();

function main() {
  const cli = findCli();
  if (cli === undefined) {
    return complain('aeronet is not installed here: run "npm install --save-dev aeronet" in a step before', 2);
  }
  const out = input('out') || '.aeronet';
  const targets = lines('target');
  const shard = input('shard');
  if (targets.length > 0) {
    const exit = aeronet(cli, ['conform', ...targets, '--no-gate', '--out', out, ...conformOptions(shard)]);
    if (exit !== 0) return complain(`aeronet conform ended with ${exit}: see the log`, exit);
    output('results', join(out, 'results.ndjson'));
  }
  if (shard !== '') return 0;
  const results = lines('results');
  if (results.length === 0 && targets.length === 0) return complain('give a target, or results to judge', 2);
  const reports = join(out, 'report');
  const given = results.length > 0 ? results : [join(out, 'results.ndjson')];
  const formats = new Set([...input('formats').split(','), 'md', 'github'].map((name) => name.trim()).filter(Boolean));
  const exit = aeronet(cli, ['gate', ...given, '--out', reports, '--format', [...formats].join(','), ...gateOptions()]);
  output('exit', String(exit));
  if (![0, 1, 5].includes(exit) || !existsSync(join(reports, 'gate.json'))) {
    return complain(`aeronet gate ended with ${exit}: see the log`, exit || 4);
  }
  tell(reports);
  return input('fail') === 'false' ? 0 : exit;
}

/** The command as the repository has it: its own build, or the package that it installed. */
function findCli() {
  const root = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
  const places = [join(root, 'node_modules', 'aeronet'), root];
  return places
    .filter((place) => existsSync(join(place, 'package.json')))
    .filter((place) => JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')).name === 'aeronet')
    .map((place) => resolve(place, 'dist', 'scripts', 'aeronet.js'))
    .find((file) => existsSync(file));
}

function conformOptions(shard) {
  return [
    ...lines('cases').flatMap((selector) => ['--case', selector]),
    ...lines('expectations').flatMap((file) => ['--expectations', file]),
    ...(input('level') === '' ? [] : ['--level', input('level')]),
    ...(shard === '' ? [] : ['--shard', shard]),
  ];
}

function gateOptions() {
  const base = input('base-expectations');
  return [
    ...lines('expectations').flatMap((file) => ['--expectations', file]),
    ...lines('base').flatMap((path) => ['--base', path]),
    ...(base === '' ? [] : ['--base-expectations', base]),
    ...lines('rules').flatMap((rule) => ['--rule', rule]),
    ...(input('history') === '' ? [] : ['--history', input('history')]),
    ...(input('matrix') === 'true' ? ['--matrix'] : []),
  ];
}

/** Says on GitHub what the gate has said: annotations in the log, the page in the summary, the numbers as outputs. */
function tell(reports) {
  process.stdout.write(readFileSync(join(reports, 'annotations.txt'), 'utf8'));
  const page = readFileSync(join(reports, 'report.md'), 'utf8');
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && page.length < MAX_SUMMARY) appendFileSync(summary, page);
  const gate = JSON.parse(readFileSync(join(reports, 'gate.json'), 'utf8'));
  const count = (...names) => names.reduce((sum, name) => sum + (gate.classes[name] ?? 0), 0);
  output('verdict', gate.verdict);
  output('summary', gate.summary);
  output('new', String(count('new-crash', 'new-hang', 'new-failure')));
  output('known', String(count('known', 'known-flaky')));
  output('reports', reports);
}

/** Runs one command, without a shell: an input is an argument, whatever stands in it. */
function aeronet(cli, args) {
  const { status, error } = spawnSync(process.execPath, [cli, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (error !== undefined) complain(error.message, 4);
  return status ?? 4;
}

/** An input, as the runner hands it over. */
function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
}

/** An input of one thing a line. */
function lines(name) {
  return input(name)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Sets an output; the value stands between two lines that nobody can guess. */
function output(name, value) {
  const file = process.env['GITHUB_OUTPUT'];
  const mark = randomUUID();
  if (file !== undefined) appendFileSync(file, `${name}<<${mark}\n${value}\n${mark}\n`);
}

/** An error that the run's page shows. */
function complain(message, exit) {
  process.stdout.write(
    `::error title=aeronet::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`,
  );
  return exit;
}
