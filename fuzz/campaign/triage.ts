/** What becomes of a find: its bundle at once, then five confirming runs, then a smaller input, then its event. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { FindingEvent } from '../../reports/schema.ts';
import type { Find } from '../engines/engine.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { claimBundle, inputFacts, updateBundle } from './bundle.ts';
import type { CrashMeta } from './crash-meta.ts';
import type { Sandbox } from './sandbox.ts';
import type { Claim, FindFacts, Finding } from './store.ts';

/** How often a find is run again on the build as it is. */
const CONFIRMATIONS = 5;

/** Writes the bundle of a find below `<crashRoot>/<target>/crash`; one that is there already is left as it is. */
export function saveFind(find: Find, target: string, crashRoot: string, run: FindFacts): Finding {
  return claimFind(find, target, crashRoot, run).finding;
}

/** The same, and whether it was new there: of several processes with the same find one is told so. */
export function claimFind(find: Find, target: string, crashRoot: string, run: FindFacts): Claim {
  const { failure } = find;
  const meta: CrashMeta = {
    schema: 1,
    target,
    signature: failure.signature,
    kind: failure.kind,
    errorClass: failure.errorClass,
    message: failure.message,
    frames: [...failure.frames],
    stack: failure.stack,
    ...(failure.offset === undefined ? {} : { offset: failure.offset }),
    ...(failure.state === undefined ? {} : { state: failure.state }),
    engine: run.engine,
    seed: run.seed,
    execution: find.execution,
    firstSeen: new Date().toISOString(),
    commit: run.commit,
    node: process.version,
    reproduced: '-',
    status: 'open',
    input: inputFacts(find.input),
  };
  const { folder, isNew } = claimBundle(join(crashRoot, target, 'crash'), meta, find.input);
  return { finding: { meta, folder, input: find.input, minimised: undefined }, isNew };
}

/** Confirms and minimises a finding on the build as it is, and keeps what was learnt. */
export async function triage(finding: Finding, given: Sandbox): Promise<Finding> {
  const sandbox = given.forFailure(finding.meta);
  const { kind, signature } = finding.meta;
  let confirmed = 0;
  let mapped: CrashMeta = finding.meta;
  for (let run = 0; run < CONFIRMATIONS; run++) {
    const failure = await sandbox.run(finding.input, kind === 'late');
    if (failure?.signature !== signature) continue;
    confirmed++;
    // This build has source maps: its stack names `.ts` lines.
    mapped = { ...mapped, message: failure.message, stack: failure.stack, frames: [...failure.frames] };
  }
  let minimised: Uint8Array | undefined;
  if (confirmed > 0) {
    const { input } = await sandbox.minimise(finding.input, finding.meta);
    minimised = octetsOf(input);
    const failure = await sandbox.run(minimised, kind === 'late');
    if (failure?.signature === signature) {
      const { offset: _, ...rest } = mapped;
      mapped = {
        ...rest,
        message: failure.message,
        ...(failure.offset === undefined ? {} : { offset: failure.offset }),
      };
    } else {
      minimised = undefined;
    }
  }
  const meta: CrashMeta = {
    ...mapped,
    reproduced: `${confirmed}/${CONFIRMATIONS}`,
    ...(minimised === undefined ? {} : { minimised: inputFacts(minimised) }),
  };
  updateBundle(finding.folder, meta, minimised);
  return { ...finding, meta, minimised };
}

/** The event of a finding, as reports read it. */
export function findingEvent(finding: Finding, status: CrashMeta['status'], reproduced: string): FindingEvent {
  const { meta, folder, input, minimised } = finding;
  const shown = minimised ?? input;
  return {
    kind: 'finding',
    target: meta.target,
    signature: meta.signature,
    failure: meta.kind,
    errorClass: meta.errorClass,
    message: meta.message,
    frames: [...meta.frames],
    reproduced,
    status,
    inputBytes: input.length,
    ...(minimised === undefined ? {} : { minimisedBytes: minimised.length }),
    excerpt: Buffer.from(shown.subarray(0, 64)).toString('hex'),
    bundle: folder,
    repro: `npx aeronet replay ${folder}`,
  };
}

/** Revision of the working folder, or `unknown` where there is none. */
export function currentCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5_000,
    }).trim();
  } catch {
    return 'unknown';
  }
}
