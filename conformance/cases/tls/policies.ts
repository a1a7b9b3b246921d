import {
  type Act,
  act,
  alerting,
  complainServed,
  defineTlsCases,
  EXTENSION,
  errorOf,
  flight,
  type HelloShape,
  hello,
  isEnded,
  keyShares,
  rule,
  serverName,
  serving,
  type TlsCase,
  type TlsRule,
  type TlsSeen,
} from '../../tls/define.ts';
import { clientOf, type Guarded } from '../../tls/identities.ts';
import { cookieOf, groupAsked } from '../../wire/tls/client.ts';
import { GROUP } from '../../wire/tls/names.ts';

const MEMBERS = 'members.test';
const STAFF = 'staff.test';
const OPEN = 'open.test';

const named = (name: string, further: NonNullable<HelloShape['extensions']> = []): HelloShape => ({
  extensions: [[EXTENSION.SERVER_NAME, serverName(name)], ...further],
});

/** Finished, with the certificate of a client where one is asked for. */
const finishedAs = (who?: Guarded): Act =>
  act(who === undefined ? 'Finished, and no certificate' : `Finished, and the certificate of ${who}`, async (talk) => {
    talk.stimulate();
    await talk.client.finish(who === undefined ? {} : { identity: clientOf(who) });
  });

