import type { ByteRange } from './range.ts';

/** `Content-Range` of a part (RFC9110#14.4), and of a 416 where there is none. */
export function contentRange(range: ByteRange | undefined, bytes: number): string {
  return range === undefined ? `bytes */${bytes}` : `bytes ${range.first}-${range.last}/${bytes}`;
}

/** A `multipart/byteranges` content (RFC9110#14.6): text and ranges of the representation, in turn. */
export interface Multipart {
  /** Value of Content-Type. */
  readonly type: string;
  /** Octets of the whole. */
  readonly bytes: number;
  readonly parts: readonly MultipartPart[];
  /** What stands behind the last part. */
  readonly closing: string;
}

export interface MultipartPart {
  /** Delimiter and head of the part. */
  readonly head: string;
  readonly range: ByteRange;
}

/**
 * Lays out ranges as `multipart/byteranges`.
 * @param type Content-Type of the representation, which RFC9110#15.3.7.2 wants in every part
 * @param boundary stands nowhere in the representation: random and long
 */
export function layOutMultipart(
  ranges: readonly ByteRange[],
  bytes: number,
  type: string,
  boundary: string,
): Multipart {
  const parts = ranges.map((range, index) => ({
    head: `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: ${contentRange(range, bytes)}\r\n\r\n`,
    range,
  }));
  const closing = `\r\n--${boundary}--\r\n`;
  const total = parts.reduce(
    (sum, { head, range }) => sum + head.length + range.last - range.first + 1,
    closing.length,
  );
  return { type: `multipart/byteranges; boundary=${boundary}`, bytes: total, parts, closing };
}
