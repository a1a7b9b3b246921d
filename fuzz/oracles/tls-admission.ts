/**
 * Who may begin a handshake, held against a second bookkeeper that remembers every handshake and recounts: a bucket that
 * starts full, of which each handshake takes one, has left at any time the least that any stretch of time behind it leaves.
 */
import { Admission, type Refusal, type TlsLimits, tlsLimits } from '../../core/sans-io.ts';
import type { Tell } from '../define.ts';
import { OracleError } from './oracle-error.ts';

/** So small that a short input meets each; a power of two each second, so that sums are exact. */
export const ADMISSION_LIMITS = tlsLimits({
  handshakes: 6,
  handshakesPerAddress: 3,
  handshakeBurst: 8,
  handshakesPerSecond: 4,
  addressBurst: 4,
  addressPerSecond: 2,
  addresses: 16,
});

/** Addresses in several spellings, and the network or host that each counts as. */
const ADDRESSES: readonly (readonly [address: string, group: string])[] = [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.2', '192.0.2.2'],
  ['2001:db8::1', '2001:db8/64'],
  ['2001:DB8:0:0:1:2:3:4', '2001:db8/64'],
  ['2001:db8:0:1::1', '2001:db8:0:1/64'],
  ['2001:db8:0:1:ffff::', '2001:db8:0:1/64'],
  ['fe80::1', 'fe80/64'],
  ['fe80::a:1', 'fe80/64'],
  ['::1', '0/64'],
  ['::', '0/64'],
];

/** Milliseconds that an octet stands for: eighths of a second. */
const STEP_MS = 125;

interface Entry {
  readonly group: string;
  readonly address: string;
  readonly atMs: number;
}

type Door = Pick<Admission, 'enter' | 'leave' | 'open' | 'addresses'>;

/** Carries out a program of octet pairs: what happens, and to whom or for how long. */
export function assertAdmission(
  program: Uint8Array,
  tell: Tell = () => undefined,
  admission: Door = new Admission(ADMISSION_LIMITS, 0),
): void {
  const entered: Entry[] = [];
  const open: Entry[] = [];
  const seen = new Set<string>();
  let nowMs = 0;
  for (let at = 0; at + 1 < program.length; at += 2) {
    const [verb = 0, number = 0] = program.subarray(at, at + 2);
    if (verb % 4 === 0) nowMs += number * STEP_MS;
    else if (verb % 4 === 1) {
      const [left] = open.splice(number % Math.max(1, open.length), 1);
      if (left === undefined) continue;
      admission.leave(left.address);
      tell({ kind: 'leave', offset: at, text: left.address });
    } else {
      const [address, group] = ADDRESSES[number] ?? [`198.51.100.${number}`, `198.51.100.${number}`];
      seen.add(group);
      // An address that was forgotten begins anew: of it only what holds for all is known
      const isKnown = seen.size <= ADMISSION_LIMITS.addresses;
      const refusal = admission.enter(address, nowMs);
      tell({ kind: 'enter', offset: at, text: `${address} at ${nowMs} ms: ${refusal ?? 'may'}` });
      const expected = plainRefusals({ entered, open, group, nowMs, isKnown });
      if (refusal === undefined ? expected.sure.length > 0 : !expected.all.includes(refusal))
        broken(refusal ?? 'entered', `${refusal ?? 'let in'}, by the books ${expected.all.join() || 'let in'}`, at);
      if (refusal === undefined) {
        const entry = { group, address, atMs: nowMs };
        entered.push(entry);
        open.push(entry);
      }
    }
    if (admission.open !== open.length) broken('open', `${admission.open} are open, by the books ${open.length}`, at);
    if (admission.addresses > ADMISSION_LIMITS.addresses)
      broken('addresses', `${admission.addresses} are remembered`, at);
  }
}

interface Books {
  readonly entered: readonly Entry[];
  readonly open: readonly Entry[];
  readonly group: string;
  readonly nowMs: number;
  readonly isKnown: boolean;
}

/** The limits that one more would break: those that surely hold, and all that may. */
function plainRefusals({ entered, open, group, nowMs, isKnown }: Books): { sure: Refusal[]; all: Refusal[] } {
  const isOwn = (entry: Entry): boolean => entry.group === group;
  const ofAll: [Refusal, boolean][] = [
    ['handshakes', open.length >= ADMISSION_LIMITS.handshakes],
    ['handshakeBurst', isSpent(entered, nowMs, ADMISSION_LIMITS, 'handshakeBurst', 'handshakesPerSecond')],
  ];
  const ofOne: [Refusal, boolean][] = [
    ['handshakesPerAddress', open.filter(isOwn).length >= ADMISSION_LIMITS.handshakesPerAddress],
    ['addressBurst', isSpent(entered.filter(isOwn), nowMs, ADMISSION_LIMITS, 'addressBurst', 'addressPerSecond')],
  ];
  const named = (pairs: readonly [Refusal, boolean][]): Refusal[] => pairs.flatMap(([name, is]) => (is ? [name] : []));
  return { sure: named(isKnown ? [...ofAll, ...ofOne] : ofAll), all: named([...ofAll, ...ofOne]) };
}

function isSpent(
  entered: readonly Entry[],
  nowMs: number,
  limits: TlsLimits,
  burst: 'handshakeBurst' | 'addressBurst',
  perSecond: 'handshakesPerSecond' | 'addressPerSecond',
): boolean {
  return entered.some(({ atMs }, index) => {
    const taken = entered.length - index;
    return limits[burst] + ((nowMs - atMs) * limits[perSecond]) / 1_000 - taken < 1;
  });
}

function broken(state: string, message: string, offset: number): never {
  throw new OracleError('admission', message, { state, offset });
}
