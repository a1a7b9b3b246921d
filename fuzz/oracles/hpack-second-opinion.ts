/**
 * The core's HPACK decoder beside `hpack.js`, a decoder of other authors: what both accept has to be the same fields. Where one
 * refuses what the other takes, the difference must be one that is known and explained.
 */
import hpackJs from 'hpack.js';
import { HpackDecoder } from '../../core/sans-io.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import type { BlockItem } from '../grammar/hpack-blocks.ts';
import { OracleError, quoted } from './oracle-error.ts';

const LIMITS = { tableBytes: 4_096, listBytes: Number.MAX_SAFE_INTEGER, fieldCount: Number.MAX_SAFE_INTEGER };

/** Codes of refusals that `hpack.js` 2.1.6 does not share, and why the core is right. */
const ONLY_OURS: Readonly<Record<string, string>> = {
  HPACK_SIZE_UPDATE_PLACE: 'it takes size updates anywhere; RFC7541#4.2 has them at the beginning of a block',
};

/** Demands that both decoders agree on each block, up to the first that one of them refuses. */
export function assertAgreesWithHpackJs(items: readonly BlockItem[]): void {
  const decoder = new HpackDecoder(LIMITS);
  const other = hpackJs.decompressor.create({ table: { maxSize: LIMITS.tableBytes } });
  for (const item of items) {
    // Its limit cannot be changed once it is made
    if (item.kind === 'setting') continue;
    const octets = octetsOf(item.octets);
    const decoded = decoder.decode(octets);
    const theirs: string[] = [];
    let refusal: string | undefined;
    try {
      other.write(octets);
      other.execute();
    } catch (thrown) {
      // Of whatever class: a TypeError where it reads past the end of a block
      refusal = thrown instanceof Error ? thrown.message : String(thrown);
    }
    for (let field = other.read(); field !== null; field = other.read()) theirs.push(`${field.name}: ${field.value}`);
    if ('code' in decoded) {
      if (refusal === undefined && ONLY_OURS[decoded.code] === undefined)
        differ(decoded.code, `hpack.js takes what is refused: ${decoded.code}`, item);
      return;
    }
    if (refusal !== undefined) return differ('refused', `hpack.js refuses what is taken: ${quoted(refusal)}`, item);
    const ours = decoded.fields.map(({ name, value }) => `${name}: ${value}`);
    const at = ours.findIndex((field, index) => field !== theirs[index]);
    if (at >= 0 || ours.length !== theirs.length) {
      differ(
        'fields',
        `hpack.js reads ${quoted(String(theirs[Math.max(0, at)]))} for ${quoted(String(ours[Math.max(0, at)]))}`,
        item,
      );
    }
  }
}

function differ(state: string, message: string, item: BlockItem): never {
  throw new OracleError('hpack.js', message, { state, offset: item.at });
}
