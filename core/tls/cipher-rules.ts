/** What HTTP/2 asks of a cipher suite of TLS 1.2: an ephemeral exchange of keys and an AEAD; RFC9113#A lists all others. */
const GOOD =
  /^TLS_(?:ECDHE|DHE)_(?:RSA|ECDSA|DSS|PSK)_WITH_.+(?:_GCM_SHA\d+|_CHACHA20_POLY1305_SHA256|_CCM(?:_8)?(?:_SHA\d+)?)$/;

/** @param name of the registry, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; suites of TLS 1.3 are good, whatever they are */
export function isGoodForHttp2(name: string): boolean {
  return !name.includes('_WITH_') || GOOD.test(name);
}
