/** Codes of the registries that no entry of a corpus can lead to, each with its reason: the corpus need not reach them. */
export const UNREACHABLE_CODES: Readonly<Record<string, string>> = {
  CONTENT: 'what a handler gives as content has a type below: the server, which no target has, asks for it',
  H2_FLOW_CONNECTION:
    'the least window of a connection is 65,535 octets, and an input has no more, its preface included',
  TLS_NAME_UNKNOWN: 'the listener, in core/io, has the names of its policies, and refuses a hello that was read',
};
