/** Every frame of a client's was refused with the code that the RFC has for it, or was not refused; its content was told. */
import { CODES, type Http2Limits } from '../../core/sans-io.ts';
import { FLAG, PREFACE, TYPE } from '../grammar/http2-frames.ts';
import { streamOf } from './http2-frame-rules.ts';
import { type Expected, FrameJudge } from './http2-judge.ts';
import type { OwnerRecord } from './http2-owner.ts';
import type { ClientFrame, Script } from './http2-script.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** What was found out about a connection while its script was carried out. */
export interface Observed {
  readonly records: readonly OwnerRecord[];
  readonly endedAt: ReadonlyMap<number, number>;
  /** Offset at which the owner began to end the connection. */
  readonly overAt: number;
  /** Content that was ever sent. */
  readonly outputBytes: number;
}

interface Told {
  readonly offset: number;
  readonly code: string;
  readonly stream: number;
}

/** Budgets and clocks are not followed: what they end is not judged further. */
const UNFORESEEN = /^H2_BUDGET_|_(?:TIMEOUT|RATE)$/;

/** Demands that each frame was judged as the RFC judges it. */
export function assertVerdicts(script: Script, observed: Observed, limits: Http2Limits): void {
  if (script.lead !== PREFACE) return;
  const { records } = observed;
  const errors = records.flatMap(({ kind, offset, text }): Told[] => {
    const [code = '', stream = ''] = text.split(' ', 2);
    return kind === 'error' ? [{ offset, code, stream: Number(stream) }] : [];
  });
  const requests = new Set(records.flatMap(({ kind, exchange }) => (kind === 'request' ? [exchange] : [])));
  const judge = new FrameJudge(limits, observed.endedAt, observed.outputBytes);
  let openBlockAt: number | undefined;
  for (const frame of script.frames) {
    const isLong = (frame.declared ?? frame.payload.length) > limits.frameBytes;
    if (frame.end > observed.overAt || (!frame.isWhole && !isLong)) break;
    for (const { code, stream, offset } of errors) {
      if (!UNFORESEEN.test(code) || offset > frame.at) continue;
      if (isFatal(code)) return assertContents(script, records, judge.contents);
      judge.fail(stream, offset);
    }
    const expected: Expected = isLong ? ['H2_FRAME_SIZE'] : judge.judge(frame);
    const isBlockEnd = isBlock(frame) && (frame.flags & FLAG.END_HEADERS) !== 0;
    const blockAt = frame.type === TYPE.CONTINUATION ? (openBlockAt ?? frame.at) : frame.at;
    openBlockAt = isBlock(frame) && !isBlockEnd ? blockAt : undefined;
    const found = errors.filter(({ code, offset }) => {
      // What is wrong with a field shows at the end of its block, wherever in it the field stands
      const isOfBlock = isBlock(frame) && (code.startsWith('HPACK_') || !isFatal(code));
      const end = code === 'HPACK_CUT' ? frame.end + 1 : frame.end;
      if (isOfBlock) return isBlockEnd && offset >= blockAt && offset < end;
      return offset >= frame.at && offset < frame.end;
    });
    if (
      found.some(
        ({ code, offset }) => UNFORESEEN.test(code) && !(/_(?:TIMEOUT|RATE)$/.test(code) && offset === frame.at),
      )
    )
      break;
    const [first] = found.filter(({ code }) => !UNFORESEEN.test(code));
    compare(expected, first?.code, script, frame);
    const isNew = expected === 'message' || expected === 'sound';
    if (isNew && first === undefined && !requests.has(streamOf(frame))) {
      throw new OracleError('verdict', 'a request is neither told nor refused', {
        state: 'lost',
        offset: script.inputOffset(frame.at),
      });
    }
    if (first === undefined) {
      if (frame.type === TYPE.GOAWAY) break;
      continue;
    }
    if (isFatal(first.code) || judge.isIdle(streamOf(frame))) break;
    judge.fail(streamOf(frame), frame.at);
  }
  assertContents(script, records, judge.contents);
}

function compare(expected: Expected, code: string | undefined, script: Script, frame: ClientFrame): void {
  if (expected === 'any') return;
  const wanted = typeof expected === 'string' ? expected : expected.join(' or ') || 'no error';
  if (isRight(expected, code)) return;
  throw new OracleError(
    'verdict',
    `a frame of type ${frame.type} is judged ${code ?? 'no error'}, by the RFC ${wanted}`,
    {
      state: `${code ?? 'no error'} for ${wanted}`,
      offset: script.inputOffset(frame.at),
    },
  );
}

function isRight(expected: Exclude<Expected, 'any'>, code: string | undefined): boolean {
  switch (expected) {
    case 'message':
      return code === undefined || !isFatal(code);
    case 'malformed':
      return code !== undefined && !isFatal(code);
    case 'sound':
      return code === undefined || code === 'H2_STREAM_LIMIT' || code === 'H2_PRIORITY_SELF';
    default:
      return code === undefined ? expected.length === 0 : expected.includes(code);
  }
}

/** Content that was told is that of a DATA frame of its stream, and all that must be told was. */
function assertContents(script: Script, records: readonly OwnerRecord[], wanted: ReadonlyMap<number, string>): void {
  const told = new Map(
    records.flatMap(({ kind, offset, text }) => (kind === 'content' ? [[offset, text] as const] : [])),
  );
  for (const [offset, content] of wanted) {
    if (told.get(offset) === content) continue;
    throw new OracleError(
      'verdict',
      `content is told as ${quoted(told.get(offset) ?? 'nothing')} for ${quoted(content)}`,
      {
        state: 'content',
        offset: script.inputOffset(offset),
      },
    );
  }
}

function isBlock({ type }: ClientFrame): boolean {
  return type === TYPE.HEADERS || type === TYPE.CONTINUATION;
}

const STREAM_CODES = new Set(
  Object.entries(CODES).flatMap(([code, spec]) => ('scope' in spec && spec.scope === 'stream' ? [code] : [])),
);

/** Whether a code ends the connection. */
export function isFatal(code: string): boolean {
  return !STREAM_CODES.has(code);
}
