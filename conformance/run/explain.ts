import { stepsOf } from '../define.ts';
import type { Case, Step } from '../model.ts';
import { describeOutcome, escapeOctets } from './describe.ts';

/** What a case sends, what it lets pass and why, as lines of text. */
export function explainCase(one: Case): string {
  const lines = [
    one.id,
    `  ${one.title}.`,
    `  ${one.level}, ${one.rfc}${one.needs.length === 0 ? '' : `, needs ${one.needs.join(', ')}`}${one.tags === undefined ? '' : `, tags ${one.tags.join(', ')}`}`,
    '',
    one.run === undefined ? 'Sends:' : 'Begins with (the dialogue is in code):',
    ...stepsOf(one).flatMap(explainStep),
    '',
    'Allows:',
    ...one.allow.map(
      (outcome) =>
        `  ${outcome.grade.padEnd(5)}${describeOutcome(outcome)}${outcome.note === undefined ? '' : ` — ${outcome.note}`}`,
    ),
    '  anything else fails; silence until the deadline is a hang',
  ];
  if (one.why !== undefined) lines.push('', `Why: ${one.why}`);
  return `${lines.join('\n')}\n`;
}

function explainStep(step: Step): string[] {
  if (typeof step === 'string') {
    return escapeOctets(step, 4096)
      .replaceAll('\\n', '\\n\n')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `  | ${line}`);
  }
  return [`  -- ${BARRIERS[step.kind]}`];
}

const BARRIERS = {
  progress: 'the target gets its turn: an exchange on a second connection',
  interim: 'waits for a 1xx response',
  response: 'waits for a response',
  'half-close': 'sends its FIN',
} as const;
