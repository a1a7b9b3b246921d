import { stepsOf } from '../define.ts';
import { describeExpectation } from '../h2/judge.ts';
import { type AnyCase, type H2Case, isH2, isScripted } from '../h2/model.ts';
import type { Step } from '../model.ts';
import { describeOutcome, escapeOctets } from './describe.ts';

/** What a case sends, what it lets pass and why, as lines of text. */
export function explainCase(one: AnyCase): string {
  const lines = [
    one.id,
    `  ${one.title}.`,
    `  ${one.level}, ${one.rfc}${one.needs.length === 0 ? '' : `, needs ${one.needs.join(', ')}`}${one.tags === undefined ? '' : `, tags ${one.tags.join(', ')}`}`,
    '',
    isScripted(one) || one.run === undefined ? 'Sends:' : 'Begins with (the dialogue is in code):',
    ...explainSteps(one),
    '',
    'Allows:',
    ...explainAllowed(one),
    '  anything else fails; silence until the deadline is a hang',
  ];
  if (one.why !== undefined) lines.push('', `Why: ${one.why}`);
  return `${lines.join('\n')}\n`;
}

function explainSteps(one: AnyCase): string[] {
  if (isScripted(one)) return one.says.map((line) => `  | ${line}`);
  return isH2(one) ? explainFrames(one) : stepsOf(one).flatMap(explainStep);
}

function explainFrames(one: H2Case): string[] {
  const { handshake = [] } = one;
  const front =
    handshake === 'none'
      ? []
      : [`  | the preface, SETTINGS ${handshake.map((pair) => pair.join('=')).join(', ')}`.trimEnd()];
  const steps = one.frames.map((step) => {
    if (step.kind === 'octets') return `  | ${step.says}`;
    if (step.kind === 'barrier') return '  -- waits for the answer to a PING';
    if (step.kind === 'beside') return '  -- waits for an exchange on a second connection';
    if (step.kind === 'content') {
      return `  -- waits for ${step.bytes} octets of content on ${step.stream === 0 ? 'all streams' : `stream ${step.stream}`}`;
    }
    return `  -- waits for the end of stream ${step.stream}`;
  });
  return [...front, ...steps];
}

function explainAllowed(one: AnyCase): string[] {
  const rows = isScripted(one)
    ? one.allow
    : isH2(one)
      ? one.allow.map(({ grade, expect, note }) => ({ grade, note, words: describeExpectation(expect) }))
      : one.allow.map((outcome) => ({ ...outcome, words: describeOutcome(outcome) }));
  return rows.map(({ grade, words, note }) => `  ${grade.padEnd(5)}${words}${note === undefined ? '' : ` — ${note}`}`);
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
