/** Compares what several servers understood, and says which disagreements matter. */
import type { Understanding, Understood, UnderstoodRequest } from './understanding.ts';

/**
 * How two servers disagree, the worst first. The first four let one of them, in front of the other, be led to take a part of
 * one request for another one (request smuggling), or one resource for another (cache poisoning).
 * - `messages`: both accept, but not the same number of requests
 * - `waiting`: one waits for more where the other has answered
 * - `content`, `route`: other content; another method, target or authority
 * - `fields`: other fields
 * - `refusal`: one refuses what the other accepts
 */
export const DISAGREEMENTS = ['messages', 'waiting', 'content', 'route', 'fields', 'refusal'] as const;

export type Disagreement = (typeof DISAGREEMENTS)[number];

const MATTERS: ReadonlySet<Disagreement> = new Set(['messages', 'waiting', 'content', 'route']);

/** Whether requests can be smuggled, or answers mixed up, between two that disagree so. */
export function matters(disagreement: Disagreement | undefined): boolean {
  return disagreement !== undefined && MATTERS.has(disagreement);
}

/** Servers that understood the same. */
export interface Cluster {
  readonly targets: readonly string[];
  readonly understanding: Understanding;
}

/** How two understandings differ; undefined where, as far as both show, they do not. */
export function disagreement(a: Understanding, b: Understanding): Disagreement | undefined {
  const [fewer, more] = [a, b].sort((x, y) => x.accepted.length - y.accepted.length);
  if (fewer === undefined || more === undefined) return undefined;
  if (fewer.accepted.length !== more.accepted.length) {
    if (fewer.connection === 'waits') return 'waiting';
    return fewer.accepted.length === 0 ? 'refusal' : 'messages';
  }
  if (a.accepted.length === 0) return a.connection === 'waits' || b.connection === 'waits' ? waiting(a, b) : undefined;
  const found = a.accepted.map((one, index) => requestsDiffer(one, b.accepted[index]));
  const worst = DISAGREEMENTS.find((kind) => found.includes(kind));
  return worst ?? waiting(a, b) ?? ((a.refusal === undefined) === (b.refusal === undefined) ? undefined : 'refusal');
}

/** Groups servers by what they understood; one joins the first group with which it does not disagree. */
export function cluster(understandings: ReadonlyMap<string, Understanding>): readonly Cluster[] {
  const groups: { targets: string[]; understanding: Understanding }[] = [];
  // WHY: who tells more is the better measure of the others
  const detailed = [...understandings].sort(([, a], [, b]) => detail(b) - detail(a));
  for (const [target, understanding] of detailed) {
    const group = groups.find((one) => disagreement(one.understanding, understanding) === undefined);
    if (group === undefined) groups.push({ targets: [target], understanding });
    else group.targets.push(target);
  }
  return groups;
}

/** The worst disagreement between any two groups. */
export function worstOf(clusters: readonly Cluster[]): Disagreement | undefined {
  const found = clusters.flatMap((one, index) =>
    clusters.slice(index + 1).map((other) => disagreement(one.understanding, other.understanding)),
  );
  return DISAGREEMENTS.find((kind) => found.includes(kind));
}

function waiting(a: Understanding, b: Understanding): Disagreement | undefined {
  return (a.connection === 'waits') === (b.connection === 'waits') ? undefined : 'waiting';
}

function requestsDiffer(a: Understood, b: Understood | undefined): Disagreement | undefined {
  if (a.request === undefined || b?.request === undefined) return undefined;
  if (a.request.content !== b.request.content) return 'content';
  if (routeOf(a.request) !== routeOf(b.request)) return 'route';
  return a.request.fields.join('\n') === b.request.fields.join('\n') ? undefined : 'fields';
}

function routeOf({ method, target, authority }: UnderstoodRequest): string {
  return `${method} ${authority.toLowerCase()} ${target}`;
}

function detail({ accepted }: Understanding): number {
  return accepted.filter(({ request }) => request !== undefined).length;
}
