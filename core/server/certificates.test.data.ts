/** Certificates for tests, made when they are needed: no key lies in the repository, and no program has to be installed. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly name: string;
  readonly privateKey: KeyObject;
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
}

let serial = 1;

export function makeCertificate(options: CertificateOptions): Certificate {
  const { name, issuer, isAuthority = false, kind = 'P-256', from = '200101', to = '491231' } = options;
  const { privateKey, publicKey } =
    kind === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = issuer?.privateKey ?? privateKey;
  const algorithm = der(
    0x30,
    signer.asymmetricKeyType === 'rsa'
      ? Buffer.from('06092a864886f70d01010b0500', 'hex')
      : Buffer.from('06082a8648ce3d040302', 'hex'),
  );
  const validity = der(0x30, ...[from, to].map((day) => der(0x17, Buffer.from(`${day}000000Z`))));
  const extensions = [
    extension('551d11', der(0x30, der(0x82, Buffer.from(name)))),
    ...(isAuthority ? [extension('551d13', der(0x30, der(0x01, Buffer.from([0xff]))))] : []),
  ];
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const content = der(
    0x30,
    version,
    der(0x02, Buffer.from([0x40, serial++ & 0x7f])),
    algorithm,
    distinguished(issuer?.name ?? name),
    validity,
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, signer));
  const body = der(0x30, content, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    name,
    privateKey,
  };
}

function distinguished(name: string): Buffer {
  return der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(name)))));
}

/** @param oid its octets as hex digits */
function extension(oid: string, content: Buffer): Buffer {
  return der(0x30, der(0x06, Buffer.from(oid, 'hex')), der(0x04, content));
}

/** One element of DER: tag, length, parts. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
