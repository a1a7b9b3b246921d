import { latin1 } from '../bytes/latin1.ts';
import type { TlsCode } from '../errors/tls-codes.ts';
import type { Cursor } from './cursor.ts';
import { fail, type HelloFailure } from './hello-failure.ts';
import { parseHostName } from './host-name.ts';

/** Extension types that are read (RFC8446#4.2). */
export const EXTENSION = {
  SERVER_NAME: 0,
  SUPPORTED_GROUPS: 10,
  SIGNATURE_ALGORITHMS: 13,
  ALPN: 16,
  SESSION_TICKET: 35,
  PRE_SHARED_KEY: 41,
  SUPPORTED_VERSIONS: 43,
  KEY_SHARE: 51,
} as const;

/** What a client asks for in extensions. Lists are in its order, GREASE among them. */
export interface Extensions {
  /** In lower case and without the dot of the root (RFC6066#3). */
  serverName: string | undefined;
  /** Names of ALPN, one unit an octet (RFC7301#3.1). */
  protocols: readonly string[];
  versions: readonly number[];
  groups: readonly number[];
  signatureAlgorithms: readonly number[];
  keyShareGroups: readonly number[];
  /** Sessions that it wants to resume: the ticket of TLS 1.2, or the identities of TLS 1.3. */
  tickets: readonly Uint8Array[];
  /** Whether it takes tickets of TLS 1.2, or brings one. */
  hasTicketExtension: boolean;
}

/** Reads the content of one extension into what is known; others than those above may hold anything. */
export function readExtension(type: number, content: Cursor, into: Extensions): HelloFailure | undefined {
  return READERS.get(type)?.(content, into);
}

type Reader = (content: Cursor, into: Extensions) => HelloFailure | undefined;

const HOST_NAME = 0;

const readServerName: Reader = (content, into) => {
  const { at } = content;
  const list = content.vector(2);
  const type = list.uint(1);
  const name = list.vector(2);
  // RFC6066#3 MUST NOT: more than one name of a type; and there is one type only
  const isOne = type === HOST_NAME && name.left > 0 && list.left === 0;
  if (content.isCut || list.isCut || content.left > 0 || !isOne) return fail('TLS_SERVER_NAMES', at);
  const parsed = parseHostName(latin1(name.bytes, name.at, name.to));
  if (typeof parsed === 'string') into.serverName = parsed;
  else if (parsed.failure === 'octet') return fail('TLS_SERVER_NAME_OCTET', name.at + parsed.at, true);
  else return fail('TLS_SERVER_NAME_LABEL', name.at);
  return undefined;
};

const readProtocols: Reader = (content, into) => {
  const { at } = content;
  const list = content.vector(2);
  const protocols: string[] = [];
  let isWhole = !content.isCut && content.left === 0 && list.left > 0;
  while (isWhole && list.left > 0) {
    const name = list.vector(1);
    // RFC7301#3.1 MUST NOT: empty names
    isWhole = !list.isCut && name.left > 0;
    protocols.push(latin1(name.bytes, name.at, name.to));
  }
  if (!isWhole) return fail('TLS_ALPN', at);
  into.protocols = protocols;
  return undefined;
};

/** A reader for a list of numbers of two octets, its length in `lengthOctets` before it. */
function pairsInto(name: 'versions' | 'groups' | 'signatureAlgorithms', lengthOctets: number, code: TlsCode): Reader {
  return (content, into) => {
    const { at } = content;
    const list = content.vector(lengthOctets).pairs();
    if (list === undefined || content.left > 0) return fail(code, at);
    into[name] = list;
    return undefined;
  };
}

/** A client may offer no share at all, to be asked for one (RFC8446#4.2.8). */
const readKeyShares: Reader = (content, into) => {
  const { at } = content;
  const list = content.vector(2);
  const groups: number[] = [];
  let isWhole = !content.isCut && content.left === 0;
  while (isWhole && list.left > 0) {
    groups.push(list.uint(2));
    const share = list.vector(2);
    isWhole = !list.isCut && share.left > 0;
  }
  if (!isWhole) return fail('TLS_KEY_SHARES', at);
  into.keyShareGroups = groups;
  return undefined;
};

/** The ticket of TLS 1.2 is all of its extension; without octets it says that one is welcome. */
const readTicket: Reader = (content, into) => {
  into.hasTicketExtension = true;
  // A client that also brings identities of TLS 1.3 is asked for those, which stand behind
  if (content.left > 0) into.tickets = [content.bytes.slice(content.at, content.to)];
  return undefined;
};

const TICKET_AGE_BYTES = 4;
const MIN_BINDER = 32;

const readIdentities: Reader = (content, into) => {
  const { at } = content;
  const list = content.vector(2);
  const binders = content.vector(2);
  const identities: Uint8Array[] = [];
  let binderCount = 0;
  let isWhole = !content.isCut && content.left === 0 && list.left > 0;
  while (isWhole && list.left > 0) {
    const identity = list.vector(2);
    list.skip(TICKET_AGE_BYTES);
    isWhole = !list.isCut && identity.left > 0;
    identities.push(identity.bytes.slice(identity.at, identity.to));
  }
  while (isWhole && binders.left > 0) {
    isWhole = binders.vector(1).left >= MIN_BINDER && !binders.isCut;
    binderCount += 1;
  }
  if (!isWhole || binderCount !== identities.length) return fail('TLS_PSK', at);
  into.tickets = identities;
  return undefined;
};

const READERS: ReadonlyMap<number, Reader> = new Map([
  [EXTENSION.SERVER_NAME, readServerName],
  [EXTENSION.ALPN, readProtocols],
  [EXTENSION.SUPPORTED_VERSIONS, pairsInto('versions', 1, 'TLS_VERSIONS')],
  [EXTENSION.SUPPORTED_GROUPS, pairsInto('groups', 2, 'TLS_GROUPS')],
  [EXTENSION.SIGNATURE_ALGORITHMS, pairsInto('signatureAlgorithms', 2, 'TLS_SIGNATURES')],
  [EXTENSION.KEY_SHARE, readKeyShares],
  [EXTENSION.SESSION_TICKET, readTicket],
  [EXTENSION.PRE_SHARED_KEY, readIdentities],
]);
