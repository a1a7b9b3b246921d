import type { Rule } from '../scripted/judge.ts';
import { ALERT, type AlertName, alertName, VERSION, versionName } from '../wire/tls/names.ts';
import type { TlsSeen } from './talk.ts';

export type TlsRule = Rule<TlsSeen>;

/** Any rule. */
export function rule(grade: TlsRule['grade'], words: string, complaint: TlsRule['complaint'], note?: string): TlsRule {
  return { grade, words, complaint, ...(note === undefined ? {} : { note }) };
}

/** How far a conversation may have gone that is then refused. */
export interface RefusedBehind {
  /** `hello`: no ServerHello may come. `handshake`: it may, and no response. A number: so many responses may, and no more. @defaultValue hello */
  readonly behind?: 'hello' | 'handshake' | number;
}

/** The connection is given up with one of these alerts. */
export function refused(names: readonly AlertName[], { behind = 'hello' }: RefusedBehind = {}): readonly TlsRule[] {
  const wanted: readonly number[] = names.map((name) => ALERT[name]);
  const wentOn = (seen: TlsSeen) => {
    if (behind === 'hello' && seen.hello !== undefined) return 'the handshake went on';
    const allowed = typeof behind === 'number' ? behind : 0;
    return seen.responses.length > allowed ? `there was a response: ${seen.responses.at(-1)?.status}` : undefined;
  };
  const fatal = (seen: TlsSeen) => {
    const found = errorOf(seen);
    if (found === undefined) return 'there was no fatal alert';
    return wanted.includes(found) ? undefined : `the alert was ${alertName(found)}`;
  };
  const ended = (seen: TlsSeen) => (isEnded(seen) ? undefined : 'the connection was not closed');
  return [
    rule('pass', `alert ${names.join(' or ')} and closed`, (seen) => wentOn(seen) ?? fatal(seen) ?? ended(seen)),
    rule(
      'warn',
      'another alert and closed',
      (seen) => wentOn(seen) ?? ended(seen) ?? (errorOf(seen) === undefined ? 'there was no fatal alert' : undefined),
      'it is refused, and told otherwise than the text asks for',
    ),
    rule(
      'warn',
      'such an alert on a connection that stays open',
      (seen) => wentOn(seen) ?? fatal(seen),
      'RFC8446#6.2: it is to be closed',
    ),
    rule('weak', 'a close without a fatal alert', (seen) => {
      return wentOn(seen) ?? ended(seen) ?? (errorOf(seen) === undefined ? undefined : 'there was an alert');
    }),
  ];
}

/** The handshake is completed and a request answered; nothing is wrong with what the server said. */
export function serves(further: TlsRule['complaint'] = () => undefined, words = ''): readonly TlsRule[] {
  return [
    rule(
      'pass',
      `the handshake is completed and a request answered${words}`,
      (seen) => complainServed(seen) ?? further(seen),
    ),
  ];
}

/** What is wrong with a conversation that ends with an answered request. */
export function complainServed(seen: TlsSeen): string | undefined {
  if (errorOf(seen) !== undefined) return `alert ${alertName(errorOf(seen) ?? 0)}`;
  if (seen.hello === undefined) return 'no ServerHello came';
  if (!seen.isFinished) return 'no right Finished came';
  const response = seen.responses.at(-1);
  if (response === undefined || response.status === 0) return 'no response came';
  if (!response.complete) return 'the response was broken off';
  return seen.problems[0];
}

/** The server has chosen TLS 1.2 or older, and its flight ended; what it chose is held against `further`. */
export function greets(further: TlsRule['complaint'] = () => undefined, words = ''): readonly TlsRule[] {
  return [
    rule('pass', `a ServerHello of TLS 1.2${words}`, (seen) => {
      if (errorOf(seen) !== undefined) return `alert ${alertName(errorOf(seen) ?? 0)}`;
      if (seen.hello === undefined) return 'no ServerHello came';
      if (seen.hello.version !== VERSION.TLS12) return `the version is ${versionName(seen.hello.version)}`;
      return seen.problems[0] ?? further(seen);
    }),
  ];
}

/** The same rules, each with a weaker grade. */
export function warned(rules: readonly TlsRule[], note: string): readonly TlsRule[] {
  return rules.filter(({ grade }) => grade === 'pass').map((one) => ({ ...one, grade: 'warn', note }));
}

/** Whatever ends the connection, said well or not: for what no clause has an alert for. */
export function ends(further: TlsRule['complaint'] = () => undefined): readonly TlsRule[] {
  return [
    rule(
      'pass',
      'the end of the connection',
      (seen) => further(seen) ?? (isEnded(seen) ? undefined : 'the connection was not closed'),
    ),
  ];
}

/** Description of the last alert that says an error. */
export function errorOf({ alerts }: TlsSeen): number | undefined {
  return alerts.findLast(({ level, description }) => level === 2 && description !== ALERT.close_notify)?.description;
}

export function isEnded({ connection }: TlsSeen): boolean {
  return connection === 'closed' || connection === 'reset';
}
