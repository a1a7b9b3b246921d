import type { CodeSpec } from './code-spec.ts';

/** Descriptions of TLS alerts (RFC8446#6). */
export const TLS_ALERT = {
  UNEXPECTED_MESSAGE: 10,
  RECORD_OVERFLOW: 22,
  ILLEGAL_PARAMETER: 47,
  DECODE_ERROR: 50,
  PROTOCOL_VERSION: 70,
  USER_CANCELED: 90,
  UNRECOGNIZED_NAME: 112,
} as const;

const { UNEXPECTED_MESSAGE, RECORD_OVERFLOW, ILLEGAL_PARAMETER, DECODE_ERROR } = TLS_ALERT;
const { PROTOCOL_VERSION, USER_CANCELED, UNRECOGNIZED_NAME } = TLS_ALERT;

/** One row of the TLS registry. */
export interface TlsCodeSpec extends CodeSpec {
  /** Description of the fatal alert that the peer gets; undefined where it does not speak TLS. */
  readonly alert: number | undefined;
}

/** Every way in which a peer's first message can fail, before OpenSSL has seen it: one row per failure site. */
export const TLS_CODES = {
  // What is no TLS at all
  TLS_PLAINTEXT_HTTP: {
    ...row('RFC9110#4.2.2', undefined, 'TLS record', 'begins an HTTP request in clear, and this port speaks TLS'),
    status: 400,
  },
  TLS_SSL2: row('RFC8446#D.5', PROTOCOL_VERSION, 'TLS record', 'is that of a hello of SSL 2.0'),

  // Records
  TLS_RECORD_TYPE: row('RFC8446#5', UNEXPECTED_MESSAGE, 'TLS record', 'begins none of type handshake'),
  TLS_RECORD_VERSION: row('RFC8446#5.1', PROTOCOL_VERSION, 'TLS record', 'is not the 3 that its version begins with'),
  TLS_RECORD_EMPTY: row('RFC8446#5.1', DECODE_ERROR, 'TLS record', 'ends the length of a fragment without octets'),
  TLS_RECORD_BYTES: row('RFC8446#5.1', RECORD_OVERFLOW, 'TLS record', 'ends a length above 16,384'),
  TLS_RECORD_INTERLEAVED: row('RFC8446#5.1', UNEXPECTED_MESSAGE, 'TLS record', 'begins another type within a message'),
  TLS_HELLO_RECORDS: row('-', DECODE_ERROR, 'ClientHello', 'begins one more record than the limit allows'),

  // The message and its fixed parts
  TLS_HELLO_TYPE: row('RFC8446#4', UNEXPECTED_MESSAGE, 'handshake message', 'is not the type of a ClientHello'),
  TLS_HELLO_BYTES: row('-', DECODE_ERROR, 'ClientHello', 'ends a length above the limit'),
  TLS_HELLO_TRAILING: row('RFC8446#5.1', UNEXPECTED_MESSAGE, 'ClientHello', 'the record goes on behind it'),
  TLS_HELLO_CUT: row('RFC8446#4.1.2', DECODE_ERROR, 'ClientHello', 'it ends within its fields'),
  TLS_SESSION_ID: row('RFC8446#4.1.2', DECODE_ERROR, 'legacy_session_id', 'announces more than 32 octets'),
  TLS_CIPHER_SUITES: row('RFC8446#4.1.2', DECODE_ERROR, 'cipher_suites', 'they are none, or no whole number of pairs'),
  TLS_COMPRESSION: row('RFC8446#4.1.2', ILLEGAL_PARAMETER, 'legacy_compression_methods', 'null is not among them'),

  // Extensions
  TLS_EXTENSIONS_LENGTH: row('RFC8446#4.1.2', DECODE_ERROR, 'extensions', 'they do not end where the message does'),
  TLS_EXTENSION_CUT: row('RFC8446#4.2', DECODE_ERROR, 'extension', 'it ends beyond the extensions'),
  TLS_EXTENSION_TWICE: row('RFC8446#4.2', ILLEGAL_PARAMETER, 'extension', 'begins a second one of its type'),
  TLS_SERVER_NAMES: row('RFC6066#3', DECODE_ERROR, 'server_name', 'it is no list of one host name'),
  TLS_SERVER_NAME_OCTET: row('RFC6066#3', UNRECOGNIZED_NAME, 'server_name', 'belongs in no host name'),
  TLS_SERVER_NAME_LABEL: row('RFC6066#3', UNRECOGNIZED_NAME, 'server_name', 'it has a label that no host name has'),
  TLS_ALPN: row('RFC7301#3.1', DECODE_ERROR, 'application_layer_protocol_negotiation', 'it is no list of protocols'),
  TLS_VERSIONS: row('RFC8446#4.2.1', DECODE_ERROR, 'supported_versions', 'they are no list of versions'),
  TLS_GROUPS: row('RFC8446#4.2.7', DECODE_ERROR, 'supported_groups', 'they are no list of groups'),
  TLS_SIGNATURES: row('RFC8446#4.2.3', DECODE_ERROR, 'signature_algorithms', 'they are no list of algorithms'),
  TLS_KEY_SHARES: row('RFC8446#4.2.8', DECODE_ERROR, 'key_share', 'it is no list of shares'),
  TLS_PSK: row('RFC8446#4.2.11', DECODE_ERROR, 'pre_shared_key', 'it is no list of identities with a binder for each'),
  TLS_PSK_PLACE: row('RFC8446#4.2.11', ILLEGAL_PARAMETER, 'extension', 'begins one behind pre_shared_key'),

  // What is asked of the server
  TLS_NAME_UNKNOWN: row('RFC6066#3', UNRECOGNIZED_NAME, 'server_name', 'no policy is for it'),
  TLS_HELLO_TIMEOUT: row('-', USER_CANCELED, 'ClientHello', 'it was not complete in time'),
} satisfies Record<string, TlsCodeSpec>;

export type TlsCode = keyof typeof TLS_CODES;

function row(rfc: CodeSpec['rfc'], alert: number | undefined, what: string, why: string): TlsCodeSpec {
  return { rfc, alert, status: 'close', what, why };
}
