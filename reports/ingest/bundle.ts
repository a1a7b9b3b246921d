/** Reads `meta.json` of a crash bundle: a finding as it was when it was saved. To know what it does now, replay it. */
import { z } from 'zod';
import { explainIssue } from '../explain-issue.ts';
import type { EventSource } from '../fold.ts';
import { ReportsError } from '../reports-error.ts';
import { FindingEvent } from '../schema.ts';

const Size = z.object({ bytes: z.number().int().nonnegative() });
const Meta = z.object({
  schema: z.literal(1),
  target: z.string().max(1_000),
  signature: z.string().regex(/^v\d+:[0-9a-f]+$/),
  kind: FindingEvent.shape.failure,
  errorClass: z.string().max(16_384),
  message: z.string().max(16_384),
  frames: z.array(z.string().max(16_384)).max(64),
  reproduced: z.string().max(40),
  status: FindingEvent.shape.status,
  seed: z.number().int().nonnegative(),
  firstSeen: z.string().max(100),
  node: z.string().max(100),
  input: Size,
  minimised: Size.optional(),
});

/**
 * Parses the description of a bundle.
 *
 * @param folder the bundle's, for the command that runs it again
 * @param input its smallest input, of which the first octets are shown
 * @throws ReportsError exit 2: not such a file
 */
export function parseBundle(text: string, name: string, folder: string, input: Uint8Array): EventSource {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ReportsError(2, `${name}:1: not JSON; is this the meta.json of a crash bundle?`);
  }
  const result = Meta.safeParse(json);
  if (!result.success) throw new ReportsError(2, `${name}:1: not a crash bundle: ${explainIssue(result.error)}`);
  const meta = result.data;
  const repro = `npx aeronet replay ${folder}`;
  return {
    name,
    events: [
      {
        kind: 'run-start',
        schema: 1,
        producer: 'fuzz',
        version: '',
        node: meta.node,
        os: '',
        startedAt: meta.firstSeen,
        seed: meta.seed,
        command: repro,
        scope: 'filtered',
      },
      {
        kind: 'finding',
        target: meta.target,
        signature: meta.signature,
        failure: meta.kind,
        errorClass: meta.errorClass,
        message: meta.message,
        frames: meta.frames,
        reproduced: meta.reproduced,
        status: meta.status,
        inputBytes: meta.input.bytes,
        ...(meta.minimised === undefined ? {} : { minimisedBytes: meta.minimised.bytes }),
        excerpt: Buffer.from(input.subarray(0, 64)).toString('hex'),
        bundle: folder,
        repro,
      },
      { kind: 'run-end', elapsedMs: 0, complete: true },
    ],
  };
}
