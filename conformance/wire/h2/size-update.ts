import { FLAG, FRAME, frameOctets, readFrame } from './frames.ts';
import { sizeUpdate } from './hpack-writer.ts';

/** First octet of a size update (RFC7541#6.3). */
const isUpdate = (octet: number) => octet >> 5 === 1;

/**
 * A HEADERS frame whose block begins with a size update to `bytes`, as it has to behind SETTINGS that make the table smaller
 * (RFC9113#4.3.1). Undefined for octets that are no such frame; a block that has an update of its own stays as it is.
 */
export function withSizeUpdate(octets: Buffer, bytes: number): Buffer | undefined {
  const reading = readFrame(octets);
  if (reading === undefined || reading.bytes !== octets.length || reading.frame.type !== FRAME.HEADERS)
    return undefined;
  const { type, flags, stream, payload } = reading.frame;
  const at = (flags & FLAG.PADDED ? 1 : 0) + (flags & FLAG.PRIORITY ? 5 : 0);
  if (payload.length > at && isUpdate(payload.readUInt8(at))) return octets;
  return frameOctets(
    type,
    flags,
    stream,
    Buffer.concat([payload.subarray(0, at), sizeUpdate(bytes), payload.subarray(at)]),
  );
}
