/**
 * Which certificates of clients are revoked, by lists that their authorities have signed.
 *
 * I1  A list is used only where one of the authorities has signed it; what cannot be used leaves what was there.
 * I2  A certificate that a list names is revoked, also where the list has gone out of date.
 * I3  A certificate is good only where a list of its issuer is in date and does not name it.
 */
import { createHash, randomBytes, type X509Certificate } from 'node:crypto';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { latin1 } from '../../bytes/latin1.ts';
import { type Crl, parseCrl } from '../../tls/crl.ts';
import { pkiError } from '../../tls/pki-error.ts';
import { SerialSet } from '../../tls/serial-set.ts';
import { isSame } from '../../tls/signed.ts';
import { parseCertificate } from '../../tls/x509.ts';
import type { AlarmSink } from './alarm.ts';
import { TlsConfigError } from './config-error.ts';
import type { RevocationStatus } from './peer-hook.ts';
import { nameOf, type RevocationPolicy, type TlsPolicy } from './policy.ts';
import { type Authority, authoritiesOf, isSignedBy, PKI_LIMITS } from './signatures.ts';

/** How the lists of a policy are. */
export interface CrlGauge {
  /** Names of the policy. */
  readonly policy: string;
  readonly lists: number;
  /** Certificates that they revoke. */
  readonly entries: number;
  /** When the first of them goes out of date, milliseconds since 1970; undefined: none says so. */
  readonly expiresAt: number | undefined;
  /** Files that were read anew and used. */
  readonly reloads: number;
  /** Files that could not be. */
  readonly failures: number;
}

interface List {
  readonly from: string;
  /** The issuer's name, one unit an octet. */
  readonly issuer: string;
  readonly serials: SerialSet;
  readonly expiresAt: number;
  readonly digest: string;
  alarm: 'crl_expiring' | 'crl_expired' | undefined;
}

export class Revocation {
  readonly #name: string;
  readonly #options: RevocationPolicy;
  readonly #authorities: readonly Authority[];
  readonly #onAlarm: AlarmSink;
  readonly #now: () => number;
  /** Lists by where they come from: a file may be replaced. */
  readonly #lists = new Map<string, readonly List[]>();
  #reloads = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;

  /** @throws TlsConfigError CRL_UNREADABLE, CRL_SIGNER */
  constructor(
    policy: Pick<TlsPolicy, 'names' | 'ca'> & { readonly revocation: RevocationPolicy },
    onAlarm: AlarmSink,
    now: () => number,
  ) {
    this.#name = nameOf(policy);
    this.#options = policy.revocation;
    this.#onAlarm = onAlarm;
    this.#now = now;
    this.#authorities = [...policy.ca, ...policy.revocation.issuers].flatMap(authoritiesOf);
    for (const [index, crl] of policy.revocation.crls.entries()) {
      this.#lists.set(`crls[${index}]`, this.#load(`crls[${index}]`, Buffer.from(crl)));
    }
    for (const file of policy.revocation.files) this.#lists.set(file, this.#load(file, this.#readNow(file)));
    this.#lookAtDates();
  }

