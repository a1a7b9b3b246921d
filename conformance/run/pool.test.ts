import t from 'tap';
import { Pool } from './pool.ts';

t.test('so many jobs run at once, and all of them', async (t) => {
  const pool = new Pool(3);
  let running = 0;
  let most = 0;
  let left = 10;
  await pool.run(() => {
    if (left === 0) return undefined;
    left--;
    return (async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    })();
  });
  t.same({ left, running, most }, { left: 0, running: 0, most: 3 });
});

t.test('a job that rests gives its place away, up to a limit', async (t) => {
  const pool = new Pool(1);
  let started = 0;
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const all = pool.run(() => {
    if (started === 100) return undefined;
    started++;
    return pool.rest(() => released);
  });
  await new Promise(setImmediate);
  t.equal(started, 49, 'one place, and 48 that rest');
  release();
  await all;
  t.equal(started, 100);
});

t.test('a job that fails ends the run with its error', async (t) => {
  const jobs = [Promise.resolve(), Promise.reject(new Error('of the job'))];
  await t.rejects(
    new Pool(2).run(() => jobs.shift()),
    { message: 'of the job' },
  );
});
