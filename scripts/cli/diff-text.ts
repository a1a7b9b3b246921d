/** A comparison as text. What servers say is escaped: a terminal must not obey it. */
import type { Comparison, Disagreement, Understanding } from '../../conformance/index.ts';
import { printable } from './fuzz-text.ts';
import type { OutWriter } from './output.ts';

const WORDS = {
  messages: 'not the same number of requests',
  waiting: 'one waits where another has answered',
  content: 'not the same content',
  route: 'not the same method, target or authority',
  fields: 'not the same fields',
  refusal: 'one refuses what another accepts',
} as const satisfies Record<Disagreement, string>;

const SHOWN_CHARACTERS = 60;

/** A stimulus, what each group of servers made of it, and the command that shows it again. */
export function describeComparison(
  { stimulus, clusters, disagreement }: Comparison,
  repro: string,
  out: OutWriter,
): string {
  const heading = disagreement === undefined ? 'understood alike' : WORDS[disagreement];
  const width = Math.max(...clusters.map(({ targets }) => targets.join(', ').length));
  return [
    `${out.style('yellow', '≠')} ${out.style('bold', stimulus)}  ${heading}`,
    ...clusters.map(
      ({ targets, understanding }) => `    ${targets.join(', ').padEnd(width)}  ${describe(understanding)}`,
    ),
    `    ${out.style('dim', `again: ${repro}`)}`,
    '',
    '',
  ].join('\n');
}

function describe({ accepted, refusal, connection }: Understanding): string {
  const requests = accepted.map(({ status, request }) => {
    if (request === undefined) return String(status);
    const content = request.content === '' ? '' : ` ${quoted(request.content)}`;
    return `${status} to ${printable(request.method)} ${quoted(request.authority + request.target)}${content}`;
  });
  const counted =
    accepted.length === 0
      ? []
      : [`${accepted.length} ${accepted.length === 1 ? 'request' : 'requests'} (${requests.join('; ')})`];
  const refused =
    refusal === undefined ? [] : [refusal === 'none' ? 'no answer' : `refused with ${refusal || 'what is no HTTP'}`];
  const ends = { open: 'goes on', closed: 'closes', waits: 'waits for more' } as const;
  return [...counted, ...refused, ends[connection]].join(', ');
}

function quoted(text: string): string {
  const short = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return printable(JSON.stringify(short));
}