const getFrom = (host: string, target = '/'): Act =>
  act(`GET ${target} with Host: ${host}, and waits for the answer`, (talk) =>
    talk.request(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
  );

/** A whole handshake under a name, as this client, and a request for a host. */
const visit = (name: string, who?: Guarded, host = name): readonly Act[] => [
  hello(`for ${name}`, named(name)),
  flight,
  finishedAs(who),
  getFrom(host),
];

/** The session of the connection so far is resumed under a name, without a certificate. */
const resumedAt = (name: string, who?: Guarded): readonly Act[] => [
  act('(waits for a ticket)', (talk) => talk.ticketed()),
  act(`ClientHello for ${name} that resumes the session, on a connection of its own`, async (talk) => {
    const { ticket } = talk;
    await talk.again();
    talk.stimulate();
    if (ticket !== undefined) await talk.client.resume(ticket, named(name));
  }),
  flight,
  finishedAs(who),
  getFrom(name),
];

/** A hello under one name, and behind a HelloRetryRequest under another. */
const switched = (first: string, second: string): readonly Act[] => [
  hello(`for ${first}, without a share`, named(first, [[EXTENSION.KEY_SHARE, keyShares()]])),
  flight,
  act(`ClientHello for ${second}, with the share that was asked for`, async (talk) => {
    const retry = talk.client.received.retries[0];
    if (retry === undefined) return;
    const { shares } = talk.client.context;
    const group = groupAsked(retry);
    const cookie = cookieOf(retry);
    talk.stimulate();
    await talk.client.hello({
      ...named(second, [
        [EXTENSION.KEY_SHARE, keyShares([group, group === GROUP.X25519 ? shares.x25519 : shares.p256])],
      ]),
      more: cookie === undefined ? [] : [[EXTENSION.COOKIE, cookie]],
    });
  }),
  flight,
];

/** The last request was not served; `front` responses came before it. */
const keptOut = (front: number): readonly TlsRule[] => [
  rule('pass', 'a refusal by alert or by a status of 4xx', (seen) => {
    const isTold = errorOf(seen) !== undefined || statusesBehind(front, seen).some((status) => status >= 400);
    return complainServedBehind(front, seen) ?? (isTold ? undefined : 'there was no refusal');
  }),
  rule('weak', 'a close without either', (seen) => {
    return complainServedBehind(front, seen) ?? (isEnded(seen) ? undefined : 'neither a refusal nor an end');
  }),
];

function statusesBehind(front: number, { responses }: TlsSeen): readonly number[] {
  return responses.slice(front).map(({ status }) => status);
}

/** Complains where the last request was served, by any status but one of 4xx, or one in front of it was not. */
function complainServedBehind(front: number, seen: TlsSeen): string | undefined {
  if (seen.responses.length < front) return 'what comes in front was not served';
  const served = statusesBehind(front, seen).find((status) => status > 0 && (status < 400 || status >= 500));
  return served === undefined ? undefined : `it was answered with ${served}`;
}

const letIn = (count: number): readonly TlsRule[] => [
  rule('pass', '200', (seen) => {
    const last = seen.responses[count - 1];
    return last?.status === 200 ? undefined : (complainServed(seen) ?? `status ${last?.status ?? 'none'}`);
  }),
];

const policy = (slug: string, one: Omit<TlsCase, 'id' | 'needs'>): TlsCase => ({
  id: `tls/policy/${slug}`,
  needs: ['tls13', 'tls-policies'],
  tags: ['access'],
  ...one,
});

/** Keeps `members.test` to itself. */
const guarding = () => serving('that refuses members.test', { forbids: MEMBERS });
const REFUSING = { pass: [guarding()], fail: [serving('')] };

export default defineTlsCases([
  policy('open', {
    title: 'A host that asks for no certificate is open to all',
    rfc: 'RFC6066#3',
    acts: visit(OPEN),
    allow: letIn(1),
    controls: { pass: [serving('')], fail: [alerting('certificate_required')] },
  }),
  policy('member', {
    title: 'A client with the certificate that is asked for is let in',
    rfc: 'RFC8446#4.4.2',
    acts: visit(MEMBERS, MEMBERS),
    allow: letIn(1),
    controls: {
      pass: [serving('that asks', { requestCert: true, rejectUnauthorized: false })],
      fail: [alerting('certificate_required')],
    },
  }),
  policy('stranger', {
    title: 'A client without the certificate that is asked for is not let in',
    rfc: 'RFC8446#4.4.2',
    acts: visit(MEMBERS),
    allow: keptOut(0),
    controls: REFUSING,
  }),
  policy('other-authority', {
    title: 'A client with the certificate of another authority is not let in',
    rfc: 'RFC8446#4.4.2',
    acts: visit(MEMBERS, STAFF),
    allow: keptOut(0),
    controls: { pass: [guarding()], fail: [serving('that asks', { requestCert: true, rejectUnauthorized: false })] },
  }),
  policy('resumed', {
    title: 'A client that was let in is let in again by its session',
    rfc: 'RFC8446#4.2.11',
    acts: [...visit(MEMBERS, MEMBERS), ...resumedAt(MEMBERS, MEMBERS)],
    allow: letIn(2),
    controls: { pass: [serving('')], fail: [guarding()] },
  }),
  policy('resumed-elsewhere-open', {
    title: 'A session of an open host does not let anybody in where a certificate is asked for',
    rfc: 'RFC6066#3',
    why: 'RFC6066#3 has a session resumed under its own name only. A server that goes by the session takes its client for verified.',
    acts: [...visit(OPEN), ...resumedAt(MEMBERS)],
    allow: keptOut(1),
    controls: REFUSING,
  }),
  policy('resumed-elsewhere', {
    title: 'A session under one authority does not let its client in under another',
    rfc: 'RFC6066#3',
    why: 'The client was verified, by the authority of another host: a server that asks its TLS library whether it is hears yes.',
    acts: [...visit(STAFF, STAFF), ...resumedAt(MEMBERS)],
    allow: keptOut(1),
    controls: REFUSING,
  }),
  policy('retry-open', {
    title: 'A second hello for another host does not lead past its certificates',
    rfc: 'RFC8446#4.1.2',
    acts: [...switched(OPEN, MEMBERS), finishedAs(), getFrom(MEMBERS)],
    allow: keptOut(0),
    controls: REFUSING,
  }),
  policy('retry', {
    title: 'A client that is verified for the host of its first hello is not let in at that of its second',
    rfc: 'RFC8446#4.1.2',
    why: 'OpenSSL has the certificate verified for the first name, and tells the application the second.',
    acts: [...switched(STAFF, MEMBERS), finishedAs(STAFF), getFrom(MEMBERS)],
    allow: keptOut(0),
    controls: REFUSING,
  }),
  policy('upper-case', {
    title: 'A name in upper case does not lead past the certificates of its host',
    rfc: 'RFC6066#3',
    acts: visit('MEMBERS.TEST', undefined, MEMBERS),
    allow: keptOut(0),
    controls: REFUSING,
  }),
  policy('root-dot', {
    title: 'A name with the dot of the root does not lead past the certificates of its host',
    rfc: 'RFC6066#3',
    acts: visit('members.test.', undefined, MEMBERS),
    allow: keptOut(0),
    controls: REFUSING,
  }),
  policy('host-of-another', {
    title: 'A request for a host that asks for certificates is refused on a connection of one that does not',
    rfc: 'RFC9110#7.4',
    acts: visit(OPEN, undefined, MEMBERS),
    allow: keptOut(0),
    controls: REFUSING,
  }),
  policy('host-upper-case', {
    title: 'Such a host is known in upper case, with a port and with the dot of the root',
    rfc: 'RFC9110#7.4',
    acts: visit(OPEN, undefined, 'Members.Test.:443'),
    allow: keptOut(0),
    controls: { pass: [alerting('access_denied')], fail: [serving('')] },
  }),
  policy('absolute-form', {
    title: 'A target in absolute-form for such a host is refused, whatever Host says',
    rfc: 'RFC9110#7.4',
    acts: [hello(`for ${OPEN}`, named(OPEN)), flight, finishedAs(), getFrom(OPEN, `https://${MEMBERS}/`)],
    allow: keptOut(0),
    controls: REFUSING,
  }),
  policy('host-of-another-authority', {
    title: 'A client of one authority is not served what is for clients of another',
    rfc: 'RFC9110#7.4',
    acts: visit(STAFF, STAFF, MEMBERS),
    allow: keptOut(0),
    controls: REFUSING,
  }),
  policy('no-name', {
    title: 'A client that names nobody is not served what is for clients with a certificate',
    rfc: 'RFC9110#7.4',
    acts: [
      hello('without server_name', { extensions: [[EXTENSION.SERVER_NAME, undefined]] }),
      flight,
      finishedAs(),
      getFrom(MEMBERS),
    ],
    allow: keptOut(0),
    controls: REFUSING,
  }),
]);
