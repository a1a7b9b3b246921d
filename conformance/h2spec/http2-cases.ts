import { answerable, discardable, gone, type H2specCase, section } from './entry.ts';

const PRIORITIES_LEFT = 'RFC9113#5.3.2 left the dependencies between streams behind, and this rule with them.';

/** h2spec's group `http2`: what a server has to refuse, by section of the edition that h2spec was written for. */
export const HTTP2_CASES: readonly H2specCase[] = [
  ...section('http2/3.5', 'RFC9113#3.4', [
    'The server begins with SETTINGS',
    'After an invalid connection preface the server closes the connection',
  ]),
  ...section('http2/4.1', 'RFC9113#4.1', [
    'A frame of an unknown type is ignored',
    'An undefined flag is ignored',
    'The reserved bit is ignored',
  ]),
  ...section('http2/4.2', 'RFC9113#4.2', [
    'A DATA frame of 16384 octets is taken',
    'A DATA frame above SETTINGS_MAX_FRAME_SIZE is an error',
    'A HEADERS frame above SETTINGS_MAX_FRAME_SIZE is a connection error',
  ]),
  ...section('http2/4.3', 'RFC9113#4.3', [
    'A field block that cannot be decoded is a connection error',
    'PRIORITY inside a field block is a connection error',
    'HEADERS of another stream inside a field block is a connection error',
  ]),
  ...section('http2/5.1', 'RFC9113#5.1', [
    'DATA on an idle stream is a connection error',
    'RST_STREAM on an idle stream is a connection error',
    'WINDOW_UPDATE on an idle stream is a connection error',
    'CONTINUATION on an idle stream is a connection error',
    'DATA on a half-closed (remote) stream is an error',
    'HEADERS on a half-closed (remote) stream is an error',
    'CONTINUATION on a half-closed (remote) stream is an error',
    discardable('DATA behind RST_STREAM is an error'),
    discardable('HEADERS behind RST_STREAM is an error'),
    { title: 'CONTINUATION behind RST_STREAM is an error', rfc: 'RFC9113#6.10' },
    discardable('DATA on a closed stream is an error'),
    discardable('HEADERS on a closed stream is a connection error'),
    { title: 'CONTINUATION on a closed stream is a connection error', rfc: 'RFC9113#6.10' },
  ]),
  ...section('http2/5.1.1', 'RFC9113#5.1.1', [
    'A stream with an even identifier is a connection error',
    'A new stream with a lower identifier than one before it is a connection error',
  ]),
  ...section('http2/5.1.2', 'RFC9113#5.1.2', ['A stream above SETTINGS_MAX_CONCURRENT_STREAMS is refused']),
  ...section('http2/5.3.1', 'RFC9113#5.3.2', [
    gone('HEADERS whose stream depends on itself is a stream error', PRIORITIES_LEFT),
    gone('PRIORITY whose stream depends on itself is a stream error', PRIORITIES_LEFT),
  ]),
  ...section('http2/5.4.1', 'RFC9113#5.4.1', [
    'A connection error closes the connection',
    { title: 'A connection error is told by GOAWAY', level: 'SHOULD' },
  ]),
  ...section('http2/5.5', 'RFC9113#5.5', [
    'A frame of an unknown type is ignored',
    'A frame of an unknown type inside a field block is a connection error',
  ]),
  ...section('http2/6.1', 'RFC9113#6.1', [
    'DATA on stream 0 is a connection error',
    'DATA on a stream that takes none is a stream error',
    'DATA with more padding than payload is a connection error',
  ]),
  ...section('http2/6.2', 'RFC9113#6.2', [
    'PRIORITY behind HEADERS without END_HEADERS is a connection error',
    'HEADERS of another stream behind HEADERS without END_HEADERS is a connection error',
    'HEADERS on stream 0 is a connection error',
    'HEADERS with more padding than payload is a connection error',
  ]),
  ...section('http2/6.3', 'RFC9113#6.3', [
    'PRIORITY on stream 0 is a connection error',
    'PRIORITY of another length than 5 is a stream error',
  ]),
  ...section('http2/6.4', 'RFC9113#6.4', [
    'RST_STREAM on stream 0 is a connection error',
    'RST_STREAM on an idle stream is a connection error',
    'RST_STREAM of another length than 4 is a connection error',
  ]),
  ...section('http2/6.5', 'RFC9113#6.5', [
    'An acknowledgement of SETTINGS with a payload is a connection error',
    'SETTINGS on a stream is a connection error',
    'SETTINGS of a length that is no multiple of 6 is a connection error',
  ]),
  ...section('http2/6.5.2', 'RFC9113#6.5.2', [
    'SETTINGS_ENABLE_PUSH above 1 is a connection error',
    'SETTINGS_INITIAL_WINDOW_SIZE above 2^31-1 is a connection error',
    'SETTINGS_MAX_FRAME_SIZE below 16384 is a connection error',
    'SETTINGS_MAX_FRAME_SIZE above 2^24-1 is a connection error',
    'An unknown setting is ignored',
  ]),
  ...section('http2/6.5.3', 'RFC9113#6.5.3', [
    'Of two values of one setting the later one holds',
    'SETTINGS is acknowledged',
  ]),
  ...section('http2/6.7', 'RFC9113#6.7', [
    'PING is answered with its own octets',
    {
      title: 'An acknowledgement of PING is not answered',
      level: 'SHOULD',
      note: 'RFC9113#6.7 forbids to answer it; that a connection outlives one that nobody asked for is not said.',
    },
    'PING on a stream is a connection error',
    'PING of another length than 8 is a connection error',
  ]),
  ...section('http2/6.8', 'RFC9113#6.8', ['GOAWAY on a stream is a connection error']),
  ...section('http2/6.9', 'RFC9113#6.9', [
    'WINDOW_UPDATE of 0 on the connection is a connection error',
    'WINDOW_UPDATE of 0 on a stream is a stream error',
    'WINDOW_UPDATE of another length than 4 is a connection error',
  ]),
  ...section('http2/6.9.1', 'RFC9113#6.9.1', [
    'A window of one octet is filled with one octet',
    'A window of the connection above 2^31-1 is a connection error',
    'A window of a stream above 2^31-1 is a stream error',
  ]),
  ...section('http2/6.9.2', 'RFC9113#6.9.2', [
    'A new SETTINGS_INITIAL_WINDOW_SIZE moves the windows of open streams',
    'A window that became negative is waited for',
    { title: 'SETTINGS_INITIAL_WINDOW_SIZE above 2^31-1 is a connection error', rfc: 'RFC9113#6.5.2' },
  ]),
  ...section('http2/6.10', 'RFC9113#6.10', [
    'A field section in several CONTINUATION frames is taken',
    'Another frame between CONTINUATION frames is a connection error',
    'CONTINUATION on stream 0 is a connection error',
    'CONTINUATION behind HEADERS with END_HEADERS is a connection error',
    'CONTINUATION behind CONTINUATION with END_HEADERS is a connection error',
    'CONTINUATION behind DATA is a connection error',
  ]),
  ...section('http2/7', 'RFC9113#7', [
    'GOAWAY with an unknown error code is borne',
    'RST_STREAM with an unknown error code is borne',
  ]),
  ...section('http2/8.1', 'RFC9113#8.1', [answerable('A second HEADERS without END_STREAM is a stream error')]),
  ...section('http2/8.1.2', 'RFC9113#8.2.1', [answerable('A field name with an upper-case letter is a stream error')]),
  ...section('http2/8.1.2.1', 'RFC9113#8.3', [
    answerable('An unknown pseudo-field is a stream error'),
    answerable('A pseudo-field of responses is a stream error'),
    answerable('A pseudo-field in trailers is a stream error'),
    answerable('A pseudo-field behind a field is a stream error'),
  ]),
  ...section('http2/8.1.2.2', 'RFC9113#8.2.2', [
    answerable('A connection-specific field is a stream error'),
    answerable('TE with another value than trailers is a stream error'),
  ]),
  ...section('http2/8.1.2.3', 'RFC9113#8.3.1', [
    answerable('An empty :path is a stream error'),
    answerable('A request without :method is a stream error'),
    answerable('A request without :scheme is a stream error'),
    answerable('A request without :path is a stream error'),
    answerable('A second :method is a stream error'),
    answerable('A second :scheme is a stream error'),
    answerable('A second :path is a stream error'),
  ]),
  ...section('http2/8.1.2.6', 'RFC9113#8.1.1', [
    answerable('A Content-Length that one DATA frame contradicts is a stream error'),
    answerable('A Content-Length that several DATA frames contradict is a stream error'),
  ]),
  ...section('http2/8.2', 'RFC9113#8.4', ['PUSH_PROMISE of a client is a connection error']),
];
