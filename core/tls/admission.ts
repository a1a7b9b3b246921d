/** Whether one more handshake may begin: so many at once and so many in a time, of all peers and of each address. */
import type { TlsLimits } from '../limits/tls-limits.ts';

/** Why a connection is not let in. */
export type Refusal = 'handshakes' | 'handshakesPerAddress' | 'handshakeBurst' | 'addressBurst';

/** What is left of a budget, and when that was so. */
interface Bucket {
  left: number;
  atMs: number;
}

/** Budget and open handshakes of one address; those without open ones are forgotten first. */
interface Address extends Bucket {
  open: number;
}

export class Admission {
  readonly #limits: TlsLimits;
  readonly #all: Bucket;
  #open = 0;
  /** In the order in which they were last seen. */
  readonly #addresses = new Map<string, Address>();

  constructor(limits: TlsLimits, nowMs: number) {
    this.#limits = limits;
    this.#all = { left: limits.handshakeBurst, atMs: nowMs };
  }

  /** Handshakes under way. */
  get open(): number {
    return this.#open;
  }

  /** Addresses that are remembered. */
  get addresses(): number {
    return this.#addresses.size;
  }

  /** Begins a handshake of `address`, which has to `leave()`; or says which limit it breaks, and nothing is counted. */
  enter(address: string, nowMs: number): Refusal | undefined {
    const limits = this.#limits;
    const group = addressGroup(address);
    const peer = this.#addresses.get(group) ?? { left: limits.addressBurst, atMs: nowMs, open: 0 };
    refill(this.#all, limits.handshakesPerSecond, limits.handshakeBurst, nowMs);
    refill(peer, limits.addressPerSecond, limits.addressBurst, nowMs);
    const refusal = this.#refusal(peer);
    this.#addresses.delete(group);
    this.#addresses.set(group, peer);
    if (this.#addresses.size > limits.addresses) this.#forget();
    if (refusal !== undefined) return refusal;
    this.#all.left -= 1;
    this.#open += 1;
    peer.left -= 1;
    peer.open += 1;
    return undefined;
  }

  /** A handshake of `address` is over. */
  leave(address: string): void {
    this.#open -= 1;
    const peer = this.#addresses.get(addressGroup(address));
    if (peer !== undefined && peer.open > 0) peer.open -= 1;
  }

  #refusal(peer: Address): Refusal | undefined {
    if (this.#open >= this.#limits.handshakes) return 'handshakes';
    if (peer.open >= this.#limits.handshakesPerAddress) return 'handshakesPerAddress';
    if (peer.left < 1) return 'addressBurst';
    return this.#all.left < 1 ? 'handshakeBurst' : undefined;
  }

  /** Forgets the address that was quiet for longest, of the first few one without open handshakes. */
  #forget(): void {
    let oldest: string | undefined;
    let looked = 0;
    for (const [group, { open }] of this.#addresses) {
      oldest ??= group;
      if (open === 0) {
        oldest = group;
        break;
      }
      looked += 1;
      if (looked === LOOKED_AT) break;
    }
    if (oldest !== undefined) this.#addresses.delete(oldest);
  }
}

const LOOKED_AT = 8;

function refill(bucket: Bucket, perSecond: number, burst: number, nowMs: number): void {
  bucket.left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) * perSecond) / 1_000);
  bucket.atMs = nowMs;
}

/** Who counts as one: an IPv4 address, or the network of 64 bits that an IPv6 host has to itself. */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const first = head.split(':').filter((group) => group !== '');
  const last = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  return [...first, ...Array<string>(zeros).fill('0'), ...last].slice(0, 4).join(':');
}
