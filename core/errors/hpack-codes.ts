import type { CodeSpec } from './code-spec.ts';

/** Every way in which a field block can fail to decode; each ends the connection with COMPRESSION_ERROR (RFC9113#4.3). */
export const HPACK_CODES = {
  HPACK_CUT: {
    rfc: 'RFC7541#5.1',
    status: 'close',
    what: 'field block',
    why: 'begins an integer or string that the block does not end',
  },
  HPACK_INTEGER_OVERFLOW: {
    rfc: 'RFC7541#5.1',
    status: 'close',
    what: 'HPACK integer',
    why: 'begins one that is longer than is taken',
  },
  HPACK_INDEX_ZERO: {
    rfc: 'RFC7541#6.1',
    status: 'close',
    what: 'HPACK index',
    why: 'is index 0, which stands for nothing',
  },
  HPACK_INDEX_RANGE: { rfc: 'RFC7541#2.3.3', status: 'close', what: 'HPACK index', why: 'points beyond both tables' },
  HPACK_STRING_CUT: {
    rfc: 'RFC7541#5.2',
    status: 'close',
    what: 'HPACK string',
    why: 'announces more octets than the block has',
  },
  HPACK_HUFFMAN_EOS: { rfc: 'RFC7541#5.2', status: 'close', what: 'Huffman string', why: 'completes the code of EOS' },
  HPACK_HUFFMAN_PADDING: {
    rfc: 'RFC7541#5.2',
    status: 'close',
    what: 'Huffman string',
    why: 'ends it with padding that is too long or not of ones',
  },
  HPACK_SIZE_UPDATE_PLACE: {
    rfc: 'RFC7541#4.2',
    status: 'close',
    what: 'field block',
    why: 'begins a table size update behind a field',
  },
  HPACK_SIZE_UPDATE_VALUE: {
    rfc: 'RFC7541#6.3',
    status: 'close',
    what: 'table size update',
    why: 'begins one above what SETTINGS allows',
  },
  HPACK_SIZE_UPDATE_MISSING: {
    rfc: 'RFC9113#4.3.1',
    status: 'close',
    what: 'field block',
    why: 'stands where an update to the reduced table size must',
  },
} as const satisfies Record<string, CodeSpec>;

export type HpackCode = keyof typeof HPACK_CODES;
