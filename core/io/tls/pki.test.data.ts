/** OCSP responses and CRLs for tests, made by hand: right ones, and ones with a mistake that no program would make. */
import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import {
  algorithmOf,
  type Certificate,
  der,
  distinguished,
  extension,
  signed,
} from '../../server/certificates.test.data.ts';

export const HOUR = 3_600_000;
/** 2026-11-25, when tests take place. */
export const NOW = Date.UTC(2026, 10, 25, 12);

export const OCSP_SIGNING = extension('551d25', der(0x30, der(0x06, Buffer.from('2b06010505070309', 'hex'))));
export const MUST_STAPLE = extension('2b06010505070118', der(0x30, der(0x02, Buffer.from([5]))));

/** Authority information access: where OCSP is answered. */
export function ocspAt(url: string): Buffer {
  const access = der(0x30, der(0x06, Buffer.from('2b06010505073001', 'hex')), der(0x86, Buffer.from(url)));
  return extension('2b06010505070101', der(0x30, access));
}

export const derOf = ({ cert }: Pick<Certificate, 'cert'>): Buffer => new X509Certificate(cert).raw;

const sha1 = (octets: Buffer): Buffer => createHash('sha1').update(octets).digest();
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));

/** The octets of a public key alone, which hashes are made of. */
function keyBits(key: KeyObject): Buffer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  // Of P-256 the last 65 octets; of RSA with 2,048 bits all behind the head of 24
  return key.asymmetricKeyType === 'rsa' ? spki.subarray(24) : spki.subarray(-65);
}

export function generalizedTime(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(text));
}

export interface ResponseOptions {
  readonly issuer: Certificate;
  readonly serial: Buffer;
  readonly status?: 'good' | 'revoked' | 'unknown';
  /** Who signs; the issuer itself without one. */
  readonly signer?: Certificate;
  /** Who it says has signed. */
  readonly responder?: 'name' | 'key';
  readonly brings?: readonly Certificate[];
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | undefined;
  readonly extensions?: readonly Buffer[];
  /** Object identifier in hex of the hash in the certId, and what makes it. */
  readonly hash?: 'sha1' | 'sha256';
}

/** A whole OCSP response in DER. */
export function makeResponse(options: ResponseOptions): Buffer {
  const { issuer, serial, status = 'good', signer = issuer, responder = 'name', brings = [], hash = 'sha1' } = options;
  const { thisUpdate = NOW - HOUR, extensions = [] } = options;
  const nextUpdate = 'nextUpdate' in options ? options.nextUpdate : NOW + 24 * HOUR;
  const digest = (octets: Buffer): Buffer => createHash(hash).update(octets).digest();
  const algorithm = der(0x30, Buffer.from(hash === 'sha1' ? '06052b0e03021a0500' : '0609608648016503040201', 'hex'));
  const certId = der(
    ...([0x30, algorithm] as const),
    der(0x04, digest(distinguished(issuer.name))),
    der(0x04, digest(keyBits(issuer.privateKey))),
    der(0x02, serial),
  );
  const certStatus = { good: der(0x80), unknown: der(0x82), revoked: der(0xa1, generalizedTime(NOW - HOUR)) }[status];
  const single = der(
    ...([0x30, certId, certStatus, generalizedTime(thisUpdate)] as const),
    ...(nextUpdate === undefined ? [] : [der(0xa0, generalizedTime(nextUpdate))]),
  );
  const id =
    responder === 'name'
      ? der(0xa1, distinguished(signer.name))
      : der(0xa2, der(0x04, sha1(keyBits(signer.privateKey))));
  const data = der(
    ...([0x30, id, generalizedTime(thisUpdate), der(0x30, single)] as const),
    ...(extensions.length === 0 ? [] : [der(0xa1, der(0x30, ...extensions))]),
  );
  const certs = brings.length === 0 ? [] : [der(0xa0, der(0x30, ...brings.map(derOf)))];
  const basic = signed(data, signer.privateKey, ...certs);
  const responseBytes = der(0x30, der(0x06, Buffer.from('2b0601050507300101', 'hex')), der(0x04, basic));
  return der(0x30, der(0x0a, Buffer.from([0])), der(0xa0, responseBytes));
}

export interface CrlOptions {
  readonly issuer: Certificate;
  readonly serials?: readonly Buffer[];
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | undefined;
  readonly extensions?: readonly Buffer[];
  /** Extensions of every entry. */
  readonly entryExtensions?: readonly Buffer[];
  readonly signer?: Certificate;
}

/** A whole CRL in DER. */
export function makeCrl(options: CrlOptions): Buffer {
  const { issuer, serials = [], thisUpdate = NOW - HOUR, signer = issuer } = options;
  const nextUpdate = 'nextUpdate' in options ? options.nextUpdate : NOW + 24 * HOUR;
  const { extensions = [extension('551d14', integer(1))], entryExtensions = [] } = options;
  const date = generalizedTime(thisUpdate);
  const more = entryExtensions.length === 0 ? [] : [der(0x30, ...entryExtensions)];
  const entries = serials.map((serial) => der(0x30, der(0x02, serial), date, ...more));
  const content = der(
    ...([0x30, integer(1), algorithmOf(signer.privateKey), distinguished(issuer.name), date] as const),
    ...(nextUpdate === undefined ? [] : [generalizedTime(nextUpdate)]),
    ...(entries.length === 0 ? [] : [der(0x30, ...entries)]),
    ...(extensions.length === 0 ? [] : [der(0xa0, der(0x30, ...extensions))]),
  );
  return signed(content, signer.privateKey);
}
