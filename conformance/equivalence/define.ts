/** Makes cases of spellings: the target's account of each request has to be that of the same request written plainly. */
import type { FieldList } from '../model.ts';
import { escapeOctets } from '../run/describe.ts';
import type { Judgement } from '../run/judge.ts';
import { judgeByRules, type Rule } from '../scripted/judge.ts';
import type { ScriptedCase, ScriptedNeed, ScriptedResult, ScriptedStage } from '../scripted/model.ts';
import { Transcript } from '../wire/transcript.ts';
import { type Account, askHttp1, askHttp2, NO_ANSWER } from './ask.ts';
import { BENDS, cannedTarget } from './canned.ts';
import { differenceOf, type Logical, logicals } from './logical.ts';
import type { Http1Spelling, Http2Spelling } from './model.ts';
import { plainHttp1, plainHttp2 } from './plain.ts';

export type { Logical } from './logical.ts';
export type { Http1Form, Http1Spelling, Http2Form, Http2Spelling, Piece } from './model.ts';
export * from './plain.ts';

/** The two accounts of one request. */
interface Pair {
  readonly logical: Logical;
  readonly plain: Account;
  readonly spelled: Account;
  /** Sent in the spelling. */
  readonly trailers: FieldList;
}

/** A request in a spelling, ready to be sent. */
interface Prepared {
  readonly trailers?: FieldList;
  readonly ask: () => Promise<Account>;
}

/** Undefined where the spelling has no words for a request. */
type Prepare = (logical: Logical, stage: ScriptedStage) => Prepared | undefined;

/** What was seen of one case. */
type Seen = readonly Pair[];

const SAME: Rule<Seen> = {
  grade: 'pass',
  words: 'every request is understood as the same request written plainly',
  complaint: (pairs) => {
    if (pairs.every(({ plain }) => plain.inspection === undefined)) return 'no request was understood, written plainly';
    return pairs.map(complain).find((text) => text !== undefined);
  },
};

export function defineHttp1Spellings(spellings: readonly Http1Spelling[]): readonly ScriptedCase[] {
  return spellings.map((one) =>
    toCase('h1', one, ['inspect'], (logical, stage) => {
      const form = one.write(logical, stage.values);
      return form === undefined ? undefined : { ...form, ask: () => askHttp1(form, logical.method, stage) };
    }),
  );
}

export function defineHttp2Spellings(spellings: readonly Http2Spelling[]): readonly ScriptedCase[] {
  // The plain form is compared with that of the other version, or with nothing at all
  return spellings.map((one) =>
    toCase('h2', one, one.slug === 'plain' ? ['h2-inspect', 'inspect'] : ['h2-inspect'], (logical, stage) => {
      const form = one.write(logical, stage.values);
      return form === undefined ? undefined : { ...form, ask: () => askHttp2(form, stage) };
    }),
  );
}

function toCase(
  version: 'h1' | 'h2',
  one: Http1Spelling | Http2Spelling,
  needs: readonly ScriptedNeed[],
  prepare: Prepare,
): ScriptedCase {
  const { slug, says, rfc, level = 'MUST', why = '' } = one;
  return {
    id: `equivalence/${version}/${slug}`,
    title: `${says}: a request is understood as the same request written plainly`,
    rfc,
    level,
    needs,
    tags: ['equivalence'],
    why: `${why} ${WHY}`.trimStart(),
    says: logicals('{nonce}').map(({ name, method, path }) => `${method} ${path} (${name}), plainly and with: ${says}`),
    allow: [SAME],
    attempt: (stage) => perform(prepare, stage),
    controls: { pass: [cannedTarget(one)], fail: BENDS.map((bend) => cannedTarget(one, bend)) },
  };
}

const WHY =
  'Each request is asked for twice: plainly (HTTP/1.1, origin-form, Content-Length, where the target speaks that), and in this spelling. What /inspect tells of the two is compared. Lines of one name are one list, names have no case, trailers may be left out.';

/** All requests that the spelling has words for, until one is understood otherwise: its two conversations are the evidence. */
async function perform(prepare: Prepare, stage: ScriptedStage): Promise<ScriptedResult> {
  const pairs: Pair[] = [];
  let transcript = new Transcript();
  for (const logical of logicals(stage.values.nonce)) {
    const prepared = prepare(logical, stage);
    if (prepared === undefined) continue;
    const plain = await askPlainly(logical, stage);
    const spelled = await prepared.ask();
    const pair = { logical, plain, spelled, trailers: prepared.trailers ?? [] };
    pairs.push(pair);
    transcript = new Transcript();
    transcript.append(`the ${logical.name}, written plainly`, plain.transcript);
    transcript.append(`the ${logical.name}, in the spelling of the case`, spelled.transcript);
    if (plain.connection !== 'open' || complain(pair) !== undefined) break;
  }
  const last = pairs.at(-1);
  const ends = last === undefined ? [] : [last.plain.connection, last.spelled.connection];
  return { judgement: judge(pairs), connection: ends.find((end) => end !== 'open') ?? 'open', transcript };
}

function askPlainly(logical: Logical, stage: ScriptedStage): Promise<Account> {
  if (!stage.offers.has('inspect')) return askHttp2(plainHttp2(logical, stage.values), stage);
  return askHttp1(plainHttp1(logical, stage.values), logical.method, stage);
}

function judge(pairs: Seen): Judgement {
  const wrong = pairs.find((pair) => complain(pair) !== undefined);
  const last = wrong ?? pairs.at(-1);
  const isMute = last?.plain.outcome === NO_ANSWER || last?.spelled.outcome === NO_ANSWER;
  const isSilent = [last?.plain, last?.spelled].some((one) => one?.connection === 'silent');
  return judgeByRules([SAME], pairs, {
    actual: wrong === undefined ? `${pairs.length} requests understood alike` : (complain(wrong) ?? ''),
    signature: signatureOf(wrong),
    isMute: isMute && isSilent,
  });
}

/** What is wrong with the second account in the light of the first, or undefined. */
function complain({ logical, plain, spelled, trailers }: Pair): string | undefined {
  const told = `the ${logical.name} got ${plain.outcome} plainly, ${spelled.outcome} in this spelling`;
  if (plain.inspection === undefined) return spelled.inspection === undefined ? undefined : told;
  if (spelled.inspection === undefined) return told;
  const difference = differenceOf(plain.inspection, spelled.inspection, trailers);
  if (difference === undefined) return undefined;
  const { part, plain: was, spelled: is } = difference;
  return `the ${logical.name}: ${part} ${quote(was)} plainly, ${quote(is)} in this spelling`;
}

function quote(text: string | undefined): string {
  return text === undefined ? 'absent' : `"${escapeOctets(Buffer.from(text, 'latin1'), 96)}"`;
}

function signatureOf(wrong: Pair | undefined): string {
  if (wrong === undefined) return 'same';
  const { plain, spelled, trailers } = wrong;
  if (plain.inspection === undefined || spelled.inspection === undefined) return `${plain.outcome} ${spelled.outcome}`;
  return `differs in ${differenceOf(plain.inspection, spelled.inspection, trailers)?.part ?? 'nothing'}`;
}
