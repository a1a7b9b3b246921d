import t from 'tap';
import { allCases } from './cases/index.ts';
import { closes, ignores } from './controls/replies.ts';
import { stage } from './controls/stage.ts';
import type { Case, Control } from './model.ts';
import { type Judgement, judge } from './run/judge.ts';
import { perform } from './run/perform.ts';

/** Long enough for loopback, short enough for hundreds of controls that hang. */
const TIMEOUT_MS = 400;
const PARALLEL = 24;

const ALLOWED = ['pass', 'weak', 'warn'];

t.test('every case tells its good control from its bad one', async (t) => {
  const wrong: string[] = [];
  let played = 0;
  const play = async (one: Case, control: Control, isRight: (judgement: Judgement) => boolean, wanted: string) => {
    const judgement = await against(one, control);
    played++;
    if (!isRight(judgement)) {
      wrong.push(
        `${one.id}: a server that ${control.name} gets ${judgement.verdict} where ${wanted} is due: ${judgement.reason}`,
      );
    }
  };
  const plays = allCases.flatMap((one) => [
    ...list(one.controls.pass).map(
      (control) => () => play(one, control, (j) => ALLOWED.includes(j.verdict), 'an allowed verdict'),
    ),
    ...list(one.controls.fail).map((control) => () => play(one, control, (j) => j.verdict === 'fail', 'fail')),
    () => play(one, ignores(), (j) => j.verdict === 'hang', 'hang'),
    () => play(one, closes(), (j) => j.verdict !== 'pass', 'less than pass'),
  ]);
  await inParallel(plays);
  t.same(wrong, [], `${played} plays of ${allCases.length} cases`);
});

async function against(one: Case, control: Control): Promise<Judgement> {
  const staged = await stage(control, one, 'n0nce42');
  try {
    const { address, values } = staged;
    const { observation } = await perform(one, { address, values, canEcho: true, timeoutMs: TIMEOUT_MS });
    if (observation === undefined) throw new Error('The stage took no second connection');
    return judge(one, observation, values);
  } finally {
    staged.close();
  }
}

async function inParallel(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = [...jobs];
  const work = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job();
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

function list(controls: Control | readonly Control[]): readonly Control[] {
  return 'play' in controls ? [controls] : controls;
}
