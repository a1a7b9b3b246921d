import { createCipheriv, createDecipheriv } from 'node:crypto';
import { expandLabel, nextSecret } from './key-schedule.ts';
import { uint } from './octets.ts';
import { CONTENT, record, type TlsRecord } from './records.ts';

const TAG_BYTES = 16;
const NOTHING = Buffer.alloc(0);

/** What a protected record holds. */
export interface Opened {
  /** 0 where it holds nothing but padding. */
  readonly type: number;
  readonly content: Buffer;
}

/** How a record is sealed, right or wrong. */
export interface SealOptions {
  /** Zeros behind the content type. @defaultValue 0 */
  readonly padding?: number;
  /** Spoils the tag. */
  readonly spoilt?: boolean;
}

/** One direction of a connection: records of TLS_AES_128_GCM_SHA256 under one secret after the other (RFC8446#5.2). */
export class Protection {
  #secret: Buffer;
  #key: Buffer = NOTHING;
  #iv: Buffer = NOTHING;
  #count = 0;

  constructor(secret: Buffer) {
    this.#secret = secret;
    this.#use(secret);
  }

  /** Goes on to the next secret. */
  update(): void {
    this.#use(nextSecret(this.#secret));
  }

  seal(type: number, content: Buffer, { padding = 0, spoilt = false }: SealOptions = {}): Buffer {
    const inner = Buffer.concat([content, uint(type, 1), Buffer.alloc(padding)]);
    const length = inner.length + TAG_BYTES;
    const head = record(CONTENT.APPLICATION_DATA, NOTHING, 0x0303, length);
    const cipher = createCipheriv('aes-128-gcm', this.#key, this.#nonce()).setAAD(head);
    const body = Buffer.concat([cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
    if (spoilt) body.writeUInt8(body.readUInt8(length - 1) ^ 1, length - 1);
    return Buffer.concat([head, body]);
  }

  /** What it holds; undefined where it was not made with these keys. */
  open({ head, fragment }: TlsRecord): Opened | undefined {
    if (fragment.length < TAG_BYTES) return undefined;
    const cipher = createDecipheriv('aes-128-gcm', this.#key, this.#nonce()).setAAD(head);
    cipher.setAuthTag(fragment.subarray(-TAG_BYTES));
    const body = cipher.update(fragment.subarray(0, -TAG_BYTES));
    try {
      cipher.final();
    } catch {
      return undefined;
    }
    const end = body.findLastIndex((octet) => octet !== 0);
    return { type: body[end] ?? 0, content: body.subarray(0, Math.max(0, end)) };
  }

  #use(secret: Buffer): void {
    this.#secret = secret;
    this.#key = expandLabel(secret, 'key', NOTHING, 16);
    this.#iv = expandLabel(secret, 'iv', NOTHING, 12);
    this.#count = 0;
  }

  #nonce(): Buffer {
    const nonce = Buffer.from(this.#iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ this.#count++) >>> 0, 8);
    return nonce;
  }
}
