import t from 'tap';
import { h1Cases, h2Cases, scriptedCases } from './cases/index.ts';
import { closes, ignores } from './controls/replies.ts';
import { stage } from './controls/stage.ts';
import { ConnectError } from './errors.ts';
import { judgeH2 } from './h2/judge.ts';
import type { H2Case, H2Control } from './h2/model.ts';
import { performH2 } from './h2/perform.ts';
import { bareCloses, hangs } from './h2/replies.ts';
import { stageH2 } from './h2/stage.ts';
import type { Case, Control } from './model.ts';
import { type Judgement, judge } from './run/judge.ts';
import { perform } from './run/perform.ts';
import { mute } from './scripted/canned-server.ts';
import type { CannedServer, ScriptedCase } from './scripted/model.ts';

/** Long enough for loopback, short enough for hundreds of controls that hang. */
const BRISK_MS = 400;
/** What a verdict that is not due is tried again with, alone: a machine under load is slow, and a wrong case stays wrong. */
const PATIENT_MS = 8_000;
const PARALLEL = 40;
const NONCE = 'n0nce42';
const OFFERS = new Set(['tls', 'websocket', 'inspect', 'h2-inspect'] as const);

/** One canned server against one case, and the verdicts that are due. */
interface Play {
  readonly id: string;
  readonly control: string;
  readonly due: readonly Judgement['verdict'][];
  readonly perform: (timeoutMs: number) => Promise<Judgement>;
}

const ALLOWED = ['pass', 'weak', 'warn'] as const;

t.test('every HTTP/1.1 case tells its good control from its bad one', async (t) => {
  const plays = h1Cases.flatMap((one) => [
    ...list(one.controls.pass).map((control) => playH1(one, control, ALLOWED)),
    ...list(one.controls.fail).map((control) => playH1(one, control, ['fail'])),
    playH1(one, ignores(), ['hang']),
    playH1(one, closes(), ['weak', 'warn', 'fail', 'hang']),
  ]);
  t.same(await wrongOnes(plays), [], `${plays.length} plays of ${h1Cases.length} cases`);
});

t.test('every HTTP/2 case tells its good control from its bad one', async (t) => {
  const plays = h2Cases.flatMap((one) => [
    ...list(one.controls.pass).map((control) => playH2(one, control, ALLOWED)),
    ...list(one.controls.fail).map((control) => playH2(one, control, ['fail'])),
    playH2(one, hangs(), ['hang', 'fail']),
    playH2(one, bareCloses(), one.allow.some(passesClosed) ? ALLOWED : ['weak', 'warn', 'fail']),
  ]);
  t.same(await wrongOnes(plays), [], `${plays.length} plays of ${h2Cases.length} cases`);
});

t.test('every case with a protocol of its own tells its good control from its bad one', async (t) => {
  const plays = scriptedCases.flatMap((one) => [
    ...one.controls.pass.map((control) => playScripted(one, control, ALLOWED)),
    ...one.controls.fail.map((control) => playScripted(one, control, ['fail', 'hang'])),
    playScripted(one, mute('hangs'), ['hang', 'fail']),
    playScripted(one, mute('closes'), [...(mayEnd(one) ? ALLOWED : (['weak', 'warn'] as const)), 'fail', 'hang']),
  ]);
  t.same(await wrongOnes(plays), [], `${plays.length} plays of ${scriptedCases.length} cases`);
});

function passesClosed({ grade, expect }: H2Case['allow'][number]): boolean {
  return grade === 'pass' && expect.kind === 'closed';
}

/** A TLS case about what is no TLS, where the end is the whole answer. */
function mayEnd({ id, allow }: ScriptedCase): boolean {
  const isEnd = (words: string) => words.includes('the end of the connection') && !words.includes('close_notify');
  return id.startsWith('tls/') && allow.some(({ grade, words }) => grade === 'pass' && isEnd(words));
}

function playH1(one: Case, control: Control, due: Play['due']): Play {
  const against = async (timeoutMs: number) => {
    const staged = await stage(control, one, NONCE);
    try {
      const { address, values } = staged;
      const { observation } = await perform(one, { address, values, canEcho: true, timeoutMs });
      if (observation === undefined) throw new ConnectError('The stage took no second connection in time');
      return judge(one, observation, values);
    } finally {
      staged.close();
    }
  };
  return { id: one.id, control: control.name, due, perform: against };
}

function playH2(one: H2Case, control: H2Control, due: Play['due']): Play {
  const against = async (timeoutMs: number) => {
    const staged = await stageH2(control, one, NONCE);
    try {
      const { address, values } = staged;
      const { observation } = await performH2(one, { address, values, canEcho: true, timeoutMs });
      if (observation === undefined) throw new ConnectError('The stage took no connection in time');
      return judgeH2(one, observation, values);
    } finally {
      staged.close();
    }
  };
  return { id: one.id, control: control.name, due, perform: against };
}

function playScripted(one: ScriptedCase, control: CannedServer, due: Play['due']): Play {
  const against = async (timeoutMs: number) => {
    const { address, close } = await control.listen();
    const values = { scheme: 'http', host: address.authority, nonce: NONCE, sentinel: '' };
    try {
      return (await one.attempt({ address, values, timeoutMs, wsPath: '/ws', offers: OFFERS, handshakeMs: 300 }))
        .judgement;
    } finally {
      close();
    }
  };
  return { id: one.id, control: control.name, due, perform: against };
}

async function wrongOnes(plays: readonly Play[]): Promise<readonly string[]> {
  const doubtful: Play[] = [];
  const queue = [...plays];
  const work = async () => {
    for (let play = queue.shift(); play !== undefined; play = queue.shift()) {
      const verdict = await briskly(play);
      if (verdict === undefined || !play.due.includes(verdict)) doubtful.push(play);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const wrong: string[] = [];
  for (const play of doubtful) {
    const { verdict, reason, actual } = await play.perform(PATIENT_MS);
    if (play.due.includes(verdict)) continue;
    const wanted = play.due.join(' or ');
    wrong.push(`${play.id}: a server that ${play.control} gets ${verdict}, not ${wanted}: ${reason} Seen: ${actual}`);
  }
  return wrong;
}

/** The verdict in haste; undefined where the stage was not even reached in time. */
async function briskly(play: Play): Promise<Judgement['verdict'] | undefined> {
  try {
    return (await play.perform(BRISK_MS)).verdict;
  } catch (error) {
    if (error instanceof ConnectError) return undefined;
    throw error;
  }
}

function list<T extends object>(controls: T | readonly T[]): readonly T[] {
  return isList(controls) ? controls : [controls];
}

function isList<T>(controls: T | readonly T[]): controls is readonly T[] {
  return Array.isArray(controls);
}
