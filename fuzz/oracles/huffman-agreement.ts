/** The core's Huffman code held against the one that walks bits: as text that is encoded, and as code that is decoded. */
import { decodeHuffman, encodeHuffman, huffmanLength, latin1, maxDecodedBytes } from '../../core/sans-io.ts';
import { huffmanCode, huffmanText } from '../grammar/huffman-code.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** Octets around what is written, which must stay as they are. */
const MARGIN = 3;
const UNTOUCHED = 0xaa;

/** Demands that octets as text have one code, of the length that is foretold, which reads as that text. */
export function assertEncodesText(octets: Uint8Array): void {
  const text = latin1(octets);
  const length = huffmanLength(text);
  const out = new Uint8Array(length + 2 * MARGIN).fill(UNTOUCHED);
  const end = encodeHuffman(text, out, MARGIN);
  const code = latin1(out, MARGIN, MARGIN + length);
  if (end !== MARGIN + length) broken('length', `${length} octets were foretold, ${end - MARGIN} written`);
  if (!isUntouched(out, MARGIN, end)) broken('overrun', 'octets beside the code were written');
  if (code !== huffmanCode(text)) broken('code', `${quoted(text)} is encoded otherwise`);
  if (decode(octetsFrom(code)) !== text) broken('round-trip', `${quoted(text)} does not read as it was written`);
}

/** Demands that octets as code are read, or refused, as the bit-by-bit reading does. */
export function assertDecodesCode(octets: Uint8Array): void {
  const expected = huffmanText(latin1(octets));
  const decoded = decode(octets);
  if (typeof decoded === 'string') {
    if (!('text' in expected)) return broken(expected.failure, `a code was read as ${quoted(decoded)}`);
    if (decoded !== expected.text) broken('text', `${quoted(decoded)} was read for ${quoted(expected.text)}`);
  } else if ('text' in expected || decoded.failure !== expected.failure) {
    broken(decoded.failure, `a code was refused for its ${decoded.failure}`);
  } else if (!(decoded.at >= 0 && decoded.at < octets.length)) {
    broken('offset', `a failure at ${decoded.at}`);
  }
}

function decode(octets: Uint8Array) {
  const room = maxDecodedBytes(octets.length);
  const out = new Uint8Array(room + MARGIN).fill(UNTOUCHED);
  const around = new Uint8Array(octets.length + 2 * MARGIN).fill(0xff);
  around.set(octets, MARGIN);
  const length = decodeHuffman(around, MARGIN, MARGIN + octets.length, out);
  if (!isUntouched(out, 0, room)) broken('overrun', 'more octets than there was room for were written');
  return typeof length === 'number' ? latin1(out, 0, length) : { ...length, at: length.at - MARGIN };
}

function isUntouched(out: Uint8Array, from: number, to: number): boolean {
  return out.every((octet, at) => (at >= from && at < to) || octet === UNTOUCHED);
}

function octetsFrom(text: string): Uint8Array {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}

function broken(state: string, message: string): never {
  throw new OracleError('huffman', message, { state });
}
