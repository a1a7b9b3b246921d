import type { CodeSpec, ErrorStatus } from './code-spec.ts';

/** Error codes of HTTP/2 (RFC9113#7). */
export const H2_ERROR = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const;

const { PROTOCOL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED, FRAME_SIZE_ERROR } = H2_ERROR;
const { NO_ERROR, REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM } = H2_ERROR;

/** One row of the HTTP/2 registry: what is broken, and which error with which number the peer gets. */
export interface Http2CodeSpec extends CodeSpec {
  /** Whether the connection ends or only the stream (RFC9113#5.4). */
  readonly scope: 'connection' | 'stream';
  /** Number for GOAWAY or RST_STREAM. */
  readonly h2: number;
}

/** Every way in which an HTTP/2 peer can fail us: one row per failure site. */
export const HTTP2_CODES = {
  // Frames in general
  H2_PREFACE: connection('RFC9113#3.4', PROTOCOL_ERROR, 'connection preface', 'does not belong to it'),
  H2_FIRST_FRAME: connection('RFC9113#3.4', PROTOCOL_ERROR, 'connection preface', 'the first frame is not SETTINGS'),
  H2_FRAME_SIZE: connection('RFC9113#4.2', FRAME_SIZE_ERROR, 'frame', 'it is longer than SETTINGS_MAX_FRAME_SIZE'),
  H2_BLOCK_INTERRUPTED: connection('RFC9113#6.10', PROTOCOL_ERROR, 'field block', 'another frame comes before its end'),
  H2_PADDING: connection('RFC9113#6.1', PROTOCOL_ERROR, 'padding', 'it is as long as the payload or longer'),
  H2_PADDING_CUT: connection(
    'RFC9113#4.2',
    FRAME_SIZE_ERROR,
    'padded frame',
    'the payload is too short for its Pad Length',
  ),

  // Frame types
  H2_DATA_STREAM_ZERO: connection('RFC9113#6.1', PROTOCOL_ERROR, 'DATA', 'it names stream 0'),
  H2_DATA_IDLE: connection('RFC9113#5.1', PROTOCOL_ERROR, 'DATA', 'the stream is idle'),
  H2_DATA_CLOSED: stream('RFC9113#5.1', STREAM_CLOSED, 'DATA', 'the peer has ended the stream'),
  H2_CLOSED_STREAM: connection('RFC9113#5.1', STREAM_CLOSED, 'frame', 'the stream is closed'),
  H2_HEADERS_STREAM_ZERO: connection('RFC9113#6.2', PROTOCOL_ERROR, 'HEADERS', 'it names stream 0'),
  H2_HEADERS_PRIORITY_CUT: connection(
    'RFC9113#4.2',
    FRAME_SIZE_ERROR,
    'HEADERS',
    'the payload is too short for its priority fields',
  ),
  H2_HEADERS_CLOSED: stream('RFC9113#5.1', STREAM_CLOSED, 'HEADERS', 'the peer has ended the stream'),
  H2_STREAM_PARITY: connection(
    'RFC9113#5.1.1',
    PROTOCOL_ERROR,
    'stream identifier',
    'a client opens odd-numbered streams only',
  ),
  H2_STREAM_ORDER: connection(
    'RFC9113#5.1.1',
    PROTOCOL_ERROR,
    'stream identifier',
    'it is not above all that were used before',
  ),
  H2_STREAM_LIMIT: stream(
    'RFC9113#5.1.2',
    REFUSED_STREAM,
    'HEADERS',
    'as many streams are open as SETTINGS_MAX_CONCURRENT_STREAMS allows',
  ),
  H2_PRIORITY_STREAM_ZERO: connection('RFC9113#6.3', PROTOCOL_ERROR, 'PRIORITY', 'it names stream 0'),
  H2_PRIORITY_SELF: stream('RFC9113#5.3.1', PROTOCOL_ERROR, 'priority', 'the stream depends on itself'),
  H2_PRIORITY_LENGTH: stream('RFC9113#6.3', FRAME_SIZE_ERROR, 'PRIORITY', 'its length is not 5'),
  H2_RST_STREAM_ZERO: connection('RFC9113#6.4', PROTOCOL_ERROR, 'RST_STREAM', 'it names stream 0'),
  H2_RST_IDLE: connection('RFC9113#6.4', PROTOCOL_ERROR, 'RST_STREAM', 'the stream is idle'),
  H2_RST_LENGTH: connection('RFC9113#6.4', FRAME_SIZE_ERROR, 'RST_STREAM', 'its length is not 4'),
  H2_SETTINGS_STREAM: connection('RFC9113#6.5', PROTOCOL_ERROR, 'SETTINGS', 'it names a stream'),
  H2_SETTINGS_LENGTH: connection('RFC9113#6.5', FRAME_SIZE_ERROR, 'SETTINGS', 'its length is no multiple of 6'),
  H2_SETTINGS_ACK_LENGTH: connection('RFC9113#6.5', FRAME_SIZE_ERROR, 'SETTINGS', 'an acknowledgement has a payload'),
  H2_SETTINGS_ACK_STRAY: connection('RFC9113#6.5.3', PROTOCOL_ERROR, 'SETTINGS', 'it acknowledges what was not sent'),
  H2_SETTINGS_PUSH: connection('RFC9113#6.5.2', PROTOCOL_ERROR, 'SETTINGS_ENABLE_PUSH', 'the value is neither 0 nor 1'),
  H2_SETTINGS_WINDOW: connection(
    'RFC9113#6.5.2',
    FLOW_CONTROL_ERROR,
    'SETTINGS_INITIAL_WINDOW_SIZE',
    'the value is above 2^31 - 1',
  ),
  H2_SETTINGS_FRAME_SIZE: connection(
    'RFC9113#6.5.2',
    PROTOCOL_ERROR,
    'SETTINGS_MAX_FRAME_SIZE',
    'the value is not from 2^14 to 2^24 - 1',
  ),
  H2_SETTINGS_CONNECT: connection(
    'RFC8441#3',
    PROTOCOL_ERROR,
    'SETTINGS_ENABLE_CONNECT_PROTOCOL',
    'the value is neither 0 nor 1, or 0 after 1',
  ),
  H2_SETTINGS_PRIORITIES: connection(
    'RFC9218#2.1',
    PROTOCOL_ERROR,
    'SETTINGS_NO_RFC7540_PRIORITIES',
    'the value is neither 0 nor 1, or has changed',
  ),
  H2_SETTINGS_TIMEOUT: connection('RFC9113#6.5.3', SETTINGS_TIMEOUT, 'SETTINGS', 'they were not acknowledged in time'),
  H2_PUSH_PROMISE: connection('RFC9113#8.4', PROTOCOL_ERROR, 'PUSH_PROMISE', 'a client must not send it'),
  H2_PING_STREAM: connection('RFC9113#6.7', PROTOCOL_ERROR, 'PING', 'it names a stream'),
  H2_PING_LENGTH: connection('RFC9113#6.7', FRAME_SIZE_ERROR, 'PING', 'its length is not 8'),
  H2_GOAWAY_STREAM: connection('RFC9113#6.8', PROTOCOL_ERROR, 'GOAWAY', 'it names a stream'),
  H2_GOAWAY_LENGTH: connection('RFC9113#6.8', FRAME_SIZE_ERROR, 'GOAWAY', 'it is shorter than 8 octets'),
  H2_WINDOW_LENGTH: connection('RFC9113#6.9', FRAME_SIZE_ERROR, 'WINDOW_UPDATE', 'its length is not 4'),
  H2_WINDOW_IDLE: connection('RFC9113#5.1', PROTOCOL_ERROR, 'WINDOW_UPDATE', 'the stream is idle'),
  H2_WINDOW_ZERO: connection('RFC9113#6.9', PROTOCOL_ERROR, 'WINDOW_UPDATE', 'the increment is 0'),
  H2_WINDOW_ZERO_STREAM: stream('RFC9113#6.9', PROTOCOL_ERROR, 'WINDOW_UPDATE', 'the increment is 0'),
  H2_WINDOW_OVERFLOW: connection(
    'RFC9113#6.9.1',
    FLOW_CONTROL_ERROR,
    'WINDOW_UPDATE',
    'it lifts the window of the connection above 2^31 - 1',
  ),
  H2_WINDOW_OVERFLOW_STREAM: stream(
    'RFC9113#6.9.1',
    FLOW_CONTROL_ERROR,
    'WINDOW_UPDATE',
    'it lifts the window of the stream above 2^31 - 1',
  ),
  H2_SETTINGS_WINDOW_OVERFLOW: connection(
    'RFC9113#6.9.2',
    FLOW_CONTROL_ERROR,
    'SETTINGS_INITIAL_WINDOW_SIZE',
    'it lifts the window of a stream above 2^31 - 1',
  ),
  H2_FLOW_CONNECTION: connection(
    'RFC9113#6.9.1',
    FLOW_CONTROL_ERROR,
    'DATA',
    'it exceeds the window of the connection',
  ),
  H2_FLOW_STREAM: stream('RFC9113#6.9.1', FLOW_CONTROL_ERROR, 'DATA', 'it exceeds the window of the stream'),
  H2_CONTINUATION_STRAY: connection('RFC9113#6.10', PROTOCOL_ERROR, 'CONTINUATION', 'no field block is open'),
  H2_PRIORITY_UPDATE_STREAM: connection(
    'RFC9218#7.1',
    PROTOCOL_ERROR,
    'PRIORITY_UPDATE',
    'it does not come on stream 0',
  ),
  H2_PRIORITY_UPDATE_LENGTH: connection(
    'RFC9218#7.1',
    FRAME_SIZE_ERROR,
    'PRIORITY_UPDATE',
    'it is shorter than 4 octets',
  ),
  H2_PRIORITY_UPDATE_TARGET: connection(
    'RFC9218#7.1',
    PROTOCOL_ERROR,
    'PRIORITY_UPDATE',
    'the prioritized stream is 0 or none that a client opens',
  ),
  H2_PRIORITY_UPDATE_LIMIT: connection(
    'RFC9218#7.1',
    PROTOCOL_ERROR,
    'PRIORITY_UPDATE',
    'with the streams that are open, more idle ones have a priority than SETTINGS_MAX_CONCURRENT_STREAMS allows',
  ),

  // Messages
  H2_TRAILERS_NO_END: malformed('RFC9113#8.1', 'trailer section', 'its HEADERS does not end the stream'),
  H2_PSEUDO_LATE: malformed('RFC9113#8.3', 'pseudo-header field', 'it follows a regular field'),
  H2_PSEUDO_UNKNOWN: malformed('RFC9113#8.3', 'pseudo-header field', 'it is not one of a request'),
  H2_PSEUDO_TWICE: malformed('RFC9113#8.3', 'pseudo-header field', 'it comes a second time'),
  H2_PSEUDO_TRAILER: malformed('RFC9113#8.1', 'pseudo-header field', 'a trailer section has none'),
  H2_METHOD_MISSING: malformed('RFC9113#8.3.1', ':method', 'it is missing'),
  H2_METHOD: malformed('RFC9110#9.1', ':method', 'it is not a token'),
  H2_SCHEME_MISSING: malformed('RFC9113#8.3.1', ':scheme', 'it is missing'),
  H2_SCHEME: malformed('RFC9113#8.3.1', ':scheme', 'it is not a scheme'),
  H2_PATH_MISSING: malformed('RFC9113#8.3.1', ':path', 'it is missing or empty'),
  H2_PATH: malformed(
    'RFC9113#8.3.1',
    ':path',
    'it does not begin with "/", is not "*" of OPTIONS, or has an octet that no target may have',
  ),
  H2_AUTHORITY: malformed('RFC9113#8.3.1', ':authority', 'it does not fit host [ ":" port ]'),
  H2_AUTHORITY_MISSING: malformed('RFC9113#8.3.1', ':authority', 'neither it nor Host says who is addressed'),
  H2_HOST_MISMATCH: malformed('RFC9113#8.3.1', 'Host', 'it differs from :authority, or comes twice'),
  H2_CONNECT_SHAPE: malformed('RFC9113#8.5', 'CONNECT', 'it has :scheme or :path, or lacks :authority'),
  H2_PROTOCOL_SHAPE: malformed('RFC8441#4', ':protocol', 'it comes without CONNECT, was not offered, or is no token'),
  H2_FIELD_NAME: malformed('RFC9113#8.2.1', 'field name', 'it is empty, has an upper-case letter, or is no token'),
  H2_FIELD_VALUE: malformed('RFC9113#8.2.1', 'field value', 'it has a control, or white space at an end'),
  H2_FIELD_CONNECTION: malformed('RFC9113#8.2.2', 'field', 'it is about a connection of HTTP/1.1'),
  H2_FIELD_TE: malformed('RFC9113#8.2.2', 'TE', 'the value is not "trailers"'),
  H2_LENGTH: malformed('RFC9113#8.1.1', 'Content-Length', 'it is no number, or comes twice'),
  H2_LENGTH_MISMATCH: malformed('RFC9113#8.1.1', 'content', 'its length is not what Content-Length says'),
  H2_TRAILER_FORBIDDEN: malformed('RFC9110#6.5.1', 'trailer name', 'names a field that must not be sent as a trailer'),
  H2_LIST_BYTES: answered(431, 'RFC9113#10.5.1', ENHANCE_YOUR_CALM, 'field list', 'it is longer than the limit'),
  H2_CONTENT_BYTES: answered(413, 'RFC9110#15.5.14', REFUSED_STREAM, 'content', 'it is longer than the limit'),

  // Budgets
  H2_BUDGET_RESETS: connection(
    'RFC9113#10.5',
    ENHANCE_YOUR_CALM,
    'RST_STREAM',
    'the peer has spent its budget of resets',
  ),
  H2_BUDGET_SELF_RESETS: connection(
    'RFC9113#10.5',
    ENHANCE_YOUR_CALM,
    'stream',
    'the peer has made this side reset more streams than its budget allows',
  ),
  H2_BUDGET_CONTROL: connection(
    'RFC9113#10.5',
    ENHANCE_YOUR_CALM,
    'control frame',
    'the peer has spent its budget of them',
  ),
  H2_BUDGET_EMPTY: connection(
    'RFC9113#10.5',
    ENHANCE_YOUR_CALM,
    'frame',
    'the peer has spent its budget of frames that carry nothing',
  ),
  H2_BUDGET_UNKNOWN: connection(
    'RFC9113#10.5',
    ENHANCE_YOUR_CALM,
    'frame of an unknown type',
    'the peer has spent its budget of them',
  ),
  H2_BUDGET_CONTINUATION: connection(
    'RFC9113#10.5',
    ENHANCE_YOUR_CALM,
    'field block',
    'it has more CONTINUATION frames or octets than the limit',
  ),
  H2_BUDGET_SETTINGS: connection('RFC9113#10.5', ENHANCE_YOUR_CALM, 'SETTINGS', 'it has more entries than the limit'),
  H2_BUDGET_QUEUE: connection(
    'RFC9113#10.5',
    ENHANCE_YOUR_CALM,
    'control frame',
    'the peer does not read the answers to those it has sent',
  ),
  H2_BUDGET_LATE: connection(
    'RFC9113#10.5',
    ENHANCE_YOUR_CALM,
    'frame',
    'the peer has spent its budget of frames for streams that are gone',
  ),

  // Time
  H2_PREFACE_TIMEOUT: connection('RFC9113#3.4', PROTOCOL_ERROR, 'connection preface', 'it did not arrive in time'),
  H2_BLOCK_TIMEOUT: connection('RFC9113#10.5', ENHANCE_YOUR_CALM, 'field block', 'it was not ended in time'),
  H2_CONTENT_TIMEOUT: answered(408, 'RFC9113#10.5', CANCEL, 'content', 'nothing of it arrived for too long'),
  H2_CONTENT_RATE: answered(408, 'RFC9113#10.5', CANCEL, 'content', 'it arrives more slowly than the limit'),
  H2_STALL_TIMEOUT: stream('RFC9113#10.5', CANCEL, 'response', 'the peer gives no window for it, or hardly any'),
  H2_IDLE_TIMEOUT: connection('RFC9113#9.1', NO_ERROR, 'connection', 'it was idle for too long'),
  H2_WRITE_TIMEOUT: connection('RFC9113#9.1', NO_ERROR, 'connection', 'the peer takes nothing of what is written'),
} satisfies Record<string, Http2CodeSpec>;

export type Http2Code = keyof typeof HTTP2_CODES;

type Rfc = CodeSpec['rfc'];

/** Ends the connection: GOAWAY with `h2`. */
function connection(rfc: Rfc, h2: number, what: string, why: string): Http2CodeSpec {
  return { rfc, scope: 'connection', h2, status: 'close', what, why };
}

/** Ends the stream: RST_STREAM with `h2`. */
function stream(rfc: Rfc, h2: number, what: string, why: string): Http2CodeSpec {
  return { rfc, scope: 'stream', h2, status: 'close', what, why };
}

/** A malformed request (RFC9113#8.1.1): ends the stream, after a 400 where the server is told to answer so. */
function malformed(rfc: Rfc, what: string, why: string): Http2CodeSpec {
  return { rfc, scope: 'stream', h2: PROTOCOL_ERROR, status: 400, what, why };
}

/** Ends the stream after a response with `status`. */
function answered(status: ErrorStatus, rfc: Rfc, h2: number, what: string, why: string): Http2CodeSpec {
  return { rfc, scope: 'stream', h2, status, what, why };
}
