import { BlockError, type Field, HpackReader } from './hpack-reader.ts';

/** One field block as it could be read. */
interface ReadBlock {
  readonly fields: readonly Field[];
  /** Why it could not be read. */
  readonly problem?: string;
}

const FIRST_TABLE_BYTES = 4_096;
/** A report looks on: it takes a table of any size that the other side may have allowed. */
const MOST_TABLE_BYTES = 16 * 1_048_576;

/** A reader of the field blocks of one direction of a connection, in their order, for a report. It never throws. */
export function readBlocks(): (block: Uint8Array) => ReadBlock {
  const reader = new HpackReader(FIRST_TABLE_BYTES);
  reader.allowTable(MOST_TABLE_BYTES);
  let broken = false;
  return (block) => {
    // RFC7541#2.2: the table is shared by all blocks, so that nothing is known of those behind a broken one.
    if (broken) return { fields: [], problem: 'behind a block that could not be read' };
    try {
      return { fields: reader.decode(Buffer.from(block)).fields };
    } catch (error) {
      if (!(error instanceof BlockError)) throw error;
      broken = true;
      return { fields: [], problem: error.message };
    }
  };
}
