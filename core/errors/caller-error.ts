/** Codes of mistakes that the code using aeronet makes; thrown, never sent to the peer. */
export const CALLER_CODES = {
  FIELD_NAME: 'a field name must be a token',
  FIELD_VALUE: 'a field value must hold no controls, no edge white space and only U+0020 to U+00FF',
  FIELD_RESERVED: 'the server writes this field itself',
  STATUS: 'a status must be an integer from 200 to 599',
  INTERIM_STATUS: 'an interim status must be an integer from 100 to 199, but not 101',
  INTERIM_VERSION: 'an HTTP/1.0 peer must not get an interim response',
  REASON: 'a reason phrase must hold no controls and only U+0020 to U+00FF',
  FIELDS: 'fields must be an object of values or a list of [name, value]',
  CONTENT: 'content must be a string or a Uint8Array',
  HEAD_TWICE: 'the head of this response was already sent',
  HEAD_LATE: 'the response was already ended',
  NO_HEAD: 'content came before the head of the response',
  CONTENT_LENGTH: 'a content length must be an integer from 0 to 2^53 - 1',
  CONTENT_UNAWAITED: 'content came before that in front of it was awaited, and more would wait than may',
  CONTENT_OVER: 'more content than the declared length',
  CONTENT_UNDER: 'less content than the declared length',
  SPAN_UNFRAMED: 'octets that are elsewhere need HTTP/1.1 and a content length',
  TRAILERS_UNFRAMED: 'trailers need chunked content',
  TRAILER_FORBIDDEN: 'this field must not be sent as a trailer',
  STRUCTURED_KEY:
    'a key of a structured field must begin with a-z or "*" and go on with a-z, 0-9, "_", "-", "." or "*"',
  STRUCTURED_NUMBER: 'a structured field cannot say this number',
  STRUCTURED_TEXT: 'a structured field cannot say this text',
  STRUCTURED_TOKEN:
    'a token of a structured field must begin with a letter or "*" and hold token characters, ":" and "/"',
  STRUCTURED_KIND: 'there is no such kind of item',
  MEDIA_TYPE: 'a media type must be tokens as type, subtype and names, and values without controls',
  BOUNDARY: 'a boundary must be 1 to 70 of the characters that RFC 2046 names, the last of them no space',
  COOKIE_NAME: 'the name of a cookie must be a token',
  COOKIE_VALUE:
    'the value of a cookie must be printable ASCII without white space, quotes, commas, semicolons and backslashes',
  COOKIE_ATTRIBUTE: 'a cookie cannot have this attribute',
  COOKIE_PREFIX: 'the name of this cookie promises what its attributes do not keep',
  COOKIE_BYTES: 'a cookie must not be longer than 4096 octets, name and value together',
  EXCHANGE_UNKNOWN: 'no such exchange is open on this connection',
} as const;

export type CallerErrorCode = keyof typeof CALLER_CODES;

/** The code using aeronet broke its contract. */
export class CallerError extends Error {
  override readonly name = 'CallerError';
  readonly code: CallerErrorCode;

  constructor(code: CallerErrorCode, detail = '') {
    super(detail === '' ? CALLER_CODES[code] : `${CALLER_CODES[code]}: ${detail}`);
    this.code = code;
  }
}
