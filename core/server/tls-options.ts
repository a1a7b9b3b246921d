import type { ListenOptions } from '../io/listener.ts';
import type { PeerHook } from '../io/tls/peer-hook.ts';
import { type ClientCertificates, GOOD_CIPHERS, type TlsPolicy, type TlsVersion } from '../io/tls/policy.ts';
import type { TlsPortOptions } from '../io/tls/tls-listener.ts';
import type { TlsLimits } from '../limits/tls-limits.ts';
import { demandInteger, demandObject, demandOneOf, said } from './option-checks.ts';
import { demandListenOptions } from './options.ts';

/** How TLS is spoken with the clients of some names. */
export interface TlsPolicyOptions {
  /**
   * Names that it is for: in full, or `*.` for one label. One policy at most has none; it is for clients that ask for no name
   * or for one that no other has, and without it those are refused (alert 112). @defaultValue none
   */
  readonly names?: readonly string[];
  /** PEM: the certificate, and those that lead from it to its authority. */
  readonly cert: string | Uint8Array;
  /** PEM, not encrypted. Nothing is kept of it; give octets and wipe them, for nobody can wipe a string. */
  readonly key: string | Uint8Array;
  /** PEM: authorities whose certificates clients may have. Needed unless `clientCertificates` is 'none'. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** Whether clients may show a certificate, or must. One that is shown is verified, or the connection is cut. @defaultValue 'none' */
  readonly clientCertificates?: ClientCertificates;
  /** Protocols of ALPN, the best first. @defaultValue what the server offers: h2 and http/1.1 */
  readonly alpn?: readonly ('h2' | 'http/1.1')[];
  /** @defaultValue 'TLSv1.2' */
  readonly minVersion?: TlsVersion;
  /** @defaultValue 'TLSv1.3' */
  readonly maxVersion?: TlsVersion;
  /** OpenSSL's list. @defaultValue what HTTP/2 lets TLS 1.2 have, and TLS 1.3 */
  readonly ciphers?: string;
  /** Staples what its authority says of the certificate (OCSP) to handshakes. @defaultValue nothing is stapled or asked for */
  readonly ocsp?: TlsOcspOptions;
  /** Lists of revoked certificates, for those of clients. @defaultValue nobody looks */
  readonly revocation?: TlsRevocationOptions;
  /**
   * Asked of every client with a certificate, also where it resumes a session, before anything that it says is looked at: whether it
   * may stay. Whatever is not `true`, a throw, and no answer in `peerHookMs` refuse it. @defaultValue all may
   */
  readonly onPeerVerified?: PeerHook;
}

/** Lists are complete CRLs, in PEM or DER, that one of the authorities in `ca` or `issuers` has signed. */
export interface TlsRevocationOptions {
  /** They stay until `reload()`. */
  readonly crls?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** Files with one list or more; read anew when they have changed. */
  readonly files?: readonly string[];
  /** Time until files and dates are looked at again. @defaultValue 60_000, 1_000..86_400_000 */
  readonly reloadMs?: number;
  /** PEM: authorities below those in `ca` whose lists are taken too. @defaultValue none */
  readonly issuers?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** What happens to a client of whose issuer no list is in date. One that a list names is refused always. @defaultValue 'refuse' */
  readonly unknown?: 'refuse' | 'accept';
  /** How long before a list goes out of date `onTlsAlarm` says so. @defaultValue 86_400_000 (24 h), 0..31_536_000_000 */
  readonly alarmMs?: number;
}

/** Without `file` and `responder`, the responder that the certificate names is asked. */
export interface TlsOcspOptions {
  /** A response in DER, as `openssl ocsp -respout` writes it; looked at again every minute. */
  readonly file?: string;
  /** Where to ask, in http: responses are signed. */
  readonly responder?: string;
  /** PEM: who has issued the certificate. @defaultValue the second certificate in `cert` */
  readonly issuer?: string | Uint8Array;
  /** Whether `listenTls()` rejects without a response to staple. @defaultValue false: it says so (`onTlsAlarm`) and listens */
  readonly required?: boolean;
}

export interface TlsListenOptions extends ListenOptions, Partial<TlsPolicyOptions> {
  /** Policies for several names, in place of one for all. */
  readonly policies?: readonly TlsPolicyOptions[];
  /**
   * Whether the hello of a client is read before OpenSSL does. That costs a little of each handshake; it is needed where there are
   * `names`, and always: answers requests in clear with 400, tells what is wrong with a hello, and keeps more than one key for
   * tickets. @defaultValue 'needed'
   */
  readonly readHello?: 'needed' | 'always';
  readonly tickets?: TlsTicketOptions;
  /** Writes the secrets of all connections to a file, so that a capture can be read. For debugging. @defaultValue nothing is written */
  readonly keyLog?: TlsKeyLogOptions;
}

