import type { X509Certificate } from 'node:crypto';

/** `unknown`: no list of its issuer is in date. */
export type RevocationStatus = 'good' | 'revoked' | 'unknown';

/** A client whose certificate was verified, before anything that it says is looked at. */
export interface VerifiedPeer {
  readonly certificate: X509Certificate;
  /** What lists of revoked certificates say; `unchecked` where there are none. */
  readonly revocation: RevocationStatus | 'unchecked';
  readonly address: string;
  /** Whether its session began earlier, and is resumed. */
  readonly isResumed: boolean;
}

/** Whether a client may stay. Other values than `true` refuse it; so do a throw, and no answer in time. */
export type PeerHook = (peer: VerifiedPeer) => boolean | Promise<boolean>;
