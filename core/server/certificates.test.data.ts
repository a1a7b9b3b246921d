/** Certificates for tests, made when they are needed: no key lies in the repository, and no program has to be installed. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly serial: Buffer;
}

export interface CertificateOptions {
  /** Whose certificate it is, and the host name that it is for. */
  readonly name: string;
  /** Who signs it; itself without one. */
  readonly issuer?: Certificate;
  readonly isAuthority?: boolean;
  readonly kind?: 'P-256' | 'RSA';
  /** `YYMMDD`. */
  readonly from?: string;
  readonly to?: string;
  /** Further extensions, as `extension()` makes them. */
  readonly extensions?: readonly Buffer[];
  /** The whole serial number, in place of the next. */
  readonly serial?: Buffer;
}

let nextSerial = 1;

export function makeCertificate(options: CertificateOptions): Certificate {
  const { name, issuer, isAuthority = false, kind = 'P-256', from = '200101', to = '491231' } = options;
  const { serial = Buffer.from([0x40, nextSerial++ & 0x7f]) } = options;
  const { privateKey, publicKey } =
    kind === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = issuer?.privateKey ?? privateKey;
  const algorithm = algorithmOf(signer);
  const validity = der(0x30, ...[from, to].map((day) => der(0x17, Buffer.from(`${day}000000Z`))));
  const extensions = [
    extension('551d11', der(0x30, der(0x82, Buffer.from(name)))),
    ...(isAuthority ? [extension('551d13', der(0x30, der(0x01, Buffer.from([0xff]))))] : []),
    ...(options.extensions ?? []),
  ];
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const content = der(
    0x30,
    version,
    der(0x02, serial),
    algorithm,
    distinguished(issuer?.name ?? name),
    validity,
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions)),
  );
  return {
    cert: toPem('CERTIFICATE', signed(content, signer)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    name,
    privateKey,
    serial,
  };
}

/** What is signed, its algorithm, its signature: certificates and CRLs are alike. */
export function signed(content: Buffer, signer: KeyObject, ...more: readonly Buffer[]): Buffer {
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, signer));
  return der(0x30, content, algorithmOf(signer), signature, ...more);
}

/** That which a key of its kind signs with here. */
export function algorithmOf({ asymmetricKeyType }: KeyObject): Buffer {
  const hex = asymmetricKeyType === 'rsa' ? '06092a864886f70d01010b0500' : '06082a8648ce3d040302';
  return der(0x30, Buffer.from(hex, 'hex'));
}

export function toPem(label: string, content: Buffer): string {
  const body = content.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

export function distinguished(name: string): Buffer {
  return der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(name)))));
}

/** @param oid its octets as hex digits */
export function extension(oid: string, content: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [der(0x01, Buffer.from([0xff]))] : [];
  return der(0x30, der(0x06, Buffer.from(oid, 'hex')), ...critical, der(0x04, content));
}

/** One element of DER: tag, length, parts. */
export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const octets = [24, 16, 8, 0].map((shift) => (length >> shift) & 0xff).slice(Math.clz32(length) >> 3);
  const size = length < 0x80 ? [length] : [0x80 | octets.length, ...octets];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
