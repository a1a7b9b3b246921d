import { type H2specCase, section } from './entry.ts';

/** h2spec's group `hpack`: what a decoder has to refuse. */
export const HPACK_CASES: readonly H2specCase[] = [
  ...section('hpack/2.3.3', 'RFC7541#2.3.3', [
    'A field with an index beyond the tables is a connection error',
    'A literal field whose name has an index beyond the tables is a connection error',
  ]),
  ...section('hpack/4.2', 'RFC7541#4.2', [
    {
      title: 'A table size update behind a field is a connection error',
      level: 'SHOULD',
      note: 'RFC7541#4.2 binds the encoder to put it first; that a decoder refuses it elsewhere is not said in so many words.',
    },
  ]),
  ...section('hpack/5.2', 'RFC7541#5.2', [
    'Huffman padding of more than seven bits is a connection error',
    'Huffman padding of zeros is a connection error',
    'The Huffman symbol EOS in a string is a connection error',
  ]),
  ...section('hpack/6.1', 'RFC7541#6.1', ['Index 0 is a connection error']),
  ...section('hpack/6.3', 'RFC7541#6.3', ['A table size update above the announced limit is a connection error']),
];
