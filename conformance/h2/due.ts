/** What is due, together with the canned servers that prove a case can tell it: each spreads into a case. */
import { type Claim, inspectionOf } from '../controls/sees.ts';
import type { InspectMatch, StatusPattern } from '../model.ts';
import { status } from '../outcomes.ts';
import type { ErrorName } from '../wire/h2/frames.ts';
import type { H2Case, H2Control, H2Observation, H2Outcome, H2Phase } from './model.ts';
import {
  answered,
  connectionError,
  echoed,
  goneWith,
  ignored,
  malformed,
  seen,
  streamError,
  understood,
  warned,
} from './outcomes.ts';
import { bareCloses, goesAway, resetsStream, responds, servesOn } from './replies.ts';

export type Due = Pick<H2Case, 'allow' | 'controls'>;

/** GOAWAY with one of these codes and a close. */
export function endsConnection(...codes: readonly ErrorName[]): Due {
  return {
    allow: connectionError(...codes),
    controls: { pass: codes.map(goesAway), fail: [servesOn(), goesAway(otherThan(codes))] },
  };
}

/**
 * A field block that cannot be decoded: COMPRESSION_ERROR for the connection (RFC9113#4.3), or one of these codes; `loose` codes are
 * applicable, too (RFC9113#5.4), if less so.
 */
export function refusesBlock(
  options: { readonly or?: readonly ErrorName[]; readonly loose?: readonly ErrorName[] } = {},
): Due {
  const { or = [], loose = [] } = options;
  const codes = ['COMPRESSION_ERROR', ...or] as const;
  const { allow, controls } = endsConnection(...codes);
  return {
    allow: [
      ...allow,
      ...loose.map((code) => warned({ kind: 'connection-error', codes: [code] }, 'another code says what is wrong')),
    ],
    controls: {
      pass: [...list(controls.pass), ...loose.map(goesAway)],
      fail: controls.fail,
    },
  };
}

/** RST_STREAM with one of these codes, or the same as a connection error. */
export function endsStream(codes: ErrorName | readonly ErrorName[], stream = 1): Due {
  const list = typeof codes === 'string' ? [codes] : codes;
  return {
    allow: streamError(list, stream),
    controls: {
      pass: list.flatMap((code) => [resetsStream(code, stream), goesAway(code)]),
      fail: [servesOn(), resetsStream(otherThan(list), stream), responds(200, '', stream)],
    },
  };
}

/** Either of these stands where the text leaves the choice, or has two sentences for one fault. */
export function eitherOf(...dues: readonly Due[]): Due {
  const passed = dues.flatMap(({ controls }) => list(controls.pass));
  const allFail = (name: string) => dues.every(({ controls }) => list(controls.fail).some((one) => one.name === name));
  const failed = dues.flatMap(({ controls }) => list(controls.fail)).filter(({ name }) => allFail(name));
  return {
    allow: dues.flatMap(({ allow }) => allow).filter(isFirst),
    controls: {
      pass: passed.filter(isFirstOfName),
      fail: [goesAway('CONNECT_ERROR'), ...failed].filter(isFirstOfName),
    },
  };
}

/** The same, where the case has barriers in front: any server sends these phases at them first. */
export function behind(phases: readonly H2Phase[], { allow, controls }: Due): Due {
  const follow = (one: H2Control) => ({
    ...one,
    phases: [...phases, ...(one.phases.length === 0 ? [[]] : one.phases)],
  });
  return { allow, controls: { pass: list(controls.pass).map(follow), fail: list(controls.fail).map(follow) } };
}

/**
 * A malformed request (RFC9113#8.1.1): a stream error PROTOCOL_ERROR, or a 400 in front of it. `or` names statuses that suit the
 * fault better than 400. The text lets any response come there; another error is worth a warning, for it may have another cause.
 */
export function refusesRequest(
  options: { readonly stream?: number; readonly or?: readonly StatusPattern[] } = {},
): Due {
  const { stream = 1, or = [] } = options;
  return {
    allow: [
      ...malformed(stream),
      ...(or.length === 0 ? [] : [answered(status(...or), stream)]),
      warned(
        { kind: 'response', match: status('4xx', '5xx'), stream },
        'an error, though not the one that says what is wrong',
      ),
    ],
    controls: {
      pass: [
        resetsStream('PROTOCOL_ERROR', stream),
        responds(400, '', stream),
        responds(502, '', stream),
        goesAway('PROTOCOL_ERROR'),
      ],
      fail: [responds(200, '{nonce}', stream), resetsStream('CONNECT_ERROR', stream), goesAway('COMPRESSION_ERROR')],
    },
  };
}

