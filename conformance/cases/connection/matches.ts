import type { Outcome, ResponseMatch } from '../../model.ts';
import { warn } from '../../outcomes.ts';

/** `close` as a whole member of a Connection field. */
const CLOSE = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i;

/** A 200 that says, as RFC9112#9.6 SHOULD, that the connection ends behind it. */
export const lastOk: ResponseMatch = { status: [200], fields: { connection: CLOSE } };

/** A 200 of a server that speaks HTTP/1.0, where the end of the connection needs no announcement. */
export const oldOk: ResponseMatch = {
  status: [200],
  where: {
    says: 'in HTTP/1.0',
    complaint: ({ version }) => (version === '1.0' ? undefined : `the version is ${version}`),
  },
};

/** A 200 larger than what a socket takes in one write. */
export const largeOk: ResponseMatch = {
  status: [200],
  where: {
    says: 'with at least 64 KiB',
    complaint: ({ content }) => (content.length >= 65_536 ? undefined : `the content has ${content.length} octets`),
  },
};

const NOTHING_TO_COMPARE = 'the target does not persist, so there is no second answer to compare';

/** For cases that compare two answers on one connection: a target that announces its close behind the first. */
export const onlyOne: readonly Outcome[] = [
  warn(lastOk, 'closed', NOTHING_TO_COMPARE),
  warn(oldOk, 'closed', NOTHING_TO_COMPARE),
];
