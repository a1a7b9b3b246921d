import { createECDH, createHash, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { GROUP } from './names.ts';

/** Heads of the two encodings of an X25519 key, which its 32 octets follow (RFC8410#7, RFC8410#4). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

/** Keys of one side for the two groups that everybody has, made of a seed: the same seed makes the same octets. */
export class Shares {
  /** By group, as they go into a key_share. */
  readonly p256: Buffer;
  readonly x25519: Buffer;
  readonly #ecdh = createECDH('prime256v1');
  readonly #montgomery;

  constructor(seed: string) {
    this.#ecdh.setPrivateKey(createHash('sha256').update(`p256 ${seed}`).digest());
    this.p256 = this.#ecdh.getPublicKey();
    const scalar = createHash('sha256').update(`x25519 ${seed}`).digest();
    this.#montgomery = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, scalar]), format: 'der', type: 'pkcs8' });
    this.x25519 = createPublicKey(this.#montgomery).export({ format: 'der', type: 'spki' }).subarray(-32);
  }

  /** The secret shared with the peer; undefined where its share is none. */
  with(group: number, share: Buffer): Buffer | undefined {
    try {
      if (group === GROUP.P256) return this.#ecdh.computeSecret(share);
      if (group !== GROUP.X25519) return undefined;
      const publicKey = createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, share]), format: 'der', type: 'spki' });
      return diffieHellman({ privateKey: this.#montgomery, publicKey });
    } catch {
      return undefined;
    }
  }
}