/** The same, though a response with one of these statuses is worth no more than a warning, as the note says. */
export function orWarns(due: Due, patterns: readonly StatusPattern[], note: string, stream = 1): Due {
  const sample = patterns.find((pattern) => typeof pattern === 'number') ?? 200;
  const isWorse = ({ name }: H2Control) =>
    patterns.every((pattern) => !name.startsWith(`answers ${String(pattern).replace('xx', '')}`));
  return {
    allow: [...due.allow, warned({ kind: 'response', match: status(...patterns), stream }, note)],
    controls: {
      pass: [...list(due.controls.pass), responds(sample, '', stream)],
      fail: list(due.controls.fail).filter(isWorse),
    },
  };
}

/** The same, though a server that finds the fault while it decompresses may take it for one of the code. */
export function orFaultOfCode({ allow, controls }: Due): Due {
  const note = 'the block can be decompressed: what is wrong is the field';
  const isOther = ({ name }: H2Control) => name !== goesAway('COMPRESSION_ERROR').name;
  return {
    allow: [...allow, warned({ kind: 'connection-error', codes: ['COMPRESSION_ERROR'] }, note)],
    controls: {
      pass: [...list(controls.pass), goesAway('COMPRESSION_ERROR')],
      fail: list(controls.fail).filter(isOther),
    },
  };
}

/** The connection and its streams live on as if nothing had been sent. */
export function livesOn(): Due {
  return { allow: [ignored], controls: { pass: servesOn(), fail: [goesAway('PROTOCOL_ERROR'), bareCloses()] } };
}

/** A whole response with one of these statuses, the connection in use. */
export function answersWith(patterns: readonly StatusPattern[] = [200], stream = 1): Due {
  const sample = patterns.find((pattern) => typeof pattern === 'number') ?? 200;
  return {
    allow: [answered(status(...patterns), stream)],
    controls: {
      pass: responds(sample, '', stream),
      fail: [resetsStream('PROTOCOL_ERROR', stream), goesAway('PROTOCOL_ERROR'), responds(418, '', stream)],
    },
  };
}

/** 200 from `/echo` with this content. */
export function echoes(content = '{nonce}', stream = 1): Due {
  return {
    allow: [echoed(content, stream)],
    controls: {
      pass: responds(200, content, stream),
      fail: [responds(200, 'other', stream), resetsStream('PROTOCOL_ERROR', stream), goesAway('PROTOCOL_ERROR')],
    },
  };
}

/** 200 from `/inspect`, the request having been understood so; `wrong` is what a server that fails claims. */
export function understands(match: InspectMatch, claim: Claim, wrong: Claim, stream = 1): Due {
  return {
    allow: [understood(match, stream)],
    controls: {
      pass: responds(200, inspectionOf(claim), stream),
      fail: [responds(200, inspectionOf(wrong), stream), resetsStream('PROTOCOL_ERROR', stream)],
    },
  };
}

/** What only a look at all that was seen can tell, on a connection that stays in use: its two controls have to be given. */
export function shows(
  says: string,
  complaint: (seen: H2Observation) => string | undefined,
  pass: H2Control | readonly H2Control[],
  fail: H2Control | readonly H2Control[],
): Due {
  return { allow: [seen(says, complaint)], controls: { pass, fail } };
}

/** The client has no right to be there: a close, with or without GOAWAY of one of these codes, is all that is due. */
export function leaves(...codes: readonly ErrorName[]): Due {
  return {
    allow: [...connectionError(...codes).filter(({ grade }) => grade !== 'weak'), goneWith('pass')],
    controls: { pass: [...codes.map(goesAway), bareCloses()], fail: [servesOn(), goesAway(otherThan(codes))] },
  };
}

/** A code that is neither among these nor generic (RFC9113#5.4). */
function otherThan(codes: readonly ErrorName[]): ErrorName {
  return codes.includes('CONNECT_ERROR') ? 'INADEQUATE_SECURITY' : 'CONNECT_ERROR';
}

/** Two outcomes that hold code are never the same. */
function isFirst(one: H2Outcome, index: number, all: readonly H2Outcome[]): boolean {
  const text = JSON.stringify(one);
  return one.expect.kind === 'seen' || all.findIndex((other) => JSON.stringify(other) === text) === index;
}

function isFirstOfName(one: H2Control, index: number, all: readonly H2Control[]): boolean {
  return all.findIndex(({ name }) => name === one.name) === index;
}

function list(controls: H2Control | readonly H2Control[]): readonly H2Control[] {
  return 'phases' in controls ? [controls] : controls;
}
