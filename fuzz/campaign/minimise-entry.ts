/** `aeronet min`: makes the input of a saved entry smaller while it fails the same way. */
import type { Failure } from '../engines/failure.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { FuzzError } from '../errors.ts';
import { inputFacts, replaceFile, updateBundle } from './bundle.ts';
import type { CorpusEntryFile } from './corpus-folder.ts';
import type { Sandbox } from './sandbox.ts';

export interface MinimisedEntry {
  readonly failure: Failure;
  readonly before: number;
  readonly after: Uint8Array;
  readonly executions: number;
  /** Where the result was written. */
  readonly written: string;
}

/** Minimises an entry and writes `input.min.bin` into its bundle, or `<file>.min` beside a file. @throws FuzzError (exit 2) when it does not fail. */
export async function minimiseEntry(entry: CorpusEntryFile, given: Sandbox): Promise<MinimisedEntry> {
  const sandbox = entry.kind === 'crash' ? given.forFailure(entry.bundle.meta) : given;
  const input = entry.kind === 'crash' ? entry.bundle.smallest : entry.input;
  const patient = entry.kind === 'crash' && entry.bundle.meta.kind === 'late';
  const failure = await sandbox.run(input, patient);
  if (failure === undefined)
    throw new FuzzError(2, `${entry.path} does not fail: there is nothing to keep while it is made smaller`);
  const { input: smaller, executions } = await sandbox.minimise(input, failure);
  const after = octetsOf(smaller);
  const before = entry.kind === 'crash' ? entry.bundle.input.length : input.length;
  if (entry.kind === 'seed') {
    const written = `${entry.path}.min`;
    replaceFile(written, after);
    return { failure, before, after, executions, written };
  }
  const { meta, folder } = entry.bundle;
  if (failure.signature !== meta.signature) {
    throw new FuzzError(2, `${entry.path} fails in another way now (${failure.signature}): replay it first`);
  }
  updateBundle(folder, { ...meta, minimised: inputFacts(after) }, after);
  return { failure, before, after, executions, written: `${folder}/input.min.bin` };
}
