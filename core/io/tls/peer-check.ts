import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { TlsOutcome } from './metrics.ts';
import type { PeerHook, RevocationStatus, VerifiedPeer } from './peer-hook.ts';
import type { Revocation } from './revocation.ts';

/** Certificates between a client's and its authority's that are looked at. */
const MAX_CHAIN = 8;

/**
 * Why a client is refused whose handshake is over: at once where nobody has to be asked. @returns undefined: it may stay
 */
export function checkPeer(
  socket: TLSSocket,
  revocation: Revocation | undefined,
  refusesUnknown: boolean,
  hook: PeerHook | undefined,
): TlsOutcome | undefined | Promise<TlsOutcome | undefined> {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined || (revocation === undefined && hook === undefined)) return undefined;
  const status = revocation === undefined ? 'unchecked' : statusOf(certificate, revocation);
  if (status === 'revoked') return 'revoked';
  if (status === 'unknown' && refusesUnknown) return 'revocation_unknown';
  if (hook === undefined) return undefined;
  const { remoteAddress: address = '' } = socket;
  return ask(hook, { certificate, revocation: status, address, isResumed: socket.isSessionReused() });
}

/** Of the certificate, and of those above it that the client has shown; a resumed session has its own alone. */
function statusOf(certificate: X509Certificate, revocation: Revocation): RevocationStatus {
  const status = revocation.statusOf(certificate);
  let { issuerCertificate } = certificate;
  for (let depth = 0; depth < MAX_CHAIN && issuerCertificate !== undefined; depth++) {
    if (revocation.statusOf(issuerCertificate) === 'revoked') return 'revoked';
    const above = issuerCertificate.issuerCertificate;
    if (above === issuerCertificate) break;
    issuerCertificate = above;
  }
  return status;
}

async function ask(hook: PeerHook, peer: VerifiedPeer): Promise<TlsOutcome | undefined> {
  try {
    return (await hook(peer)) === true ? undefined : 'hook_refused';
  } catch {
    return 'hook_failed';
  }
}
