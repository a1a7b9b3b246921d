import type { Grade } from '../model.ts';
import type { Judgement } from '../run/judge.ts';

/** One allowed outcome: what is wrong with what was seen in its eyes, or undefined. */
export interface Rule<Seen> {
  readonly grade: Grade;
  /** What is allowed, in words. */
  readonly words: string;
  readonly note?: string;
  readonly complaint: (seen: Seen) => string | undefined;
}

const GRADES = ['pass', 'weak', 'warn'] as const;

/** The best grade that has nothing to complain about; silence without any answer is a hang. */
export function judgeByRules<Seen>(
  rules: readonly Rule<Seen>[],
  seen: Seen,
  facts: Pick<Judgement, 'actual' | 'signature'> & { readonly isMute: boolean },
): Judgement {
  const { actual, signature, isMute } = facts;
  const told = { expected: describeRules(rules), actual, signature };
  const sorted = GRADES.flatMap((grade) => rules.filter((rule) => rule.grade === grade));
  for (const rule of sorted) {
    if (rule.complaint(seen) !== undefined) continue;
    const note = rule.note === undefined ? '' : ` (${rule.note})`;
    return { ...told, verdict: rule.grade, reason: `Allowed: ${rule.words}${note}.` };
  }
  if (isMute) return { ...told, verdict: 'hang', reason: 'Neither answered nor closed before the deadline.' };
  const complaints = [...new Set(sorted.map((rule) => rule.complaint(seen)))].join('; ');
  return { ...told, verdict: 'fail', reason: `Not allowed: ${complaints}.` };
}

/** The allowed outcomes in words, best grade first. */
export function describeRules(rules: readonly { readonly grade: Grade; readonly words: string }[]): string {
  return GRADES.flatMap((grade) => {
    const words = rules.filter((rule) => rule.grade === grade).map((rule) => rule.words);
    return words.length === 0 ? [] : [`${grade === 'pass' ? '' : `${grade}: `}${words.join(', or ')}`];
  }).join('; ');
}
