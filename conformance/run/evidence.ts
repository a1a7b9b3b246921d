import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../reports/schema.ts';
import type { AnyCase } from '../h2/model.ts';
import type { Transcript } from '../wire/transcript.ts';

/** What is said about the attempt whose octets are saved. */
export interface Finding {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Saves what one attempt left behind: `sent.bin` and `received.bin` (octets as they were), `transcript.json` (each write
 * and read with its time), and `output.txt` where the target died with something to say.
 * @returns the folder, relative to `out`
 */
export function saveEvidence(
  out: string,
  target: string,
  one: AnyCase,
  finding: Finding,
  transcript: Transcript,
  output = '',
): string {
  const folder = join('cases', target, one.id.replaceAll('/', '-'));
  const path = join(out, folder);
  // What an earlier run left there is not evidence of this one.
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'sent.bin'), transcript.octets('sent'));
  writeFileSync(join(path, 'received.bin'), transcript.octets('received'));
  const record = { case: one.id, rfc: one.rfc, target, ...finding, entries: transcript.rows() };
  writeFileSync(join(path, 'transcript.json'), `${JSON.stringify(record, null, 2)}\n`);
  if (output !== '') writeFileSync(join(path, 'output.txt'), output);
  return folder;
}