  /** What is known of a certificate. @param certificate one that was verified */
  statusOf(certificate: X509Certificate): RevocationStatus {
    const parts = parseCertificate(certificate.raw, PKI_LIMITS);
    if ('failure' in parts) return 'unknown';
    const issuer = latin1(parts.issuer);
    let status: RevocationStatus = 'unknown';
    for (const lists of this.#lists.values()) {
      for (const list of lists) {
        if (list.issuer !== issuer) continue;
        if (list.serials.has(parts.serial)) return 'revoked';
        if (list.expiresAt > this.#now()) status = 'good';
      }
    }
    return status;
  }

  gauge(): CrlGauge {
    const lists = [...this.#lists.values()].flat();
    const expiresAt = Math.min(...lists.map((list) => list.expiresAt));
    return {
      policy: this.#name,
      lists: lists.length,
      entries: lists.reduce((sum, { serials }) => sum + serials.size, 0),
      expiresAt: Number.isFinite(expiresAt) ? expiresAt : undefined,
      ...{ reloads: this.#reloads, failures: this.#failures },
    };
  }

  /** Begins to look at files and dates by itself. */
  start(): void {
    this.#timer = setInterval(() => void this.reload(), this.#options.reloadMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Reads files anew. It never rejects: what cannot be used is told, and what was there stays. */
  reload(): Promise<void> {
    this.#underWay ??= this.#reload().finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  async #reload(): Promise<void> {
    for (const file of this.#options.files) {
      try {
        demandSmallFile(await stat(file));
        const octets = await readFile(file);
        const digest = digestOf(octets);
        if (this.#lists.get(file)?.[0]?.digest === digest) continue;
        this.#lists.set(file, this.#load(file, octets));
        this.#reloads += 1;
      } catch (error) {
        this.#failures += 1;
        const message = error instanceof Error ? error.message : String(error);
        this.#onAlarm({
          code: 'crl_reload',
          message: `${file} is not used, and what was read before stays: ${message}`,
        });
      }
    }
    this.#lookAtDates();
  }

  #readNow(file: string): Buffer {
    try {
      demandSmallFile(statSync(file));
      return readFileSync(file);
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      throw new TlsConfigError('CRL_UNREADABLE', `${file} for ${this.#name}`, message, error);
    }
  }

  /** Every list in these octets, PEM or DER, once it is known who has signed it. */
  #load(from: string, octets: Buffer): List[] {
    const subject = `${from} for ${this.#name}`;
    const digest = digestOf(octets);
    return listsIn(octets).map((bytes) => {
      const crl = parseCrl(bytes, PKI_LIMITS);
      if ('failure' in crl) throw new TlsConfigError('CRL_UNREADABLE', subject, pkiError(crl, bytes).message);
      if (!this.#authorities.some((one) => hasSigned(one, crl))) throw new TlsConfigError('CRL_SIGNER', subject);
      const serials = new SerialSet(crl, randomBytes(4).readUInt32LE());
      const { nextUpdate = Number.POSITIVE_INFINITY } = crl;
      return { from, issuer: latin1(crl.issuer), serials, expiresAt: nextUpdate, digest, alarm: undefined };
    });
  }

  /** Tells, once for each list, that it will soon go out of date, and that it has. */
  #lookAtDates(): void {
    const now = this.#now();
    for (const list of [...this.#lists.values()].flat()) {
      const left = list.expiresAt - now;
      if (left > this.#options.alarmMs) continue;
      const alarm = left > 0 ? 'crl_expiring' : 'crl_expired';
      if (list.alarm === alarm) continue;
      list.alarm = alarm;
      const date = new Date(list.expiresAt).toISOString();
      const then =
        this.#options.unknown === 'refuse' ? 'clients of its issuer are refused' : 'nobody else is refused by it';
      const message = `${list.from} for ${this.#name} ${left > 0 ? 'goes' : 'went'} out of date at ${date}: from then on ${then}`;
      this.#onAlarm({ code: alarm, message });
    }
  }
}

function hasSigned({ parts, key }: Authority, crl: Crl): boolean {
  return isSame(parts.subject, crl.issuer) && isSignedBy(crl.signature, key);
}

const BEGIN = '-----BEGIN X509 CRL-----';
const END = '-----END X509 CRL-----';

/** What is no PEM is DER. */
function listsIn(octets: Buffer): Buffer[] {
  const lists: Buffer[] = [];
  for (let at = octets.indexOf(BEGIN); at !== -1; at = octets.indexOf(BEGIN, at)) {
    const end = octets.indexOf(END, at);
    const to = end === -1 ? octets.length : end;
    lists.push(Buffer.from(octets.toString('latin1', at + BEGIN.length, to), 'base64'));
    at = to;
  }
  return lists.length === 0 ? [octets] : lists;
}

function digestOf(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex');
}

function demandSmallFile(stats: Stats): void {
  if (!stats.isFile()) throw new Error('it is no regular file');
  // PEM takes a third more
  if (stats.size > PKI_LIMITS.crlBytes * 1.5) throw new Error(`it has ${stats.size} octets`);
}
