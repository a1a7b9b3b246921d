/** What the files of this folder share: one conditional request behind the GET, and what is due of it. */
import { answer, type Case } from '../../define.ts';
import type { Outcome, ResponseMatch } from '../../model.ts';
import { status } from '../../outcomes.ts';
import { cannedPart, partial } from '../range/partial.ts';
import {
  type Ask,
  allowing,
  asks,
  CANNED_304,
  CANNED_404,
  CANNED_412,
  CANNED_WHOLE,
  canned,
  failed,
  type Known,
  notModified,
  then,
  thenWarn,
  whole,
} from '../representation.ts';

/** A tag that no file has. */
export const OTHER = '"aeronet-other"';
/** Dates that no file was changed at. */
export const OLD = 'Sun, 06 Nov 1988 08:49:37 GMT';
export const FUTURE = 'Fri, 31 Dec 2100 23:59:59 GMT';

/** An answer, as it is due, as it is said by a canned server. */
const ANSWERS: Readonly<Record<Answer, { readonly match: ResponseMatch; readonly text: string }>> = {
  whole: { match: whole, text: CANNED_WHOLE },
  part: { match: partial({ ranges: () => [[10, 19]], isSet: false }), text: cannedPart([10, 19]) },
  notModified: { match: notModified, text: CANNED_304 },
  failed: { match: failed, text: CANNED_412 },
  refused: { match: status(400), text: answer(400) },
  missing: { match: status(404), text: CANNED_404 },
};

export type Answer = 'whole' | 'part' | 'notModified' | 'failed' | 'refused' | 'missing';

export interface Row {
  /** Behind `h1/conditional/`. */
  readonly slug: string;
  readonly title: string;
  readonly rfc: Case['rfc'];
  /** @defaultValue MUST */
  readonly level?: Case['level'];
  readonly needs: Case['needs'];
  readonly why?: string;
  readonly ask: Partial<Ask> & { readonly fields: (known: Known) => readonly string[] };
  readonly due: Answer | readonly Answer[];
  /** What is allowed all the same. */
  readonly warns?: readonly (readonly [answer: Answer, note: string])[];
}

/** The case that a row says: whatever answer is not allowed fails it. */
export function toCase({ slug, title, rfc, level = 'MUST', needs, why, ask, due, warns = [] }: Row): Case {
  const right = typeof due === 'string' ? [due] : due;
  const allowed = [...right, ...warns.map(([answer]) => answer)];
  const wrong = Object.entries(ANSWERS).filter(([name]) => !allowed.some((one) => one === name));
  const isHead = ask.method === 'HEAD';
  const said = (text: string) => canned(isHead ? text.slice(0, text.indexOf('\r\n\r\n') + 4) : text);
  const match = (name: Answer) => (isHead && name === 'whole' ? status(200) : ANSWERS[name].match);
  const outcomes: readonly Outcome[] = [
    ...right.map((name) => then(match(name))),
    ...warns.map(([name, note]) => thenWarn(match(name), note)),
  ];
  return {
    id: `h1/conditional/${slug}`,
    title,
    rfc,
    level,
    needs,
    ...(why === undefined ? {} : { why }),
    ...asks(ask),
    ...allowing(...outcomes),
    controls: {
      pass: allowed.map((name) => said(ANSWERS[name].text)),
      fail: [
        ...wrong.map(([, { text }]) => said(text)),
        said(answer(500)),
        ...(isHead ? [] : [said(CANNED_WHOLE.replace('100,', '999,'))]),
        canned(CANNED_304.replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\nno')),
      ],
    },
  };
}
