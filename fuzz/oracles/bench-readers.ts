/** The bench's own readers of files that others wrote: they answer or refuse in one line, whatever the file is. */
import { readJunit } from '../../conformance/h2spec/junit.ts';
import { decideGate, foldReport, parseExpectations, parseResults, ReportsError } from '../../reports/index.ts';
import { parseMeta } from '../campaign/bundle.ts';
import { parseManifest, seedSet } from '../campaign/manifest.ts';
import { FuzzError } from '../errors.ts';
import { OracleError, quoted } from './oracle-error.ts';

const MAX_SECTION = 200;
const MAX_MESSAGE = 2_000;
/** What no message may hold: it goes to a terminal. */
const UNSAFE = /\p{Cc}/u;

/** An h2spec report: cases in bounds, or a sentence. */
export function assertReadsJunit(text: string): void {
  const read = readJunit(text);
  if (typeof read === 'string') {
    if (read === '' || UNSAFE.test(read)) broken('junit', `refused with ${quoted(read)}`);
    return;
  }
  const openings = text.split('<testcase').length - 1;
  if (read.length > openings) broken('junit', `${read.length} cases of ${openings} elements`);
  for (const { section, outcome, expected, actual, durationMs } of read) {
    if (section.length > MAX_SECTION) broken('junit', `a section of ${section.length} characters`);
    if (expected.join('\n').length + actual.length > MAX_MESSAGE) broken('junit', 'a message that is not cut');
    if (outcome !== 'failed' && actual !== '') broken('junit', `a case that ${outcome} has a message`);
    if (!Number.isFinite(durationMs)) broken('junit', `a duration of ${durationMs}`);
  }
}

/** A results file: events that fold and are decided upon, or a refusal. Cut anywhere, it is the same file. */
export async function assertReadsResults(octets: Uint8Array): Promise<void> {
  const whole = await refusalOr(() => parseResults(chunks(octets, octets.length), 'file'));
  const cut = await refusalOr(() => parseResults(chunks(octets, 7), 'file'));
  if (JSON.stringify(whole) !== JSON.stringify(cut))
    broken('results', 'a file is read otherwise where it comes in pieces');
  if (typeof whole === 'string') return;
  const report = await refusalOr(async () => foldReport([whole]));
  if (typeof report === 'string') return;
  const gate = await refusalOr(async () => decideGate(report));
  if (typeof gate === 'string') return;
  const isRight = { pass: 0, fail: 1, inconclusive: 5 }[gate.verdict] === gate.exit;
  if (!isRight) broken('results', `the verdict ${gate.verdict} has the exit code ${gate.exit}`);
}

/** An expectations file: entries in their order, each key once, or a refusal. */
export async function assertReadsExpectations(text: string): Promise<void> {
  const read = await refusalOr(async () => parseExpectations(text, 'file'));
  if (typeof read === 'string') return;
  const keys = [...read.byKey.keys()];
  if (keys.some((key, index) => key < (keys[index - 1] ?? ''))) broken('expectations', 'entries are out of order');
  const lines = text.split('\n').filter((line) => line.trim() !== '').length;
  if (lines !== keys.length) broken('expectations', `${lines} lines gave ${keys.length} entries`);
  for (const { reason, expect } of read.byKey.values()) {
    if (reason.trim() === '' || expect.size === 0) broken('expectations', 'an entry says nothing');
  }
}

/** A crash's `meta.json`: read whole, and the same when it is written and read again, or refused. */
export async function assertReadsMeta(octets: Uint8Array): Promise<void> {
  const meta = await refusalOr(async () => parseMeta(octets, 'file'));
  if (typeof meta === 'string') return;
  const again = parseMeta(new TextEncoder().encode(JSON.stringify(meta)), 'file');
  if (JSON.stringify(again) !== JSON.stringify(meta)) broken('meta', 'what was read is read otherwise');
  if (/[^a-z0-9-]/.test(meta.target) || !/^v1:[0-9a-f]{16}$/.test(meta.signature))
    broken('meta', `${quoted(meta.target)} ${quoted(meta.signature)} would be names of folders`);
}

/** A corpus's manifest: names that stay in their folder, with their digests, or refused. */
export async function assertReadsManifest(octets: Uint8Array): Promise<void> {
  const sets = await refusalOr(async () => parseManifest(octets, 'file'));
  if (typeof sets === 'string') return;
  for (const set of sets) {
    const odd = set.files.find((file) => file !== file.replace(/[^0-9a-f.bin]/g, '') || file.includes('..'));
    if (odd !== undefined) broken('manifest', `${quoted(odd)} is a name of a seed`);
    if (/[^a-z0-9-]/.test(set.target)) broken('manifest', `${quoted(set.target)} would be the name of a folder`);
    const isSorted = set.files.join() === seedSet(set).files.join();
    if (isSorted && seedSet(set).digest !== set.digest) broken('manifest', 'a digest that is another was accepted');
  }
}

/** What a reader answers, or the message with which it refuses; anything else that it throws is a finding. */
async function refusalOr<T>(read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ReportsError) && !(error instanceof FuzzError)) throw error;
    if (error.message === '' || UNSAFE.test(error.message)) broken('refusal', `refused with ${quoted(error.message)}`);
    return error.message;
  }
}

async function* chunks(octets: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.slice(at, at + size);
}

function broken(state: string, message: string): never {
  throw new OracleError('readers', message, { state });
}
