import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { selfSigned } from '../run/self-signed.ts';
import type { ClientIdentity } from '../wire/tls/client.ts';
import { CLIENT_CONTEXT } from '../wire/tls/server-flight.ts';

/** Names that a target with policies asks for certificates under: each has an authority of its own. Any other name is open to all. */
export const GUARDED = ['members.test', 'staff.test'] as const;

export type Guarded = (typeof GUARDED)[number];

export interface Client extends ClientIdentity {
  /** The certificate, which is its own authority; PEM. */
  readonly pem: string;
}

let clients: Readonly<Record<Guarded, Client>> | undefined;

/** The client that is let in under a name; made once for the process. */
export function clientOf(name: Guarded): Client {
  clients ??= { 'members.test': makeClient(), 'staff.test': makeClient() };
  return clients[name];
}

function makeClient(): Client {
  const { cert, key } = selfSigned();
  const privateKey = createPrivateKey(key);
  const context = Buffer.from(CLIENT_CONTEXT, 'latin1');
  return {
    pem: cert,
    certificate: new X509Certificate(cert).raw,
    sign: (hash) => sign('sha256', Buffer.concat([context, hash]), privateKey),
  };
}
