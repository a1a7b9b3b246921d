/**
 * Prototypes that every object of the process has: no input may change them, by whatever names it brings. `__proto__` and
 * `constructor` are words in the dictionary of whoever reads names.
 */
import { OracleError } from './oracle-error.ts';

const SHARED: readonly (readonly [name: string, prototype: object])[] = [
  ['Object', Object.prototype],
  ['Array', Array.prototype],
  ['Function', Function.prototype],
  ['String', String.prototype],
  ['Map', Map.prototype],
];

const keysBefore = new Map(SHARED.map(([name, prototype]) => [name, Reflect.ownKeys(prototype)]));
/** What plain objects are handed down, and what a name in an input would replace first. */
const inherited = Object.getOwnPropertyNames(Object.prototype).map((key) => ({
  key,
  descriptor: Object.getOwnPropertyDescriptor(Object.prototype, key),
}));

/** Demands that the shared prototypes are as they were when this module was loaded. They are put right, so that later inputs are judged. */
export function assertPrototypes(): void {
  for (const [name, prototype] of SHARED) {
    const keys = keysBefore.get(name) ?? [];
    const now = Reflect.ownKeys(prototype);
    if (now.length === keys.length) continue;
    const added = now.find((key) => !keys.includes(key)) ?? '';
    Reflect.deleteProperty(prototype, added);
    changed(name, added);
  }
  for (const { key, descriptor } of inherited) {
    if (descriptor?.value === undefined || Reflect.get(Object.prototype, key) === descriptor.value) continue;
    Reflect.defineProperty(Object.prototype, key, descriptor);
    changed('Object', key);
  }
}

function changed(name: string, key: string | symbol): never {
  throw new OracleError('prototypes', `${name}.prototype has another ${JSON.stringify(String(key))}`, { state: name });
}
