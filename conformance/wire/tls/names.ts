/** Handshake messages (RFC8446#4). */
export const MESSAGE = {
  CLIENT_HELLO: 1,
  SERVER_HELLO: 2,
  NEW_SESSION_TICKET: 4,
  ENCRYPTED_EXTENSIONS: 8,
  CERTIFICATE: 11,
  SERVER_KEY_EXCHANGE: 12,
  CERTIFICATE_REQUEST: 13,
  SERVER_HELLO_DONE: 14,
  CERTIFICATE_VERIFY: 15,
  FINISHED: 20,
  KEY_UPDATE: 24,
  MESSAGE_HASH: 254,
} as const;

/** Extensions (RFC8446#4.2, RFC5746#3.2, RFC7301#3.1). */
export const EXTENSION = {
  SERVER_NAME: 0,
  SUPPORTED_GROUPS: 10,
  EC_POINT_FORMATS: 11,
  SIGNATURE_ALGORITHMS: 13,
  ALPN: 16,
  PADDING: 21,
  EXTENDED_MASTER_SECRET: 23,
  PRE_SHARED_KEY: 41,
  EARLY_DATA: 42,
  SUPPORTED_VERSIONS: 43,
  COOKIE: 44,
  PSK_MODES: 45,
  KEY_SHARE: 51,
  RENEGOTIATION_INFO: 0xff01,
} as const;

/** Versions of the protocol. */
export const VERSION = { SSL3: 0x0300, TLS10: 0x0301, TLS11: 0x0302, TLS12: 0x0303, TLS13: 0x0304 } as const;

/** Groups of key exchange (RFC8446#4.2.7). */
export const GROUP = { P256: 23, P384: 24, X25519: 29, FFDHE2048: 256, X25519_MLKEM768: 4588 } as const;

/** Cipher suites that cases name. */
export const SUITE = {
  AES_128_GCM: 0x1301,
  ECDHE_ECDSA_AES_128_GCM: 0xc02b,
  ECDHE_RSA_AES_128_GCM: 0xc02f,
  ECDHE_ECDSA_AES_256_GCM: 0xc02c,
  ECDHE_RSA_AES_256_GCM: 0xc030,
  ECDHE_ECDSA_CHACHA: 0xcca9,
  ECDHE_RSA_CHACHA: 0xcca8,
  DHE_RSA_AES_128_GCM: 0x009e,
  FALLBACK_SCSV: 0x5600,
  RENEGOTIATION_SCSV: 0x00ff,
} as const;

/** Descriptions of alerts (RFC8446#6). */
export const ALERT = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  record_overflow: 22,
  handshake_failure: 40,
  bad_certificate: 42,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  unrecognized_name: 112,
  unknown_psk_identity: 115,
  certificate_required: 116,
  no_application_protocol: 120,
} as const;

export type AlertName = keyof typeof ALERT;

/** `decode_error`, or `alert 255`. */
export function alertName(description: number): string {
  return Object.entries(ALERT).find(([, value]) => value === description)?.[0] ?? `alert ${description}`;
}

/** `TLS 1.3`, or `version 0x0305`. */
export function versionName(version: number): string {
  const found = Object.entries(VERSION).find(([, value]) => value === version)?.[0];
  return (
    found?.replace(/(\d)(\d)$/, ' $1.$2').replace('SSL3', 'SSL 3.0') ??
    `version 0x${version.toString(16).padStart(4, '0')}`
  );
}
