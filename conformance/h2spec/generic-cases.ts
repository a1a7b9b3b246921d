import { type H2specCase, section } from './entry.ts';

/** h2spec's group `generic`: ordinary use that a server has to cope with. */
export const GENERIC_CASES: readonly H2specCase[] = [
  ...section('generic/1', 'RFC9113#3.4', ['A connection preface is answered']),
  ...section('generic/2', 'RFC9113#5.1', [
    'PRIORITY on an idle stream is borne',
    'WINDOW_UPDATE on a half-closed (remote) stream is borne',
    'PRIORITY on a half-closed (remote) stream is borne',
    'RST_STREAM on a half-closed (remote) stream is borne',
    'PRIORITY on a closed stream is borne',
  ]),
  ...section('generic/3.1', 'RFC9113#6.1', [
    'Content in one DATA frame is taken',
    'Content in several DATA frames is taken',
    'Content in a padded DATA frame is taken',
  ]),
  ...section('generic/3.2', 'RFC9113#6.2', [
    'A request in a HEADERS frame is answered',
    'A request in a padded HEADERS frame is answered',
    'A request in a HEADERS frame with priority fields is answered',
  ]),
  ...section('generic/3.3', 'RFC9113#6.3', [
    'PRIORITY of the least weight is borne',
    'PRIORITY of the greatest weight is borne',
    'PRIORITY with a dependency is borne',
    'PRIORITY with the exclusive flag is borne',
    'PRIORITY on an idle stream leaves lower streams to be opened',
  ]),
  ...section('generic/3.4', 'RFC9113#6.4', ['RST_STREAM is borne']),
  ...section('generic/3.5', 'RFC9113#6.5', ['SETTINGS is acknowledged']),
  ...section('generic/3.7', 'RFC9113#6.7', ['PING is answered']),
  ...section('generic/3.8', 'RFC9113#6.8', ['GOAWAY is borne']),
  ...section('generic/3.9', 'RFC9113#6.9', [
    'WINDOW_UPDATE of the connection is borne',
    'WINDOW_UPDATE of a stream is borne',
  ]),
  ...section('generic/3.10', 'RFC9113#6.10', [
    'A field section that ends in CONTINUATION is taken',
    'A field section in several CONTINUATION frames is taken',
  ]),
  ...section('generic/4', 'RFC9113#8.1', [
    'GET is answered',
    'HEAD is answered',
    'POST with content is answered',
    'POST with content and trailers is answered',
  ]),
  ...section('generic/5', 'RFC7541#6.1', [
    'An indexed field is decoded',
    ...literals('RFC7541#6.2.1', 'a literal field with indexing'),
    ...literals('RFC7541#6.2.2', 'a literal field without indexing'),
    ...literals('RFC7541#6.2.3', 'a literal field that is never indexed'),
    { title: 'A dynamic table size update is taken', rfc: 'RFC7541#6.3' },
    { title: 'Two dynamic table size updates in a row are taken', rfc: 'RFC7541#6.3' },
  ]),
];

function literals(rfc: string, what: string): readonly { readonly title: string; readonly rfc: string }[] {
  return ['indexed name', 'indexed name, Huffman', 'new name', 'new name, Huffman'].map((how) => ({
    title: `The server decodes ${what}: ${how}`,
    rfc,
  }));
}
