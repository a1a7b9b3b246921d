import type { CodeSpec } from './code-spec.ts';

/** Every way in which an HTTP/1.1 peer can fail us: one row per failure site, the one table that maps a code to the wire. */
export const HTTP1_CODES = {
  // Before and in the request line
  H1_EMPTY_LINES: {
    rfc: 'RFC9112#2.2',
    status: 400,
    what: 'request line',
    why: 'is one more empty line than the limit allows',
  },
  H1_EMPTY_LINE_CR: { rfc: 'RFC9112#2.2', status: 400, what: 'empty line', why: 'follows a CR that no LF ends' },
  H1_METHOD_EMPTY: { rfc: 'RFC9112#3', status: 400, what: 'method', why: 'stands where a method must begin' },
  H1_METHOD_OCTET: { rfc: 'RFC9110#9.1', status: 400, what: 'method', why: 'is not a token character' },
  H1_METHOD_BYTES: { rfc: 'RFC9112#3', status: 501, what: 'method', why: 'makes it longer than the limit' },
  H1_TARGET_EMPTY: { rfc: 'RFC9112#3', status: 400, what: 'request target', why: 'stands where the target must begin' },
  H1_TARGET_OCTET: { rfc: 'RFC9112#3.2', status: 400, what: 'request target', why: 'is not allowed in a target' },
  H1_TARGET_BYTES: { rfc: 'RFC9112#3', status: 414, what: 'request target', why: 'makes it longer than the limit' },
  H1_VERSION_MISSING: { rfc: 'RFC9112#3', status: 400, what: 'request line', why: 'ends it before a version' },
  H1_VERSION_OCTET: { rfc: 'RFC9112#2.3', status: 400, what: 'version', why: 'does not fit "HTTP/" DIGIT "." DIGIT' },
  H1_VERSION_MAJOR: { rfc: 'RFC9110#15.6.6', status: 505, what: 'version', why: 'is not a major version served here' },
  H1_REQUEST_LINE_CR: { rfc: 'RFC9112#2.2', status: 400, what: 'request line', why: 'follows a CR that no LF ends' },
  H1_REQUEST_LINE_LF: { rfc: 'RFC9112#2.2', status: 400, what: 'request line', why: 'is an LF without its CR' },

  // Request target
  H1_TARGET_FORM: {
    rfc: 'RFC9112#3.2',
    status: 400,
    what: 'request target',
    why: 'begins none of the four forms of a target',
  },
  H1_TARGET_ASTERISK: { rfc: 'RFC9112#3.2.4', status: 400, what: 'request target', why: 'is for OPTIONS only' },
  H1_TARGET_CONNECT: {
    rfc: 'RFC9112#3.2.3',
    status: 400,
    what: 'request target',
    why: 'is not the authority that CONNECT needs',
  },
  H1_TARGET_AUTHORITY: {
    rfc: 'RFC9110#4.2.1',
    status: 400,
    what: 'authority of the target',
    why: 'does not fit host [ ":" port ]',
  },
  H1_TARGET_NO_HOST: {
    rfc: 'RFC9110#4.2.1',
    status: 400,
    what: 'authority of the target',
    why: 'leaves the host empty',
  },
  H1_TARGET_USERINFO: {
    rfc: 'RFC9110#4.2.4',
    status: 400,
    what: 'authority of the target',
    why: 'ends userinfo, which is refused',
  },
  H1_TARGET_PERCENT: {
    rfc: 'RFC9112#3.2',
    status: 400,
    what: 'request target',
    why: 'is not followed by two hex digits',
  },

  // Field lines of the head
  H1_FIRST_FIELD_SPACE: {
    rfc: 'RFC9112#2.2',
    status: 400,
    what: 'first field line',
    why: 'is white space before the first field',
  },
  H1_OBS_FOLD: { rfc: 'RFC9112#5.2', status: 400, what: 'field line', why: 'begins an obsolete line folding' },
  H1_FIELD_NAME_EMPTY: { rfc: 'RFC9112#5', status: 400, what: 'field name', why: 'comes before any name' },
  H1_FIELD_NAME_SPACE: { rfc: 'RFC9112#5.1', status: 400, what: 'field name', why: 'is white space before the colon' },
  H1_FIELD_NAME_OCTET: { rfc: 'RFC9110#5.1', status: 400, what: 'field name', why: 'is not a token character' },
  H1_FIELD_NO_COLON: { rfc: 'RFC9112#5', status: 400, what: 'field line', why: 'ends it before a colon' },
  H1_FIELD_VALUE_OCTET: {
    rfc: 'RFC9110#5.5',
    status: 400,
    what: 'field value',
    why: 'is a control that no value may hold',
  },
  H1_FIELD_CR: { rfc: 'RFC9112#2.2', status: 400, what: 'field line', why: 'follows a CR that no LF ends' },
  H1_FIELD_LF: { rfc: 'RFC9112#2.2', status: 400, what: 'field line', why: 'is an LF without its CR' },
  H1_FIELD_COUNT: {
    rfc: 'RFC9110#5.4',
    status: 431,
    what: 'head',
    why: 'begins one more field line than the limit allows',
  },
  H1_FIELD_BYTES: { rfc: 'RFC9110#5.4', status: 431, what: 'field line', why: 'makes it longer than the limit' },
  H1_HEAD_BYTES: { rfc: 'RFC9110#5.4', status: 431, what: 'head', why: 'makes it longer than the limit' },
  H1_HEAD_END_CR: { rfc: 'RFC9112#2.2', status: 400, what: 'end of head', why: 'follows a CR that no LF ends' },

  // Host
  H1_HOST_MISSING: { rfc: 'RFC9112#3.2', status: 400, what: 'Host', why: 'an HTTP/1.1 request must carry it' },
  H1_HOST_DUPLICATE: { rfc: 'RFC9112#3.2', status: 400, what: 'Host', why: 'begins a second Host field line' },
  H1_HOST_EMPTY: { rfc: 'RFC9110#4.2.1', status: 400, what: 'Host', why: 'names no host, and nor does the target' },
  H1_HOST_OCTET: { rfc: 'RFC9112#3.2', status: 400, what: 'Host', why: 'does not fit host [ ":" port ]' },

  // Framing
  H1_LENGTH_EMPTY: { rfc: 'RFC9112#6.3', status: 400, what: 'Content-Length', why: 'the value is empty' },
  H1_LENGTH_OCTET: { rfc: 'RFC9112#6.3', status: 400, what: 'Content-Length', why: 'is not a digit' },
  H1_LENGTH_OVERFLOW: { rfc: 'RFC9110#8.6', status: 400, what: 'Content-Length', why: 'the value is above 2^53 - 1' },
  H1_LENGTH_REPEATED: {
    rfc: 'RFC9112#6.3',
    status: 400,
    what: 'Content-Length',
    why: 'begins a second Content-Length field line',
  },
  H1_LENGTH_LIST: { rfc: 'RFC9110#8.6', status: 400, what: 'Content-Length', why: 'makes it a list' },
  H1_CODING_EMPTY: { rfc: 'RFC9112#6.1', status: 400, what: 'Transfer-Encoding', why: 'the list of codings is empty' },
  H1_CODING_SYNTAX: { rfc: 'RFC9112#7', status: 400, what: 'Transfer-Encoding', why: 'does not fit a list of codings' },
  H1_CODING_PARAMETER: {
    rfc: 'RFC9112#7.1',
    status: 400,
    what: 'Transfer-Encoding',
    why: 'begins a parameter, and chunked has none',
  },
  H1_CODING_UNKNOWN: {
    rfc: 'RFC9112#6.1',
    status: 501,
    what: 'Transfer-Encoding',
    why: 'begins a coding that is not served here',
  },
  H1_CODING_NOT_FINAL: {
    rfc: 'RFC9112#6.3',
    status: 400,
    what: 'Transfer-Encoding',
    why: 'begins the final coding, which is not chunked',
  },
  H1_CODING_TWICE: { rfc: 'RFC9112#6.1', status: 400, what: 'Transfer-Encoding', why: 'begins chunked a second time' },
  H1_CODING_VERSION: {
    rfc: 'RFC9112#6.1',
    status: 400,
    what: 'Transfer-Encoding',
    why: 'an HTTP/1.0 request must not carry it',
  },
  H1_CODING_AND_LENGTH: {
    rfc: 'RFC9112#6.1',
    status: 400,
    what: 'framing',
    why: 'both Transfer-Encoding and Content-Length are present',
  },
  H1_CONTENT_BYTES: { rfc: 'RFC9110#15.5.14', status: 413, what: 'content', why: 'it is longer than the limit' },

  // Chunked content
  H1_CHUNK_SIZE_EMPTY: { rfc: 'RFC9112#7.1', status: 400, what: 'chunk-size', why: 'stands where a hex digit must' },
  H1_CHUNK_SIZE_OCTET: { rfc: 'RFC9112#7.1', status: 400, what: 'chunk-size', why: 'is not a hex digit' },
  H1_CHUNK_SIZE_DIGITS: {
    rfc: 'RFC9112#7.1',
    status: 400,
    what: 'chunk-size',
    why: 'is one digit more than the limit allows',
  },
  H1_CHUNK_SIZE_OVERFLOW: { rfc: 'RFC9112#7.1', status: 400, what: 'chunk-size', why: 'lifts the size above 2^53 - 1' },
  H1_CHUNK_LINE_CR: { rfc: 'RFC9112#7.1', status: 400, what: 'chunk line', why: 'follows a CR that no LF ends' },
  H1_CHUNK_LINE_LF: { rfc: 'RFC9112#7.1', status: 400, what: 'chunk line', why: 'is an LF without its CR' },
  H1_CHUNK_EXT_SPACE: {
    rfc: 'RFC9112#7.1.1',
    status: 400,
    what: 'chunk-ext',
    why: 'follows white space that no ";" or "=" justifies',
  },
  H1_CHUNK_EXT_NAME: { rfc: 'RFC9112#7.1.1', status: 400, what: 'chunk-ext-name', why: 'is not a token character' },
  H1_CHUNK_EXT_VALUE: {
    rfc: 'RFC9112#7.1.1',
    status: 400,
    what: 'chunk-ext-val',
    why: 'fits neither a token nor a quoted string',
  },
  H1_CHUNK_EXT_QUOTED: {
    rfc: 'RFC9110#5.6.4',
    status: 400,
    what: 'quoted chunk-ext-val',
    why: 'is a control that no quoted string may hold',
  },
  H1_CHUNK_EXT_BYTES: {
    rfc: 'RFC9112#7.1.1',
    status: 400,
    what: 'chunk-ext',
    why: 'makes the extensions of this content longer than the limit',
  },
  H1_CHUNK_DATA_END: {
    rfc: 'RFC9112#7.1',
    status: 400,
    what: 'chunk',
    why: 'stands where CRLF must end the chunk-data',
  },

  // Trailer section
  H1_TRAILER_FOLD: { rfc: 'RFC9112#5.2', status: 400, what: 'trailer line', why: 'begins an obsolete line folding' },
  H1_TRAILER_NAME_EMPTY: { rfc: 'RFC9112#7.1.2', status: 400, what: 'trailer name', why: 'comes before any name' },
  H1_TRAILER_NAME_SPACE: {
    rfc: 'RFC9112#5.1',
    status: 400,
    what: 'trailer name',
    why: 'is white space before the colon',
  },
  H1_TRAILER_NAME_OCTET: { rfc: 'RFC9110#5.1', status: 400, what: 'trailer name', why: 'is not a token character' },
  H1_TRAILER_NO_COLON: { rfc: 'RFC9112#5', status: 400, what: 'trailer line', why: 'ends it before a colon' },
  H1_TRAILER_VALUE_OCTET: {
    rfc: 'RFC9110#5.5',
    status: 400,
    what: 'trailer value',
    why: 'is a control that no value may hold',
  },
  H1_TRAILER_CR: { rfc: 'RFC9112#2.2', status: 400, what: 'trailer line', why: 'follows a CR that no LF ends' },
  H1_TRAILER_LF: { rfc: 'RFC9112#2.2', status: 400, what: 'trailer line', why: 'is an LF without its CR' },
  H1_TRAILER_COUNT: {
    rfc: 'RFC9110#5.4',
    status: 431,
    what: 'trailer section',
    why: 'begins one more trailer than the limit allows',
  },
  H1_TRAILER_LINE_BYTES: {
    rfc: 'RFC9110#5.4',
    status: 431,
    what: 'trailer line',
    why: 'makes it longer than the limit',
  },
  H1_TRAILER_BYTES: { rfc: 'RFC9110#5.4', status: 431, what: 'trailer section', why: 'makes it longer than the limit' },
  H1_TRAILER_END_CR: {
    rfc: 'RFC9112#7.1.2',
    status: 400,
    what: 'end of trailer section',
    why: 'follows a CR that no LF ends',
  },
  H1_TRAILER_FORBIDDEN: {
    rfc: 'RFC9110#6.5.1',
    status: 400,
    what: 'trailer name',
    why: 'names a field that must not be sent as a trailer',
  },

  // End of input and time
  H1_HEAD_CUT: { rfc: 'RFC9112#8', status: 400, what: 'head', why: 'the peer ended the connection inside it' },
  H1_CONTENT_CUT: { rfc: 'RFC9112#8', status: 400, what: 'content', why: 'the peer ended the connection inside it' },
  H1_HEAD_TIMEOUT: { rfc: 'RFC9110#15.5.9', status: 408, what: 'head', why: 'it did not arrive in time' },
  H1_CONTENT_TIMEOUT: {
    rfc: 'RFC9110#15.5.9',
    status: 408,
    what: 'content',
    why: 'nothing of it arrived for too long',
  },
  H1_CONTENT_RATE: {
    rfc: 'RFC9110#15.5.9',
    status: 408,
    what: 'content',
    why: 'it arrives more slowly than the least rate',
  },
  H1_IDLE_TIMEOUT: { rfc: 'RFC9112#9.5', status: 'close', what: 'request', why: 'none began in time' },
  H1_WRITE_TIMEOUT: {
    rfc: 'RFC9112#9.5',
    status: 'close',
    what: 'response',
    why: 'the peer took none of it for too long',
  },
} as const satisfies Record<string, CodeSpec>;

export type Http1Code = keyof typeof HTTP1_CODES;
