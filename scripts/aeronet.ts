#!/usr/bin/env node
import { type Host, main } from './cli/main.ts';

let settled = false;

const host: Host = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  clock: {
    now: () => performance.now(),
    every(periodMs, run) {
      const timer = setInterval(run, periodMs).unref();
      return () => clearInterval(timer);
    },
  },
  onSignal(listener) {
    process.on('SIGINT', listener).on('SIGTERM', listener);
    return () => process.off('SIGINT', listener).off('SIGTERM', listener);
  },
  exitNow(code) {
    settled = true;
    process.exit(code);
  },
  flush: () => new Promise((resolve) => process.stdout.write('', () => resolve())),
};

// Node's own answers, 1 for what nobody caught and 0 or 13 for a promise that nobody keeps, would read as verdicts.
process.on('uncaughtException', (error) => {
  settled = true;
  console.error("aeronet: a bug of aeronet's own, please report it:", error);
  process.exit(4);
});
process.on('exit', (code) => {
  if (settled) return;
  console.error(`aeronet: a bug of aeronet's own: the command never came to its end (exit ${code})`);
  process.exitCode = 4;
});

main(process.argv, host).then((code) => {
  settled = true;
  // A pipe is flushed before the process ends; a handle that a command forgot does not keep it.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
});