export interface TlsTicketOptions {
  /** What the keys come from, 32 octets at least: processes that share it take each other's tickets. @defaultValue random */
  readonly secret?: Uint8Array;
  /** Time until the next key. @defaultValue 43_200_000 (12 h), 1_000..604_800_000 */
  readonly rotationMs?: number;
  /** How long a session can be resumed. @defaultValue 3_600_000 (1 h), 1_000..604_800_000 */
  readonly lifetimeMs?: number;
}

export interface TlsKeyLogOptions {
  /** Is made for nobody else to read, or must be so. */
  readonly file: string;
  /** Whether it is written also where NODE_ENV is 'production'. @defaultValue false */
  readonly inProduction?: boolean;
}

const POLICY_NAMES = [
  ...['names', 'cert', 'key', 'ca', 'clientCertificates'],
  ...['alpn', 'minVersion', 'maxVersion', 'ciphers', 'ocsp', 'revocation', 'onPeerVerified'],
];

const VERSIONS = ['TLSv1.2', 'TLSv1.3'];
const MIN_SECRET = 32;
const WEEK_MS = 604_800_000;
/** More keys than that at once are a mistake: each is a context of OpenSSL for each policy. */
const MAX_WINDOW = 64;

/** `given` over the defaults. @throws RangeError, TypeError for what is out of range, of another type, or unknown */
export function completeTlsOptions(
  given: TlsListenOptions,
  limits: TlsLimits,
  protocols: readonly string[],
): TlsPortOptions {
  demandListenOptions(given, ['policies', 'readHello', 'tickets', 'keyLog', ...POLICY_NAMES]);
  const { port, host, policies, readHello = 'needed', tickets = {}, keyLog, ...single } = given;
  demandOneOf('Listen option readHello', readHello, ['needed', 'always']);
  return {
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    policies: completePolicies(policies ?? [{ cert: '', key: '', ...single }], protocols, policies && single),
    limits,
    readHello,
    tickets: completeTickets(tickets),
    keyLog: completeKeyLog(keyLog),
  };
}

/** @param beside policy options that stand beside `policies`, which is a mistake */
export function completePolicies(
  given: readonly TlsPolicyOptions[],
  protocols: readonly string[],
  beside: object = {},
): TlsPolicy[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new TypeError(`Listen option policies is ${said(given)}; it takes a list of one policy or more`);
  }
  const [stray] = Object.keys(beside);
  if (stray !== undefined)
    throw new TypeError(`Listen option ${stray} stands beside policies: write it into one of them`);
  return given.map((policy) => completePolicy(policy, protocols));
}

