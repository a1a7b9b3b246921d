/** `node branches.js <folder> <target> <inputs>`: runs each file of a folder on istanbul's counters, prints the branches reached. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFuzzTarget } from '../../fuzz/index.ts';

const [folder = '', name = '', inputs = ''] = process.argv.slice(2);
const target = await loadFuzzTarget(folder, name);
for (const file of readdirSync(inputs)) {
  try {
    await target.fuzz(new Uint8Array(readFileSync(join(inputs, file))).subarray(0, target.maxLength));
  } catch {
    // What fails covers something as well.
  }
}
const coverage: Readonly<Record<string, { readonly b: Readonly<Record<string, readonly number[]>> }>> =
  Reflect.get(globalThis, '__coverage__') ?? {};
const ways = Object.values(coverage).flatMap(({ b }) => Object.values(b).flat());
console.log(JSON.stringify({ hit: ways.filter((count) => count > 0).length, total: ways.length }));
