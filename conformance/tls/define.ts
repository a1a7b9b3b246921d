/** Everything a file of TLS cases imports. `defineTlsCases` makes cases of data. */
import type { Level } from '../../reports/schema.ts';
import type { Citation } from '../model.ts';
import { judgeByRules } from '../scripted/judge.ts';
import type { CannedServer, ScriptedCase, ScriptedNeed } from '../scripted/model.ts';
import { errorName, FRAME } from '../wire/h2/frames.ts';
import { alertName, versionName } from '../wire/tls/names.ts';
import type { Act } from './acts.ts';
import { errorOf, type TlsRule } from './outcomes.ts';
import { hasClosed, Talk, type TlsSeen } from './talk.ts';

export * from '../wire/tls/hello.ts';
export { ALERT, EXTENSION, GROUP, MESSAGE, SUITE, VERSION } from '../wire/tls/names.ts';
export { pairs, uint, vector } from '../wire/tls/octets.ts';
export { CONTENT, fragmented, MAX_FRAGMENT, record } from '../wire/tls/records.ts';
export { contentOf } from '../wire/tls/server-flight.ts';
export * from './acts.ts';
export { alerting, closing, greeting, lenient, plain, serving } from './canned.ts';
export * from './outcomes.ts';
export type { Talk, TlsSeen } from './talk.ts';

/** One case as data. */
export interface TlsCase {
  readonly id: `tls/${string}/${string}`;
  readonly title: string;
  /** @defaultValue MUST */
  readonly level?: Level;
  readonly rfc: Citation;
  /** Besides TLS itself. @defaultValue TLS 1.3 */
  readonly needs?: readonly ScriptedNeed[];
  readonly tags?: readonly string[];
  readonly why?: string;
  /** Taken one behind the other, until the connection is over. */
  readonly acts: readonly Act[];
  readonly allow: readonly TlsRule[];
  readonly controls: { readonly pass: readonly CannedServer[]; readonly fail: readonly CannedServer[] };
}

/** Declares the cases of one file. */
export function defineTlsCases(cases: readonly TlsCase[]): readonly ScriptedCase[] {
  return cases.map(({ level = 'MUST', needs = ['tls13'], acts, ...one }) => ({
    ...one,
    level,
    needs: ['tls', ...needs],
    says: acts.map(({ says }) => says),
    attempt: async (stage) => {
      const talk = await Talk.open(stage);
      try {
        for (const { run } of acts) if (!talk.isOver) await run(talk);
        await talk.settle();
        const seen = talk.seen();
        const facts = { actual: describeSeen(seen), signature: signatureOf(seen), isMute: isMute(seen) };
        const judgement = judgeByRules(one.allow, seen, facts);
        return { judgement, connection: seen.connection, transcript: seen.transcript };
      } finally {
        talk.destroy();
      }
    },
  }));
}

function isMute({ connection, messages, alerts, clear }: TlsSeen): boolean {
  return connection === 'silent' && messages.length === 0 && alerts.length === 0 && clear.length === 0;
}

/** What was seen, in words. */
function describeSeen(seen: TlsSeen): string {
  const { hello, protocol } = seen;
  const chosen =
    hello === undefined ? '' : `${versionName(hello.version)}${protocol === undefined ? '' : `, ${protocol}`}`;
  const frames = seen.frames.map(({ type, payload }) => {
    if (type !== FRAME.GOAWAY) return `a frame of type ${type}`;
    return `GOAWAY ${payload.length < 8 ? '' : errorName(payload.readUInt32BE(4))}`;
  });
  return [
    ...seen.retries.map(() => 'HelloRetryRequest'),
    ...(hello === undefined ? [] : [`ServerHello (${chosen})`]),
    ...(seen.isFinished ? ['Finished'] : []),
    ...(seen.isResumed ? ['a session resumed'] : []),
    ...seen.requests.map(
      (when) => `CertificateRequest ${when === 'behind' ? 'behind the handshake' : 'in the handshake'}`,
    ),
    ...seen.responses.map(({ status }) => `response ${status || 'that is none'}`),
    ...frames.slice(0, 6),
    ...(seen.clear.length > 0 ? [`${seen.clear.length} octets in clear`] : []),
    ...seen.alerts.map(
      ({ level, description }) => `${level === 2 ? 'fatal' : 'warning'} alert ${alertName(description)}`,
    ),
    ...seen.notes,
    ...seen.problems.slice(0, 3),
    seen.connection,
  ].join(', ');
}

/** Short stable form: `alert-50 closed`, `200 open`, `hello closed`. */
function signatureOf(seen: TlsSeen): string {
  const error = errorOf(seen);
  const statuses = seen.responses.map(({ status }) => String(status));
  const said =
    error !== undefined
      ? `alert-${error}`
      : statuses.join(',') || (hasClosed(seen) ? 'close_notify' : seen.hello === undefined ? 'none' : 'hello');
  return `${said} ${seen.connection === 'reset' ? 'closed' : seen.connection}`;
}
