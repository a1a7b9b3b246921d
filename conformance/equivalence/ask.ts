/** One request, asked of a target in one spelling; what comes back is the target's own account of it. */
import { WireH2Dialogue } from '../h2/dialogue.ts';
import { barrier } from '../h2/octets.ts';
import type { Response } from '../model.ts';
import { WireDialogue } from '../run/dialogue.ts';
import { type Inspection, parseInspection } from '../run/inspection.ts';
import type { ScriptedEnd, ScriptedStage } from '../scripted/model.ts';
import { errorName, SETTING } from '../wire/h2/frames.ts';
import type { Transcript } from '../wire/transcript.ts';
import type { Http1Form, Http2Form } from './model.ts';

/** What became of one request. */
export interface Account {
  /** The request as the target understood it; undefined where it was not told. */
  readonly inspection?: Inspection;
  /** `400`, `RST_STREAM CANCEL`, `no answer`: what came in its place, or `200`. */
  readonly outcome: string;
  readonly connection: ScriptedEnd;
  readonly transcript: Transcript;
}

/** The outcome of a request that nothing was said to. */
export const NO_ANSWER = 'no answer';

/** Room for every answer. */
const WINDOW = 2 ** 20;

/** @throws ConnectError when the target takes no connection */
export async function askHttp1(form: Http1Form, method: string, stage: ScriptedStage): Promise<Account> {
  const { methods = [method] } = form;
  const dialogue = await WireDialogue.open({ ...stage, canEcho: false, methods });
  try {
    const answers: Response[] = [];
    for (const piece of form.pieces) {
      if (typeof piece === 'string') await dialogue.send(piece);
      else await dialogue.progress();
    }
    while (answers.length < methods.length) {
      const answer = await dialogue.response();
      if (answer === undefined) break;
      answers.push(answer);
    }
    const isLate = answers.length < methods.length;
    const { end } = dialogue;
    const connection = !isLate ? 'open' : end === 'open' ? 'silent' : end;
    return accountOf(isLate ? undefined : answers.at(-1), connection, dialogue.transcript);
  } finally {
    dialogue.destroy();
  }
}

/** @throws ConnectError when the target takes no connection */
export async function askHttp2(form: Http2Form, stage: ScriptedStage): Promise<Account> {
  const { stream = 1, cut } = form;
  const dialogue = await WireH2Dialogue.open({
    ...stage,
    canEcho: false,
    awaits: [],
    sentinel: undefined,
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, WINDOW]],
    ...(cut === undefined ? {} : { cut }),
  });
  try {
    await dialogue.take(...form.frames, barrier);
    const isOver = await dialogue.until(({ streams, goaways }) => {
      const { response, reset } = streams.get(stream) ?? {};
      return response?.complete === true || reset !== undefined || goaways.some(({ code }) => code !== 0);
    });
    const { streams, connection, goaways } = dialogue.seen;
    const { response, reset } = streams.get(stream) ?? {};
    const { transcript } = dialogue;
    const error = goaways.find(({ code }) => code !== 0);
    if (response === undefined && reset !== undefined) {
      return { outcome: `RST_STREAM ${errorName(reset)}`, connection: 'open', transcript };
    }
    if (response === undefined && error !== undefined) {
      return { outcome: `GOAWAY ${errorName(error.code)}`, connection, transcript };
    }
    const isAnswered = isOver && response?.complete === true;
    return accountOf(response, isAnswered ? 'open' : connection, transcript);
  } finally {
    dialogue.destroy();
  }
}

function accountOf(response: Response | undefined, connection: ScriptedEnd, transcript: Transcript): Account {
  const inspection = response?.status === 200 && response.complete ? parseInspection(response.content) : undefined;
  const isOther = response?.status === 200 && inspection === undefined;
  const outcome = response === undefined ? NO_ANSWER : `${response.status}${isOther ? ' without its JSON' : ''}`;
  return { outcome, connection, transcript, ...(inspection === undefined ? {} : { inspection }) };
}