function completePolicy(given: TlsPolicyOptions, protocols: readonly string[]): TlsPolicy {
  demandObject('A TLS policy', given, POLICY_NAMES, 'TLS policy option');
  const { names = [], cert, key, ca = [], clientCertificates = 'none', alpn = protocols } = given;
  const { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3', ciphers = GOOD_CIPHERS } = given;
  const authorities = Array.isArray(ca) ? ca : [ca];
  demandStrings('names', names, () => true);
  demandPem('cert', cert);
  demandPem('key', key);
  for (const one of authorities) demandPem('ca', one);
  demandOneOf('TLS policy option clientCertificates', clientCertificates, ['none', 'request', 'require']);
  demandStrings('alpn', alpn, (one) => one === 'h2' || one === 'http/1.1');
  demandOneOf('TLS policy option minVersion', minVersion, VERSIONS);
  demandOneOf('TLS policy option maxVersion', maxVersion, VERSIONS);
  if (minVersion > maxVersion) throw new RangeError('TLS policy option minVersion is above maxVersion');
  if (typeof ciphers !== 'string')
    throw new TypeError(`TLS policy option ciphers is ${said(ciphers)}; it takes a string`);
  if ((clientCertificates === 'none') !== (authorities.length === 0)) {
    throw new TypeError("TLS policy options ca and clientCertificates ('request' or 'require') go together");
  }
  const { onPeerVerified } = given;
  if (onPeerVerified !== undefined && typeof onPeerVerified !== 'function')
    throw new TypeError(`TLS policy option onPeerVerified is ${said(onPeerVerified)}; it takes a function`);
  if (clientCertificates === 'none' && (onPeerVerified ?? given.revocation) !== undefined) {
    throw new TypeError(
      "TLS policy options revocation and onPeerVerified need clientCertificates ('request' or 'require')",
    );
  }
  return {
    ...{ names, cert, key, ca: authorities, clientCertificates, alpn, minVersion, maxVersion, ciphers },
    ...{ ocsp: completeOcsp(given.ocsp), revocation: completeRevocation(given.revocation), onPeerVerified },
  };
}

function completeRevocation(given: TlsRevocationOptions | undefined): TlsPolicy['revocation'] {
  if (given === undefined) return undefined;
  const names = ['crls', 'files', 'reloadMs', 'issuers', 'unknown', 'alarmMs'];
  demandObject('TLS policy option revocation', given, names, 'revocation option');
  const { files = [], reloadMs = 60_000, unknown = 'refuse', alarmMs = 86_400_000 } = given;
  const [crls, issuers] = [given.crls ?? [], given.issuers ?? []].map((one) => (Array.isArray(one) ? one : [one]));
  if (crls === undefined || issuers === undefined) throw new TypeError('TLS policy option revocation has no lists');
  for (const one of crls) demandPem('revocation.crls', one);
  for (const one of issuers) demandPem('revocation.issuers', one);
  demandStrings('revocation.files', files, (file) => file !== '');
  if (crls.length + files.length === 0) throw new TypeError('TLS policy option revocation has neither crls nor files');
  demandInteger('Revocation option reloadMs', reloadMs, 1_000, 86_400_000);
  demandInteger('Revocation option alarmMs', alarmMs, 0, 31_536_000_000);
  demandOneOf('Revocation option unknown', unknown, ['refuse', 'accept']);
  return { crls, files, reloadMs, issuers, unknown, alarmMs };
}

function completeOcsp(given: TlsOcspOptions | undefined): TlsPolicy['ocsp'] {
  if (given === undefined) return undefined;
  demandObject('TLS policy option ocsp', given, ['file', 'responder', 'issuer', 'required'], 'OCSP option');
  const { file, responder, issuer, required = false } = given;
  if (file !== undefined && (typeof file !== 'string' || file === ''))
    throw new TypeError(`OCSP option file is ${said(file)}; it takes the name of a file`);
  if (
    responder !== undefined &&
    !(typeof responder === 'string' && /^http:/.test(responder) && URL.canParse(responder))
  )
    throw new TypeError(`OCSP option responder is ${said(responder)}; it takes a URL of http`);
  if (file !== undefined && responder !== undefined)
    throw new TypeError('OCSP options file and responder exclude each other');
  if (issuer !== undefined) demandPem('ocsp.issuer', issuer);
  demandOneOf('OCSP option required', required, [true, false]);
  return { file, responder, issuer, isRequired: required };
}

function completeTickets(given: TlsTicketOptions): TlsPortOptions['tickets'] {
  demandObject('Listen option tickets', given, ['secret', 'rotationMs', 'lifetimeMs'], 'ticket option');
  const { secret, rotationMs = 43_200_000, lifetimeMs = 3_600_000 } = given;
  demandInteger('Ticket option rotationMs', rotationMs, 1_000, WEEK_MS);
  demandInteger('Ticket option lifetimeMs', lifetimeMs, 1_000, WEEK_MS);
  if (lifetimeMs / rotationMs > MAX_WINDOW) {
    throw new RangeError(`Ticket option lifetimeMs is more than ${MAX_WINDOW} times rotationMs`);
  }
  if (secret !== undefined && !(secret instanceof Uint8Array && secret.length >= MIN_SECRET)) {
    throw new TypeError(`Ticket option secret takes a Uint8Array of ${MIN_SECRET} octets or more`);
  }
  return { secret, rotationMs, lifetimeMs };
}

function completeKeyLog(given: TlsKeyLogOptions | undefined): TlsPortOptions['keyLog'] {
  if (given === undefined) return undefined;
  demandObject('Listen option keyLog', given, ['file', 'inProduction'], 'key log option');
  const { file, inProduction = false } = given;
  if (typeof file !== 'string' || file === '') {
    throw new TypeError(`Key log option file is ${said(file)}; it takes the name of a file`);
  }
  demandOneOf('Key log option inProduction', inProduction, [true, false]);
  return { file, isForced: inProduction };
}

function demandPem(name: string, value: unknown): void {
  if ((typeof value === 'string' && value !== '') || value instanceof Uint8Array) return;
  // WHY: what stands where a key should is not quoted
  throw new TypeError(`TLS policy option ${name} takes PEM, as a string or as octets`);
}

function demandStrings(name: string, value: unknown, isMember: (text: string) => boolean): void {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' && isMember(one))) return;
  throw new TypeError(`TLS policy option ${name} takes a list of ${name === 'alpn' ? "'h2' and 'http/1.1'" : 'names'}`);
}
