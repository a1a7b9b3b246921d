/** A connection in clear with its owner, transport and clock: the lines of its script, and what it tells and writes. */
import type { Cut, Tell } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { runClear } from '../oracles/clear-connection.ts';
import { readClearScript } from '../oracles/clear-script.ts';

/** Tells a connection; its offsets are those of the input, which has lines of the script between a client's octets. */
export function tellClear(octets: Uint8Array, cut: Cut, tell: Tell): void {
  const script = readClearScript(octets, inputOf(octets));
  let connectionAt = 0;
  const stretches = script.flatMap((step) => {
    if (step.kind !== 'octets') return [];
    const stretch = { connectionAt, inputAt: step.octets.byteOffset - octets.byteOffset };
    connectionAt += step.octets.length;
    return [stretch];
  });
  const place = (offset: number): number => {
    const stretch = stretches.findLast((one) => one.connectionAt <= offset);
    return stretch === undefined ? 0 : stretch.inputAt + offset - stretch.connectionAt;
  };
  /** What tells no place is about the octet that was told last. */
  let last = 0;
  runClear(script, cut, (event) => {
    const hasPlace = /^(?:request|content|end|error)\b/.test(event.kind);
    if (!hasPlace) return tell({ ...event, offset: last });
    const lastOctet = event.kind.startsWith('content') ? event.text.length - 1 : 0;
    last = place(event.offset + lastOctet);
    tell({ ...event, offset: place(event.offset) });
  });
}
