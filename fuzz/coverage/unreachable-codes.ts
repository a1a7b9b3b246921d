/** Codes of the registries that no octets of a peer can lead to, each with its reason: the corpus need not reach them. */
export const UNREACHABLE_CODES: Readonly<Record<string, string>> = {};
