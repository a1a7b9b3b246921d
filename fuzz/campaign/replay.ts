/** Saved entries, run again on the build as it is: a seed must pass, a fixed crash must stay fixed, an open one is open. */
import type { FindingEvent } from '../../reports/schema.ts';
import type { Failure } from '../engines/failure.ts';
import { type EventLog, excerptsOf, shownText } from '../events/log.ts';
import { inputFacts, sha256 } from './bundle.ts';
import type { CorpusEntryFile } from './corpus-folder.ts';
import type { CrashMeta } from './crash-meta.ts';
import type { Sandbox } from './sandbox.ts';
import { findingEvent } from './triage.ts';

/** What became of one entry. */
export interface Replayed {
  readonly entry: CorpusEntryFile;
  readonly input: Uint8Array;
  readonly failure: Failure | undefined;
  /**
   * `passes`: as it must. `open`: a crash that is known still fails. `gone`: a crash marked open that does not fail any more.
   * `broken`: a seed fails, a fixed crash fails again, or it fails in another way.
   */
  readonly outcome: 'passes' | 'open' | 'gone' | 'broken';
}

/** What the subject says of the input that was run; undefined where its target tells nothing. */
export function eventsOf({ entry, input }: Replayed, given: Sandbox): Promise<EventLog | undefined> {
  return (entry.kind === 'crash' ? given.forFailure(entry.bundle.meta) : given).events(input);
}

/** How often a crash is run again that did not fail every time when it was found. */
const FLAKY_RUNS = 5;

/** Runs entries of one target, in their order: those that must pass all at once, and singly what does not. */
export async function replayAll(entries: readonly CorpusEntryFile[], sandbox: Sandbox): Promise<Replayed[]> {
  const inputs = entries.map(mustPass);
  const failures = await sandbox.runAll(inputs.flat());
  const replayed: Replayed[] = [];
  let at = 0;
  for (const [index, entry] of entries.entries()) {
    const own = inputs[index] ?? [];
    const passes = own.length > 0 && failures?.slice(at, at + own.length).every((failure) => failure === undefined);
    at += own.length;
    const [input = new Uint8Array()] = own;
    replayed.push(passes ? { entry, input, failure: undefined, outcome: 'passes' } : await replay(entry, sandbox));
  }
  return replayed;
}

/** What of an entry must pass; nothing of a crash that is open, or late, which has to be waited for. */
function mustPass(entry: CorpusEntryFile): Uint8Array[] {
  if (entry.kind === 'seed') return [entry.input];
  const { meta, input, smallest } = entry.bundle;
  return meta.status === 'fixed' && meta.kind !== 'late' ? [smallest, input] : [];
}

/** Runs one entry; of a crash the first and the smallest input. */
export async function replay(entry: CorpusEntryFile, given: Sandbox): Promise<Replayed> {
  if (entry.kind === 'seed') {
    const failure = await given.run(entry.input);
    return { entry, input: entry.input, failure, outcome: failure === undefined ? 'passes' : 'broken' };
  }
  const { meta, input, smallest } = entry.bundle;
  const sandbox = given.forFailure(meta);
  const patient = meta.kind === 'late';
  const isFlaky = meta.status === 'open' && !isSteady(meta.reproduced);
  let shown = smallest;
  let failure: Failure | undefined;
  for (let runs = isFlaky ? FLAKY_RUNS : 1; runs > 0 && failure === undefined; runs--) {
    shown = smallest;
    failure = await sandbox.run(smallest, patient);
    if (failure !== undefined || smallest === input) continue;
    shown = input;
    failure = await sandbox.run(input, patient);
  }
  if (meta.status === 'fixed')
    return { entry, input: shown, failure, outcome: failure === undefined ? 'passes' : 'broken' };
  if (failure === undefined) return { entry, input: shown, failure, outcome: 'gone' };
  return { entry, input: shown, failure, outcome: failure.signature === meta.signature ? 'open' : 'broken' };
}

/** Whether every run that confirmed a crash failed: `5/5`. */
function isSteady(reproduced: string): boolean {
  const [failed, runs] = reproduced.split('/');
  return failed === runs;
}

/** The event of a replayed entry; none for what passes and was never a finding. */
export async function replayEntry(entry: CorpusEntryFile, sandbox: Sandbox): Promise<FindingEvent | undefined> {
  return replayEvent(await replay(entry, sandbox));
}

/** The event that says what a replay found. @param log of the input, for its `events` */
export function replayEvent(replayed: Replayed, log?: EventLog): FindingEvent | undefined {
  const event = findingOf(replayed);
  if (event === undefined || log === undefined) return event;
  const events = excerptsOf(log, replayed.failure?.offset).flatMap(({ way, lines }) =>
    lines.map(({ offset, kind, text, bytes }) => ({ read: way, offset, kind, text: shownText({ kind, text, bytes }) })),
  );
  return { ...event, events };
}

function findingOf({ entry, input, failure, outcome }: Replayed): FindingEvent | undefined {
  const status = failure === undefined ? 'fixed' : 'open';
  const reproduced = failure === undefined ? '0/1' : '1/1';
  if (entry.kind === 'crash' && (failure === undefined || outcome === 'open')) {
    const { meta, folder, input: first, smallest } = entry.bundle;
    const minimised = meta.minimised === undefined ? undefined : smallest;
    return findingEvent({ meta, folder, input: first, minimised }, status, reproduced);
  }
  if (failure === undefined) return undefined;
  return findingEvent(
    { meta: metaOf(entry, failure, input), folder: entry.path, input, minimised: undefined },
    status,
    reproduced,
  );
}

/** A saved entry that fails in a way that no bundle describes. */
function metaOf(entry: CorpusEntryFile, failure: Failure, input: Uint8Array): CrashMeta {
  const { signature, kind, errorClass, message, frames, stack } = failure;
  return {
    schema: 1,
    target: entry.target,
    signature,
    kind,
    errorClass,
    message: `${entry.kind === 'seed' ? 'a seed' : 'a saved crash'} (${sha256(input).slice(0, 16)}) fails: ${message}`,
    frames: [...frames],
    stack,
    engine: 'replay',
    seed: 0,
    execution: 0,
    firstSeen: '',
    commit: '',
    node: process.version,
    reproduced: '1/1',
    status: 'open',
    input: inputFacts(input),
  };
}
