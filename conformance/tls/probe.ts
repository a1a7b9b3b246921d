import type { ScriptedNeed } from '../scripted/model.ts';
import type { Address } from '../wire/connection.ts';
import { OF_TLS12, protocols, SUITES_OF_TLS12 } from '../wire/tls/hello.ts';
import { EXTENSION, VERSION } from '../wire/tls/names.ts';
import { type Act, completes, flight, hello } from './acts.ts';
import { complainServed } from './outcomes.ts';
import { Talk, type TlsSeen } from './talk.ts';

/**
 * What a target that is reached over TLS offers there.
 * @throws ConnectError when it takes no connection
 */
export async function offersOfTls(address: Address, timeoutMs: number): Promise<readonly ScriptedNeed[]> {
  const ask = (...acts: readonly Act[]) => converse(address, timeoutMs, acts);
  const [served, older, h2] = await Promise.all([
    ask(hello(), ...completes),
    ask(hello('', { extensions: OF_TLS12, cipherSuites: SUITES_OF_TLS12 }), flight),
    ask(hello('', { extensions: [[EXTENSION.ALPN, protocols('h2')]] }), flight),
  ]);
  const isServed = complainServed({ ...served, problems: [] }) === undefined;
  return [
    'tls',
    ...(isServed ? (['tls13'] as const) : []),
    ...(older.hello?.version === VERSION.TLS12 ? (['tls12'] as const) : []),
    ...(h2.protocol === 'h2' ? (['tls-h2'] as const) : []),
  ];
}

async function converse(address: Address, timeoutMs: number, acts: readonly Act[]): Promise<TlsSeen> {
  const values = { scheme: 'https', host: address.authority, nonce: 'probe00', sentinel: '' };
  const talk = await Talk.open({ address, timeoutMs, values, wsPath: '/', offers: new Set() });
  try {
    for (const { run } of acts) if (!talk.isOver) await run(talk);
    return talk.seen();
  } finally {
    talk.destroy();
  }
}
