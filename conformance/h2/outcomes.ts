import type { ResponseMatch } from '../model.ts';
import { inspected, status } from '../outcomes.ts';
import type { ErrorName } from '../wire/h2/frames.ts';
import type { H2Expectation, H2Observation, H2Outcome } from './model.ts';

/** Right. */
export function allowed(expect: H2Expectation, note?: string): H2Outcome {
  return outcome('pass', expect, note);
}

/** Allowed, though the RFC would rather have it otherwise. */
export function warned(expect: H2Expectation, note?: string): H2Outcome {
  return outcome('warn', expect, note);
}

/** RFC9113#5.4: these can always stand in the place of a more specific code. */
const GENERIC: readonly ErrorName[] = ['PROTOCOL_ERROR', 'INTERNAL_ERROR'];
const WHY_GENERIC = 'a generic code can stand in the place of a more specific one (RFC9113#5.4)';
const WHY_OPEN = 'the connection stayed open behind GOAWAY, which h2/errors/closes-behind-goaway judges';

/**
 * A connection error: GOAWAY with one of these codes and a close. Another generic code is worth a warning, as is a close that does not
 * come: one case judges that, lest a single fault hide what all others are about. A bare close is weak, since GOAWAY is only a SHOULD
 * (RFC9113#5.4.1).
 */
export function connectionError(...codes: readonly ErrorName[]): readonly H2Outcome[] {
  const kind = 'connection-error';
  return [
    allowed({ kind, codes }),
    warned({ kind, codes: genericBeside(codes) }, WHY_GENERIC),
    leftOpen(codes),
    bareClose(),
  ];
}

/** A stream error: RST_STREAM with one of these codes, or the same treated as a connection error (RFC9113#5.4.1). */
export function streamError(codes: ErrorName | readonly ErrorName[], stream = 1): readonly H2Outcome[] {
  const list = typeof codes === 'string' ? [codes] : codes;
  const kind = 'stream-error';
  return [
    allowed({ kind, codes: list, stream }),
    warned({ kind, codes: genericBeside(list), stream }, WHY_GENERIC),
    leftOpen(list),
    bareClose(),
  ];
}

/** A malformed request: a stream error PROTOCOL_ERROR, or a 400 that may come before it (RFC9113#8.1.1). */
export function malformed(stream = 1): readonly H2Outcome[] {
  return [...streamError('PROTOCOL_ERROR', stream), answered(status(400), stream)];
}

/** A whole response on a connection that stays in use. */
export function answered(match: ResponseMatch, stream = 1): H2Outcome {
  return allowed({ kind: 'response', match, stream });
}

/** 200 with this content from `/echo`. */
export function echoed(content = '{nonce}', stream = 1): H2Outcome {
  return answered({ status: [200], content }, stream);
}

/** 200 from `/inspect`, the request having been understood so. */
export function understood(match: Parameters<typeof inspected>[0], stream = 1): H2Outcome {
  return answered(inspected(match), stream);
}

/** The connection and its streams live on as if nothing had been sent. */
export const ignored: H2Outcome = allowed({ kind: 'ignored' });

/** What only a look at all that was seen can tell, on a connection that stays in use. */
export function seen(says: string, complaint: (seen: H2Observation) => string | undefined): H2Outcome {
  return seenAtEnd(says, (all) =>
    all.connection === 'open' ? complaint(all) : `the connection was ${all.connection}`,
  );
}

/** The same, whatever became of the connection. */
export function seenAtEnd(says: string, complaint: (seen: H2Observation) => string | undefined): H2Outcome {
  return allowed({ kind: 'seen', says, complaint });
}

/** A close without GOAWAY. */
export function bareClose(): H2Outcome {
  return outcome('weak', { kind: 'closed' }, 'GOAWAY is a SHOULD (RFC9113#5.4.1)');
}

/** The same of another grade, where a clause says so. */
export function goneWith(grade: H2Outcome['grade'], note?: string): H2Outcome {
  return outcome(grade, { kind: 'closed' }, note);
}

function leftOpen(codes: readonly ErrorName[]): H2Outcome {
  return warned({ kind: 'left-open', codes: [...codes, ...genericBeside(codes)] }, WHY_OPEN);
}

function genericBeside(codes: readonly ErrorName[]): readonly ErrorName[] {
  return GENERIC.filter((code) => !codes.includes(code));
}

function outcome(grade: H2Outcome['grade'], expect: H2Expectation, note: string | undefined): H2Outcome {
  return note === undefined ? { grade, expect } : { grade, expect, note };
}
