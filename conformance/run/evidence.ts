import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../model.ts';
import type { Transcript } from '../wire/transcript.ts';
import type { Judgement } from './judge.ts';

/**
 * Saves what one attempt left behind: `sent.bin` and `received.bin` (octets as they were), `transcript.json` (each write
 * and read with its time).
 * @returns the folder, relative to `out`
 */
export function saveEvidence(
  out: string,
  target: string,
  one: Case,
  judgement: Judgement,
  transcript: Transcript,
): string {
  const folder = join('cases', target, one.id.replaceAll('/', '-'));
  const path = join(out, folder);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'sent.bin'), transcript.octets('sent'));
  writeFileSync(join(path, 'received.bin'), transcript.octets('received'));
  const record = { case: one.id, rfc: one.rfc, target, ...judgement, entries: transcript.rows() };
  writeFileSync(join(path, 'transcript.json'), `${JSON.stringify(record, null, 2)}\n`);
  return folder;
}
