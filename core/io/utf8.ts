import { writeLatin1 } from '../bytes/latin1.ts';

const ENCODER = new TextEncoder();
const POOL_BYTES = 8_192;
/** Longer texts are better left to the runtime. */
const SHORT_UNITS = 512;

let pool = new Uint8Array(POOL_BYTES);
let poolUsed = 0;
let lastText = '';
let lastBytes = new Uint8Array(0);

/**
 * Octets of `text` as UTF-8. Short ones share memory that is never written twice; they are the caller's to read.
 * WHY: the last short one is kept, because many answers in a row are the same constant.
 */
export function utf8(text: string): Uint8Array {
  if (text === lastText) return lastBytes;
  if (text.length > SHORT_UNITS || !isAscii(text)) return ENCODER.encode(text);
  lastBytes = pooled(text);
  lastText = text;
  return lastBytes;
}

function pooled(text: string): Uint8Array<ArrayBuffer> {
  if (poolUsed + text.length > POOL_BYTES) {
    pool = new Uint8Array(POOL_BYTES);
    poolUsed = 0;
  }
  const from = poolUsed;
  poolUsed += writeLatin1(pool, text, from);
  return pool.subarray(from, poolUsed);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
